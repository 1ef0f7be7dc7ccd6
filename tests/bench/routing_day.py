"""A day of the routing benchmark as it comes: orders one after the other, at prices from the days before, movable for a
while; and the same day as other systems would send it."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from orders.routing.batch import UNIT, Ints, Network, Orders
from orders.routing.book import HEAD, ROW, Book, empty_book, empty_plan, put_in, take_out
from orders.routing.futures import drift, futures, pick, volume, weight
from orders.routing.kernel import compiled
from orders.routing.plan import plan_batch
from orders.routing.prices import Prices, at_prices, in_turn, solve

STEPS = 100  # runs of the router in a day
SOLVED = 10  # times a day
DAYS = 16  # simulated for each solving
PROMISED = 1_000 * UNIT  # what it costs to leave out who is promised something, on top of what it costs anyway
CELLS = 20  # most wanted SKUs that drift is counted by, beside all others


@dataclass
class Day:
    """What became of a day: the node of each line (-1: nobody), and how it went."""

    node: Ints
    moved: int = 0
    kept: int = 0  # lines that only the guard has served
    weights: list[int] = field(default_factory=list)
    volumes: list[float] = field(default_factory=list)


def as_it_comes(
    net: Network, orders: Orders, past: Orders | None, *, window: float, forecast: float = 1.0, seed: int = 7,
    steps: int = STEPS, solved: int = SOLVED, days: int = DAYS,
) -> Day:  # fmt: skip
    """Each order is decided about when it comes; a share `window` of the day stays movable. `forecast`: how many orders
    are expected for each that comes; the past tells which."""
    many = len(orders.start) - 1
    book, plan, bids = empty_book(net, orders), empty_plan(), np.zeros(8, np.int64)
    day = Day(np.zeros(0))
    known = Prices(np.zeros(len(net.row_node), np.int64), np.zeros(len(net.line_fee), np.int64))
    priced, expected, solved_at, released = net, forecast * many, 0, 0
    moments, each = np.linspace(0, many, steps + 1).astype(int).tolist(), steps // solved
    for step, (first, last) in enumerate(pairwise(moments)):
        if past is not None:
            if step % each == 0:
                expected = volume(day=forecast * many, share=step / steps, came=first)
                known = _solve(net, orders, book, past, released, first, expected, days, seed + step)
                day.volumes.append(expected / many)
                solved_at = first
            expected_since = expected * (step % each) / steps
            counted = weight(drift(*_cells(orders, past, solved_at, first, expected_since)))
            day.weights.append(counted)
            priced = at_prices(net, known, counted)
        day.kept += in_turn(net, priced, orders, book, first, last)
        if window:
            # What leaves with this step is decided with it for the last time.
            day.moved += _together(net, priced, orders, book, released, last, plan, bids)
        released = max(released, last - round(window * many))
    day.node = np.where(book.line_row >= 0, net.row_node[book.line_row], -1).astype(np.int32)
    return day


def left(net: Network, row_taken: Ints, node_taken: Ints) -> Network:
    """The network without what is taken. Its values begin with the first row's, as every network's do."""
    start = net.unit_start.copy()
    start[:-1] += row_taken
    return net._replace(
        unit_start=start - start[0], unit_value=net.unit_value[start[0] :],
        row_quantity=(net.row_quantity - row_taken).astype(np.int32),
        capacity=(net.capacity - node_taken).astype(np.int32),
    )  # fmt: skip


def _solve(
    net: Network,
    orders: Orders,
    book: Book,
    past: Orders,
    released: int,
    came: int,
    expected: float,
    days: int,
    seed: int,
) -> Prices:
    """Prices at what the released left, for as many orders as are movable or still to come. All of them are drawn: an
    order that bids in its own price would pay for what it holds."""
    many = len(orders.start) - 1
    row, node = _held(net, orders, book, 0, released)
    count = round(expected * (1 - came / many)) + came - released
    return solve(left(net, row, node), list(futures(past, count=count, days=days, seed=seed)))


def _held(net: Network, orders: Orders, book: Book, first: int, last: int) -> tuple[Ints, Ints]:
    lines = slice(int(orders.start[first]), int(orders.start[last]))
    row, head = book.line_row[lines], book.line_head[lines]
    here = np.arange(lines.start, lines.stop) - orders.start[orders.of_line[lines]]
    rows = np.bincount(row[row >= 0], minlength=len(net.row_node))
    nodes = np.bincount(net.row_node[row[(row >= 0) & (head == here)]], minlength=len(net.line_fee))
    return rows.astype(np.int32), nodes.astype(np.int32)


def _cells(orders: Orders, past: Orders, first: int, last: int, expected: float) -> tuple[Ints, Ints]:
    """Lines expected and come, by the SKUs that were wanted most and all others."""
    wanted = np.bincount(past.sku, minlength=int(max(past.sku.max(), orders.sku.max())) + 1)
    most = np.argsort(-wanted, kind="stable")[:CELLS]
    came = np.bincount(orders.sku[orders.start[first] : orders.start[last]], minlength=len(wanted))
    scale = expected / (len(past.start) - 1)
    cells = [np.append(each[most], each.sum() - each[most].sum()) for each in (wanted * scale, came)]
    return cells[0], cells[1]


def _together(
    net: Network, priced: Network, orders: Orders, book: Book, first: int, last: int, plan: Ints, bids: Ints
) -> int:
    """Decide about all movable orders together; who is promised something keeps being served."""
    lines = slice(int(orders.start[first]), int(orders.start[last]))
    row = book.line_row[lines].copy()
    own_rows, own_nodes = _held(net, orders, book, first, last)
    rest = left(priced, book.row_taken - own_rows, book.node_taken - own_nodes)
    movable = pick(orders, np.arange(first, last))
    movable.lost[row >= 0] += PROMISED
    then = plan_batch(rest, movable, effort=0).book
    if ((then.line_row < 0) & (row >= 0)).any():
        return 0
    _write(net, orders, book, first, last, then.line_row, then.line_head, plan, bids)
    return int((then.line_row != row).sum())


@compiled
def _write(
    net: Network, orders: Orders, book: Book, first: int, last: int, row: Ints, head: Ints, plan: Ints, bids: Ints
) -> None:
    offset = orders.start[first]
    for order in range(first, last):
        take_out(net, orders, book, order, plan)
    for order in range(first, last):
        begin = orders.start[order]
        for i in range(orders.start[order + 1] - begin):
            plan[ROW, i], plan[HEAD, i] = row[begin - offset + i], head[begin - offset + i]
        put_in(net, orders, book, order, plan, bids, bids)
