"""A day of the routing benchmark where shelves are not what the system believes: planned as if everything were found,
and by what a month of declines taught; how many lines fail then, and what both plans cost with their failures.

python -m tests.bench.routing_reliability ["20000 normal" ...]

What a picker finds differs by store, by category and by both: the chances are drawn, the engine sees only how often
each was asked and failed (`orders.routing.cost.chance_to_give`). A failure costs what `Costs.failure` says.
"""

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from orders.routing.batch import UNIT
from orders.routing.cost import Costs, Record, chance_to_give
from tests.bench.routing import BENCH, run

DAYS = ("20000 normal", "20000 peak")
SEED = 11
CATEGORIES = 40
USUAL = 2.75  # log-odds that a store gives what it should have: 94 of 100
STORES_DIFFER, CATEGORIES_DIFFER, BOTH_DIFFER = 0.9, 0.5, 0.4  # standard deviations of the log-odds
DC = 6.0  # log-odds of a distribution center
PAST_DAYS = 28
FAILURE = Costs(key=(0, 0), tariffs=(), work={}).failure / UNIT  # dollars


def main() -> None:
    """Print both plans of each day."""
    if not BENCH.is_dir():
        sys.exit(f"No routing benchmark beside the project at {BENCH}.")
    with TemporaryDirectory() as room:
        for day in sys.argv[1:] or DAYS:
            sys.stdout.write(f"{day}: {compared(Path(room), *day.split())}\n")
            sys.stdout.flush()


def compared(room: Path, orders: str, load: str) -> str:
    """One day planned twice and scored with what fails; raises CalledProcessError where a plan takes too much."""
    instance, told = room / "day.npz", room / "told.npz"
    run(BENCH / "instances.py", instance, "--orders", orders, "--load", load)
    with np.load(instance) as file:
        arrays = dict(file)
    chance, learned = chances(arrays)
    values = arrays["unit_value"] + np.repeat(FAILURE * (1 - learned), arrays["row_quantity"])
    np.savez(told, **(arrays | {"unit_value": values}))
    blind, seeing = (outcome(room, arrays, instance, planned, chance) for planned in (instance, told))
    fewer, dearer = (after / before - 1 for before, after in zip(blind, seeing, strict=True))
    return (f"{blind[0]:.2%} of the lines fail, {seeing[0]:.2%} where failing counts ({fewer:+.1%}); "
            f"{blind[1]:.4f} and {seeing[1]:.4f} dollars per order with failures ({dearer:+.2%})")  # fmt: skip


def chances(arrays: dict[str, Any]) -> tuple[Any, Any]:
    """By stock row: the chance that a line is found, and what a month of asking taught about it."""
    chance = np.random.default_rng(SEED)
    nodes, is_dc = len(arrays["node_fee"]), arrays["is_dc"]
    odds = (USUAL + chance.normal(0, STORES_DIFFER, nodes))[:, None] + chance.normal(0, CATEGORIES_DIFFER, CATEGORIES)
    odds = np.where(is_dc[:, None], DC, odds + chance.normal(0, BOTH_DIFFER, odds.shape))
    found = 1 / (1 + np.exp(-odds))
    # Who may send more was asked more often.
    share = arrays["capacity"] / arrays["capacity"].sum() / CATEGORIES
    asked = chance.poisson(len(arrays["line_sku"]) * PAST_DAYS * np.repeat(share[:, None], CATEGORIES, axis=1))
    failed = chance.binomial(asked, 1 - found)
    learned = np.empty(found.shape)
    everything = Record(int(asked.sum()), int(failed.sum()))
    for node, category in product(range(nodes), range(CATEGORIES)):
        records = ((asked[at].sum(), failed[at].sum()) for at in ((node, category), (node,), (slice(None), category)))
        learned[node, category] = chance_to_give(*(Record(int(a), int(f)) for a, f in records), everything)
    category = np.repeat(np.arange(len(arrays["sku_start"]) - 1), np.diff(arrays["sku_start"])) % CATEGORIES
    return found[arrays["row_node"], category], learned[arrays["row_node"], category]


def outcome(room: Path, arrays: dict[str, Any], instance: Path, planned: Path, chance: Any) -> tuple[float, float]:
    """Of the plan that one instance gets, scored on the other: the share of served lines that fails, and dollars for
    each order with what failing costs."""
    assignment = room / "plan.npy"
    run("-m", "orders.routing.bench", planned, assignment)
    score = dict(line.split(": ") for line in run(BENCH / "score.py", instance, assignment).splitlines())
    node = np.load(assignment)
    served = node >= 0
    width = len(arrays["node_fee"])
    keys = np.repeat(np.arange(len(arrays["sku_start"]) - 1), np.diff(arrays["sku_start"])) * width + arrays["row_node"]
    row = np.searchsorted(keys, arrays["line_sku"][served].astype(np.int64) * width + node[served])
    fails = float((1 - chance[row]).sum())
    orders = len(arrays["order_start"]) - 1
    return fails / served.sum(), float(score["dollars_per_order"]) + fails * FAILURE / orders


if __name__ == "__main__":
    main()
