"""Route one instance of the routing benchmark and write the assignment for its scorer.

python -m orders.routing.bench INSTANCE.npz ASSIGNMENT.npy [--kernel numpy|compiled] [--bound] [--effort N]
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from orders.routing import kernel
from orders.routing.batch import UNIT, from_arrays
from orders.routing.bound import bound
from orders.routing.plan import plan_batch
from orders.routing.search import EFFORT


def main() -> None:
    """Read, decide, write, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", type=Path)
    parser.add_argument("assignment", type=Path)
    parser.add_argument("--kernel", choices=[kernel.COMPILED, kernel.NUMPY], default=kernel.COMPILED)
    parser.add_argument("--bound", action="store_true", help="print the certified least cost as well")
    parser.add_argument("--effort", type=int, default=EFFORT, help="tries for each order of a small batch")
    asked = parser.parse_args()
    if asked.kernel != kernel.KERNEL:
        if asked.kernel == kernel.COMPILED:
            sys.exit("This Python has no numba: only --kernel numpy.")
        again = [sys.executable, "-m", "orders.routing.bench", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | {kernel.SETTING: kernel.NUMPY})  # noqa: S606 - ourselves once more
    sys.stdout.write(f"{route(asked.instance, asked.assignment, certify=asked.bound, effort=asked.effort)}\n")


def route(instance: Path, assignment: Path, *, certify: bool = False, effort: int = EFFORT) -> str:
    """Decide about the instance; the compile happens before the clock starts, on a part of it."""
    with np.load(instance) as file:
        arrays = dict(file)
    if kernel.KERNEL == kernel.COMPILED:
        plan_batch(*from_arrays(first_orders(arrays, 200)))
    net, orders = from_arrays(arrays)
    began = time.process_time()
    decided = plan_batch(net, orders, effort=effort)
    took = time.process_time() - began
    np.save(assignment, decided.node)
    count = max(len(orders.start) - 1, 1)
    told = (f"{count} orders, kernel {kernel.KERNEL}: {took:.2f} CPU s, {decided.bids / count:.1f} bids per order, "
            f"{decided.moved} moved by the resweep, {decided.chains} exchanges")  # fmt: skip
    if not certify:
        return told
    began = time.process_time()
    found = bound(net, orders, decided.row_price, decided.node_price)
    return (f"{told}; no plan costs less than {found.least / UNIT / count:.4f} dollars per order "
            f"(bound {time.process_time() - began:.1f} CPU s)")  # fmt: skip


def first_orders(arrays: dict[str, Any], count: int) -> dict[str, Any]:
    """The same network with its first orders only."""
    start = arrays["order_start"][: count + 1]
    return arrays | {"order_start": start, "order_zip": arrays["order_zip"][: len(start) - 1],
                     "line_sku": arrays["line_sku"][: start[-1]]}  # fmt: skip


if __name__ == "__main__":
    main()
