"""The best plan of one order at given prices, exactly: any split over all nodes, by a dynamic program over its lines.

The cheapest partition of all lines into parcels is the plan, where lines may also be left out (those of one bond
together). A split price counts for each parcel; one is given back, and a plan of a single parcel is looked at by
itself, for the least worth of a parcel binds only where there are several. A most number of shipments makes the program
one over (lines, parcels). The runners-up of the parcels tell what the plan would cost without one of its rows or nodes,
and no second look at the nodes is needed.

One corner is not exact: where two parcels of an order leave from the same node (lines that travel alone, weights that
nobody takes together) and that node has not the slots or units for both, the later one has to do without it.
"""

import numpy as np

from orders.routing.batch import BONDS, LIMITS, MOST_LINES, Ints, Network, Orders
from orders.routing.book import HEAD, ROW, Book, units_of
from orders.routing.kernel import any_number, compiled, inlined
from orders.routing.parcel_terms import row_at
from orders.routing.parcels import parcels
from orders.routing.work import SUBSETS, Work, room

__all__ = ["Work", "losses", "price", "room"]

NOWHERE, ANY = any_number(-2), any_number(-1)  # no node, any line


@compiled
def _any_partition(
    lost: Ints, count: int, best: Ints, second: Ints, node: Ints, without: int, line: int, value: Ints, choice: Ints
) -> int:
    """The cheapest cover of all lines where any is allowed; `lost` by line. Parcels with `line` (or any, with -1) from
    the node `without` do not count."""
    value[0] = 0
    for lines in range(1, 1 << count):
        low = lines & -lines
        lowest = 0
        while not low >> lowest & 1:
            lowest += 1
        rest = lines ^ low
        least, chosen = value[rest] + int(lost[lowest]), 0
        others = rest
        while True:
            subset = others | low
            parcel = best[subset]
            if node[subset] == without and (line < 0 or subset >> line & 1):
                parcel = second[subset]
            cost = value[lines ^ subset] + parcel
            if cost < least:
                least, chosen = cost, subset
            if others == 0:
                break
            others = (others - 1) & rest
        value[lines], choice[lines] = least, chosen
    return value[(1 << count) - 1]


@compiled
def _partition(orders: Orders, order: int, without: int, line: int, work: Work) -> tuple[int, int]:
    """The cheapest cover of all lines that keeps the order's bonds and limits; parcels with `line` (or any, with -1)
    from the node `without` do not count.

    Returns its cost, and the one parcel that it consists of where that was looked at by itself, else 0.
    """
    first = orders.start[order]
    count = orders.start[order + 1] - first
    best, second, node, value, choice = work.best, work.second, work.node, work.value, work.choice
    if orders.asks[order] & (BONDS | LIMITS) == 0:
        lost = orders.lost[first : first + count]
        return _any_partition(lost, count, best, second, node, without, line, value, choice), 0
    most, split, least_worth = int(orders.most[order]), orders.split[order], orders.least[order]
    every = (1 << count) - 1
    top = most if 0 < most < count else 0
    if top:
        for lines in range(1 << count):
            value[lines], choice[lines] = work.lost[lines], 0
    for layer in range(1 if top else 0, top + 1):
        here = layer * SUBSETS
        below = here - SUBSETS if top else here
        value[here] = 0
        for lines in range(1, 1 << count):
            low = lines & -lines
            lowest = 0
            while not low >> lowest & 1:
                lowest += 1
            group = work.group[lowest]
            least, chosen = value[here + (lines & ~group)] + work.lost[group & lines], 0
            rest = lines ^ low
            others = rest
            while True:
                subset = others | low
                parcel = best[subset]
                if node[subset] == without and (line < 0 or subset >> line & 1):
                    parcel = second[subset]
                cost = value[below + (lines ^ subset)] + parcel + split
                if cost < least and (least_worth == 0 or work.worth[subset] >= least_worth):
                    least, chosen = cost, subset
                if others == 0:
                    break
                others = (others - 1) & rest
            value[here + lines], choice[here + lines] = least, chosen
    cost = value[top * SUBSETS + every]
    if cost < work.lost[every]:
        cost -= split
    single = 0
    for subset in range(1, 1 << count):
        parcel = best[subset]
        if node[subset] == without and (line < 0 or subset >> line & 1):
            parcel = second[subset]
        alone = parcel + work.lost[every ^ subset]
        if alone < cost:
            cost, single = alone, subset
    return cost, single


@compiled
def _write(net: Network, orders: Orders, order: int, single: int, work: Work, plan: Ints) -> None:
    """Read the plan from the last partition."""
    first = orders.start[order]
    count = orders.start[order + 1] - orders.start[order]
    for i in range(count):
        plan[ROW, i] = plan[HEAD, i] = -1
    lines = single if single else (1 << count) - 1
    most = int(orders.most[order])
    limited = 0 < most < count
    layer = most if limited else 0
    while lines:
        subset = single if single else work.choice[layer * SUBSETS + lines]
        if subset == 0:
            low = 0
            while not lines >> low & 1:
                low += 1
            lines &= ~(work.group[low] if orders.asks[order] & BONDS else 1 << low)
            continue
        head = -1
        for i in range(count):
            if subset >> i & 1:
                head = i if head < 0 else head
                plan[ROW, i], plan[HEAD, i] = row_at(net, orders.sku[first + i], work.node[subset]), head
        lines ^= subset
        if limited:
            layer -= 1


@compiled
def _clash(net: Network, orders: Orders, order: int, book: Book, asking: bool, plan: Ints) -> int:
    """The head of a parcel that has no slot or units beside another parcel of the order at its node; -1 for none."""
    for i in range(1, orders.start[order + 1] - orders.start[order]):
        row, head = plan[ROW, i], plan[HEAD, i]
        if row < 0:
            continue
        node, slots, beside = net.row_node[row], 1, False
        for other in range(i):
            if plan[ROW, other] >= 0 and net.row_node[plan[ROW, other]] == node and plan[HEAD, other] != head:
                beside = True
                if plan[HEAD, other] == other:
                    slots += 1
        if not beside:
            continue
        if head == i and slots > net.capacity[node] - (0 if asking else book.node_taken[node]):
            return head
        units = units_of(orders, order, plan, i)
        if units > net.row_quantity[row] - (0 if asking else book.row_taken[row]):
            return head
    return -1


@inlined
def _single(net: Network, orders: Orders, order: int, work: Work, plan: Ints) -> int:
    """The plan of an order of one line."""
    first = orders.start[order]
    lost = orders.lost[first]
    if work.best[1] < lost:
        plan[ROW, 0], plan[HEAD, 0] = row_at(net, orders.sku[first], work.node[1]), 0
        return work.best[1]
    plan[ROW, 0] = plan[HEAD, 0] = -1
    return lost


@compiled
def price(net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work, plan: Ints) -> int:
    """The cost of the best plan, in hundredths of a cent, at the book's free prices or (`asking`) at its asks.

    `plan` gets it: int64[2, MOST_LINES], the row that serves each line (-1: none) and the first line of its parcel.
    """
    work.bans[0] = 0
    first = orders.start[order]
    count = orders.start[order + 1] - first
    while True:
        parcels(net, orders, order, book, asking, work)
        if count == 1:
            return _single(net, orders, order, work, plan)
        cost, single = _partition(orders, order, NOWHERE, ANY, work)
        _write(net, orders, order, single, work, plan)
        head = _clash(net, orders, order, book, asking, plan)
        if head < 0:
            return cost
        ban = work.bans[0]
        lines = 0
        for i in range(count):
            if plan[HEAD, i] == head:
                lines |= 1 << i
        if ban == MOST_LINES:
            plan[:] = -1
            lost = 0
            for i in range(count):
                lost += orders.lost[first + i]
            return lost
        work.bans[1 + 2 * ban], work.bans[2 + 2 * ban] = net.row_node[plan[ROW, head]], lines
        work.bans[0] = ban + 1


@compiled
def losses(
    net: Network, orders: Orders, order: int, cost: int, plan: Ints, work: Work, of_row: Ints, of_node: Ints
) -> None:
    """What a plan of this cost would lose without each of its rows and nodes, by the prices of the last pricing."""
    first = orders.start[order]
    count = orders.start[order + 1] - first
    if count == 1:
        lost = orders.lost[first]
        if plan[ROW, 0] >= 0 and work.node[1] == net.row_node[plan[ROW, 0]]:
            of_row[0] = max(min(work.second[1], lost) - cost, 0)
        else:
            of_row[0] = max(min(work.best[1], lost) - cost, 0) if plan[ROW, 0] >= 0 else 0
        of_node[0] = of_row[0]
        return
    for i in range(count):
        row = plan[ROW, i]
        of_row[i], of_node[i] = 0, 0
        if row < 0:
            continue
        node, known = np.int64(net.row_node[row]), -1
        for other in range(i):
            if plan[ROW, other] >= 0 and net.row_node[plan[ROW, other]] == node:
                known = other
        of_node[i] = of_node[known] if known >= 0 else max(_partition(orders, order, node, ANY, work)[0] - cost, 0)
        of_row[i] = max(_partition(orders, order, node, i, work)[0] - cost, 0)
