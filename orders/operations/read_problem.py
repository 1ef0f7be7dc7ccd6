"""All that a decision about several orders needs, read and found to make sense."""

from collections.abc import Collection
from datetime import datetime

import numpy as np

from orders.operations.batch_arrays import Problem, build
from orders.operations.read_batch import read_batch
from orders.operations.routing_policy import policies
from orders.routing.batch import UNIT

LEAST = -1000 * UNIT  # no price is lower


def read_problem(*, now: datetime, only: Collection[int] | None = None, alone: bool = False) -> Problem:
    """Of all orders with parcels that may move or units that wait, or of some (ids); `alone`: of the one in `only`, of
    any size and under any rules.

    Raises ValueError where prices cannot be true: they would move everything, so it is better not to decide.
    """
    problem = build(read_batch(now=now, only=only), policies=policies(now=now), now=now, alone=alone)
    net = problem.net
    for name, prices in (("tariff", net.tariff), ("fee", net.fee), ("line fee", net.line_fee)):
        if prices.size and int(prices.min()) < LEAST:
            raise ValueError(f"a price in {name} is below -1000 dollars")
    if not np.all(np.diff(net.unit_start) >= 0) or len(net.unit_value) != int(net.unit_start[-1]):
        raise ValueError("unit values do not belong to the shelves")
    return problem
