"""What is learned from visits is calibrated on others, and a group with few visits is like those around it."""

from math import sqrt
from random import Random

import pytest

from inventory.chances import Chances, Visit, base_rate, brier, calibrate, chance_of, fit, logit_of, reliability

DEPARTMENTS, CATEGORIES, PLACES = 4, 16, 60


class World:
    """Shelves whose true chances are known to nobody but the test."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.category = [self.random.gauss(0, 0.6) for _ in range(CATEGORIES)]
        self.place = [self.random.gauss(0, 0.4) for _ in range(PLACES)]

    def visits(self, count: int) -> list[tuple[Visit, float]]:
        return [self.visit() for _ in range(count)]

    def visit(self) -> tuple[Visit, float]:
        draw = self.random
        category, place = draw.randrange(CATEGORIES), draw.randrange(PLACES)
        signs = [draw.uniform(0, 5), float(draw.random() < 0.3), draw.expovariate(2)]
        logit = 2.5 - 0.4 * signs[0] - 0.6 * signs[1] - 0.9 * signs[2] + self.category[category] + self.place[place]
        groups = (f"d{category % DEPARTMENTS}", f"d{category % DEPARTMENTS} > c{category}", str(place))
        return Visit(draw.random() < chance_of(logit), signs, groups), chance_of(logit)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_said_of_visits_that_were_not_seen_is_what_happens(seed):
    world = World(seed)
    seen, later = ([visit for visit, _ in world.visits(n)] for n in (3000, 1000))
    last = world.visits(3000)
    chances = calibrate(fit(seen), later)
    said = [(chances.chance(visit), visit.is_found) for visit, _ in last]
    best = brier((true, visit.is_found) for visit, true in last)
    base = brier((base_rate(seen + later), visit.is_found) for visit, _ in last)
    assert brier(said) < best + 0.25 * (base - best), "most of what can be known is known"
    bins = reliability(said)
    assert sum(each.visits * abs(each.said - each.found) for each in bins) / len(said) < 0.05
    for each in bins:
        if each.visits >= 100:
            chance_alone = 3 * sqrt(each.said * (1 - each.said) / each.visits)
            assert abs(each.said - each.found) < 0.05 + chance_alone


def test_a_group_with_few_visits_is_drawn_to_those_around_it():
    random = Random(5)

    def visits(category: str, count: int, share: float) -> list[Visit]:
        return [Visit(random.random() < share, [0.0], ("d", category, "p")) for _ in range(count)]

    seen = visits("many", 2000, 0.9) + visits("others", 2000, 0.6) + [Visit(False, [0.0], ("d", "few", "p"))] * 2
    chances = fit(seen)
    said = {name: chances.chance(Visit(True, [0.0], ("d", name, "p"))) for name in ("many", "others", "few", "none")}
    assert said["many"] == pytest.approx(0.9, abs=0.03)
    assert said["others"] == pytest.approx(0.6, abs=0.03)
    assert 0.3 < said["few"] < said["none"], "two misses are a hint and no proof"
    assert said["none"] == pytest.approx(0.75, abs=0.06), "as its department"


def test_a_department_nobody_knows_is_as_all():
    seen = [Visit(n % 5 > 0, [0.0], ("d", "c", "p")) for n in range(1000)]
    assert fit(seen).chance(Visit(True, [0.0], ("?", "?", "?"))) == pytest.approx(0.8, abs=0.06)


def test_calibration_takes_exaggeration_back():
    random = Random(6)
    truth = Chances(0.5, [1.0])
    visits = [Visit(random.random() < truth.chance(visit), visit.signs, visit.groups)
              for visit in (Visit(True, [random.gauss(0, 1)], ("", "", "")) for _ in range(4000))]  # fmt: skip
    calm = calibrate(truth.stretched(1.0, 3.0), visits)
    assert (calm.intercept, calm.weights[0]) == (pytest.approx(0.5, abs=0.12), pytest.approx(1.0, abs=0.12))


def test_what_is_always_found_does_not_run_away():
    chances = fit([Visit(True, [float(n % 7)], ("d", "c", "p")) for n in range(500)])
    assert 0.9 < chances.chance(Visit(True, [3.0], ("d", "c", "p"))) < 1


def test_brier_and_bins_by_hand():
    said = [(0.9, True), (0.9, False), (0.15, False), (1.0, True)]
    assert brier(said) == pytest.approx((0.01 + 0.81 + 0.0225 + 0) / 4)
    bins = reliability(said)
    assert [each.visits for each in bins] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert (bins[1].found, bins[9].found) == (0.0, pytest.approx(2 / 3))
    assert (brier([]), logit_of(0.5), base_rate([])) == (0.0, 0.0, 0.5)
