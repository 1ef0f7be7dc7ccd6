"""Compile the kernel into its cache, so that no process that serves has to: `python -m orders.routing.warm`.

Three orders on four nodes, alike enough to the real ones that every function meets its types.
"""

import sys

import numpy as np

from orders.routing import kernel
from orders.routing.batch import Network, Orders, build_network, build_orders
from orders.routing.book import empty_book
from orders.routing.bound import bound
from orders.routing.plan import plan_batch
from orders.routing.prices import at_prices, in_turn, solve
from orders.routing.pricing import room
from orders.routing.search import anneal
from orders.routing.single import plan_order

NODES = 4


def small() -> tuple[Network, Orders]:
    """Every node has two of each of two SKUs; the last order asks for everything that an order may ask."""
    rows = 2 * NODES
    net = build_network(
        zone=np.zeros((1, NODES)), tariff=np.full((1, 1, 21), 60_000), fee=np.full((1, NODES), 10_000),
        line_fee=np.full(NODES, 1_000), capacity=np.full(NODES, 2), sku_start=[0, NODES, rows],
        row_node=np.tile(np.arange(NODES), 2), row_quantity=np.full(rows, 2), unit_start=np.arange(rows + 1) * 2,
        unit_value=np.arange(2 * rows),
    )  # fmt: skip
    orders = build_orders(
        start=[0, 1, 3, 5], sku=[0, 0, 1, 0, 1], zip=[0, 0, 0], pounds=np.full(5, 1.5), lost=np.full(5, 900_000),
        quantity=[1, 1, 1, 2, 1], bond=[0, 0, 0, 1, 1], most=[0, 0, 2], split=[0, 0, 5_000], shut={3: [0]},
    )  # fmt: skip
    return net, orders


def warm() -> str:
    """Run every step once; returns the kernel that it was."""
    net, orders = small()
    decided = plan_batch(net, orders)
    plan_order(net, orders, 0)
    found = bound(net, orders, decided.row_price, decided.node_price, steps=2)
    anneal(net, orders, decided.book, room(net), found, tries=3)
    in_turn(net, at_prices(net, solve(net, [orders])), orders, empty_book(net, orders), 0, len(orders.start) - 1)
    return kernel.KERNEL


if __name__ == "__main__":
    sys.stdout.write(f"routing kernel: {warm()}\n")
