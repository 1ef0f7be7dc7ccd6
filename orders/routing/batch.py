"""What a batch of orders is decided on: the network, its stock and the orders, as arrays of integers.

Money is an integer number of hundredths of a cent, so that ties are ties and kernels and machines agree.
Nodes N, stock rows R (sorted by SKU, then node), SKUs S, orders O, order lines M of one unit each.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

UNIT = 10_000  # of a dollar
NEVER = 1 << 50  # the cost of what cannot be done; sums of some of them still fit
MOST_LINES = 8  # an order of up to so many lines is priced exactly

Ints = NDArray[Any]


class Network(NamedTuple):
    """Nodes, what they hold and what they cost."""

    zone: Ints  # uint8[Z, N]: parcel zone from a node to a destination
    tariff: Ints  # int64[zones, pounds + 1]
    node_fee: Ints  # int64[N]: per shipment
    line_fee: Ints  # int64[N]: per line
    capacity: Ints  # int32[N]: shipments
    sku_start: Ints  # int64[S + 1]: rows of a SKU
    row_node: Ints  # int32[R]
    row_quantity: Ints  # int32[R]
    unit_start: Ints  # int64[R + 1]
    unit_value: Ints  # int64[units]: of taking the k-th unit of a row, rising in k


class Orders(NamedTuple):
    """What is wanted, and what it costs to leave it out."""

    start: Ints  # int64[O + 1]: lines of an order
    sku: Ints  # int32[M]
    zip: Ints  # int32[O]
    pounds: Ints  # float64[M]
    lost: Ints  # int64[M]: of a line that is not served
    of_line: Ints  # int32[M]: the order of a line


def from_arrays(arrays: Mapping[str, Any]) -> tuple[Network, Orders]:
    """Read the arrays of the routing benchmark (dollars become integers). Raises ValueError where an order has more
    lines than are priced exactly."""
    lines = np.diff(arrays["order_start"])
    if len(lines) and lines.max() > MOST_LINES:
        raise ValueError(
            f"An order of {lines.max()} lines has to be taken apart first; at most {MOST_LINES} go together."
        )
    sku = arrays["line_sku"]
    network = Network(
        zone=np.ascontiguousarray(arrays["zone"]), tariff=money(arrays["tariff"]), node_fee=money(arrays["node_fee"]),
        line_fee=money(arrays["line_fee"]), capacity=arrays["capacity"].astype(np.int32),
        sku_start=arrays["sku_start"].astype(np.int64), row_node=arrays["row_node"].astype(np.int32),
        row_quantity=arrays["row_quantity"].astype(np.int32), unit_start=arrays["unit_start"].astype(np.int64),
        unit_value=money(arrays["unit_value"]),
    )  # fmt: skip
    orders = Orders(
        start=arrays["order_start"].astype(np.int64), sku=sku.astype(np.int32),
        zip=arrays["order_zip"].astype(np.int32), pounds=arrays["weight"][sku].astype(np.float64),
        lost=money(arrays["lost_sale"][sku]),
        of_line=np.repeat(np.arange(len(lines), dtype=np.int32), lines),
    )  # fmt: skip
    return network, orders


def money(dollars: Any) -> Ints:
    """Dollars as integer hundredths of a cent."""
    return np.rint(np.asarray(dollars) * UNIT).astype(np.int64)
