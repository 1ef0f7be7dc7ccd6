"""What routing counts, pure: lanes by promise, fees, and what a unit is worth where it lies."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from orders.operations.default_costs import default_tariffs
from orders.routing.batch import NEVER, UNIT
from orders.routing.cost import (
    MOST_POUNDS,
    NOT_OFFERED,
    ZONES,
    Costs,
    Record,
    Tariff,
    Work,
    chance_to_give,
    deliver_by,
    fees,
    lanes,
    lost,
    size_pounds,
    table,
    unit_values,
    zones,
)

FRIDAY = date(2026, 5, 8)
MONDAY = date(2026, 5, 11)
CHRISTMAS = date(2026, 12, 25)


def flat(service, amount, days):
    """A service that costs the same everywhere."""
    return Tariff(service, ((amount,) * (MOST_POUNDS + 1),) * ZONES, (days,) * ZONES)


def costs(*tariffs, **more):
    work = {"store": Work(19 * UNIT, 6, 3), "dc": Work(21 * UNIT, 2.5, 1.3), "dropship": Work(0, 0, 0, 3 * UNIT)}
    return Costs(key=(0, 0), tariffs=tariffs or default_tariffs(), work=work, **more)


GROUND, PRIORITY, NIGHT = flat("ground", 70_000, 4), flat("priority", 95_000, 2), flat("overnight", 300_000, 1)


def test_the_cheapest_service_that_arrives_in_time():
    """Friday to Wednesday are three working days, to Monday one."""
    found = lanes(costs(GROUND, PRIORITY, NIGHT), [None, date(2026, 5, 14), date(2026, 5, 13), MONDAY], [FRIDAY])
    assert [int(found.tariff[lane, 0, 1]) for lane in found.lane[:, 0]] == [70_000, 70_000, 95_000, 300_000]
    assert (found.late == 0).all()


def test_too_late_goes_by_the_fastest_and_pays_for_each_day():
    found = lanes(costs(GROUND, PRIORITY, late=50_000), [MONDAY], [FRIDAY, MONDAY])
    friday, monday = found.lane[0]
    assert found.tariff[friday, 7, 3] == 95_000 + 50_000
    assert found.tariff[monday, 7, 3] == 95_000 + 2 * 50_000
    assert (found.late[monday] == 2).all()
    assert (found.service[monday] == 1).all()


def test_a_cheap_late_service_never_beats_one_in_time():
    found = lanes(costs(GROUND, NIGHT, late=1), [MONDAY], [FRIDAY])
    assert (found.tariff == 300_000).all()


def test_weekends_and_holidays_do_not_count():
    said = costs(GROUND, holidays=frozenset({CHRISTMAS}))
    assert said.working_days(date(2026, 12, 24), date(2026, 12, 28)) == 1
    assert said.arrives(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert said.working_days(MONDAY, FRIDAY) == -1
    assert costs(GROUND, free_weekdays=frozenset({6})).working_days(FRIDAY, MONDAY) == 2


def test_a_service_without_a_date_promises_working_days_from_the_first_departure():
    said = costs()
    assert deliver_by(said, "two-day", FRIDAY) == date(2026, 5, 12)
    assert deliver_by(said, "same_day", FRIDAY) == FRIDAY
    assert deliver_by(said, "standard", FRIDAY) is None


def test_who_ships_nothing_has_no_lane():
    found = lanes(costs(GROUND), [None, MONDAY], [None, FRIDAY, None])
    assert found.lane.shape == (2, 3)
    assert (found.lane[:, [0, 2]] == -1).all()
    assert (found.lane[:, 1] >= 0).all()
    nobody = lanes(costs(GROUND), [None], [None])
    assert (nobody.tariff.shape, nobody.lane.tolist()) == ((0, ZONES, MOST_POUNDS + 1), [[-1]])


def test_what_no_carrier_takes_in_one_parcel_costs_as_several():
    light = Tariff("light", ((10,) * 71 + (NOT_OFFERED,) * 80,) * ZONES, (1,) * ZONES)
    found = table(costs(light), 0)
    one = 10 + costs(light).late
    assert found.cost[0, [70, 71, 140, 141]].tolist() == [one, 2 * one, 2 * one, 3 * one]
    assert (found.service[:, 71:] == 0).all()


def test_a_zone_that_no_carrier_serves_costs_more_than_anything():
    near = Tariff("near", ((10,) * 151, *((NOT_OFFERED,) * 151,) * (ZONES - 1)), (1,) * ZONES)
    found = table(costs(near), 0)
    assert (found.cost[1:] == NEVER).all()
    assert (found.service[1:] == -1).all()


def test_zones_and_large_light_parcels():
    assert zones(np.array([0, 50, 50.1, 1800, 1800.1, np.nan])).tolist() == [0, 0, 1, 6, 7, 7]
    assert size_pounds(costs(), 139 * 25.4**3) == pytest.approx(1)


def test_fees_by_kind():
    found = fees(costs(), ["store", "dc", "dropship", "moon"])
    assert found.parcel.tolist() == [6_000 + 19_000, 6_000 + 8_750, 6_000 + 30_000, 6_000]
    assert found.unit.tolist() == [9_500, 4_550, 0, 0]


def test_an_unserved_line_costs_its_margin_and_a_customer():
    found = lost(costs(unserved=120_000), np.array([10 * UNIT, 10 * UNIT]), np.array([7 * UNIT, -1]), np.array([2, 1]))
    assert found.tolist() == [6 * UNIT + 120_000, 4 * UNIT + 120_000]


def worth(rate, units, price=100, unit_cost=60, **more):
    found = unit_values(costs(**{"most_unit_value": NEVER, **more}), price=np.array([price * UNIT]),
                        unit_cost=np.array([unit_cost * UNIT]), daily_rate=np.array([rate]),
                        units=np.array([units]))  # fmt: skip
    return found.value.tolist()


def test_a_unit_is_worth_what_the_till_would_miss():
    """45 % of a margin of $40, times the chance that seven days of walk-ins want as many as are left."""
    assert worth(2 / 7, 4) == [round(40 * 0.45 * UNIT * poisson.sf(left - 1, 2)) for left in (4, 3, 2, 1)]


def test_without_sales_a_unit_is_worth_nothing_and_never_more_than_the_cap():
    assert worth(0.0, 3, markdown_percent=50) == [0, 0, 0]
    assert worth(50.0, 2, most_unit_value=5 * UNIT) == [5 * UNIT, 5 * UNIT]


def test_old_stock_may_be_worth_less_than_nothing():
    first, last = worth(0.1, 2, markdown_percent=10)
    assert first < last
    assert first < 0


def test_failing_is_added_and_rules_scale():
    found = unit_values(costs(failure=6 * UNIT), price=np.array([UNIT]), unit_cost=np.array([0]), units=np.array([1]),
                        daily_rate=np.array([100.0]), percent=50, p_find=np.array([0.9]))  # fmt: skip
    assert found.value.tolist() == [UNIT * 45 // 200 + 6_000]


@given(st.lists(st.tuples(st.floats(0, 80), st.integers(0, 60), st.integers(1, 500)), min_size=1, max_size=6))
def test_values_rise_and_do_not_depend_on_who_else_is_asked_about(shelves):
    said = costs()
    rate, units, price = (np.array(column) for column in zip(*shelves, strict=True))

    def of(which):
        return unit_values(said, price=price[which] * UNIT, unit_cost=np.full(len(price[which]), -1),
                           daily_rate=rate[which].astype(float), units=units[which])  # fmt: skip

    together = of(slice(None))
    for n in range(len(shelves)):
        own = together.value[together.start[n] : together.start[n + 1]]
        assert own.tolist() == of(slice(n, n + 1)).value.tolist()
        assert (np.diff(own) >= 0).all()
        assert (own >= 0).all()
        assert (own <= said.most_unit_value).all()


SERVICES = st.lists(st.tuples(st.integers(1, 500_000), st.integers(0, 6)), min_size=1, max_size=4)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(SERVICES, DAYS, st.integers(-10, 20), st.integers(0, 100_000))
def test_more_time_never_costs_more_and_lateness_is_what_the_calendar_says(services, leaves, days, late):
    said = costs(*(flat(str(n), amount, each) for n, (amount, each) in enumerate(services)), late=late)
    by = leaves + timedelta(days=days)
    found = lanes(said, [by, by + timedelta(days=1), None], [leaves])
    now, later, whenever = found.lane[:, 0]
    amount, chosen = found.tariff[now, 3, 10], said.tariffs[found.service[now, 3, 10]]
    arrives = said.arrives(leaves, chosen.days[3])
    assert (arrives <= by or not said.working_days(by, arrives)) == (found.late[now, 3, 10] == 0)
    assert amount == chosen.rates[3][10] + late * int(found.late[now, 3, 10])
    in_time = [each for each in said.tariffs if said.working_days(leaves, by) >= each.days[3]]
    if in_time:
        assert amount == min(each.rates[3][10] for each in in_time)
        assert found.tariff[later, 3, 10] <= amount
    assert found.tariff[whenever, 3, 10] == min(each.rates[3][10] for each in said.tariffs)


def test_reliability_is_shrunk_to_the_place_and_the_category():
    nothing, everything = Record(0, 0), Record(10_000, 300)
    assert chance_to_give(nothing, nothing, nothing, nothing) == pytest.approx(0.97)
    assert chance_to_give(nothing, nothing, nothing, everything) == pytest.approx(0.97, abs=0.001)
    bad_place = chance_to_give(nothing, Record(500, 100), nothing, everything)
    bad_both = chance_to_give(nothing, Record(500, 100), Record(500, 100), everything)
    assert 0.80 < bad_place < 0.85
    assert bad_both < bad_place - 0.1
    assert bad_place < chance_to_give(Record(100, 0), Record(500, 100), nothing, everything) < 1


def test_the_built_in_carriers_are_whole():
    said = costs()
    assert said.rates.shape == (4, ZONES, MOST_POUNDS + 1)
    assert (said.rates < NEVER).all()
    assert (np.diff(said.rates, axis=2) >= 0).all()
    assert (np.diff(said.rates, axis=1) >= 0).all()
