"""One order by itself, at current prices: its exact plan with every cost item, the next best plans, and why the nodes
nearby are not in it.

The next plans are the exact ones: a plan is known by the node of each line; what is left after the best is divided
by its first line that goes elsewhere (Murty), and the cheapest of all parts comes next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from orders.routing.batch import UNITS, Ints, Network, Orders
from orders.routing.book import AT_COST, HEAD, ROW, Book, empty_book, empty_plan
from orders.routing.decompose import has_to_be_taken_apart, plan_apart
from orders.routing.explain import Because, Item, Parts, Reason, Share, is_closed, items, standing
from orders.routing.pricing import price
from orders.routing.work import Work, room

FORCED = 1 << 44  # what a line loses that has to be served


@dataclass(frozen=True)
class Other:
    """Another plan and what it would cost more."""

    shares: tuple[Share, ...]
    dearer: int


@dataclass(frozen=True)
class Planned:
    """The plan of one order. `cost` is the sum of its items, in hundredths of a cent; `exact` is false where the order
    had to be taken apart (see `decompose`)."""

    shares: tuple[Share, ...]
    cost: int
    items: tuple[Item, ...]
    others: tuple[Other, ...]
    exact: bool


def plan_order(
    net: Network,
    orders: Orders,
    order: int = 0,
    *,
    book: Book | None = None,
    others: int = 5,
    parts: Parts | None = None,
) -> Planned:
    """The best plan of an order at what is left in the book (nothing is taken without one), and the next `others`.

    Prices for what is not known yet belong in the network (`with_prices`). The order must be out of the book.
    """
    book = empty_book(net, orders) if book is None else book
    if has_to_be_taken_apart(net, orders, order, book):
        shares = plan_apart(net, orders, order, book)
        told = items(net, orders, order, shares, book, parts)
        return Planned(shares, sum(each.amount for each in told), told, (), exact=False)
    work, best = room(net), one_order(orders, order)
    plans = _in_order(net, best, book, work, others + 1)
    cost, shares = plans[0]
    first = int(orders.start[order])
    shares = _moved(shares, first)
    told = items(net, orders, order, shares, book, parts)
    more = tuple(Other(_moved(each, first), other - cost) for other, each in plans[1:])
    return Planned(shares, cost, told, more, exact=True)


def reasons(
    net: Network,
    orders: Orders,
    order: int,
    planned: Planned,
    nodes: Sequence[int],
    *,
    book: Book | None = None,
    because: Ints | None = None,
) -> tuple[Reason, ...]:
    """Why each of these nodes (the nearest, as the caller knows them) is not in the plan; `because` has the index of
    the rule that closed a node, by node."""
    book = empty_book(net, orders) if book is None else book
    work, taken = room(net), {share.node for share in planned.shares}
    return tuple(_reason(net, orders, order, planned, node, book, work, because, taken) for node in nodes)


def _reason(
    net: Network,
    orders: Orders,
    order: int,
    planned: Planned,
    node: int,
    book: Book,
    work: Work,
    because: Ints | None,
    taken: set[int],
) -> Reason:
    can, lacks, shut = standing(net, orders, order, node, book)
    if node in taken:
        return Reason(node, Because.TAKEN, lacks, shut)
    if is_closed(net, int(orders.profile[order]), node):
        return Reason(node, Because.CLOSED, lacks, shut, rule=-1 if because is None else int(because[node]))
    if book.node_taken[node] >= net.capacity[node]:
        return Reason(node, Because.FULL, lacks, shut)
    if not can:
        return Reason(node, Because.SHUT if shut else Because.LACKS, lacks, shut)
    if not planned.exact:
        return Reason(node, Because.DEARER, lacks, shut)
    first, mine = int(orders.start[order]), one_order(orders, order)
    least = min(_solve(net, _fixed(net, mine, line - first, node), book, work)[0] for line in can)
    if least >= FORCED // 2:
        return Reason(node, Because.UNFIT, lacks, shut)
    return Reason(node, Because.DEARER, lacks, shut, dearer=least - planned.cost)


def one_order(orders: Orders, order: int) -> Orders:
    """The order by itself."""
    lines, one = slice(int(orders.start[order]), int(orders.start[order + 1])), slice(order, order + 1)
    shut = orders.shut_start[lines.start : lines.stop + 1]
    return orders._replace(
        start=np.array([0, lines.stop - lines.start], np.int64), sku=orders.sku[lines], quantity=orders.quantity[lines],
        zip=orders.zip[one], profile=orders.profile[one], pounds=orders.pounds[lines],
        size_pounds=orders.size_pounds[lines], lost=orders.lost[lines], worth=orders.worth[lines],
        bond=orders.bond[lines], most=orders.most[one], least=orders.least[one], split=orders.split[one],
        shut_start=shut - shut[0], shut_node=orders.shut_node[shut[0] : shut[-1]],
        of_line=np.zeros(lines.stop - lines.start, np.int32), asks=orders.asks[one],
    )  # fmt: skip


def _solve(net: Network, mine: Orders, book: Book, work: Work) -> tuple[int, tuple[Share, ...]]:
    plan = empty_plan()
    cost = int(price(net, mine, 0, book, AT_COST, work, plan))
    numbers: dict[int, int] = {}
    shares = []
    for i in range(len(mine.sku)):
        row = int(plan[ROW, i])
        if row >= 0:
            number = numbers.setdefault(int(plan[HEAD, i]), len(numbers))
            shares.append(Share(i, int(net.row_node[row]), row, int(mine.quantity[i]), number))
    return cost, tuple(shares)


def _moved(shares: Sequence[Share], first: int) -> tuple[Share, ...]:
    return tuple(Share(each.line + first, each.node, each.row, each.units, each.parcel) for each in shares)


def _in_order(net: Network, mine: Orders, book: Book, work: Work, count: int) -> list[tuple[int, tuple[Share, ...]]]:
    """The `count` cheapest plans that differ in the node of a line; the first is there even where nothing is served."""
    cost, shares = _solve(net, mine, book, work)
    heap = [(cost, 0, shares, mine, 0)]
    made = 1
    found: list[tuple[int, tuple[Share, ...]]] = []
    while heap and len(found) < count:
        cost, _, shares, within, free = heappop(heap)
        if found and cost >= FORCED // 2:
            break
        found.append((cost, shares))
        if len(found) == count:
            break
        nodes = {share.line: share.node for share in shares}
        for line in range(free, len(mine.sku)):
            part = _elsewhere(net, within, line, nodes.get(line, -1))
            cost, other = _solve(net, part, book, work)
            if cost < FORCED // 2:
                heappush(heap, (cost, made, other, part, line))
                made += 1
            within = _fixed(net, within, line, nodes.get(line, -1))
    return found


def _elsewhere(net: Network, mine: Orders, line: int, node: int) -> Orders:
    """The order with a line anywhere but at that node (or served, where the node is -1)."""
    if node >= 0:
        return _shut(mine, line, [node])
    return mine._replace(lost=np.where(np.arange(len(mine.sku)) == line, FORCED, mine.lost))


def _fixed(net: Network, mine: Orders, line: int, node: int) -> Orders:
    """The order with a line at that node (or left out, where it is -1)."""
    sku = mine.sku[line]
    held = net.row_node[net.sku_start[sku] : net.sku_start[sku + 1]]
    shut = _shut(mine, line, held[held != node])
    return shut if node < 0 else _elsewhere(net, shut, line, -1)


def _shut(mine: Orders, line: int, nodes: Sequence[int] | Ints) -> Orders:
    added = np.asarray(nodes, np.int32)
    start = mine.shut_start.copy()
    start[line + 1 :] += len(added)
    node = np.concatenate((mine.shut_node[: mine.shut_start[line]], added, mine.shut_node[mine.shut_start[line] :]))
    return mine._replace(shut_start=start, shut_node=node.astype(np.int32), asks=mine.asks | np.int8(UNITS))


def with_prices(net: Network, slot_price: Ints, unit_price: Ints) -> Network:
    """The network with opportunity prices on its slots (int64[N]) and on each unit of its rows (int64[R])."""
    units = np.diff(net.unit_start)
    return net._replace(fee=net.fee + slot_price, unit_value=net.unit_value + np.repeat(unit_price, units))
