"""What a plan costs, in one currency: parcels, work, packaging, lateness, and what a store's unit is worth there.

Pure; money is an integer number of hundredths of a cent. A parcel goes by the cheapest carrier's service that arrives
in time from the day on which its location can ship; where none does, by the fastest, and every carrier's working day
that it is late costs `late`. Zones are by great-circle miles, their bounds those of USPS by default
(https://pe.usps.com/text/dmm300/608.htm).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from orders.routing.batch import NEVER, UNIT, Ints

ZONE_MILES = (50, 150, 300, 600, 1000, 1400, 1800)  # upper bounds of zones 0 to 6; zone 7 is everything beyond
ZONES = len(ZONE_MILES) + 1
MOST_POUNDS = 150  # what parcel carriers take; heavier is billed as this
NOT_OFFERED = -1
CUBIC_INCHES_PER_POUND = 139
CUBIC_MM_PER_INCH = 25.4**3
GRAMS_PER_POUND = 453.59237
USUAL_GRAMS = 450  # of an item that nobody weighed: about a pound
LONGEST_LATE = 30  # working days; later is as late
MOST_DEMAND = 500.0  # expected units in the time of cover; a shelf that sells more is as sure to sell its last
HOUR = 60

# Carrier's working days from the first day on which anything can leave until an order of this service has to be there.
SERVICE_DAYS = {"same_day": 0, "next_day": 1, "two_day": 2}


@dataclass(frozen=True)
class Tariff:
    """One service of a carrier: `rates[zone][pounds]`, billed by started pounds, and its working days on the road by
    zone. A rate of NOT_OFFERED is one that the carrier does not have."""

    service: str
    rates: tuple[tuple[int, ...], ...]
    days: tuple[int, ...]


@dataclass(frozen=True)
class Work:
    """What a kind of location costs: an hour of work, minutes for each parcel and each unit, a fee for each parcel."""

    hour: int
    parcel_minutes: float
    unit_minutes: float
    parcel_fee: int = 0

    @property
    def per_parcel(self) -> int:
        return self.parcel_fee + round(self.hour * self.parcel_minutes / HOUR)

    @property
    def per_unit(self) -> int:
        return round(self.hour * self.unit_minutes / HOUR)


@dataclass(frozen=True, eq=False)
class Costs:
    """HQ's cost parameters at a moment. `key` is (parameters, tariff that came into effect last); (0, 0) the defaults.

    `cover_days`: how long a shelf has to last; `lost_percent`: of its margin, what a walk-in sale that the store misses
    costs the chain; `markdown_percent`: of the price, what a unit loses that stays.
    """

    key: tuple[int, int]
    tariffs: tuple[Tariff, ...]
    work: Mapping[str, Work]
    packaging: int = 6_000
    split: int = 15_000
    late: int = 50_000
    wait: int = 10_000  # that a parcel leaves a day later than the first that could
    unserved: int = 60 * UNIT
    failure: int = 6 * UNIT
    margin_percent: int = 40  # of the price, where nobody knows what the unit cost
    lost_percent: int = 45
    markdown_percent: int = 0
    cover_days: int = 7
    most_unit_value: int = 25 * UNIT
    inches_per_pound: int = CUBIC_INCHES_PER_POUND
    free_weekdays: frozenset[int] = frozenset({5, 6})  # carriers rest; Monday is 0
    holidays: frozenset[date] = frozenset()
    _tables: dict[int, "Table"] = field(default_factory=dict, repr=False)

    @cached_property
    def rates(self) -> Ints:
        """int64[services, ZONES, MOST_POUNDS + 1]; NEVER where a service is not offered."""
        found = np.array([each.rates for each in self.tariffs], np.int64).reshape(-1, ZONES, MOST_POUNDS + 1)
        return np.where(found == NOT_OFFERED, NEVER, found)

    @cached_property
    def days(self) -> Ints:
        """int64[services, ZONES]: working days on the road."""
        return np.array([each.days for each in self.tariffs], np.int64).reshape(-1, ZONES)

    @cached_property
    def longest(self) -> int:
        """Working days that any service takes at most."""
        return int(self.days.max(initial=0))

    def is_working(self, day: date) -> bool:
        """Whether carriers drive."""
        return day.weekday() not in self.free_weekdays and day not in self.holidays

    def working_days(self, first: date, last: date) -> int:
        """Days on which carriers drive, after `first` and until `last`; negative where `last` is before `first`."""
        if last < first:
            return -self.working_days(last, first)
        return sum(self.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def arrives(self, leaves: date, days: int) -> date:
        """The day after so many of the carriers' working days."""
        day = leaves
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return day


class Table(NamedTuple):
    """By zone and started pounds: what it costs (lateness included), by which of `Costs.tariffs` (-1: by none), and
    how many working days late."""

    cost: Ints  # int64[ZONES, MOST_POUNDS + 1]
    service: Ints  # int16
    late: Ints  # int16


class Lanes(NamedTuple):
    """The tables that some promises need, and which of them counts at which location (`Network.tariff`, `.lane`)."""

    tariff: Ints  # int64[T, ZONES, MOST_POUNDS + 1]
    lane: Ints  # int16[P, N]; -1: the location ships nothing
    service: Ints  # int16[T, ZONES, MOST_POUNDS + 1]
    late: Ints  # int16[T, ZONES, MOST_POUNDS + 1]


def zones(miles: Ints) -> Ints:
    """The zone of each distance; an unknown one (NaN) is the farthest."""
    return np.searchsorted(np.array(ZONE_MILES, np.float64), miles).astype(np.uint8)


def size_pounds(costs: Costs, cubic_mm: float) -> float:
    """What a volume is billed as."""
    return cubic_mm / CUBIC_MM_PER_INCH / costs.inches_per_pound


def deliver_by(costs: Costs, service: str, first_leaves: date) -> date | None:
    """By when an order of a service has to be there, where no date was promised: so many working days after the first
    day on which anything can leave. None: whenever it arrives."""
    days = SERVICE_DAYS.get(service.lower().replace("-", "_"))
    return None if days is None else costs.arrives(first_leaves, days)


def lanes(costs: Costs, promises: Sequence[date | None], leaves: Sequence[date | None]) -> Lanes:
    """What parcels cost that have to arrive by each of the `promises` (None: whenever) from locations whose next
    carrier `leaves` on these days (None: the location does not ship)."""
    days = sorted({day for day in leaves if day is not None})
    at = {day: n for n, day in enumerate(days)}
    day_of = np.array([-1 if day is None else at[day] for day in leaves], np.int64)
    slack = np.array([[_slack(costs, day, by) for day in days] for by in promises], np.int64)
    slack = slack.reshape(len(promises), len(days))
    wanted = sorted(set(slack.ravel().tolist()))
    tables = [table(costs, each) for each in wanted]
    of_day = np.searchsorted(wanted, slack).astype(np.int16)
    missing = np.full((len(promises), 1), -1, np.int16)
    lane = np.concatenate([of_day, missing], axis=1)[:, day_of]  # day -1 is the last column
    shape = (0, ZONES, MOST_POUNDS + 1)
    return Lanes(
        np.array([each.cost for each in tables], np.int64) if tables else np.empty(shape, np.int64), lane,
        np.array([each.service for each in tables], np.int16) if tables else np.empty(shape, np.int16),
        np.array([each.late for each in tables], np.int16) if tables else np.empty(shape, np.int16),
    )  # fmt: skip


def _slack(costs: Costs, leaves: date, by: date | None) -> int:
    """Working days that a parcel may be on the road; more than any service needs are as many as it needs."""
    if by is None:
        return costs.longest
    return max(-LONGEST_LATE, min(costs.longest, costs.working_days(leaves, by)))


def table(costs: Costs, slack: int) -> Table:
    """The cheapest in-time service by zone and pounds, else the cheapest of the fastest; of equal ones the first."""
    if slack not in costs._tables:
        costs._tables[slack] = _table(costs, slack)
    return costs._tables[slack]


def _table(costs: Costs, slack: int) -> Table:
    if not costs.tariffs:
        shape = (ZONES, MOST_POUNDS + 1)
        return Table(np.full(shape, NEVER, np.int64), np.full(shape, -1, np.int16), np.zeros(shape, np.int16))
    is_offered = costs.rates < NEVER
    days = np.broadcast_to(costs.days[:, :, None], costs.rates.shape)
    late = np.clip(days - slack, 0, LONGEST_LATE + costs.longest)
    in_time = is_offered & (late == 0)
    fastest = np.where(is_offered, days, NEVER).min(axis=0)
    able = np.where(in_time.any(axis=0), in_time, is_offered & (days == fastest))
    cost = np.where(able, costs.rates + costs.late * late, NEVER)
    best = cost.argmin(axis=0)
    chosen = np.take_along_axis(cost, best[None], axis=0)[0]
    days_late = np.take_along_axis(late, best[None], axis=0)[0]
    is_any = chosen < NEVER
    chosen, best, days_late, is_any = _as_several(chosen, best, days_late, is_any)
    return Table(chosen, np.where(is_any, best, -1).astype(np.int16), np.where(is_any, days_late, 0).astype(np.int16))


def _as_several(chosen: Ints, best: Ints, late: Ints, is_any: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Heavier than anything that a carrier takes goes as several parcels of the heaviest that it takes: what is too
    heavy for one is no less there."""
    for zone in range(len(chosen)):
        offered = np.flatnonzero(is_any[zone])
        if not len(offered) or offered[-1] == chosen.shape[1] - 1:
            continue
        last = int(offered[-1])
        beyond = np.arange(last + 1, chosen.shape[1])
        chosen[zone, beyond] = chosen[zone, last] * -(-beyond // max(last, 1))
        best[zone, beyond], late[zone, beyond], is_any[zone, beyond] = best[zone, last], late[zone, last], True
    return chosen, best, late, is_any


class Fees(NamedTuple):
    """What each location costs beside the carrier: for each parcel (packaging included), and for each unit."""

    parcel: Ints  # int64[N]
    unit: Ints  # int64[N]


NO_WORK = Work(0, 0, 0)


def fees(costs: Costs, kinds: Sequence[str]) -> Fees:
    """By the kinds of the locations; a kind that nobody priced costs no work."""
    work = [costs.work.get(kind, NO_WORK) for kind in kinds]
    return Fees(
        np.array([costs.packaging + each.per_parcel for each in work], np.int64),
        np.array([each.per_unit for each in work], np.int64),
    )


def margin(costs: Costs, price: Ints, unit_cost: Ints) -> Ints:
    """What a sold unit brings; `unit_cost` below zero is not known. Never below zero."""
    guessed = price * costs.margin_percent // 100
    return np.maximum(0, np.where(unit_cost < 0, guessed, price - unit_cost))


def lost(costs: Costs, price: Ints, unit_cost: Ints, quantity: Ints) -> Ints:
    """What it costs to leave whole lines unserved: their margin, and for each line what an unserved customer costs."""
    return margin(costs, price, unit_cost) * quantity + costs.unserved


def failure(costs: Costs, p_find: Ints) -> Ints:
    """What it costs on average that a location cannot give a line: labor for nothing, delay, another route."""
    return np.rint((1 - np.clip(p_find, 0.0, 1.0)) * costs.failure).astype(np.int64)


class UnitValues(NamedTuple):
    """As `Network.unit_start` and `unit_value`."""

    start: Ints  # int64[R + 1]
    value: Ints  # int64[units]


def unit_values(
    costs: Costs, *, price: Ints, unit_cost: Ints, daily_rate: Ints, units: Ints, percent: int = 100,
    p_find: Ints | None = None,
) -> UnitValues:  # fmt: skip
    """What the k-th unit taken from each shelf is worth where it lies, rising in k, and what may fail.

    With `left` units before it is taken: lost share of the margin x P(demand >= left) - markdown x P(demand < left);
    demand is Poisson with the shelf's daily rate over the days of cover (a newsvendor's marginal value; Arrow, Harris
    and Marschak 1951). Never above `most_unit_value`; a shelf without sales has no demand and no value. It is scaled by
    `percent`; `p_find` adds the cost of failing.
    """
    start = np.concatenate([[0], np.cumsum(units)]).astype(np.int64)
    row = np.repeat(np.arange(len(units)), units)
    demand = np.minimum(daily_rate * float(costs.cover_days), MOST_DEMAND)
    sold_out = _sold_out(demand, units.astype(np.int64), start)
    gain = (margin(costs, price, unit_cost) * costs.lost_percent / 100)[row]
    loss = np.where(demand > 0, price * costs.markdown_percent / 100, 0.0)[row]
    value = np.minimum(gain * sold_out - loss * (1 - sold_out), costs.most_unit_value) * percent / 100
    found = np.rint(value).astype(np.int64)
    return UnitValues(start, found if p_find is None else found + failure(costs, p_find)[row])


def _sold_out(demand: Ints, units: Ints, start: Ints) -> Ints:
    """P(demand >= left) of each unit, `left` from all units of its shelf down to one. Shelf by shelf the same numbers
    in the same order, whatever other shelves are asked about with it. The fullest come first, so that those with a
    j-th unit are the first ones."""
    at = np.flatnonzero((demand > 0) & (units > 0))
    at = at[np.argsort(-units[at], kind="stable")]
    rate, held = demand[at], units[at]
    count = np.searchsorted(-held, -np.arange(held.max(initial=0)))  # shelves with more than j units
    first = np.concatenate([[0], np.cumsum(count)])
    below = np.empty(first[-1])  # P(demand <= j): for j = 0 of all of them, for j = 1 ...
    chance, sum_of = np.exp(-rate), np.zeros(len(at))
    for j, n in enumerate(count.tolist()):
        chance = chance[:n]
        if j:
            chance = chance * rate[:n] / j
        sum_of = sum_of[:n] + chance
        below[first[j] : first[j + 1]] = sum_of
    nth = np.repeat(np.arange(len(count)), count)
    shelf = np.arange(len(below)) - first[nth]
    never = (below >= 1 - 1e-9) & (nth > rate[shelf])
    found = np.zeros(start[-1], np.float64)
    found[(start[at] + held - 1)[shelf] - nth] = np.where(never, 0.0, np.maximum(0.0, 1 - below))
    return found


class Record(NamedTuple):
    """How many lines were asked for, and how many failed."""

    asked: int
    failed: int


NOBODY_KNOWS, WEIGHT_OF_ALL = 0.97, 50.0  # a chain that asked nobody yet
WEIGHT_OF_GROUP, WEIGHT_OF_BOTH = 30.0, 20.0


def chance_to_give(own: Record, place: Record, category: Record, everything: Record) -> float:
    """The posterior mean of a Beta for a category at a place, whose prior is what both differ from the rest by (as
    odds), each of them shrunk to the rest."""
    rest = _shrunk(everything, NOBODY_KNOWS, WEIGHT_OF_ALL)
    odds = _odds(_shrunk(place, rest, WEIGHT_OF_GROUP)) * _odds(_shrunk(category, rest, WEIGHT_OF_GROUP)) / _odds(rest)
    return _shrunk(own, odds / (1 + odds), WEIGHT_OF_BOTH)


def _shrunk(record: Record, prior: float, weight: float) -> float:
    return (prior * weight + record.asked - record.failed) / (weight + record.asked)


def _odds(chance: float) -> float:
    return chance / (1 - chance)
