"""Days that might come: orders drawn again from those that were, and how far what came is from what was expected.

What is drawn depends on the seed alone. Drift is what lies between forecast and outcome beyond what chance explains;
prices weigh so much less, and the volume that is expected of the rest of the day follows what has come.
"""

from collections.abc import Iterator
from math import sqrt
from typing import Any

import numpy as np

from orders.routing.batch import Orders
from orders.routing.prices import WHOLE

CHANCE = 2.0  # standard deviations of a count that say nothing about a forecast
TRUST = 400  # orders: a forecast counts as much as so many that came


def pick(orders: Orders, which: Any) -> Orders:
    """These orders (positions), as often as they are named, in this order."""
    which = np.asarray(which, np.int64)
    counts = orders.start[which + 1] - orders.start[which]
    start = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    line = np.repeat(orders.start[which] - start[:-1], counts) + np.arange(start[-1])
    shut = orders.shut_start[line + 1] - orders.shut_start[line]
    shut_start = np.concatenate(([0], np.cumsum(shut, dtype=np.int64)))
    closed = np.repeat(orders.shut_start[line] - shut_start[:-1], shut) + np.arange(shut_start[-1])
    of_line = {name: getattr(orders, name)[line]
               for name in ("sku", "quantity", "pounds", "size_pounds", "lost", "worth", "bond")}  # fmt: skip
    of_order = {name: getattr(orders, name)[which] for name in ("zip", "profile", "most", "least", "split", "asks")}
    return orders._replace(
        start=start, shut_start=shut_start, shut_node=orders.shut_node[closed],
        of_line=np.repeat(np.arange(len(which), dtype=np.int32), counts), **of_line, **of_order,
    )  # fmt: skip


def futures(past: Orders, *, count: int, days: int, seed: int) -> Iterator[Orders]:
    """So many days of `count` orders, each drawn from the past anew (its whole basket, its place, with replacement)."""
    random = np.random.default_rng(seed)
    many = len(past.start) - 1
    for _day in range(days if many and count > 0 else 0):
        yield pick(past, random.integers(0, many, count))


def drift(forecast: Any, came: Any) -> float:
    """How far the counts that came are from those that were expected, beyond chance: 0 not at all, 1 entirely.

    Cells are whatever demand is counted by (SKUs, regions); they are looked at together and each by itself.
    """
    expected, counted = np.asarray(forecast, np.float64), np.asarray(came, np.float64)
    most = max(float(expected.sum()), float(counted.sum()))
    if most <= 0:
        return 0.0
    together = max(abs(float(counted.sum() - expected.sum())) - CHANCE * sqrt(float(expected.sum()) + 1), 0.0)
    apart = np.maximum(np.abs(counted - expected) - CHANCE * np.sqrt(expected + 1), 0).sum() / 2
    return min(max(together, float(apart)) / most, 1.0)


def weight(drifted: float) -> int:
    """What prices weigh after so much drift, in thousandths: all without, nothing where all is other than expected."""
    return round(WHOLE * (1 - min(max(drifted, 0.0), 1.0)))


def volume(*, day: float, share: float, came: int) -> float:
    """The orders of a whole day of which `day` were forecast, after `came` in this `share` of it; the forecast
    counts like TRUST orders."""
    return day * (TRUST + came) / (TRUST + day * share)
