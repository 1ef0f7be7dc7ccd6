"""The first router: the nearest site that holds everything, else the fewest sites.

Sites come in order of preference (nearest first, unknown distance last), so "first" below always means "nearest".
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import combinations

PAIR_SEARCH = 40  # sites looked at for the best two; beyond that a greedy cover decides


@dataclass(frozen=True)
class Want:
    """Units of one order line. `excluded` sites failed it before."""

    key: int
    item: int
    quantity: int
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Site:
    """A location and what it could give of each item."""

    id: int
    available: Mapping[int, int]


@dataclass(frozen=True)
class Share:
    """So many units of one want from one site."""

    key: int
    site: int
    quantity: int


@dataclass
class Plan:
    """Shares that serve the wants, and the units (by want) that nobody has."""

    shares: list[Share] = field(default_factory=list)
    missing: dict[int, int] = field(default_factory=dict)


def plan(wants: Sequence[Want], sites: Sequence[Site]) -> Plan:
    """Serve the wants from the nearest single site, else the nearest pair, else a greedy cover of the rest.

    Wholesale orders have hundreds of lines and as many sites that hold a few of them: a group is only worked out
    where its stock could suffice, and the cover looks again only at sites that may have become the best.
    """
    wanted = {want.item for want in wants}
    useful = [site for site in sites if any(site.available.get(item, 0) > 0 for item in wanted & site.available.keys())]
    scarce = _scarce_first(wants, useful)
    for size in (1, 2):
        for group in combinations(useful[:PAIR_SEARCH] if size == 2 else useful, size):
            if _may_suffice(group, scarce):
                attempt = _serve(wants, group)
                if not attempt.missing:
                    return attempt
    return _serve_together(wants, useful)


def _scarce_first(wants: Sequence[Want], sites: Sequence[Site]) -> list[tuple[int, int]]:
    """(item, units wanted in all), the item that the fewest sites hold first: it rules out the most groups."""
    total: dict[int, int] = defaultdict(int)
    for want in wants:
        total[want.item] += want.quantity
    holders = Counter(item for site in sites for item in site.available)
    return sorted(total.items(), key=lambda each: (holders[each[0]], each[0]))


def _may_suffice(group: Sequence[Site], scarce: Sequence[tuple[int, int]]) -> bool:
    return all(sum(site.available.get(item, 0) for site in group) >= units for item, units in scarce)


def _serve(wants: Sequence[Want], group: Sequence[Site]) -> Plan:
    """Take each want from the first site of the group that has it whole, else from several."""
    shelves: dict[int, dict[int, int]] = defaultdict(dict)  # item -> site -> units left, sites in order of preference
    for giver in group:
        for item, units in giver.available.items():
            shelves[item][giver.id] = units
    result = Plan()
    for want in wants:
        left = shelves[want.item]
        allowed = [site for site, units in left.items() if units > 0 and site not in want.excluded]
        whole = [site for site in allowed if left[site] >= want.quantity]
        need = want.quantity
        for site in whole[:1] or allowed:
            taken = min(need, left[site])
            if taken:
                left[site] -= taken
                result.shares.append(Share(want.key, site, taken))
                need -= taken
        if need:
            result.missing[want.key] = need
    return result


def _serve_together(wants: Sequence[Want], sites: Sequence[Site]) -> Plan:
    """Cover the wants, and cover again what sites that failed a line before left over."""
    chosen: list[Site] = []
    result = _serve(wants, chosen)
    while result.missing:
        used = {site.id for site in chosen}
        more = _cover(wants, [site for site in sites if site.id not in used], result.missing)
        if not more:
            break
        chosen += more
        result = _serve(wants, chosen)
    return result


def _cover(wants: Sequence[Want], sites: Sequence[Site], missing: Mapping[int, int]) -> list[Site]:
    """Sites by how many still missing units each adds, the nearer one winning ties.

    What a site adds can only shrink as others are chosen, so the one on top of the heap is the best as soon as its
    number is fresh.
    """
    by_item: dict[int, list[Want]] = defaultdict(list)
    for want in wants:
        by_item[want.item].append(want)
    heap = [(-sum(_given(site, by_item, missing).values()), n) for n, site in enumerate(sites)]
    heapify(heap)
    chosen = []
    while heap and missing:
        stale, n = heappop(heap)
        given = _given(sites[n], by_item, missing)
        gain = sum(given.values())
        if gain and -stale != gain:
            heappush(heap, (-gain, n))
        elif gain:
            chosen.append(sites[n])
            missing = {key: units - given.get(key, 0) for key, units in missing.items() if units > given.get(key, 0)}
    return chosen


def _given(site: Site, by_item: Mapping[int, Sequence[Want]], missing: Mapping[int, int]) -> dict[int, int]:
    """What the site would give to the wants that still miss units."""
    given = {}
    for item, available in site.available.items():
        left = available
        for want in by_item.get(item, ()):
            taken = 0 if site.id in want.excluded else min(left, missing.get(want.key, 0))
            if taken > 0:
                given[want.key] = taken
                left -= taken
    return given
