"""HQ's rules for routing: filters that shut a location, prices in money, and a ladder of steps that widens the search.

Pure. A filter is hard and says its name in explanations; a price is added to what a shipment from a location costs, in
hundredths of a cent. The ladder is climbed from step 0 until a plan is found; its last step parks the order for a
person. Group ids are those that HQ chose: a location is in its own group and in all above it (`NodeFacts.groups`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from orders.routing.batch import Ints

NOT_SHUT = -1
NO_LIMIT = np.iinfo(np.int32).max


class Objective(StrEnum):
    """What makes one plan better than another; all but `cost` imitate what retailers have today."""

    COST = "cost"
    NEAREST = "nearest"
    FEWEST_SPLITS = "fewest_splits"
    SEQUENTIAL = "sequential"


class FilterKind(StrEnum):
    """What a filter looks at."""

    ONLY = "only"  # of the groups and kinds named
    EXCEPT = "except"  # not of the groups and kinds named
    DISTANCE = "distance"  # within so many miles
    OPEN = "open"  # open on the order's day
    DAILY = "daily"  # has taken fewer orders today
    COUNTED = "counted"  # the shelf was counted within so many days
    UNITS = "units"  # the shelf holds so many units beyond what is wanted


BY_SHELF = (FilterKind.COUNTED, FilterKind.UNITS)
PAUSED = "paused"  # nobody's rule: a location that has paused takes nothing new


@dataclass(frozen=True)
class Who:
    """Of which orders a rule speaks; empty: of every order."""

    services: frozenset[str] = frozenset()

    def meets(self, order: "OrderFacts") -> bool:
        return not self.services or bool(self.services & order.services)


@dataclass(frozen=True)
class What:
    """Of which items a filter speaks; nothing said: of every item. `path` is a category as `path_of` writes it."""

    path: str = ""
    tag: str = ""
    hazmat: bool = False

    @property
    def is_every(self) -> bool:
        return not (self.path or self.tag or self.hazmat)

    def covers(self, line: "LineFacts") -> bool:
        return (
            (not self.path or f"{line.path} > ".startswith(f"{self.path} > "))
            and (not self.tag or self.tag in line.tags)
            and (not self.hazmat or line.hazmat)
        )


@dataclass(frozen=True)
class Filter:
    """Hard: a location that does not pass gives nothing. `name` is its sentence for people."""

    kind: FilterKind
    name: str
    groups: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    number: int = 0  # miles, orders, days or units
    who: Who = Who()
    what: What = What()

    @property
    def is_by_line(self) -> bool:
        """Whether it is asked of each line's shelf rather than of the location."""
        return self.kind in BY_SHELF or not self.what.is_every


@dataclass(frozen=True)
class Price:
    """Soft: `amount` is added to each shipment from these locations (neither groups nor kinds: from all of them)."""

    name: str
    amount: int
    groups: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    who: Who = Who()


@dataclass(frozen=True)
class Step:
    """One rung: its own filters beside those of all steps. `partial`: what can be served goes, the rest waits."""

    name: str
    filters: tuple[Filter, ...] = ()
    partial: bool = False
    park: bool = False


PARK = Step("park", park=True)


@dataclass(frozen=True)
class Rules:
    """What HQ decided, as it was in one version. `key` is (rule set, version); (0, 0) is what holds without any."""

    key: tuple[int, int]
    name: str
    objective: Objective = Objective.COST
    filters: tuple[Filter, ...] = ()
    prices: tuple[Price, ...] = ()
    ladder: tuple[Step, ...] = (PARK,)
    most: int = 0  # shipments of an order; 0: any number
    least: int = 0  # worth of each parcel of a split order
    split: int = 0  # for each parcel beyond the first, beside the costs' own
    unit_value_percent: int = 100  # of what a store's unit is worth to the store

    def at(self, step: int) -> tuple[Filter, ...]:
        """The filters that count at a step, in the order of `Judged.because`."""
        return self.filters + self.ladder[step].filters


def names_services(rules: Rules) -> bool:
    """Whether any filter or price of them speaks of services: then orders of different services are not alike."""
    filters = [*rules.filters, *(each for step in rules.ladder for each in step.filters)]
    return any(each.who.services for each in filters) or any(each.who.services for each in rules.prices)


CHEAPEST = Rules(
    key=(0, 0), name="Cheapest", ladder=(Step("anywhere"), Step("partial", partial=True), PARK),
)  # fmt: skip


@dataclass(frozen=True)
class OrderFacts:
    """What rules can see of an order. `value` in hundredths of a cent."""

    services: frozenset[str] = frozenset()
    channel: str = ""
    value: int = 0
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LineFacts:
    """What filters on items can see of a line."""

    path: str = ""
    tags: frozenset[str] = frozenset()
    hazmat: bool = False
    quantity: int = 1


@dataclass(frozen=True)
class NodeFacts:
    """What rules can see of a location. `miles` None: nobody knows how far it is. `taken`: orders given to it today."""

    id: int
    kind: str = "store"
    groups: frozenset[int] = frozenset()
    miles: float | None = None
    is_open: bool = True
    is_paused: bool = False
    taken: int = 0


@dataclass(frozen=True)
class Nodes:
    """Locations as columns; for the next order only the distances change (`at`)."""

    ids: Ints
    kinds: Ints
    miles: Ints  # float64, NaN where unknown
    is_open: Ints
    is_paused: Ints
    taken: Ints
    groups: tuple[frozenset[int], ...]
    _within: dict[tuple[frozenset[int], frozenset[str]], Ints] = field(default_factory=dict, compare=False)

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, miles: Ints) -> "Nodes":
        """The same locations as seen from elsewhere."""
        return replace(self, miles=miles)

    def within(self, groups: frozenset[int], kinds: frozenset[str]) -> Ints:
        """Which are in any of these groups and of any of these kinds; one said alone decides alone."""
        asked = groups, kinds
        if asked not in self._within:
            found = np.ones(len(self), bool)
            if groups:
                found &= np.fromiter((bool(groups & each) for each in self.groups), bool, len(self))
            if kinds:
                found &= np.isin(self.kinds, sorted(kinds))
            self._within[asked] = found
        return self._within[asked]

    @property
    def nearest_first(self) -> Ints:
        """Positions by distance; an unknown distance ranks last, the smaller id wins ties."""
        return np.lexsort((self.ids, np.nan_to_num(self.miles, nan=np.inf)))


def columns(nodes: Sequence[NodeFacts]) -> Nodes:
    """Locations as rules read them many times."""
    return Nodes(
        ids=np.array([node.id for node in nodes], np.int64),
        kinds=np.array([node.kind for node in nodes], dtype=np.str_),
        miles=np.array([np.nan if node.miles is None else node.miles for node in nodes], np.float64),
        is_open=np.array([node.is_open for node in nodes], bool),
        is_paused=np.array([node.is_paused for node in nodes], bool),
        taken=np.array([node.taken for node in nodes], np.int64),
        groups=tuple(node.groups for node in nodes),
    )  # fmt: skip


class Judged(NamedTuple):
    """What the rules say of each location for one order at one step.

    `because` is the position in `by_rule` of the first rule that shut it, -1 where none did; `price` is added per
    shipment; `room` is how many more orders of today a daily limit leaves.
    """

    allowed: Ints
    because: Ints
    price: Ints
    room: Ints
    by_rule: tuple[str, ...]

    @property
    def excluded(self) -> Mapping[str, int]:
        """How many locations each rule shut, by its name; only rules that shut any."""
        shut = self.because[self.because != NOT_SHUT]
        counts = np.bincount(shut, minlength=len(self.by_rule))
        total: dict[str, int] = {}
        for name, count in zip(self.by_rule, counts.tolist(), strict=True):
            if count:
                total[name] = total.get(name, 0) + count
        return total


def judge(rules: Rules, order: OrderFacts, nodes: Sequence[NodeFacts] | Nodes, step: int) -> Judged:
    """Which locations may serve an order at this step of the ladder, and what their shipments cost beside the rest.

    Every filter has to be passed, so a group that is excluded beats one that is included. At the step that parks
    nobody is allowed and no rule is to blame.
    """
    nodes = nodes if isinstance(nodes, Nodes) else columns(nodes)
    filters = rules.at(step)
    by_rule = (*(each.name for each in filters), PAUSED)
    because = np.full(len(nodes), NOT_SHUT, np.int64)
    room = np.full(len(nodes), NO_LIMIT, np.int64)
    for n, each in enumerate(filters):
        if each.is_by_line or not each.who.meets(order):
            continue
        because[~_passes(each, nodes) & (because == NOT_SHUT)] = n
        if each.kind == FilterKind.DAILY:
            left = np.maximum(0, each.number - nodes.taken)
            room = np.where(nodes.within(each.groups, each.kinds), np.minimum(room, left), room)
    because[nodes.is_paused & (because == NOT_SHUT)] = len(filters)
    allowed = (because == NOT_SHUT) & (not rules.ladder[step].park)
    return Judged(allowed, because, prices(rules, order, nodes), room, by_rule)


def prices(rules: Rules, order: OrderFacts, nodes: Nodes) -> Ints:
    """What HQ adds to a shipment from each location."""
    total = np.zeros(len(nodes), np.int64)
    for each in rules.prices:
        if each.who.meets(order):
            total += each.amount * nodes.within(each.groups, each.kinds)
    return total


def _passes(each: Filter, nodes: Nodes) -> Ints:
    places = nodes.within(each.groups, each.kinds)
    if each.kind == FilterKind.ONLY:
        return places
    if each.kind == FilterKind.EXCEPT:
        return ~places
    return ~places | _meets(each, nodes)  # the others speak of the places they name; of all where they name none


def _meets(each: Filter, nodes: Nodes) -> Ints:
    if each.kind == FilterKind.DISTANCE:
        return nodes.miles <= each.number  # NaN is not
    if each.kind == FilterKind.OPEN:
        return nodes.is_open
    return nodes.taken < each.number


class Shut(NamedTuple):
    """Shelves that filters on items and shelves keep closed, as in `Orders.shut_start`: `because` as in `Judged`."""

    line: Ints
    node: Ints
    because: Ints


def judge_lines(
    rules: Rules, order: OrderFacts, lines: Sequence[LineFacts], nodes: Sequence[NodeFacts] | Nodes, step: int, *,
    counted: Ints, available: Ints,
) -> Shut:  # fmt: skip
    """The shelves (line, node) that are closed though their location is not.

    `counted` float[L, N] is days since the shelf was counted (NaN: never), `available` int[L, N] its units.
    """
    nodes = nodes if isinstance(nodes, Nodes) else columns(nodes)
    because = np.full((len(lines), len(nodes)), NOT_SHUT, np.int64)
    for n, each in enumerate(rules.at(step)):
        if not each.is_by_line or not each.who.meets(order):
            continue
        for m, line in enumerate(lines):
            if each.what.covers(line):
                passes = _shelf_passes(each, line, nodes, counted[m], available[m])
                because[m, ~passes & (because[m] == NOT_SHUT)] = n
    line_at, node_at = np.nonzero(because != NOT_SHUT)
    return Shut(line_at.astype(np.int32), node_at.astype(np.int32), because[line_at, node_at])


def _shelf_passes(each: Filter, line: LineFacts, nodes: Nodes, counted: Ints, available: Ints) -> Ints:
    places = nodes.within(each.groups, each.kinds)
    if each.kind == FilterKind.COUNTED:
        return ~places | (counted <= each.number)
    if each.kind == FilterKind.UNITS:
        return ~places | (available >= line.quantity + each.number)
    return _passes(each, nodes)
