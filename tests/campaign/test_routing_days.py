"""Two hundred days of 200 orders, from far too little stock to enough, against the best plan that HiGHS finds."""

import numpy as np
import pytest

from orders.routing.batch import from_arrays
from orders.routing.plan import plan_batch
from tests.orders.routing_best import best_by_mip, day, whole_cost

pytestmark = pytest.mark.campaign


def test_days_are_planned_within_one_percent_of_the_best():
    over = []
    for seed in range(200):
        net, orders = from_arrays(day(seed))
        cost = whole_cost(net, orders, plan_batch(net, orders).node)
        over.append(100 * (cost / best_by_mip(net, orders, within=1e-3) - 1))
    print(f"above the best: mean {np.mean(over):.3f} %, worst {max(over):.3f} %")  # noqa: T201
    assert np.mean(over) <= 0.2
    assert max(over) <= 1
