"""The router against the whole shop: eight workers on the same few shelves, and no plan breaks stock or capacity."""

import random
from collections import Counter

import pytest

from omni.core.refusals import Refusal
from orders.models import FulfillmentOrder, Order, RoutingRun
from orders.operations import route_batch as routing
from orders.operations.cancel import cancel
from orders.operations.decline import decline
from orders.operations.promise_waiting import promise_waiting, waiting_orders
from orders.operations.release import release_due
from orders.operations.route_batch import route_batch
from tests.factories import LocationFactory, line, placed, stocked
from tests.shop import SITE, audit, now

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_one_router_at_a_time(race, monkeypatch):
    mug = stocked(LocationFactory(), 5)
    placed(line(mug))
    decide = routing._decide
    others: list[Counter[str]] = []

    def while_it_decides(problem):
        if not others:
            others.append(race(2, lambda n: "ran" if route_batch(now=now()) else "stepped back"))
        return decide(problem)

    monkeypatch.setattr(routing, "_decide", while_it_decides)

    assert route_batch(now=now())
    assert others == [Counter({"stepped back": 2})]
    assert RoutingRun.objects.count() == 1
    assert route_batch(now=now()), "the lock is free again"


def test_eight_workers_on_hot_shelves(race):
    """Orders come, are released, declined and cancelled while routers move what is left."""
    places = [LocationFactory(latitude=30.0 + 4 * n, longitude=-90.0, ship_capacity=6 + n) for n in range(4)]
    items = [stocked(places[0], 8) for _ in range(3)]
    for item in items:
        for n, place in enumerate(places[1:], start=2):
            stocked(place, 3 * n, variant=item)
    for n in range(6):
        placed(line(items[n % 3], 1 + n % 2), line(items[(n + 1) % 3]), on_shortage="backorder")

    def act(n: int) -> str:
        chance = random.Random(n)
        for step in range(6):
            try:
                one_act(n, step, chance, items)
            except Refusal:
                continue
        return "ok"

    ends = race(8, act)

    assert ends == Counter(ok=8)
    assert audit() == {}
    assert not RoutingRun.objects.degraded().exists()


def one_act(n: int, step: int, chance: random.Random, items) -> None:
    if n < 3:
        route_batch(now=now())
    elif n < 5:
        placed(line(chance.choice(items), chance.randint(1, 2)), on_shortage="backorder")
    elif n == 5:
        FulfillmentOrder.objects.filter(status="planned", pk__in=some(chance)).update(release_at=now())
        release_due(now=now())
    elif n == 6:
        for number in FulfillmentOrder.objects.filter(pk__in=some(chance)).values_list("number", flat=True):
            decline(number=number, reason="x", by=SITE, now=now())
    elif step % 2:
        cancel(
            number=chance.choice(list(Order.objects.values_list("number", flat=True))), reason="x", by=SITE, now=now()
        )
    else:
        for number in waiting_orders():
            promise_waiting(number=number, now=now())


def some(chance: random.Random) -> list[int]:
    works = list(FulfillmentOrder.objects.filter(status__in=["planned", "released"]).values_list("pk", flat=True))
    return chance.sample(works, min(2, len(works)))
