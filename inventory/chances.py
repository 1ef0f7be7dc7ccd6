"""How likely a picker finds a unit, learned from visits to shelves: a logistic model whose groups are shrunk.

A visit's logit is an intercept, a weight for each sign of its shelf, and what its department, its category and its
location differ by. These differences are drawn towards zero, the more so the fewer visits a group has (a normal prior
whose variance is estimated from the groups themselves), so that a category without visits has its department's rate,
and a location without visits that of all. Plain Python: fitting 30,000 visits takes seconds, and needs no package.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import exp, log, sqrt
from operator import mul

KINDS = ("department", "category", "place")
BINS = 10
STEPS = 40
NEAR = 1e-4  # a fit ends when nothing changes by more
RIDGE = 1.0  # of the weights, on standardized signs: half a standard deviation of evidence against each
LONGEST = 2.0  # no step of Newton's is longer, so that a separable set does not run away
FIRST_VARIANCE, LEAST_VARIANCE, MOST_VARIANCE = 0.25, 0.01, 4.0
FARTHEST = 30.0  # a logit beyond is as good as certain


@dataclass(frozen=True)
class Visit:
    """A picker at a shelf: what was known of it before, and whether everything was found. `groups` as in KINDS."""

    is_found: bool
    signs: Sequence[float]
    groups: tuple[str, str, str]


@dataclass
class Chances:
    """What was learned."""

    intercept: float
    weights: list[float]
    effects: dict[str, dict[str, float]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def logit(self, visit: Visit) -> float:
        known = sum(map(mul, self.weights, visit.signs))
        return self.intercept + known + sum(
            self.effects[kind].get(key, 0.0) for kind, key in zip(KINDS, visit.groups, strict=True)
        )  # fmt: skip

    def chance(self, visit: Visit) -> float:
        return chance_of(self.logit(visit))

    def stretched(self, shift: float, slope: float) -> "Chances":
        """The same with every logit as `shift + slope * logit`."""
        effects = {kind: {key: slope * each for key, each in of.items()} for kind, of in self.effects.items()}
        return Chances(shift + slope * self.intercept, [slope * each for each in self.weights], effects)


@dataclass(frozen=True)
class Bin:
    """Visits of which about the same was said: how many, what was said on average, how many were found."""

    visits: int
    said: float
    found: float


def chance_of(logit: float) -> float:
    return 1 / (1 + exp(-max(-FARTHEST, min(FARTHEST, logit))))


def logit_of(chance: float) -> float:
    return log(chance / (1 - chance))


def base_rate(visits: Sequence[Visit]) -> float:
    """The share that was found, with one visit of either kind added, so that it is never certain."""
    return (sum(visit.is_found for visit in visits) + 1) / (len(visits) + 2)


def brier(said: Iterable[tuple[float, bool]]) -> float:
    """The mean squared distance between what was said and what happened (Brier 1950); 0 is perfect."""
    squares = [(chance - is_found) ** 2 for chance, is_found in said]
    return sum(squares) / len(squares) if squares else 0.0


def reliability(said: Iterable[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """By what was said, in tenths from 0 to 1."""
    sums = [[0, 0.0, 0] for _ in range(bins)]
    for chance, is_found in said:
        row = sums[min(bins - 1, int(chance * bins))]
        row[0], row[1], row[2] = row[0] + 1, row[1] + chance, row[2] + is_found
    return [Bin(int(n), total / n if n else 0.0, found / n if n else 0.0) for n, total, found in sums]


def fit(visits: Sequence[Visit]) -> Chances:
    """Learn from these visits and nothing else; their order does not matter."""
    if not visits:
        return Chances(0.0, [])
    return _Fit(visits).run()


def calibrate(chances: Chances, visits: Sequence[Visit]) -> Chances:
    """Stretch logits so that what is said is what happens, on visits that the fit has not seen (Platt 1999).

    The slope is held near 1 by a prior, so that a quiet month does not turn everything around.
    """
    logits = [chances.logit(visit) for visit in visits]
    found = [float(visit.is_found) for visit in visits]
    shift, slope = 0.0, 1.0
    for _ in range(STEPS):
        said = [chance_of(shift + slope * each) for each in logits]
        miss = [is_found - chance for is_found, chance in zip(found, said, strict=True)]
        weight = [chance * (1 - chance) for chance in said]
        heavy = list(map(mul, weight, logits))
        down = [sum(miss) - RIDGE * shift, sum(map(mul, miss, logits)) - RIDGE * (slope - 1)]
        bent = [[sum(weight) + RIDGE, sum(heavy)], [sum(heavy), sum(map(mul, heavy, logits)) + RIDGE]]
        by_shift, by_slope = (_short(each) for each in _solve(bent, down))
        shift, slope = shift + by_shift, max(0.05, slope + by_slope)
        if abs(by_shift) + abs(by_slope) < NEAR:
            break
    return chances.stretched(shift, slope)


class _Fit:
    """Newton's method, in turn for the weights and for each kind of group (Hastie and Tibshirani 1986, backfitting)."""

    def __init__(self, visits: Sequence[Visit]) -> None:
        self.found = [float(visit.is_found) for visit in visits]
        self.columns, self.means, self.widths = _standardized([visit.signs for visit in visits])
        self.columns.insert(0, [1.0] * len(visits))
        self.weights = [logit_of(base_rate(visits))] + [0.0] * len(self.means)
        self.keys = [sorted({visit.groups[n] for visit in visits}) for n in range(len(KINDS))]
        index = [{key: m for m, key in enumerate(keys)} for keys in self.keys]
        self.members = [[index[n][visit.groups[n]] for visit in visits] for n in range(len(KINDS))]
        self.effects = [[0.0] * len(keys) for keys in self.keys]
        self.variances = [FIRST_VARIANCE] * len(KINDS)
        self.logits = [self.weights[0]] * len(visits)

    def run(self) -> Chances:
        for _ in range(STEPS):
            moved = max(self._turn_weights(), *(self._turn_groups(n) for n in range(len(KINDS))))
            if moved < NEAR:
                break
        weights = [each / width for each, width in zip(self.weights[1:], self.widths, strict=True)]
        intercept = self.weights[0] - sum(map(mul, weights, self.means))
        effects = {kind: dict(zip(self.keys[n], self.effects[n], strict=True)) for n, kind in enumerate(KINDS)}
        return Chances(intercept, weights, effects)

    def _misses(self) -> tuple[list[float], list[float]]:
        said = [chance_of(each) for each in self.logits]
        return [f - p for f, p in zip(self.found, said, strict=True)], [p * (1 - p) for p in said]

    def _turn_weights(self) -> float:
        misses, bends = self._misses()
        size = len(self.weights)
        bent = [[0.0] * size for _ in range(size)]
        for row in range(size):
            heavy = list(map(mul, bends, self.columns[row]))
            for other in range(row, size):
                bent[row][other] = bent[other][row] = sum(map(mul, heavy, self.columns[other]))
        down = [sum(map(mul, misses, column)) for column in self.columns]
        for row in range(1, size):
            bent[row][row] += RIDGE
            down[row] -= RIDGE * self.weights[row]
        steps = [_short(each) for each in _solve(bent, down)]
        self.weights = [each + step for each, step in zip(self.weights, steps, strict=True)]
        for step, column in zip(steps, self.columns, strict=True):
            self.logits = [each + step * sign for each, sign in zip(self.logits, column, strict=True)]
        return max(map(abs, steps))

    def _turn_groups(self, kind: int) -> float:
        misses, bends = self._misses()
        members, effects, variance = self.members[kind], self.effects[kind], self.variances[kind]
        down = [-each / variance for each in effects]
        bent = [1 / variance] * len(effects)
        for member, miss, bend in zip(members, misses, bends, strict=True):
            down[member] += miss
            bent[member] += bend
        steps = [_short(d / b) for d, b in zip(down, bent, strict=True)]
        self.effects[kind] = effects = [each + step for each, step in zip(effects, steps, strict=True)]
        spread = sum(each * each + 1 / b for each, b in zip(effects, bent, strict=True)) / len(effects)
        self.variances[kind] = max(LEAST_VARIANCE, min(MOST_VARIANCE, spread))
        self.logits = [each + steps[member] for each, member in zip(self.logits, members, strict=True)]
        return max(map(abs, steps))


def _short(step: float) -> float:
    return max(-LONGEST, min(LONGEST, step))


def _standardized(rows: Sequence[Sequence[float]]) -> tuple[list[list[float]], list[float], list[float]]:
    """Columns of mean 0 and width 1, with what they were."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    means = [sum(column) / len(column) for column in columns]
    widths = [
        sqrt(sum((each - mean) ** 2 for each in column) / len(column)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    scaled = [
        [(each - mean) / width for each in column] for column, mean, width in zip(columns, means, widths, strict=True)
    ]
    return scaled, means, widths


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss with pivots; the matrix is small, symmetric and, with its ridge, never singular."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for n in range(size):
        pivot = max(range(n, size), key=lambda m: abs(rows[m][n]))
        rows[n], rows[pivot] = rows[pivot], rows[n]
        for m in range(n + 1, size):
            share = rows[m][n] / rows[n][n]
            rows[m] = [below - share * above for below, above in zip(rows[m], rows[n], strict=True)]
    found = [0.0] * size
    for n in reversed(range(size)):
        rest = sum(rows[n][m] * found[m] for m in range(n + 1, size))
        found[n] = (rows[n][size] - rest) / rows[n][n]
    return found
