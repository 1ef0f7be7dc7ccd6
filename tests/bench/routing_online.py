"""The routing benchmark order by order: days that come as they come, at prices from a week before them, with promises
movable for a part of the day, with forecasts that are wrong, and as other systems would send them.

python -m tests.bench.routing_online ["20000 peak" ...]
"""

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from orders.routing import kernel
from orders.routing.batch import Ints, Network, Orders, from_arrays
from tests.bench import routing_presets as presets
from tests.bench.routing import BENCH
from tests.bench.routing_day import Day, as_it_comes

LOADS = ("20000 normal", "20000 peak")
WEEK = 7
AIMS = {("normal", 0.0): "0.9", ("normal", 0.1): "0.55", ("peak", 0.0): "2.0", ("peak", 0.1): "1.0"}
WRONG = 3.0  # percent, of the aim where the forecast is wrong


def main() -> None:
    """Print one line for each way to send each day."""
    if not BENCH.is_dir():
        sys.exit(f"No routing benchmark beside the project at {BENCH}.")
    bounds = json.loads((BENCH / "bounds.json").read_text())
    generator, score = _module("instances"), _module("score").score
    sys.stdout.write(f"kernel {kernel.KERNEL}; gap above the benchmark's certified bound\n")
    for day in sys.argv[1:] or LOADS:
        count, load = day.split()
        least = bounds[f"orders={count} load={load} seed=1 day=0"]
        arrays = generator.build(int(count), load)
        past = _week(generator, int(count), load)
        net, orders = from_arrays(arrays)
        for name, aim, decide in _ways(load, generator):
            began = time.process_time()
            went = decide(net, orders, past)
            took = time.process_time() - began
            told = score(arrays, went.node)
            if told["oversold_units"] or told["nodes_over_capacity"]:
                sys.exit(f"{day}, {name}: the plan takes more than there is.")
            gap = 100 * (told["dollars_per_order"] / least - 1)
            sys.stdout.write(
                f"{day}: {name:42} gap {gap:6.3f} %{aim and f' (aim {aim})':11} "
                f"{told['unserved_lines']:.3%} unserved, {took:.1f} CPU s{_about(went)}\n"
            )
            sys.stdout.flush()


def _ways(load: str, generator: Any) -> list[tuple[str, str, Callable[[Network, Orders, Orders], Day]]]:
    def online(window: float, forecast: float = 1.0, *, priced: bool = True) -> Callable[..., Day]:
        return lambda net, orders, past: as_it_comes(
            net, orders, past if priced else None, window=window, forecast=forecast
        )

    def as_others(rule: Callable[[Network, Orders, Callable[[int], Ints]], Ints]) -> Callable[..., Day]:
        return lambda net, orders, _past: Day(rule(net, orders, presets.destinations(generator, len(net.line_fee))))

    ways: list[tuple[str, str, Callable[..., Day]]] = [
        ("nearest", "", as_others(presets.nearest)),
        ("fewest splits, then nearest", "", as_others(presets.fewest_then_nearest)),
        ("fewest splits, then least postage", "", as_others(presets.fewest_then_postage)),
        ("fewest splits, then least cost", "", as_others(presets.fewest_then_cheapest)),
        ("exact best per order, no prices", "", online(0.0, priced=False)),
        ("no prices, movable 10 % of the day", "", online(0.1, priced=False)),
        ("no prices, movable 25 % of the day", "", online(0.25, priced=False)),
    ]
    for window in (0.0, 0.1, 0.25):
        ways.append((f"priced, movable {window:.0%} of the day", AIMS.get((load, window), ""), online(window)))
    if load == "peak":
        for forecast, words in ((0.7, "30 % under"), (1.4, "40 % over")):
            for window in (0.0, 0.1):
                ways.append((f"forecast {words}, movable {window:.0%}", str(WRONG), online(window, forecast)))
    return ways


def _about(went: Day) -> str:
    if not went.weights:
        return f", {went.moved} lines moved" if went.moved else ""
    return (f", {went.moved} lines moved, {went.kept} served by the guard alone, prices weigh "
            f"{min(went.weights) / 10:.0f} to {max(went.weights) / 10:.0f} %, volume expected "
            f"{went.volumes[0]:.2f} to {went.volumes[-1]:.2f} of what came")  # fmt: skip


def _week(generator: Any, count: int, load: str) -> Orders:
    """The orders of the seven days before, one after the other."""
    days = [generator.build(count, load, day=day) for day in range(1, WEEK + 1)]
    counts = np.concatenate([np.diff(each["order_start"]) for each in days])
    whole = days[0] | {
        "order_start": np.concatenate(([0], np.cumsum(counts))),
        "order_zip": np.concatenate([each["order_zip"] for each in days]),
        "line_sku": np.concatenate([each["line_sku"] for each in days]),
    }
    return from_arrays(whole)[1]


def _module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
