"""Many orders together: they bid for plans on scarce units and slots, and no order keeps what another needs more.

An order takes its best plan at current asks and bids, for each unit and slot of it, what it would lose without. Where
somebody else holds what it takes, the holder who would lose least goes out and bids again. Bids rise by a step, and
by a growing one after many tries, so that a war of prices ends. Then, at true cost: each order once more by itself
(`resweep`), and exchanges that put out holders who find nearly as good a place elsewhere, taken where they save money
in sum (`exchange`). Neither ever raises the cost.
"""

from typing import NamedTuple

import numpy as np

from orders.routing.batch import MOST_LINES, Ints, Network, Orders
from orders.routing.book import (
    ASKING,
    AT_COST,
    FOR_SLOT,
    FOR_UNITS,
    HEAD,
    MOST_OUT,
    ROW,
    Book,
    empty_plan,
    fits,
    in_the_way,
    is_contested,
    put_in,
    take_out,
    units_free,
)
from orders.routing.kernel import compiled, woven
from orders.routing.pricing import Work, losses, price

STEP = 200  # hundredths of a cent: what an order bids above what it would lose
PATIENCE = 15  # bids of an order before its step grows by an eighth each time
LONGEST = 60  # bids per order on average; what still waits then gets the best of what is left
NOT_FOR_SALE = 1 << 45
CHAIN = 8  # orders that one exchange may move


class Scratch(NamedTuple):
    """Room for plans and bids on the way; made once, outside of the compiled steps."""

    plan: Ints  # int64[2, lines]
    old: Ints
    olds: Ints  # int64[orders of a chain, 2, lines]
    chain: Ints
    way: Ints  # lines that are in the way
    of_row: Ints  # int64[lines]
    of_node: Ints
    firm: Ints  # bids of who may not be put out again
    out: Ints
    queue: Ints  # int64[O]
    steps: Ints  # int64[O]
    tries: Ints


def scratch(orders: Orders, step: int = STEP) -> Scratch:
    """Room for a batch of these orders."""
    many = len(orders.start) - 1
    return Scratch(
        plan=empty_plan(), old=empty_plan(), olds=np.empty((CHAIN, 2, MOST_LINES), np.int64),
        chain=np.empty(CHAIN, np.int64), way=np.empty(MOST_OUT, np.int64), of_row=np.zeros(MOST_LINES, np.int64),
        of_node=np.zeros(MOST_LINES, np.int64), firm=np.full(MOST_LINES, NOT_FOR_SALE, np.int64),
        out=np.empty((MOST_OUT + 1) * MOST_LINES, np.int64), queue=np.empty(many, np.int64),
        steps=np.full(many, step, np.int64), tries=np.zeros(many, np.int32),
    )  # fmt: skip


def auction(
    net: Network, orders: Orders, book: Book, work: Work, waiting: Ints, step: int = STEP, patience: int = PATIENCE
) -> int:
    """Let the waiting orders bid until nobody wants to; returns how many bids that took."""
    return int(_auction(net, orders, book, work, waiting, patience, scratch(orders, step)))


@compiled
def _auction(
    net: Network, orders: Orders, book: Book, work: Work, waiting: Ints, patience: int, scratch: Scratch
) -> int:
    n = len(orders.start) - 1
    queue, head, size = scratch.queue, 0, 0
    for order in waiting:
        queue[size] = order
        size += 1
    steps, tries, out = scratch.steps, scratch.tries, scratch.out
    plan, old, way, of_row, of_node = scratch.plan, scratch.old, scratch.way, scratch.of_row, scratch.of_node
    bids = 0
    while size and bids < LONGEST * n:
        order = queue[head]
        head, size = (head + 1) % n, size - 1
        bids += 1
        tries[order] += 1
        if tries[order] > patience:
            steps[order] = min(steps[order] + (steps[order] >> 3) + 1, NOT_FOR_SALE >> 10)
        cost = price(net, orders, order, book, ASKING, work, plan)
        losses(net, orders, order, cost, plan, work, of_row, of_node)
        _raise(net, orders, book, order, plan, steps[order], way, of_row, of_node)
        for each in range(_make_room(net, orders, book, order, plan, old, way, out)):
            queue[(head + size) % n] = out[each]
            size += 1
        _place(net, orders, book, order, plan, of_row, of_node)
    return bids


@woven
def _raise(
    net: Network, orders: Orders, book: Book, order: int, plan: Ints, step: int, way: Ints, of_row: Ints, of_node: Ints
) -> None:
    """Losses become bids: a step more for each unit, on top of what the holders who go out for it had bid."""
    first = orders.start[order]
    for i in range(orders.start[order + 1] - first):
        if plan[ROW, i] < 0:
            continue
        of_row[i] += step * orders.quantity[first + i]
        of_node[i] += step
        if not is_contested(net, book, plan[ROW, i], MOST_LINES):
            continue
        for each in range(in_the_way(net, orders, book, order, plan, i, FOR_UNITS, way)):
            of_row[i] += book.row_bid[way[each]]
        for each in range(in_the_way(net, orders, book, order, plan, i, FOR_SLOT, way)):
            of_node[i] += book.node_bid[way[each]]


@woven
def _make_room(
    net: Network, orders: Orders, book: Book, order: int, plan: Ints, old: Ints, way: Ints, out: Ints
) -> int:
    """Put out whoever holds what this plan needs; `out` gets their orders, returns how many they are."""
    count = 0
    for i in range(orders.start[order + 1] - orders.start[order]):
        if plan[ROW, i] < 0 or not is_contested(net, book, plan[ROW, i], MOST_LINES):
            continue
        for slot in (True, False):
            for each in range(in_the_way(net, orders, book, order, plan, i, slot, way)):
                if book.line_row[way[each]] >= 0:
                    out[count] = orders.of_line[way[each]]
                    take_out(net, orders, book, out[count], old)
                    count += 1
    return count


@compiled
def copy_plan(source: Ints, target: Ints) -> None:
    """Write one order's plan over another."""
    for i in range(MOST_LINES):
        target[ROW, i], target[HEAD, i] = source[ROW, i], source[HEAD, i]


@woven
def _place(net: Network, orders: Orders, book: Book, order: int, plan: Ints, of_row: Ints, of_node: Ints) -> None:
    """Put the order in; where even those who went out left too little for it, it stays out until it is swept."""
    if len(book.unit_sum) and not fits(net, orders, book, order, plan):
        plan[:] = -1
    put_in(net, orders, book, order, plan, of_row, of_node)


@compiled
def true_cost(net: Network, orders: Orders, book: Book, order: int, plan: Ints) -> int:
    """What it adds to the whole to put the order there now, while it is out."""
    first = orders.start[order]
    count = orders.start[order + 1] - first
    zone, profile = net.zone[orders.zip[order]], orders.profile[order]
    most = net.tariff.shape[2] - 1
    cost, shipments = 0, 0
    for i in range(count):
        row = plan[ROW, i]
        if row < 0:
            cost += orders.lost[first + i]
            continue
        node, units = net.row_node[row], orders.quantity[first + i]
        cost += net.line_fee[node] * units
        if len(book.unit_sum):
            before = np.int64(0)
            for other in range(i):
                if plan[ROW, other] == row:
                    before += orders.quantity[first + other]
            cost += units_free(net, book, row, before + units)
            if before:
                cost -= units_free(net, book, row, before)
        else:
            cost += net.unit_value[net.unit_start[row] + book.row_taken[row]]
        if plan[HEAD, i] == i:
            weight, size = 0.0, 0.0
            for other in range(i, count):
                if plan[HEAD, other] == i:
                    weight += orders.pounds[first + other]
                    size += orders.size_pounds[first + other]
            pounds = min(int(np.ceil(max(weight, size))), most)
            cost += net.fee[profile, node] + net.tariff[net.lane[profile, node], zone[node], pounds]
            shipments += 1
    return cost + orders.split[order] * max(shipments - 1, 0)


@woven
def _settle(
    net: Network,
    orders: Orders,
    book: Book,
    work: Work,
    order: int,
    plan: Ints,
    spare: Ints,
    of_row: Ints,
    of_node: Ints,
) -> None:
    """Put the order (which is out) there, bidding what it would lose elsewhere at true cost."""
    cost = true_cost(net, orders, book, order, plan)
    price(net, orders, order, book, AT_COST, work, spare)
    losses(net, orders, order, cost, plan, work, of_row, of_node)
    put_in(net, orders, book, order, plan, of_row, of_node)


def resweep(net: Network, orders: Orders, book: Book, work: Work) -> int:
    """Each order once more at true cost, the others staying; returns how many moved."""
    return int(_resweep(net, orders, book, work, scratch(orders)))


@compiled
def _resweep(net: Network, orders: Orders, book: Book, work: Work, scratch: Scratch) -> int:
    plan, old, of_row, of_node = scratch.plan, scratch.old, scratch.of_row, scratch.of_node
    moved = 0
    for order in range(len(orders.start) - 1):
        take_out(net, orders, book, order, old)
        before = true_cost(net, orders, book, order, old)
        cost = price(net, orders, order, book, AT_COST, work, plan)
        if len(book.unit_sum) and cost < before:
            cost = true_cost(net, orders, book, order, plan)
        if cost < before:
            moved += 1
        else:
            cost = before
            copy_plan(old, plan)
        losses(net, orders, order, cost, plan, work, of_row, of_node)
        put_in(net, orders, book, order, plan, of_row, of_node)
    return moved


def exchange(net: Network, orders: Orders, book: Book, work: Work) -> int:
    """Let each order take what it wants from whoever loses least, and these from others, where that saves money in
    sum; returns how many such chains were taken."""
    return int(_exchange(net, orders, book, work, scratch(orders)))


@compiled
def _exchange(net: Network, orders: Orders, book: Book, work: Work, scratch: Scratch) -> int:
    plan, spare, way, of_row, of_node = scratch.plan, scratch.old, scratch.way, scratch.of_row, scratch.of_node
    firm, chain, old = scratch.firm, scratch.chain, scratch.olds
    taken = 0
    for wanting in range(len(orders.start) - 1):
        take_out(net, orders, book, wanting, old[0])
        before = true_cost(net, orders, book, wanting, old[0])
        cost = price(net, orders, wanting, book, ASKING, work, plan)
        if cost >= before:
            _settle(net, orders, book, work, wanting, old[0], spare, of_row, of_node)
            continue
        chain[0] = wanting
        size, placed, saved = _follow(net, orders, book, work, chain, old, before, plan, way, firm)
        if saved > 0:
            taken += 1
        else:
            for each in range(placed):
                take_out(net, orders, book, chain[each], spare)
            for each in range(size - 1, -1, -1):
                put_in(net, orders, book, chain[each], old[each], firm, firm)
        for each in range(size):
            take_out(net, orders, book, chain[each], plan)
            _settle(net, orders, book, work, chain[each], plan, spare, of_row, of_node)
    return taken


@woven
def _follow(
    net: Network,
    orders: Orders,
    book: Book,
    work: Work,
    chain: Ints,
    old: Ints,
    saved: int,
    plan: Ints,
    way: Ints,
    firm: Ints,
) -> tuple[int, int, int]:
    """Place the chain's first order on `plan`, then whoever went out for it, and so on; the last take what is free.

    Returns how many orders are in the chain, how many of them are placed, and what that saves: nothing where it grew
    too long or came back to itself.
    """
    size, placed = 1, 0
    while placed < size:
        order = chain[placed]
        if placed > 0:
            price(net, orders, order, book, placed < CHAIN // 2, work, plan)
        for i in range(orders.start[order + 1] - orders.start[order]):
            if plan[ROW, i] < 0 or not is_contested(net, book, plan[ROW, i], MOST_LINES):
                continue
            for slot in (True, False):
                for each in range(in_the_way(net, orders, book, order, plan, i, slot, way)):
                    line = way[each]
                    if book.line_row[line] < 0:
                        continue
                    bid = book.node_bid[line] if slot else book.row_bid[line]
                    if size == CHAIN or bid >= NOT_FOR_SALE:
                        return size, placed, 0
                    chain[size] = orders.of_line[line]
                    take_out(net, orders, book, chain[size], old[size])
                    saved += true_cost(net, orders, book, chain[size], old[size])
                    size += 1
        if len(book.unit_sum) and not fits(net, orders, book, order, plan):
            return size, placed, 0
        saved -= true_cost(net, orders, book, order, plan)
        put_in(net, orders, book, order, plan, firm, firm)
        placed += 1
    return size, placed, saved
