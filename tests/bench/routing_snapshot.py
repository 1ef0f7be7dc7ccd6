"""What a network of ten million stock rows weighs in memory, and how long a movement takes to reach it.

python -m tests.bench.routing_snapshot [ROWS]

The router reads anew what the orders of a run want, so this is the most that a run could hold: every row of the chain.
A movement takes units off a shelf or gives them back: the row is found and what its next unit is worth changes.
"""

import resource
import sys
import time

import numpy as np

from orders.routing.batch import Network, build_network, build_orders
from orders.routing.book import Book, empty_book
from orders.routing.explain import row_at

ROWS, NODES, ZIPS = 10_000_000, 1_505, 1_000
UNITS = 3.0  # on a shelf, on average
MOVEMENTS = 100_000
SEED = 5


def main() -> None:
    """Print bytes and microseconds."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    chance = np.random.default_rng(SEED)
    before = _resident()
    net = _network(rows, chance)
    book = empty_book(net, build_orders(start=[0], sku=[], zip=[], pounds=[], lost=[]))
    for name, arrays in (("network", net), ("book", book)):
        weighs = sum(each.nbytes for each in arrays)
        sys.stdout.write(f"{name}: {weighs / 2**20:,.0f} MiB, {weighs / rows:.0f} bytes a row\n")
    sys.stdout.write(f"resident: {(_resident() - before) / 2**20:,.0f} MiB at most, while it was made\n")
    sku = chance.integers(len(net.sku_start) - 1, size=MOVEMENTS).tolist()
    node = chance.integers(NODES, size=MOVEMENTS).tolist()
    began = time.process_time()
    known = sum(_apply(net, book, *each) for each in zip(sku, node, strict=True))
    took = time.process_time() - began
    sys.stdout.write(f"a movement: {took / MOVEMENTS * 1e6:.1f} us of CPU; {known:,} of {MOVEMENTS:,} met a shelf\n")


def _network(rows: int, chance: np.random.Generator) -> Network:
    """Every node has an equal share of the SKUs."""
    each = NODES // 3
    skus = rows // each
    node = np.sort(np.argsort(chance.random((skus, NODES), np.float32), axis=1)[:, :each].astype(np.int32), axis=1)
    quantity = chance.poisson(UNITS, skus * each).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(quantity)])
    return build_network(
        zone=chance.integers(8, size=(ZIPS, NODES)), tariff=np.full((8, 121), 80_000), fee=np.full(NODES, 10_000),
        line_fee=np.full(NODES, 5_000), capacity=np.full(NODES, 100), sku_start=np.arange(skus + 1) * each,
        row_node=node.ravel(), row_quantity=quantity, unit_start=start,
        unit_value=chance.integers(90_000, size=start[-1]),
    )  # fmt: skip


def _apply(net: Network, book: Book, sku: int, node: int) -> bool:
    """One unit leaves the shelf, where there is one; False where there is none."""
    row = row_at(net, sku, node)
    if row < 0 or book.row_taken[row] >= net.row_quantity[row]:
        return False
    book.row_taken[row] += 1
    at = net.unit_start[row] + book.row_taken[row]
    book.row_free[row] = net.unit_value[at] if at < net.unit_start[row + 1] else np.iinfo(np.int64).max
    return True


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
