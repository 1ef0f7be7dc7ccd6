"""What a plan costs, item by item, and why the nodes nearby were not taken. Items sum to the plan's cost exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from orders.routing.batch import CLOSED, Ints, Network, Orders
from orders.routing.book import Book


@dataclass(frozen=True)
class Share:
    """So many units of a line (its index among all lines) from a row of a node, in the parcel of that number."""

    line: int
    node: int
    row: int
    units: int
    parcel: int


class Kind(StrEnum):
    """What money is for."""

    TARIFF = "tariff"  # a parcel's carriage, by service, zone and billed pounds
    FEE = "fee"  # a parcel's node fee, packaging, minutes, lateness, rule prices: under their names where told
    HANDLING = "handling"  # of the units of a line
    UNIT_VALUE = "unit_value"  # what the units would have been worth where they were
    PRICE = "price"  # paid for units or a slot that others will need
    SPLIT = "split"  # parcels beyond the first
    UNSERVED = "unserved"


@dataclass(frozen=True)
class Item:
    """Money of a plan, in hundredths of a cent; -1 where it is of no node, line or parcel."""

    kind: Kind
    amount: int
    name: str = ""
    node: int = -1
    line: int = -1
    parcel: int = -1


@dataclass(frozen=True)
class Parts:
    """How a network's sums came about, for items by name: what is not told stays within its sum."""

    fee: Mapping[str, Ints] = field(default_factory=dict)  # int64[P, N] by name
    slot_price: Ints | None = None  # int64[N], within the fees
    unit_price: Ints | None = None  # int64[R], within the unit values


def held_by(net: Network, orders: Orders, book: Book, order: int) -> tuple[Share, ...]:
    """What an order holds in the book."""
    numbers: dict[int, int] = {}
    shares = []
    for line in range(orders.start[order], orders.start[order + 1]):
        row = int(book.line_row[line])
        if row >= 0:
            number = numbers.setdefault(int(book.line_head[line]), len(numbers))
            shares.append(Share(line, int(net.row_node[row]), row, int(orders.quantity[line]), number))
    return tuple(shares)


def billed_pounds(net: Network, orders: Orders, shares: Sequence[Share]) -> int:
    """Whole pounds that a parcel is billed by: of its weight or of its size, whichever is more."""
    sums = []
    for pounds in (orders.pounds, orders.size_pounds):
        weight = 0.0
        for each in shares:
            whole = each.units == orders.quantity[each.line]
            weight += float(pounds[each.line]) * (1 if whole else each.units / int(orders.quantity[each.line]))
        sums.append(weight)
    return min(int(np.ceil(max(sums))), net.tariff.shape[2] - 1)


def unserved(orders: Orders, order: int, shares: Sequence[Share]) -> dict[int, int]:
    """Units of each line that no share serves."""
    left = {line: int(orders.quantity[line]) for line in range(orders.start[order], orders.start[order + 1])}
    for share in shares:
        left[share.line] -= share.units
    return {line: units for line, units in left.items() if units}


def items(
    net: Network, orders: Orders, order: int, shares: Sequence[Share], book: Book, parts: Parts | None = None
) -> tuple[Item, ...]:
    """Every cost item of a plan of the order, which is out of the book: they sum to what the plan adds to the whole."""
    parts = parts or Parts()
    profile, zone = orders.profile[order], net.zone[orders.zip[order]]
    parcels: dict[int, list[Share]] = {}
    for share in shares:
        parcels.setdefault(share.parcel, []).append(share)
    told = []
    for number, mine in parcels.items():
        node = mine[0].node
        pounds = billed_pounds(net, orders, mine)
        told.append(Item(Kind.TARIFF, int(net.tariff[net.lane[profile, node], zone[node], pounds]), str(pounds),
                         node, parcel=number))  # fmt: skip
        told += _fees(net, profile, node, number, parts)
    told += _units(net, orders, shares, book, parts)
    if len(parcels) > 1 and orders.split[order]:
        told.append(Item(Kind.SPLIT, int(orders.split[order]) * (len(parcels) - 1)))
    for line, units in unserved(orders, order, shares).items():
        told.append(Item(Kind.UNSERVED, int(orders.lost[line]) * units // int(orders.quantity[line]), line=line))
    return tuple(each for each in told if each.amount or each.kind == Kind.TARIFF)


def _fees(net: Network, profile: int, node: int, number: int, parts: Parts) -> list[Item]:
    rest = int(net.fee[profile, node])
    told = []
    for name, table in parts.fee.items():
        told.append(Item(Kind.FEE, int(table[profile, node]), name, node, parcel=number))
    if parts.slot_price is not None:
        told.append(Item(Kind.PRICE, int(parts.slot_price[node]), "slot", node, parcel=number))
    rest -= sum(each.amount for each in told)
    return [*told, Item(Kind.FEE, rest, "", node, parcel=number)]


def _units(net: Network, orders: Orders, shares: Sequence[Share], book: Book, parts: Parts) -> list[Item]:
    told = []
    before: dict[int, int] = {}
    for share in shares:
        first = int(net.unit_start[share.row] + book.row_taken[share.row]) + before.get(share.row, 0)
        before[share.row] = before.get(share.row, 0) + share.units
        value = int(net.unit_value[first : first + share.units].sum())
        price = 0 if parts.unit_price is None else int(parts.unit_price[share.row]) * share.units
        node, line, parcel = share.node, share.line, share.parcel
        told.append(Item(Kind.HANDLING, int(net.line_fee[node]) * share.units, "", node, line, parcel))
        told.append(Item(Kind.UNIT_VALUE, value - price, "", node, line, parcel))
        told.append(Item(Kind.PRICE, price, "units", node, line, parcel))
    return told


class Because(StrEnum):
    """Why a node is not in a plan."""

    TAKEN = "taken"  # it is
    CLOSED = "closed"  # it may send no such parcel: a rule, or its lane
    FULL = "full"  # no slot is left
    SHUT = "shut"  # to every line of the order that it holds
    LACKS = "lacks"  # every line
    DEARER = "dearer"  # the best plan that uses it costs more
    UNFIT = "unfit"  # no plan that uses it keeps what the order asks


@dataclass(frozen=True)
class Reason:
    """Why a node was not taken; `lacks` and `shut` are lines, `rule` is the index of the rule that closed it (or -1),
    `dearer` what the best plan that uses it would cost more."""

    node: int
    because: Because
    lacks: tuple[int, ...] = ()
    shut: tuple[int, ...] = ()
    rule: int = -1
    dearer: int = 0


def standing(
    net: Network, orders: Orders, order: int, node: int, book: Book
) -> tuple[list[int], tuple[int, ...], tuple[int, ...]]:
    """Lines that a node could serve whole, that it lacks and that it is shut to."""
    can, lacks, shut = [], [], []
    for line in range(orders.start[order], orders.start[order + 1]):
        row = row_at(net, int(orders.sku[line]), node)
        if node in orders.shut_node[orders.shut_start[line] : orders.shut_start[line + 1]]:
            shut.append(line)
        elif row < 0 or net.row_quantity[row] - book.row_taken[row] < orders.quantity[line]:
            lacks.append(line)
        else:
            can.append(line)
    return can, tuple(lacks), tuple(shut)


def row_at(net: Network, sku: int, node: int) -> int:
    """The stock row of a SKU at a node, -1 for none."""
    start, stop = int(net.sku_start[sku]), int(net.sku_start[sku + 1])
    at = start + int(np.searchsorted(net.row_node[start:stop], node))
    return at if at < stop and net.row_node[at] == node else -1


def is_closed(net: Network, profile: int, node: int) -> bool:
    """True where the node may send no parcel of that profile."""
    return bool(net.lane[profile, node] < 0 or net.fee[profile, node] >= CLOSED)
