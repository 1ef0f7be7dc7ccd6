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
    values, work, plan = empty_book(net, orders), room(net), empty_plan()
    row = np.where(net.row_quantity > 0, np.minimum(row_price, CLOSED), 0).astype(np.float64)
    node = np.where(node_price < CLOSED, node_price, 0).astype(np.float64)
    wanted_row, wanted_node = np.zeros(len(row), np.int64), np.zeros(len(node), np.int64)
    far_row, far_node = np.ones(len(row)), np.ones(len(node))  # how far each was pushed, squared
    best = Bound(-NEVER, row_price, node_price)
    for step in range(steps):
        row_price, node_price = np.rint(row).astype(np.int64), np.rint(node).astype(np.int64)
        given, gain = _supply(net, row_price)
        values = _at(net, values, row_price, node_price)
        wanted_row[:], wanted_node[:] = 0, 0
        least = int(_demand(net, orders, values, work, plan, wanted_row, wanted_node))
        least -= gain + int((node_price * net.capacity).sum())
        if least > best.least:
            best = Bound(least, row_price, node_price)
        if least >= enough:
            break
        of_row, of_node = (wanted_row - given).astype(np.float64), (wanted_node - net.capacity).astype(np.float64)
        of_node[(node_price == 0) & (of_node < 0)] = 0
        far_row += of_row**2
        far_node += of_node**2
        far = push * (1 - step / steps)
        row += far * of_row / np.sqrt(far_row)
        node = np.maximum(node + far * of_node / np.sqrt(far_node), 0)
    return best


def values_at(net: Network, orders: Orders, row_price: Ints, node_price: Ints) -> Book:
    """An empty book in which every unit and slot costs its price."""
    return _at(net, empty_book(net, orders), row_price, node_price)


def _at(net: Network, values: Book, row_price: Ints, node_price: Ints) -> Book:
    """A book in which every unit of a row costs the row's price, and every slot the node's."""
    values.row_free[:] = np.where(net.row_quantity > 0, row_price, NEVER)
    values.node_free[:] = np.where(net.capacity > 0, node_price, NEVER)
    if not len(values.unit_sum):
        return values
    each = np.repeat(row_price, np.diff(net.unit_start))
    return values._replace(unit_sum=np.concatenate(([0], np.cumsum(each, dtype=np.int64))))


def _supply(net: Network, row_price: Ints) -> tuple[Ints, int]:
    """Units that rows give at these prices, int64[R], and what is gained on them: price less value, where that is
    more than nothing."""
    unit_row = np.repeat(np.arange(len(row_price)), np.diff(net.unit_start))
    gain = np.maximum(row_price[unit_row] - net.unit_value, 0)
    return np.bincount(unit_row[gain > 0], minlength=len(row_price)), int(gain.sum())


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
