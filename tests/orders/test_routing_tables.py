"""An order that has to be there by another day: its arrays differ only in what carriers cost."""

from datetime import date

import numpy as np
import pytest

from orders.operations.default_costs import default_tariffs
from orders.routing.cost import Costs, Work
from orders.routing.problem import Line, Place, Problem, Shelf
from orders.routing.rules import CHEAPEST, Filter, FilterKind, OrderFacts, Price, Rules, Who, names_services
from orders.routing.tables import promised_by, tables

COSTS = Costs((0, 0), default_tariffs(), {"store": Work(200_000, 6, 2), "dc": Work(180_000, 2, 1)})
DAYS = [None, date(2026, 11, 28), date(2026, 12, 1), date(2026, 12, 4)]


def asked(deliver_by: date | None, weight: int = 0) -> Problem:
    lines = [Line(1, 7, 2, price=200_000), Line(2, 8, 1, price=90_000, shut=frozenset({3}))]
    places = [
        Place(n, "dc" if n == 4 else "store", None if n == 5 else 90.0 * n,
              None if n == 2 else date(2026, 11, 27 + n % 3),
              {item: Shelf(n + 1, 0.4 * n, 0.9, price=1_000 * n) for item in (7, 8) if (n + item) % 3},
              is_paused=n == 1)
        for n in range(8)
    ]  # fmt: skip
    return Problem(OrderFacts(), lines, places, deliver_by, weight=weight)


@pytest.mark.parametrize("before", DAYS)
@pytest.mark.parametrize("after", DAYS)
@pytest.mark.parametrize("weight", [0, 100])
def test_they_are_those_that_the_order_would_get_by_itself(before, after, weight):
    derived = promised_by(tables(asked(before, weight), CHEAPEST, COSTS, 0), COSTS, after)
    alone = tables(asked(after, weight), CHEAPEST, COSTS, 0)
    assert (derived.asked is derived.net) == (alone.asked is alone.net) == (weight == 0)
    for mine, right in ((derived.net, alone.net), (derived.asked, alone.asked)):
        for name, derived_one, alone_one in zip(right._fields, mine, right, strict=True):
            np.testing.assert_array_equal(derived_one, alone_one, err_msg=name)
            assert derived_one.dtype == alone_one.dtype
    np.testing.assert_array_equal(derived.lanes.service, alone.lanes.service)


def test_rules_that_speak_of_services_say_so():
    fast = Who(frozenset({"next_day"}))
    assert not names_services(CHEAPEST)
    assert names_services(Rules((1, 1), "a", prices=(Price("+$1", 10_000, who=fast),)))
    assert names_services(Rules((1, 1), "b", filters=(Filter(FilterKind.OPEN, "open", who=fast),)))
