"""The arrays that a batch is decided on. What an order holds counts as free for it, and no line may leave later than it
was promised; where it is now it may always stay."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

import numpy as np

from inventory.models import Location
from orders.models.order_line import Method
from orders.operations.batch_distances import distinct, miles_to, zones
from orders.operations.batch_rules import OrdersJudged, judge_orders
from orders.operations.batch_values import Rows, unit_values
from orders.operations.day_capacity import DAYS_TRIED, due
from orders.operations.known_prices import NO_PRICES, KnownPrices
from orders.operations.plan_lines import destination
from orders.operations.read_batch import Batch, Wanted
from orders.operations.routing_policy import Policies
from orders.routing import cost
from orders.routing.batch import ALONE, MOST_LINES, UNIT, Ints, Network, Orders, build_network, build_orders
from orders.routing.cost import Costs
from orders.routing.rules import Objective, Rules
from orders.routing.tables import FEW, bonds

KEPT = 1 << 40  # what it "costs" to break a promise: more than anything else, and sums still fit
ALL_OF_IT = 100  # percent
SAME = 0  # the bond of a line that is free

Leaves = date | None


@dataclass(frozen=True)
class Problem:
    """The arrays, and what their positions stand for."""

    net: Network
    orders: Orders
    now: Ints  # int32[M]: the node that each line is promised from, -1 for none
    lines: list[Wanted]
    numbers: list[int]  # of each order
    places: list[Location]
    large: list[int]  # orders (ids) of more lines than are decided about together, left out
    imitating: list[int]  # orders under rules that look at something else than money, left out
    rules: list[Rules]  # of each order
    costs: Costs
    alone: Ints  # bool[M]: lines that go in a parcel of their own
    prices: KnownPrices = NO_PRICES

    @property
    def sent(self) -> Orders:
        """The orders as they go and are billed: what travels alone in a parcel of its own. They are planned without
        that (`_bonds`) where rules limit shipments, which are about locations, and where they wait."""
        return self.orders._replace(bond=np.where(self.alone, ALONE, self.orders.bond).astype(np.int8))


def build(batch: Batch, *, policies: Policies, now: datetime, alone: bool = False) -> Problem:
    """Everything that a plan needs, in integers; `alone`: of one order, of any size and under any rules."""
    costs = policies.costs
    lines, rules, large, imitating = _decidable(batch.wanted, policies, alone)
    index = {place.pk: n for n, place in enumerate(batch.places)}
    held = np.array([-1 if each.location_id is None else index[each.location_id] for each in lines], np.int32)
    start = _starts(lines)
    apart = _alone(lines, start)
    bond = _bonds(lines, start, rules, apart)
    leaves, capacity = _days(batch, lines, bond, now)
    variants = sorted({each.variant_id for each in lines})
    sku = np.searchsorted(variants, [each.variant_id for each in lines]).astype(np.int32)
    rows = _rows(batch, lines, variants, sku, held)
    points = [destination(each.address) for each in (lines[first] for first in start[:-1])]
    ends, zip_of = distinct(points)
    judged = judge_orders(
        [lines[int(start[n]) : int(start[n + 1])] for n in range(len(start) - 1)], rules, batch, now,
        held=[held[int(start[n]) : int(start[n + 1])] for n in range(len(start) - 1)],
        miles=lambda order: miles_to(points[order], batch.places),
    )  # fmt: skip
    profiles = _profiles(batch, lines, start, held, leaves, costs, judged)
    fees = cost.fees(costs, [place.kind for place in batch.places])
    values = unit_values(batch, rows, variants, costs, _usual_percent(rules))
    net = build_network(
        zone=zones(ends, batch.places), tariff=profiles.tariff, lane=profiles.lane,
        fee=fees.parcel + profiles.price, line_fee=fees.unit, capacity=capacity,
        sku_start=rows.start, row_node=rows.node, row_quantity=rows.units, unit_start=values.start,
        unit_value=values.value,
    )  # fmt: skip
    orders = build_orders(
        start=start, sku=sku, zip=zip_of, quantity=[each.quantity for each in lines], profile=profiles.of_order,
        pounds=[each.quantity * (each.grams or cost.USUAL_GRAMS) / cost.GRAMS_PER_POUND for each in lines],
        size_pounds=[each.quantity * _size_pounds(each, costs) for each in lines], lost=_lost(lines, costs),
        worth=[round(each.price * each.quantity * UNIT) for each in lines], bond=bond,
        most=[min(each.most, FEW) for each in rules], least=[each.least for each in rules],
        split=[costs.split + each.split for each in rules],
        shut=_shut(batch, lines, index, held, judged.shut_lines(lines, start, rows, sku, list(index), now)),
        any_size=alone,
    )  # fmt: skip
    numbers = [lines[first].number for first in start[:-1]]
    return Problem(
        net, orders, held, lines, numbers, batch.places, large, imitating, rules, costs, apart, policies.prices
    )


def _decidable(
    wanted: Sequence[Wanted], policies: Policies, alone: bool
) -> tuple[list[Wanted], list[Rules], list[int], list[int]]:
    """The lines of orders that are decided about by cost, with the rules of each order; the orders of more lines than
    are priced exactly, and those whose rules look at something else than money."""
    lines: list[Wanted] = []
    rules: list[Rules] = []
    large: list[int] = []
    imitating: list[int] = []
    for order, group in groupby(wanted, key=lambda each: each.order_id):
        own = list(group)
        found = policies.rules_for(
            channel=own[0].channel, services={each.service for each in own if each.service}, tags=own[0].tags,
            value=sum((Decimal(each.price) * each.quantity for each in own), Decimal(0)),
        )  # fmt: skip
        if found.objective != Objective.COST and not alone:
            imitating.append(order)
        elif len(own) > MOST_LINES and not alone:
            large.append(order)
        else:
            lines += own
            rules.append(found)
    return lines, rules, large, imitating


def _usual_percent(rules: Sequence[Rules]) -> int:
    """A shelf has one value: by the rules of most orders."""
    said = Counter(each.unit_value_percent for each in rules)
    return said.most_common(1)[0][0] if said else ALL_OF_IT


def _starts(lines: Sequence[Wanted]) -> Ints:
    orders = [each.order_id for each in lines]
    firsts = [n for n, order in enumerate(orders) if n == 0 or order != orders[n - 1]]
    return np.array([*firsts, len(orders)], np.int64)


def _days(batch: Batch, lines: Sequence[Wanted], bond: Sequence[int], now: datetime) -> tuple[list[Leaves], Ints]:
    """By node: the first day on which one more parcel would leave, and for how many there is room (who is there now
    counts as room, as often as the engine counts its parcels)."""
    parcels: dict[int, set[tuple[int, int]]] = defaultdict(set)
    on_day: dict[tuple[int, date], set[int]] = defaultdict(set)
    for n, each in enumerate(lines):
        if each.location_id is not None and each.work_id is not None:
            parcels[each.location_id].add((each.work_id, n if bond[n] == ALONE else -1))
            if each.capacity_day:
                on_day[each.location_id, each.capacity_day].add(each.work_id)
    leaves: list[Leaves] = []
    capacity = np.full(len(batch.places), len(lines), np.int32)
    for n, place in enumerate(batch.places):
        day, room = _first_day(place, batch.used, on_day, now)
        leaves.append(day)
        if room is not None:
            capacity[n] = min(room + len(parcels[place.pk]), len(lines))
    return leaves, capacity


def _first_day(
    place: Location, used: Mapping[tuple[int, date], tuple[int, int]], on_day: Mapping[tuple[int, date], set[int]],
    now: datetime,
) -> tuple[Leaves, int | None]:  # fmt: skip
    """The day, and how many more parcels it takes (None: any number); of a day that is full of our own, none more."""
    takes = place.is_active and place.can_ship and place.kind != Location.Kind.DROPSHIP and not place.is_paused(now)
    not_before: Leaves = None
    for _try in range(DAYS_TRIED if takes else 0):
        then = due(place, Method.SHIP, now, not_before)
        if then is None:
            break
        day = place.schedule.local_day(then.promised_at)
        if place.ship_capacity is None:
            return day, None
        taken, _cap = used.get((place.pk, day), (0, 0))
        if taken < place.ship_capacity or on_day.get((place.pk, day)):
            return day, max(0, place.ship_capacity - taken)
        not_before = day + timedelta(days=1)
    return None, 0


def _rows(batch: Batch, lines: Sequence[Wanted], variants: Sequence[int], sku: Ints, held: Ints) -> Rows:
    """Stock rows by SKU and node: the most that any channel could have, and what these orders hold there."""
    width, ids = len(batch.places), np.array([place.pk for place in batch.places], np.int64)
    keys, units = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    names = np.array(variants, np.int64)
    for found in batch.shelves.values():
        known = np.isin(found.variant, names)
        keys.append(np.searchsorted(names, found.variant[known]) * width + np.searchsorted(ids, found.location[known]))
        units.append(found.units[known])
    free, index_of = np.unique(np.concatenate(keys), return_inverse=True)
    most = np.zeros(len(free), np.int64)
    np.maximum.at(most, index_of, np.concatenate(units))
    own = held >= 0
    own_keys = sku[own].astype(np.int64) * width + held[own]
    own_units = np.array([each.quantity for each in lines], np.int64)[own]
    all_keys, where = np.unique(np.concatenate([free, own_keys]), return_inverse=True)
    total = np.zeros(len(all_keys), np.int64)
    np.add.at(total, where, np.concatenate([most, own_units]))
    price, unit_cost = np.zeros(len(variants), np.int64), np.full(len(variants), -1, np.int64)
    for n, each in zip(sku.tolist(), lines, strict=True):
        price[n] = max(price[n], round(each.price * UNIT))
        if each.unit_cost is not None:
            unit_cost[n] = round(each.unit_cost * UNIT)
    of = all_keys // width
    wanted = np.zeros(len(variants), np.int64)
    np.add.at(wanted, sku, [each.quantity for each in lines])
    return Rows(
        start=np.searchsorted(of, np.arange(len(variants) + 1)), node=all_keys % width,
        # More than all orders want is as good as what they want.
        units=np.minimum(total, wanted[of]), there=total, sku=of, price=price[of], unit_cost=unit_cost[of],
    )  # fmt: skip


@dataclass(frozen=True)
class _Profiles:
    tariff: Ints
    lane: Ints
    price: Ints
    of_order: Ints


def _profiles(
    batch: Batch, lines: Sequence[Wanted], start: Ints, held: Ints, leaves: Sequence[Leaves], costs: Costs,
    judged: OrdersJudged,
) -> _Profiles:  # fmt: skip
    """What orders ask of their parcels: by when they have to be there, the last day on which they may leave, and the
    days on which they leave now from where they may stay."""
    by: list[tuple] = []
    first = min((day for day in leaves if day), default=None)
    for order in range(len(start) - 1):
        own = range(int(start[order]), int(start[order + 1]))
        stays = sorted({(int(held[n]), _promised_day(lines[n], batch.places[held[n]])) for n in own if held[n] >= 0})
        last = min((day for _node, day in stays), default=None)
        # Where it could be promised anew for the same day nothing has to be said of it.
        special = tuple((node, day) for node, day in stays if leaves[node] != day)
        stands = tuple(node for node, _day in stays) if judged.of_order[order] else ()
        arrives = _arrive_by([lines[n] for n in own], last or first, costs)
        by.append((arrives, last, special, judged.of_order[order], stands))
    kinds = {key: n for n, key in enumerate(dict.fromkeys(by))}
    promises = sorted({key[0] for key in kinds}, key=lambda day: (day is not None, day or date.min))
    own_days = sorted({day for key in kinds for _node, day in key[2]})
    found = cost.lanes(costs, promises, [*leaves, *own_days])
    of_promise = {promise: n for n, promise in enumerate(promises)}
    of_day = {day: len(leaves) + n for n, day in enumerate(own_days)}
    node_days = np.array([day.toordinal() if day else 0 for day in leaves])
    waiting = np.array([(day - first).days if day and first else 0 for day in leaves], np.int64) * costs.wait
    lane = np.empty((len(kinds), len(leaves)), np.int16)
    price = np.tile(waiting, (len(kinds), 1))
    for (arrives, last, special, which, stands), n in kinds.items():
        row = found.lane[of_promise[arrives]]
        lane[n] = row[: len(leaves)]
        if last:
            lane[n, node_days > last.toordinal()] = -1
        if which:
            price[n] += judged.price[which]
            may_stay = lane[n, list(stands)]
            lane[n, ~judged.allowed[which]] = -1
            lane[n, list(stands)] = may_stay
        for node, day in special:
            lane[n, node] = row[of_day[day]]
            price[n, node] += (max((day - first).days, 0) * costs.wait if first else 0) - waiting[node]
    return _Profiles(found.tariff, lane, price, np.array([kinds[key] for key in by], np.int32))


def _promised_day(each: Wanted, place: Location) -> date:
    return place.schedule.local_day(each.cutoff_at or each.due_at or each.placed_at)


def _arrive_by(lines: Sequence[Wanted], first: Leaves, costs: Costs) -> Leaves:
    """The earliest date that any line was promised for, or that its service means."""
    days = [each.deliver_by.date() for each in lines if each.deliver_by]
    days += [day for each in lines if each.service and first and (day := cost.deliver_by(costs, each.service, first))]
    return min(days, default=None)


def _size_pounds(each: Wanted, costs: Costs) -> float:
    if not (each.length_mm and each.width_mm and each.height_mm):
        return 0.0
    return cost.size_pounds(costs, float(each.length_mm) * each.width_mm * each.height_mm)


def _lost(lines: Sequence[Wanted], costs: Costs) -> Ints:
    """A promise is not broken for another; units that wait cost what an unserved customer costs."""
    price = np.array([round(each.price * UNIT) for each in lines], np.int64)
    unit_cost = np.array([-1 if each.unit_cost is None else round(each.unit_cost * UNIT) for each in lines], np.int64)
    waiting = cost.lost(costs, price, unit_cost, np.array([each.quantity for each in lines], np.int64))
    return np.where([each.work_line is not None for each in lines], KEPT, waiting)


def _alone(lines: Sequence[Wanted], start: Ints) -> Ints:
    """Hazmat beside something else, unless it is part of a kit that is not to be split."""
    several = np.repeat(np.diff(start) > 1, np.diff(start))
    return several & np.array([each.is_hazmat and not _is_bound(each) for each in lines], bool)


def _is_bound(line: Wanted) -> bool:
    return line.kit_id is not None and not line.may_split


def _bonds(lines: Sequence[Wanted], start: Ints, rules: Sequence[Rules], apart: Ints) -> list[int]:
    """Parts of a kit that is not to be split go together, those of each parcel for themselves; what goes apart is
    alone in an order that has its slots: one that waits is not to want two where it needs one."""
    found: list[int] = []
    for these, first, last in zip(rules, start[:-1].tolist(), start[1:].tolist(), strict=True):
        own, kits = lines[first:last], dict[tuple, int]()
        alone = ALONE if all(each.work_id is not None for each in own) else SAME
        asked = []
        for each, is_apart in zip(own, apart[first:last].tolist(), strict=True):
            if _is_bound(each):
                asked.append(kits.setdefault((each.kit_id, each.work_id), len(kits) + 1))
            else:
                asked.append(alone if is_apart else SAME)
        found += bonds(asked, these)
    return found


def _shut(
    batch: Batch, lines: Sequence[Wanted], index: Mapping[int, int], held: Ints, by_rule: Mapping[int, set[int]]
) -> dict[int, list[int]]:  # fmt: skip
    """By line the nodes that failed it, that have nothing for its channel, or that a rule shuts to its item; where it
    is now it may stay."""
    own_channel = _hidden(batch, index) if len(batch.shelves) > 1 else {}
    shut: dict[int, list[int]] = {}
    for n, each in enumerate(lines):
        nodes = {index[place] for place in batch.failed.get(each.line_id, ()) if place in index}
        nodes |= own_channel.get((each.channel, each.variant_id), set()) | by_rule.get(n, set())
        nodes.discard(int(held[n]))
        if nodes:
            shut[n] = sorted(nodes)
    return shut


def _hidden(batch: Batch, index: Mapping[int, int]) -> dict[tuple[str, int], set[int]]:
    """By channel and variant: nodes that another channel could have it from, and this one not."""
    had: dict[int, dict[str, set[int]]] = defaultdict(dict)
    for channel, found in batch.shelves.items():
        for variant, place in zip(found.variant.tolist(), found.location.tolist(), strict=True):
            had[variant].setdefault(channel, set()).add(index[place])
    hidden = {}
    for variant, channels in had.items():
        everywhere = set().union(*channels.values())
        for channel in batch.shelves:
            if missing := everywhere - channels.get(channel, set()):
                hidden[channel, variant] = missing
    return hidden
