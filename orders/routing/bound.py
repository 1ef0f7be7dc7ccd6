"""A certificate: no plan of these orders costs less than this.

Prices on the units of rows and on the slots of nodes turn the orders loose from each other (a Lagrangian relaxation):
each then takes its best plan at these prices, exactly, over all plans, and what the prices are worth goes off. Whatever
the prices, the sum is at most the cost of every feasible plan. Good prices start from the asks at the end of an auction
and are pushed, step by step, up where more is wanted than there is and down where less is, each by a step of its own
that shrinks with what it was pushed before (AdaGrad; Duchi, Hazan, Singer 2011).

A row's price has the value of its unit in it: a unit that is worth less than the price is given at a gain, which goes
off. Prices are integers, and so is the bound.
"""

from typing import NamedTuple

import numpy as np

from orders.routing.batch import CLOSED, NEVER, Ints, Network, Orders
from orders.routing.book import AT_COST, HEAD, ROW, Book, empty_book, empty_plan
from orders.routing.kernel import compiled
from orders.routing.pricing import price
from orders.routing.work import Work, room

PUSH = 8_000  # hundredths of a cent, of the first step
STEPS = 60


class Bound(NamedTuple):
    """`least` is at most the cost of every plan, in hundredths of a cent; by these prices."""

    least: int
    row_price: Ints  # int64[R]: of a unit, its value included
    node_price: Ints  # int64[N]: of a slot


def bound(net: Network, orders: Orders, row_price: Ints, node_price: Ints, *, steps: int = STEPS) -> Bound:
    """The best bound that so many steps from these prices find: `Decided.row_price` and `.node_price` of `plan_batch`.

    Lines that travel alone may travel with others here: what more is allowed costs no more. Raises ValueError where a
    weight is forbidden: two parcels of an order may then want the same node, which is not priced exactly.
    """
    if net.tariff.max(initial=0) >= CLOSED:
        raise ValueError("Two parcels of an order may leave one node: there is no bound for such orders.")
    free = orders._replace(bond=np.maximum(orders.bond, 0))
    return ascend(net, free, row_price, node_price, steps=steps)


def ascend(
    net: Network, orders: Orders, row_price: Ints, node_price: Ints, *, steps: int = STEPS, push: int = PUSH,
    enough: int = NEVER,
) -> Bound:  # fmt: skip
    """As `bound`, until it is `enough`, and whatever the orders: where two parcels of an order may leave one node,
    good prices that certify nothing."""
    work, plan = room(net), empty_plan()
    rows = _Rows(net, np.where(net.row_quantity > 0, np.minimum(row_price, CLOSED), 0))
    node = np.where(node_price < CLOSED, node_price, 0).astype(np.float64)
    values = values_at(net, orders, rows.whole(), node.astype(np.int64))
    wanted_row, wanted_node = np.zeros(len(net.row_node), np.int64), np.zeros(len(node), np.int64)
    far_node = np.ones(len(node))  # how far each was pushed, squared
    best = -NEVER, rows.price, np.rint(node).astype(np.int64)
    for step in range(steps):
        node_price = np.rint(node).astype(np.int64)
        values = _at(net, values, rows, node_price)
        wanted_node[:] = 0
        least = int(_demand(net, orders, values, work, plan, wanted_row, wanted_node))
        rows.open(np.flatnonzero(wanted_row))
        given, gain = rows.supply()
        least -= gain + int((node_price * net.capacity).sum())
        if least > best[0]:
            best = least, rows.price, node_price
        if least >= enough:
            break
        far = push * (1 - step / steps)
        rows.push(wanted_row[rows.at] - given, far)
        wanted_row[rows.at] = 0
        of_node = (wanted_node - net.capacity).astype(np.float64)
        of_node[(node_price == 0) & (of_node < 0)] = 0
        far_node += of_node**2
        node = np.maximum(node + far * of_node / np.sqrt(far_node), 0)
    return Bound(best[0], rows.whole(best[1]), best[2])


class _Rows:
    """The prices of rows while they are pushed. Few rows of a network are ever wanted: all others keep the price that
    they came with, which nobody has to look at."""

    def __init__(self, net: Network, came: Ints) -> None:
        self.net, self.came = net, came
        value = net.unit_value[np.minimum(net.unit_start[:-1], max(len(net.unit_value) - 1, 0))]
        self.is_open = np.zeros(len(came), np.bool_)
        self.at = self.price = np.zeros(0, np.int64)  # rows that are pushed, and what they cost now
        self.exact, self.far = np.zeros(0), np.zeros(0)
        self.open(np.flatnonzero((net.row_quantity > 0) & (came > value)) if len(net.unit_value) else self.at)

    def open(self, rows: Ints) -> None:
        """From now on these are pushed as well."""
        more = rows[~self.is_open[rows]]
        if not len(more) and len(self.at):
            return
        self.is_open[more] = True
        self.at = np.concatenate((self.at, more))
        self.price = np.concatenate((self.price, self.came[more]))
        self.exact = np.concatenate((self.exact, self.came[more].astype(np.float64)))
        self.far = np.concatenate((self.far, np.ones(len(more))))
        first, units = self.net.unit_start[self.at], np.diff(self.net.unit_start)[self.at]
        start = np.concatenate(([0], np.cumsum(units, dtype=np.int64)))
        self.unit_row = np.repeat(np.arange(len(units)), units)
        self.unit_value = self.net.unit_value[np.arange(start[-1]) + np.repeat(first - start[:-1], units)]

    def supply(self) -> tuple[Ints, int]:
        """Units that the rows give at these prices, and what is gained on them: price less value, where that is more
        than nothing. Rows that are not pushed give nothing."""
        gain = np.maximum(self.price[self.unit_row] - self.unit_value, 0)
        return np.bincount(self.unit_row[gain > 0], minlength=len(self.at)), int(gain.sum())

    def push(self, wanted: Ints, far: float) -> None:
        """Up where more is wanted than there is, down where less is."""
        of_row = wanted.astype(np.float64)
        self.far = self.far + of_row**2
        self.exact = self.exact + far * of_row / np.sqrt(self.far)
        self.price = np.rint(self.exact).astype(np.int64)

    def whole(self, price: Ints | None = None) -> Ints:
        """int64[R]: the prices of all rows; `price` has those of the first that were pushed."""
        price, prices = self.price if price is None else price, self.came.copy()
        prices[self.at[: len(price)]] = price
        return prices


def values_at(net: Network, orders: Orders, row_price: Ints, node_price: Ints) -> Book:
    """An empty book in which every unit of a row costs the row's price, and every slot the node's."""
    values = empty_book(net, orders)
    values.row_free[:] = np.where(net.row_quantity > 0, row_price, NEVER)
    values.node_free[:] = np.where(net.capacity > 0, node_price, NEVER)
    return _by_the_unit(net, values, row_price)


def _at(net: Network, values: Book, rows: _Rows, node_price: Ints) -> Book:
    """The same book at the prices of now."""
    values.row_free[rows.at] = np.where(net.row_quantity[rows.at] > 0, rows.price, NEVER)
    values.node_free[:] = np.where(net.capacity > 0, node_price, NEVER)
    return _by_the_unit(net, values, rows.whole()) if len(values.unit_sum) else values


def _by_the_unit(net: Network, values: Book, row_price: Ints) -> Book:
    if not len(values.unit_sum):
        return values
    each = np.repeat(row_price, np.diff(net.unit_start))
    return values._replace(unit_sum=np.concatenate(([0], np.cumsum(each, dtype=np.int64))))


@compiled
def _demand(
    net: Network, orders: Orders, values: Book, work: Work, plan: Ints, wanted_row: Ints, wanted_node: Ints
) -> int:
    """What all orders cost at these prices, each at its best; counts what they want."""
    total = 0
    for order in range(len(orders.start) - 1):
        total += price(net, orders, order, values, AT_COST, work, plan)
        first = orders.start[order]
        for i in range(orders.start[order + 1] - first):
            if plan[ROW, i] >= 0:
                wanted_row[plan[ROW, i]] += orders.quantity[first + i]
                if plan[HEAD, i] == i:
                    wanted_node[net.row_node[plan[ROW, i]]] += 1
    return total
