"""Orders that cannot be priced whole: more lines than go together, or a line that no node has all units of.

In this order: while more lines are left than go together, the node that serves most of them whole takes them in one
parcel (the cheaper one of equals); lines that no node has whole are cut, into what nodes of the order still have and
then into what other nodes have, the most first; what is then left is priced exactly, eight pieces at a time, bonds
kept together, at nodes of the order without their fee and split price, which they have cost already. A most number of
shipments stops further nodes; a least worth of parcels is not looked at. Parcels of one node are one parcel in the end,
beside one for each line that travels alone.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from orders.routing.batch import ALONE, CLOSED, MOST_LINES, NEVER, Ints, Network, Orders, build_orders
from orders.routing.book import AT_COST, ROW, Book, empty_plan, unit_sums
from orders.routing.explain import Share
from orders.routing.pricing import price
from orders.routing.work import room

TOGETHER = -1  # in the place of a line that travels alone


@dataclass(frozen=True)
class Piece:
    """Units of a line that go together."""

    line: int
    units: int


def has_to_be_taken_apart(net: Network, orders: Orders, order: int, book: Book) -> bool:
    """True where the order has more lines than go together, or a line that is there, but nowhere whole."""
    lines = range(int(orders.start[order]), int(orders.start[order + 1]))
    if len(lines) > MOST_LINES:
        return True
    wanted: dict[int, int] = {}
    for line in lines:  # two lines of one SKU may each be there whole, and not both
        wanted[int(orders.sku[line])] = wanted.get(int(orders.sku[line]), 0) + int(orders.quantity[line])
    several = [line for line in lines if wanted[int(orders.sku[line])] > 1]
    most = {line: _shelf(net, orders, order, line, book)[1].max(initial=0) for line in several}
    return any(0 < units < wanted[int(orders.sku[line])] for line, units in most.items())


def plan_apart(net: Network, orders: Orders, order: int, book: Book) -> tuple[Share, ...]:
    """A sound plan for an order of any size; near the best one, not proven so."""
    return _Apart(net, orders, order, book).plan()


def _shelf(net: Network, orders: Orders, order: int, line: int, book: Book) -> tuple[Ints, Ints]:
    """Rows that may serve a line, and the units in each."""
    sku = orders.sku[line]
    rows = np.arange(net.sku_start[sku], net.sku_start[sku + 1])
    node, profile = net.row_node[rows], orders.profile[order]
    is_open = (net.lane[profile, node] >= 0) & (net.fee[profile, node] < CLOSED)
    is_open &= net.capacity[node] > book.node_taken[node]
    shut = orders.shut_node[orders.shut_start[line] : orders.shut_start[line + 1]]
    if len(shut):
        is_open &= ~np.isin(node, shut)
    units = np.where(is_open, net.row_quantity[rows] - book.row_taken[rows], 0)
    return rows, units


class _Apart:
    """The state of one order while it is taken apart."""

    def __init__(self, net: Network, orders: Orders, order: int, book: Book) -> None:
        self.net, self.orders, self.order, self.book = net, orders, order, book
        lines = range(int(orders.start[order]), int(orders.start[order + 1]))
        self.left = {line: int(orders.quantity[line]) for line in lines}
        self.shares: list[tuple[int, int, int]] = []  # line, row, units
        self.opened: dict[int, int] = {}  # node -> its parcel
        self.taken: dict[int, int] = defaultdict(int)  # by row

    def plan(self) -> tuple[Share, ...]:
        """Cover, cut, price."""
        while len(self.left) > MOST_LINES and self._may_open() and self._cover_most():
            pass
        served = -1
        while self.left and served < len(self.shares):  # a piece may have taken what another was cut for
            served = len(self.shares)
            for chunk in self._chunks(self._cut()):
                self._price(chunk)
        merged: dict[tuple[int, int], int] = defaultdict(int)
        for line, row, units in self.shares:
            merged[line, row] += units
        numbers: dict[tuple[int, int], int] = {}
        shares = []
        for (line, row), units in sorted(merged.items()):
            node = int(self.net.row_node[row])
            parcel = node, line if self.orders.bond[line] == ALONE else TOGETHER
            shares.append(Share(line, node, row, units, numbers.setdefault(parcel, len(numbers))))
        return tuple(shares)

    def _may_open(self) -> bool:
        most = int(self.orders.most[self.order])
        return not most or len(self.opened) < most

    def _give(self, line: int, row: int, units: int) -> None:
        self.shares.append((line, row, units))
        self.opened.setdefault(int(self.net.row_node[row]), len(self.opened))
        self.taken[row] += units
        self.left[line] -= units
        if not self.left[line]:
            del self.left[line]

    def _rows(self, line: int) -> tuple[Ints, Ints]:
        """Rows that may serve the line with the units that this order left there."""
        rows, units = _shelf(self.net, self.orders, self.order, line, self.book)
        if not self._may_open():
            units = np.where(np.isin(self.net.row_node[rows], list(self.opened)), units, 0)
        return rows, units - np.array([self.taken.get(int(row), 0) for row in rows], np.int64) if self.taken else units

    def _cover_most(self) -> bool:
        """The node that serves the most lines whole takes them; False where none serves two."""
        count, cost = np.zeros(len(self.net.line_fee), np.int64), np.zeros(len(self.net.line_fee), np.int64)
        serving: dict[int, dict[int, int]] = defaultdict(dict)  # node -> line -> row
        for line, wanted in self.left.items():
            if self.orders.bond[line]:
                continue  # what goes together or alone is priced at the end
            rows, units = self._rows(line)
            for row in rows[units >= wanted]:
                node = int(self.net.row_node[row])
                serving[node][line] = int(row)
                count[node] += 1
                start = self.net.unit_start[row] + self.book.row_taken[row]
                cost[node] += self.net.unit_value[start] * wanted + self.net.line_fee[node] * wanted
        if count.max(initial=0) < 2:
            return False
        equals = [int(node) for node in np.flatnonzero(count == count.max())]
        best = min(equals, key=lambda node: (cost[node] + self._carriage(node, serving[node]), node))
        for line, row in self._bearable(best, serving[best]).items():
            if self.net.row_quantity[row] - self.book.row_taken[row] - self.taken.get(row, 0) >= self.left[line]:
                self._give(line, row, self.left[line])
        return True

    def _carriage(self, node: int, lines: dict[int, int]) -> int:
        net, profile = self.net, self.orders.profile[self.order]
        some = list(lines)
        weight = max(self.orders.pounds[some].sum(), self.orders.size_pounds[some].sum())
        pounds = min(int(np.ceil(weight)), net.tariff.shape[2] - 1)
        zone = net.zone[self.orders.zip[self.order], node]
        return int(net.fee[profile, node] + net.tariff[net.lane[profile, node], zone, pounds])

    def _bearable(self, node: int, lines: dict[int, int]) -> dict[int, int]:
        """As many of the lines as a parcel may weigh."""
        if self._carriage(node, lines) < CLOSED:
            return lines
        some: dict[int, int] = {}
        for line, row in lines.items():
            if self._carriage(node, some | {line: row}) < CLOSED:
                some[line] = row
        return some

    def _cut(self) -> list[Piece]:
        """What is left as pieces that some node has whole."""
        pieces = []
        for line, wanted in self.left.items():
            rows, units = self._rows(line)
            if units.max(initial=0) >= wanted or units.max(initial=0) <= 0:
                pieces.append(Piece(line, wanted))
                continue
            rest, is_new = wanted, ~np.isin(self.net.row_node[rows], list(self.opened))
            for at in np.lexsort((-units, is_new)):
                if rest and units[at] > 0:
                    pieces.append(Piece(line, min(rest, int(units[at]))))
                    rest -= pieces[-1].units
            if rest:
                pieces.append(Piece(line, rest))
        return pieces

    def _chunks(self, pieces: list[Piece]) -> list[list[Piece]]:
        """At most eight pieces each; bonds stay together, as far as eight reach."""
        pieces = sorted(pieces, key=lambda piece: (-max(int(self.orders.bond[piece.line]), 0), piece.line))
        groups: list[list[Piece]] = []
        for piece in pieces:
            bond = int(self.orders.bond[piece.line])
            if groups and bond > 0 and self.orders.bond[groups[-1][-1].line] == bond:
                groups[-1].append(piece)
            else:
                groups.append([piece])
        chunks: list[list[Piece]] = [[]]
        for group in groups:
            for at in range(0, len(group), MOST_LINES):
                part = group[at : at + MOST_LINES]
                if len(chunks[-1]) + len(part) > MOST_LINES:
                    chunks.append([])
                chunks[-1] += part
        return [chunk for chunk in chunks if chunk]

    def _price(self, chunk: list[Piece]) -> None:
        """Place some pieces exactly, beside what the order has already."""
        net, mine, plan = self._with_opened(), self._order_of(chunk), empty_plan()
        price(net, mine, 0, self._with_taken(), AT_COST, room(net), plan)
        for at, piece in enumerate(chunk):
            row = int(plan[ROW, at])
            if row >= 0 and (self._may_open() or int(net.row_node[row]) in self.opened):
                self._give(piece.line, row, piece.units)

    def _order_of(self, chunk: list[Piece]) -> Orders:
        orders, one = self.orders, [self.order]
        line = [piece.line for piece in chunk]
        part = np.array([piece.units / int(orders.quantity[piece.line]) for piece in chunk])
        bond = np.where(part < 1, np.minimum(orders.bond[line], 0), orders.bond[line])
        shut = {at: orders.shut_node[slice(*orders.shut_start[each : each + 2])] for at, each in enumerate(line)}
        return build_orders(
            start=[0, len(chunk)], sku=orders.sku[line], zip=orders.zip[one], profile=orders.profile[one],
            quantity=[piece.units for piece in chunk], pounds=orders.pounds[line] * part,
            size_pounds=orders.size_pounds[line] * part, lost=np.floor(orders.lost[line] * part), bond=bond,
            most=orders.most[one], split=None if self.opened else orders.split[one], shut=shut,
        )  # fmt: skip

    def _with_opened(self) -> Network:
        """The network where nodes of the order have cost their fee already, and others cost a split."""
        if not self.opened:
            return self.net
        profile, fee = self.orders.profile[self.order], self.net.fee.copy()
        fee[profile] += self.orders.split[self.order]
        fee[profile, list(self.opened)] = 0
        return self.net._replace(fee=fee)

    def _with_taken(self) -> Book:
        """The book as this order will leave it; only what free prices need."""
        net, book = self.net, self.book
        row_taken, row_free, node_free = book.row_taken.copy(), book.row_free.copy(), book.node_free.copy()
        for row, units in self.taken.items():
            row_taken[row] += units
            left = row_taken[row] < net.row_quantity[row]
            row_free[row] = net.unit_value[net.unit_start[row] + row_taken[row]] if left else NEVER
        node_free[list(self.opened)] = 0
        unit_sum = book.unit_sum if len(book.unit_sum) else unit_sums(net)
        return book._replace(row_taken=row_taken, row_free=row_free, node_free=node_free, unit_sum=unit_sum)
