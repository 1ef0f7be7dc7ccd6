"""What a batch of orders is decided on: the network, its stock and the orders, as arrays of integers.

Money is an integer number of hundredths of a cent, so that ties are ties and kernels and machines agree.
Zones, nodes N, ZIP indices Z, profiles P (what an order asks of a parcel: service, promise, rules), lane tables T,
stock rows R (sorted by SKU, then node), SKUs S, orders O, order lines M. A line goes whole, all its
units from one node.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

UNIT = 10_000  # of a dollar
NEVER = 1 << 50  # the cost of what cannot be done; sums of some of them still fit
CLOSED = 1 << 49  # from here on a cost is that of what cannot be done, whatever was credited to it
MOST_LINES = 8  # an order of up to so many lines is priced exactly
ALONE = -1  # the bond of a line that nothing else may travel with
UNITS, TWINS, BONDS, LIMITS = 1, 2, 4, 8  # what an order asks beyond one unit per line from anywhere, as bits

Ints = NDArray[Any]


class Network(NamedTuple):
    """Nodes, what they hold and what they cost. Built by `build_network`."""

    zone: Ints  # uint8[Z, N]: parcel zone from a node to a destination
    tariff: Ints  # int64[T, zones, pounds + 1]; heavier parcels cost as the last column, NEVER there forbids them
    lane: Ints  # int16[P, N]: the table of a profile's parcels from a node, -1 where it may send none
    fee: Ints  # int64[P, N]: per shipment
    line_fee: Ints  # int64[N]: per unit
    capacity: Ints  # int32[N]: shipments
    sku_start: Ints  # int64[S + 1]: rows of a SKU
    row_node: Ints  # int32[R]
    row_quantity: Ints  # int32[R]
    unit_start: Ints  # int64[R + 1]
    unit_value: Ints  # int64[units]: of taking the k-th unit of a row, rising in k


class Orders(NamedTuple):
    """What is wanted, how it may travel, and what it costs to leave it out. Built by `build_orders`."""

    start: Ints  # int64[O + 1]: lines of an order
    sku: Ints  # int32[M]
    quantity: Ints  # int32[M]: units
    zip: Ints  # int32[O]
    profile: Ints  # int32[O]
    pounds: Ints  # float64[M]: of the whole line
    size_pounds: Ints  # float64[M]: by its size; a parcel is billed by the larger of the two sums, rounded up
    lost: Ints  # int64[M]: of the whole line where it is not served
    worth: Ints  # int64[M]: of its goods
    bond: Ints  # int8[M]: k > 0 travels with the same k of its order, or not at all; ALONE; 0 free
    most: Ints  # int8[O]: shipments, 0 for any number
    least: Ints  # int64[O]: goods in each parcel where there are several
    split: Ints  # int64[O]: per parcel beyond the first
    shut_start: Ints  # int64[M + 1]
    shut_node: Ints  # int32: nodes that are shut to a line
    of_line: Ints  # int32[M]: the order of a line
    asks: Ints  # int8[O]: UNITS several of a line, or nodes shut to it; TWINS a SKU twice; BONDS; LIMITS on its parcels


def build_network(
    *,
    zone: Any,
    tariff: Any,
    lane: Any = None,
    fee: Any,
    line_fee: Any,
    capacity: Any,
    sku_start: Any,
    row_node: Any,
    row_quantity: Any,
    unit_start: Any,
    unit_value: Any,
) -> Network:
    """The network of these arrays, each in its type. One lane table may come as [zones, pounds + 1], one profile's fees
    as [N]; without `lane` every profile uses the first table everywhere."""
    fee = np.atleast_2d(np.asarray(fee, np.int64))
    tariff = np.asarray(tariff, np.int64)
    lane = np.zeros(fee.shape, np.int16) if lane is None else np.atleast_2d(np.asarray(lane, np.int16))
    return Network(
        zone=np.ascontiguousarray(zone, np.uint8),
        tariff=np.ascontiguousarray(tariff[None] if tariff.ndim == 2 else tariff),
        lane=np.ascontiguousarray(lane), fee=np.ascontiguousarray(np.where(lane < 0, NEVER, fee)),
        line_fee=np.asarray(line_fee, np.int64), capacity=np.asarray(capacity, np.int32),
        sku_start=np.asarray(sku_start, np.int64), row_node=np.asarray(row_node, np.int32),
        row_quantity=np.asarray(row_quantity, np.int32), unit_start=np.asarray(unit_start, np.int64),
        unit_value=np.asarray(unit_value, np.int64),
    )  # fmt: skip


def build_orders(
    *,
    start: Any,
    sku: Any,
    zip: Any,
    pounds: Any,
    lost: Any,
    quantity: Any = None,
    profile: Any = None,
    size_pounds: Any = None,
    worth: Any = None,
    bond: Any = None,
    most: Any = None,
    least: Any = None,
    split: Any = None,
    shut: Mapping[int, Any] | None = None,
    any_size: bool = False,
) -> Orders:
    """The orders of these arrays, each in its type; what is not given asks for nothing. `shut` has the nodes that are
    shut to a line, by line. Raises ValueError where an order has more lines than are priced exactly together, but for
    `any_size`: such orders are for `plan_order` alone."""
    start = np.asarray(start, np.int64)
    lines, many, count = np.diff(start), len(start) - 1, len(np.asarray(sku))
    if len(lines) and lines.max() > MOST_LINES and not any_size:
        raise ValueError(
            f"An order of {lines.max()} lines has to be taken apart first; at most {MOST_LINES} go together."
        )
    shut_to = [np.asarray((shut or {}).get(line, ()), np.int32) for line in range(count)] if shut else []

    def either(given: Any, default: int, size: int, kind: Any) -> Ints:
        return np.full(size, default, kind) if given is None else np.asarray(given, kind)

    orders = Orders(
        start=start, sku=np.asarray(sku, np.int32), quantity=either(quantity, 1, count, np.int32),
        zip=np.asarray(zip, np.int32), profile=either(profile, 0, many, np.int32),
        pounds=np.asarray(pounds, np.float64), size_pounds=either(size_pounds, 0, count, np.float64),
        lost=np.asarray(lost, np.int64), worth=either(worth, 0, count, np.int64),
        bond=either(bond, 0, count, np.int8),
        most=either(most, 0, many, np.int8), least=either(least, 0, many, np.int64),
        split=either(split, 0, many, np.int64),
        shut_start=np.cumsum([0, *map(len, shut_to)], dtype=np.int64) if shut else np.zeros(count + 1, np.int64),
        shut_node=np.concatenate(shut_to).astype(np.int32) if shut_to else np.zeros(0, np.int32),
        of_line=np.repeat(np.arange(many, dtype=np.int32), lines), asks=np.zeros(many, np.int8),
    )  # fmt: skip
    orders.asks[:] = _asks(orders)
    return orders


def _asks(orders: Orders) -> Ints:
    asks = np.where((orders.most > 0) | (orders.least > 0) | (orders.split != 0), LIMITS, 0)
    asks[orders.of_line[(orders.quantity != 1) | (np.diff(orders.shut_start) > 0)]] |= UNITS
    asks[orders.of_line[orders.bond != 0]] |= BONDS
    wanted = np.sort(orders.of_line.astype(np.int64) << 32 | orders.sku)
    asks[wanted[1:][wanted[1:] == wanted[:-1]] >> 32] |= UNITS | TWINS
    return asks


def from_arrays(arrays: Mapping[str, Any]) -> tuple[Network, Orders]:
    """Read the arrays of the routing benchmark (dollars become integers; one profile, every line one unit).

    Raises ValueError where an order has more lines than are priced exactly.
    """
    sku = arrays["line_sku"]
    network = build_network(
        zone=arrays["zone"], tariff=money(arrays["tariff"]), fee=money(arrays["node_fee"]),
        line_fee=money(arrays["line_fee"]), capacity=arrays["capacity"], sku_start=arrays["sku_start"],
        row_node=arrays["row_node"], row_quantity=arrays["row_quantity"], unit_start=arrays["unit_start"],
        unit_value=money(arrays["unit_value"]),
    )  # fmt: skip
    orders = build_orders(
        start=arrays["order_start"], sku=sku, zip=arrays["order_zip"], pounds=arrays["weight"][sku],
        lost=money(arrays["lost_sale"][sku]),
    )  # fmt: skip
    return network, orders


def money(dollars: Any) -> Ints:
    """Dollars as integer hundredths of a cent."""
    return np.rint(np.asarray(dollars) * UNIT).astype(np.int64)
