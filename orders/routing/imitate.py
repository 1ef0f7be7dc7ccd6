"""What other systems would do with an order: the nearest places, the fewest parcels, or place by place."""

import numpy as np

from orders.routing import simple
from orders.routing.batch import ALONE, NEVER, UNIT, Ints, Network, Orders
from orders.routing.explain import Share, row_at
from orders.routing.rules import Objective
from orders.routing.single import plan_order

PARCEL = 1_000 * UNIT  # what a parcel costs where nothing but their number counts
UNKNOWN_MILES = 20_000.0


def imitate(net: Network, orders: Orders, miles: Ints, objective: Objective) -> tuple[Share, ...]:
    """The plan of the only order of `orders`, whose nodes are so many `miles` away (NaN: nobody knows, and last)."""
    miles = np.nan_to_num(miles, nan=UNKNOWN_MILES)
    if objective == Objective.SEQUENTIAL:
        return _in_turn(net, orders, miles)
    return plan_order(*where_only_counts(net, orders, miles, objective), others=0).shares


def where_only_counts(
    net: Network, orders: Orders, miles: Ints, objective: Objective
) -> tuple[Network, Orders]:  # fmt: skip
    """The same order where only distance counts, or the number of parcels before it."""
    far = np.rint(np.nan_to_num(miles, nan=UNKNOWN_MILES) * UNIT / 100).astype(np.int64)
    fewest = objective == Objective.FEWEST_SPLITS
    fee = far + PARCEL if fewest else np.zeros_like(far)
    there = net._replace(
        tariff=np.where(net.tariff >= NEVER, NEVER, 0), fee=np.where(net.lane < 0, NEVER, fee[None, :]),
        line_fee=np.zeros_like(far) if fewest else far, unit_value=np.zeros_like(net.unit_value),
    )  # fmt: skip
    return there, orders._replace(split=np.zeros_like(orders.split))


def _in_turn(net: Network, orders: Orders, miles: Ints) -> tuple[Share, ...]:
    """Place by place, nearest first: the one that serves all, else two, else those that serve most."""
    shut = orders.shut_start
    wants = [
        simple.Want(m, int(orders.sku[m]), int(orders.quantity[m]),
                    frozenset(orders.shut_node[shut[m] : shut[m + 1]].tolist()))
        for m in range(len(orders.sku))
    ]  # fmt: skip
    able = np.flatnonzero(net.lane[0] >= 0)
    shelves: dict[int, dict[int, int]] = {n: {} for n in able[np.argsort(miles[able], kind="stable")].tolist()}
    for sku in range(len(net.sku_start) - 1):
        for row in range(net.sku_start[sku], net.sku_start[sku + 1]):
            if (n := int(net.row_node[row])) in shelves:
                shelves[n][sku] = int(net.row_quantity[row])
    plan = simple.plan(wants, [simple.Site(n, shelf) for n, shelf in shelves.items()])
    numbers: dict[tuple[int, int], int] = {}  # by node, and the line that travels alone
    return tuple(
        Share(share.key, share.site, row_at(net, int(orders.sku[share.key]), share.site), share.quantity,
              numbers.setdefault((share.site, share.key if orders.bond[share.key] == ALONE else -1), len(numbers)))
        for share in plan.shares
    )  # fmt: skip
