"""The first router: the nearest site that holds everything, else the fewest sites.

Sites come in order of preference (nearest first, unknown distance last), so "first" below always means "nearest".
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """Serve the wants from the nearest single site, else the nearest pair, else a greedy cover of the rest."""
    useful = [site for site in sites if any(_could_give(site, want) for want in wants)]
    for size in (1, 2):
        for group in combinations(useful[:PAIR_SEARCH] if size == 2 else useful, size):
            attempt = _serve(wants, group)
            if not attempt.missing:
                return attempt
    return _serve(wants, _greedy(wants, useful))


def _could_give(site: Site, want: Want) -> int:
    return 0 if site.id in want.excluded else min(want.quantity, site.available.get(want.item, 0))


def _serve(wants: Sequence[Want], group: Sequence[Site]) -> Plan:
    """Take each want from the first site of the group that has it whole, else from several."""
    left = {site.id: defaultdict(int, site.available) for site in group}
    result = Plan()
    for want in wants:
        allowed = [site for site in group if site.id not in want.excluded]
        whole = [site for site in allowed if left[site.id][want.item] >= want.quantity]
        need = want.quantity
        for site in whole[:1] or allowed:
            taken = min(need, left[site.id][want.item])
            if taken > 0:
                left[site.id][want.item] -= taken
                result.shares.append(Share(want.key, site.id, taken))
                need -= taken
        if need:
            result.missing[want.key] = need
    return result


def _greedy(wants: Sequence[Want], sites: Sequence[Site]) -> list[Site]:
    """Sites by how many still missing units each adds, the nearer one winning ties."""
    chosen: list[Site] = []
    rest = list(sites)
    missing = {want.key: want.quantity for want in wants}
    while missing and rest:
        gains = [sum(min(missing.get(want.key, 0), _could_give(site, want)) for want in wants) for site in rest]
        best = max(range(len(rest)), key=lambda n: (gains[n], -n))
        if not gains[best]:
            break
        chosen.append(rest.pop(best))
        missing = _serve(wants, chosen).missing
    return chosen
