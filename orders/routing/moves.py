"""From a plan to the moves that are worth it: what each order costs here and there, who waits for whose unit, and in
which order the moves can be made. Arrays and integers only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from orders.routing.batch import ALONE, NEVER, Ints, Network, Orders

NOBODY = -1
Scarce = tuple[int, int]  # (0, stock row) or (1, node)


class Yielded(NamedTuple):
    """One order leaves what another one takes."""

    giver: int
    taker: int
    node: int
    is_slot: bool  # or units of a shelf


class Moves(NamedTuple):
    """Orders whose promise shall change, first those that the others wait for; and what became of the rest."""

    orders: list[int]
    saving: dict[int, int]  # of each of these, hundredths of a cent; below zero where it makes room for others
    too_little: int  # orders that would save less than a move has to
    in_circles: int  # orders that wait for each other's units
    yielded: tuple[Yielded, ...] = ()  # who moves from what somebody else could not have otherwise


def order_costs(net: Network, orders: Orders, node: Ints) -> Ints:
    """int64[O]: what each order costs when its lines come from these nodes (-1: from nobody). Of a shelf's units the
    earlier line takes the cheaper one."""
    count = len(orders.start) - 1
    cost = np.zeros(count, np.int64)
    served = np.flatnonzero(node >= 0)
    np.add.at(cost, orders.of_line[node < 0], orders.lost[node < 0])
    if not len(served):
        return cost
    at, of, units = node[served].astype(np.int64), orders.of_line[served], orders.quantity[served].astype(np.int64)
    np.add.at(cost, of, net.line_fee[at] * units + _unit_values(net, rows_of(net, orders.sku[served], at), units))
    _add_parcels(net, orders, served, at, cost)
    return np.minimum(cost, NEVER)


def rows_of(net: Network, sku: Ints, node: Ints) -> Ints:
    """int64: the stock row of each (SKU, node), -1 where there is none."""
    width = len(net.line_fee)
    sku_of_row = np.repeat(np.arange(len(net.sku_start) - 1), np.diff(net.sku_start))
    keys, wanted = sku_of_row * width + net.row_node, np.asarray(sku, np.int64) * width + node
    found = np.searchsorted(keys, wanted)
    hit = (found < len(keys)) & (keys[np.minimum(found, max(len(keys) - 1, 0))] == wanted) if len(keys) else found < 0
    return np.where(hit, found, NOBODY)


def _unit_values(net: Network, rows: Ints, units: Ints) -> Ints:
    """What the units of these lines are worth where they lie, in the order of the lines."""
    total = np.concatenate([[0], np.cumsum(net.unit_value)])
    value = np.zeros(len(rows), np.int64)
    by_row = np.argsort(rows, kind="stable")
    before = np.cumsum(units[by_row]) - units[by_row]
    first = np.searchsorted(rows[by_row], rows[by_row])
    taken = before - before[first]
    row = rows[by_row]
    start = net.unit_start[row] + taken
    end = np.minimum(start + units[by_row], net.unit_start[row + 1])
    value[by_row] = np.where(row >= 0, total[end] - total[np.minimum(start, end)], 0)
    return value


def _add_parcels(net: Network, orders: Orders, served: Ints, at: Ints, cost: Ints) -> None:
    of = orders.of_line[served].astype(np.int64)
    alone = orders.bond[served] == ALONE
    # What travels alone is a parcel of its own, whatever else goes from there.
    key = (of * len(net.line_fee) + at) * (len(orders.sku) + 1) + np.where(alone, served + 1, 0)
    parcels, index = np.unique(key, return_inverse=True)
    pounds, size = np.zeros(len(parcels)), np.zeros(len(parcels))
    np.add.at(pounds, index, orders.pounds[served])
    np.add.at(size, index, orders.size_pounds[served])
    whose, where = np.zeros(len(parcels), np.int64), np.zeros(len(parcels), np.int64)
    whose[index], where[index] = of, at
    profile = orders.profile[whose]
    billed = np.minimum(np.ceil(np.maximum(pounds, size)).astype(np.int64), net.tariff.shape[2] - 1)
    lane = net.lane[profile, where].astype(np.int64)
    carried = np.where(lane < 0, NEVER, net.tariff[lane, net.zone[orders.zip[whose], where], billed])
    np.add.at(cost, whose, np.minimum(net.fee[profile, where] + carried, NEVER))
    many = np.bincount(whose, minlength=len(cost))
    cost += np.maximum(many - 1, 0) * orders.split


def worthwhile(net: Network, orders: Orders, now: Ints, then: Ints, least: int, *, sent: Orders | None = None) -> Moves:
    """Which orders should go from the nodes `now` to the nodes `then` (per line, -1: promised nowhere).

    Orders that wait for each other's units or slots go together or not at all, and have to save `least` each on
    average. Where a line would lose its promise everybody involved stays. `sent` has the orders as they are billed,
    where they are planned otherwise.
    """
    billed = orders if sent is None else sent
    saving = order_costs(net, billed, now) - order_costs(net, billed, then)
    moving = sorted(set(orders.of_line[now != then].tolist()))
    lost = set(orders.of_line[(now >= 0) & (then < 0)].tolist())
    needs, gives, free = _contended(net, orders, now, then, moving)
    wanted, too_little = [], 0
    for group in _groups(moving, needs, gives):
        if lost.intersection(group) or sum(int(saving[order]) for order in group) < least * len(group):
            too_little += len(group)
        else:
            wanted += group
    ready, stuck = _in_turn(sorted(wanted), needs, gives, dict(free))
    yielded = _yielded(net, ready, needs, gives, free)
    return Moves(ready, {order: int(saving[order]) for order in ready}, too_little, len(stuck), yielded)


Use = dict[int, dict[Scarce, int]]


def _contended(
    net: Network, orders: Orders, now: Ints, then: Ints, moving: Sequence[int]
) -> tuple[Use, Use, dict[Scarce, int]]:
    """By order what it takes of shelves and nodes that have not enough for all who come before others leave, what it
    gives back of them, and what is free there now."""
    rows = [rows_of(net, orders.sku, np.maximum(each, 0)) for each in (now, then)]
    units = orders.quantity.astype(np.int64)
    held = np.bincount(rows[0][now >= 0], weights=units[now >= 0], minlength=len(net.row_node)).astype(np.int64)
    free: dict[Scarce, int] = defaultdict(int)
    needs: Use = defaultdict(lambda: defaultdict(int))
    gives: Use = defaultdict(lambda: defaultdict(int))
    here, there = _parcel_counts(net, orders, now), set(moving)
    for line in np.flatnonzero(now != then).tolist():
        order = int(orders.of_line[line])
        if now[line] >= 0:
            gives[order][0, int(rows[0][line])] += int(units[line])
        if then[line] >= 0:
            needs[order][0, int(rows[1][line])] += int(units[line])
    for order in moving:
        lines = slice(int(orders.start[order]), int(orders.start[order + 1]))
        before, after = set(now[lines].tolist()) - {-1}, set(then[lines].tolist()) - {-1}
        for node in after - before:
            needs[order][1, node] += 1
        for node in before - after:
            gives[order][1, node] += 1
    incoming: dict[Scarce, int] = defaultdict(int)
    for order in there:
        for what, many in needs[order].items():
            incoming[what] += many
    for what in incoming:
        kind, n = what
        free[what] = int(net.row_quantity[n] - held[n]) if kind == 0 else int(net.capacity[n] - here[n])
    plenty = {what for what, many in incoming.items() if many <= free[what]}
    for order in there:
        needs[order] = {what: many for what, many in needs[order].items() if what not in plenty}
        gives[order] = {what: many for what, many in gives[order].items() if what in incoming and what not in plenty}
    return needs, gives, free


def _parcel_counts(net: Network, orders: Orders, node: Ints) -> Ints:
    pairs = np.unique(orders.of_line[node >= 0].astype(np.int64) * len(net.line_fee) + node[node >= 0])
    return np.bincount(pairs % len(net.line_fee), minlength=len(net.line_fee))


def _groups(moving: Iterable[int], needs: Use, gives: Use) -> list[list[int]]:
    """Orders that meet at a scarce shelf or node, directly or through others."""
    head: dict[Scarce | int, Scarce | int] = {}

    def find(each: Scarce | int) -> Scarce | int:
        while (above := head.setdefault(each, each)) != each:
            head[each] = head.setdefault(above, above)
            each = head[each]
        return each

    moving = list(moving)
    for order in moving:
        for what in [*needs[order], *gives[order]]:
            head[find(what)] = find(order)
    groups: dict[Scarce | int, list[int]] = defaultdict(list)
    for order in moving:
        groups[find(order)].append(order)
    return list(groups.values())


def _in_turn(wanted: Sequence[int], needs: Use, gives: Use, free: dict[Scarce, int]) -> tuple[list[int], list[int]]:
    """The orders in a sequence in which each finds room, and those that would have to go at the same moment."""
    done: list[int] = []
    waiting = list(wanted)
    while waiting:
        later = []
        for order in waiting:
            if any(free[what] < many for what, many in needs[order].items()):
                later.append(order)
                continue
            for what, many in needs[order].items():
                free[what] -= many
            for what, many in gives[order].items():
                free[what] += many
            done.append(order)
        if len(later) == len(waiting):
            return done, later
        waiting = later
    return done, []


def _yielded(
    net: Network, ready: Sequence[int], needs: Use, gives: Use, free: Mapping[Scarce, int]
) -> tuple[Yielded, ...]:
    """Who takes whose units and slots, where the orders move in this sequence: what nobody held goes first, then what
    was left first."""
    unheld, left, found = dict(free), defaultdict[Scarce, list[list[int]]](list), {}
    for taker in ready:
        for what, many in needs[taker].items():
            missing = many - max(min(many, unheld[what]), 0)
            unheld[what] -= many - missing
            while missing:
                giver = left[what][0]
                taken = min(missing, giver[1])
                missing, giver[1] = missing - taken, giver[1] - taken
                kind, n = what
                node = int(net.row_node[n]) if kind == 0 else n
                found[Yielded(giver[0], taker, node, kind == 1)] = True
                if not giver[1]:
                    left[what].pop(0)
        for what, many in gives[taker].items():
            left[what].append([taker, many])
    return tuple(found)
