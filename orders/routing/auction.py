"""Many orders together: they bid for plans on scarce units and slots, and no order keeps what another needs more.

An order takes its best plan at current asks and bids, for each unit and slot of it, what it would lose without. Where
somebody else holds what it takes, the holder who would lose least goes out and bids again. Bids rise by a step, and
by a growing one after many tries, so that a war of prices ends. Then, at true cost: each order once more by itself
(`resweep`), and exchanges that put out holders who find nearly as good a place elsewhere, taken where they save money
in sum (`exchange`). Neither ever raises the cost.
"""

import numpy as np

from orders.routing.batch import MOST_LINES, Ints, Network, Orders
from orders.routing.book import Book, is_first, lowest_at_node, lowest_at_row, put_in, take_out
from orders.routing.kernel import compiled
from orders.routing.pricing import Work, losses, price

STEP = 200  # hundredths of a cent: what an order bids above what it would lose
PATIENCE = 15  # bids of an order before its step grows by an eighth each time
LONGEST = 60  # bids per order on average; what still waits then gets the best of what is left
NOT_FOR_SALE = 1 << 45
CHAIN = 8  # orders that one exchange may move


@compiled
def auction(
    net: Network, orders: Orders, book: Book, work: Work, waiting: Ints, step: int = STEP, patience: int = PATIENCE
) -> int:
    """Let the waiting orders bid until nobody wants to; returns how many bids that took."""
    n = len(orders.start) - 1
    queue, head, size = np.empty(n, np.int32), 0, 0
    for order in waiting:
        queue[size] = order
        size += 1
    steps, tries = np.full(n, step, np.int64), np.zeros(n, np.int32)
    rows, old = np.empty(MOST_LINES, np.int64), np.empty(MOST_LINES, np.int64)
    of_row, of_node = np.zeros(MOST_LINES, np.int64), np.zeros(MOST_LINES, np.int64)
    bids = 0
    out = np.empty(2 * MOST_LINES, np.int64)
    while size and bids < LONGEST * n:
        order = queue[head]
        head, size = (head + 1) % n, size - 1
        bids += 1
        tries[order] += 1
        if tries[order] > patience:
            steps[order] = min(steps[order] + (steps[order] >> 3) + 1, NOT_FOR_SALE >> 10)
        cost = price(net, orders, order, book.row_ask, book.node_ask, work, rows)
        losses(net, orders, order, cost, rows, work, of_row, of_node)
        _raise(net, orders, book, order, rows, steps[order], of_row, of_node)
        for each in range(_make_room(net, orders, book, order, rows, old, out)):
            queue[(head + size) % n] = out[each]
            size += 1
        put_in(net, orders, book, order, rows, of_row, of_node)
    return bids


@compiled
def _raise(
    net: Network, orders: Orders, book: Book, order: int, rows: Ints, step: int, of_row: Ints, of_node: Ints
) -> None:
    """Losses become bids: a step more, on top of what the holder who goes out for it had bid."""
    for i in range(orders.start[order + 1] - orders.start[order]):
        row = rows[i]
        if row < 0:
            continue
        out = lowest_at_row(net, book, row)
        of_row[i] += step + (book.row_bid[out] if out >= 0 else 0)
        out = lowest_at_node(net, book, net.row_node[row])
        of_node[i] += step + (book.node_bid[out] if out >= 0 else 0)


@compiled
def _make_room(net: Network, orders: Orders, book: Book, order: int, rows: Ints, old: Ints, out: Ints) -> int:
    """Put out whoever holds what these rows need; `out` gets their orders, returns how many they are."""
    count = 0
    for i in range(orders.start[order + 1] - orders.start[order]):
        for is_slot in (True, False):
            line = _holder(net, book, rows, i, is_slot)
            if line >= 0:
                out[count] = orders.of_line[line]
                take_out(net, orders, book, out[count], old)
                count += 1
    return count


@compiled
def _holder(net: Network, book: Book, rows: Ints, i: int, is_slot: bool) -> int:
    """The line that has to go for the slot of the i-th row's parcel, or for its unit; -1 where nobody has to."""
    if rows[i] < 0:
        return -1
    if not is_slot:
        return lowest_at_row(net, book, rows[i])
    return lowest_at_node(net, book, net.row_node[rows[i]]) if is_first(net, rows, i) else -1


@compiled
def true_cost(net: Network, orders: Orders, book: Book, order: int, rows: Ints) -> int:
    """What it adds to the whole to put the order there now, while it is out."""
    first = orders.start[order]
    count = orders.start[order + 1] - first
    zone = net.zone[orders.zip[order]]
    most = net.tariff.shape[1] - 1
    cost = 0
    for i in range(count):
        row = rows[i]
        if row < 0:
            cost += orders.lost[first + i]
            continue
        node = net.row_node[row]
        cost += net.unit_value[net.unit_start[row] + book.row_taken[row]] + net.line_fee[node]
        if is_first(net, rows, i):
            weight = 0.0
            for other in range(count):
                if rows[other] >= 0 and net.row_node[rows[other]] == node:
                    weight += orders.pounds[first + other]
            cost += net.node_fee[node] + net.tariff[zone[node], min(int(np.ceil(weight)), most)]
    return cost


@compiled
def _settle(
    net: Network,
    orders: Orders,
    book: Book,
    work: Work,
    order: int,
    rows: Ints,
    spare: Ints,
    of_row: Ints,
    of_node: Ints,
) -> None:
    """Put the order (which is out) there, bidding what it would lose elsewhere at true cost."""
    cost = true_cost(net, orders, book, order, rows)
    price(net, orders, order, book.row_free, book.node_free, work, spare)
    losses(net, orders, order, cost, rows, work, of_row, of_node)
    put_in(net, orders, book, order, rows, of_row, of_node)


@compiled
def resweep(net: Network, orders: Orders, book: Book, work: Work) -> int:
    """Each order once more at true cost, the others staying; returns how many moved."""
    rows, old = np.empty(MOST_LINES, np.int64), np.empty(MOST_LINES, np.int64)
    of_row, of_node = np.zeros(MOST_LINES, np.int64), np.zeros(MOST_LINES, np.int64)
    moved = 0
    for order in range(len(orders.start) - 1):
        take_out(net, orders, book, order, old)
        before = true_cost(net, orders, book, order, old)
        cost = price(net, orders, order, book.row_free, book.node_free, work, rows)
        if cost < before:
            moved += 1
        else:
            cost = before
            rows[:] = old
        losses(net, orders, order, cost, rows, work, of_row, of_node)
        put_in(net, orders, book, order, rows, of_row, of_node)
    return moved


@compiled
def exchange(net: Network, orders: Orders, book: Book, work: Work) -> int:
    """Let each order take what it wants from whoever loses least, and these from others, where that saves money in
    sum; returns how many such chains were taken."""
    rows, spare = np.empty(MOST_LINES, np.int64), np.empty(MOST_LINES, np.int64)
    of_row, of_node = np.zeros(MOST_LINES, np.int64), np.zeros(MOST_LINES, np.int64)
    firm = np.full(MOST_LINES, NOT_FOR_SALE, np.int64)
    chain, old = np.empty(CHAIN, np.int64), np.empty((CHAIN, MOST_LINES), np.int64)
    taken = 0
    for wanting in range(len(orders.start) - 1):
        take_out(net, orders, book, wanting, old[0])
        before = true_cost(net, orders, book, wanting, old[0])
        cost = price(net, orders, wanting, book.row_ask, book.node_ask, work, rows)
        if cost >= before:
            _settle(net, orders, book, work, wanting, old[0], spare, of_row, of_node)
            continue
        chain[0] = wanting
        size, placed, saved = _follow(net, orders, book, work, chain, old, before, rows, firm)
        if saved > 0:
            taken += 1
        else:
            for each in range(placed):
                take_out(net, orders, book, chain[each], spare)
            for each in range(size - 1, -1, -1):
                put_in(net, orders, book, chain[each], old[each], firm, firm)
        for each in range(size):
            take_out(net, orders, book, chain[each], rows)
            _settle(net, orders, book, work, chain[each], rows, spare, of_row, of_node)
    return taken


@compiled
def _follow(
    net: Network, orders: Orders, book: Book, work: Work, chain: Ints, old: Ints, saved: int, rows: Ints, firm: Ints
) -> tuple[int, int, int]:
    """Place the chain's first order on `rows`, then whoever went out for it, and so on; the last take what is free.

    Returns how many orders are in the chain, how many of them are placed, and what that saves: nothing where it grew
    too long or came back to itself.
    """
    size, placed = 1, 0
    while placed < size:
        order = chain[placed]
        if placed > 0 and placed < CHAIN // 2:
            price(net, orders, order, book.row_ask, book.node_ask, work, rows)
        elif placed > 0:
            price(net, orders, order, book.row_free, book.node_free, work, rows)
        for i in range(orders.start[order + 1] - orders.start[order]):
            for is_slot in (True, False):
                line = _holder(net, book, rows, i, is_slot)
                if line < 0:
                    continue
                bid = book.node_bid[line] if is_slot else book.row_bid[line]
                if size == CHAIN or bid >= NOT_FOR_SALE:
                    return size, placed, 0
                chain[size] = orders.of_line[line]
                take_out(net, orders, book, chain[size], old[size])
                saved += true_cost(net, orders, book, chain[size], old[size])
                size += 1
        saved -= true_cost(net, orders, book, order, rows)
        put_in(net, orders, book, order, rows, firm, firm)
        placed += 1
    return size, placed, saved
