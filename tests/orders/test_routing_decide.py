"""One order: the plan is the engine's, the bill is the plan's, and what was kept decides the same again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.operations.default_costs import default_tariffs
from orders.routing.batch import ALONE, UNIT
from orders.routing.cost import Costs, Work
from orders.routing.decide import Given, decide, still_best
from orders.routing.explanation import explanation
from orders.routing.problem import Line, Place, Problem, Shelf, from_bytes, to_bytes
from orders.routing.rules import CHEAPEST, PARK, Filter, FilterKind, Objective, OrderFacts, Rules, Step
from orders.routing.tables import NEVER_MIND, tables

TODAY = date(2026, 5, 4)
COSTS = Costs(
    key=(0, 0), tariffs=default_tariffs(),
    work={"store": Work(18 * UNIT, 6, 1.5), "dc": Work(16 * UNIT, 2, 0.5), "dropship": Work(0, 0, 0, 4 * UNIT)},
)  # fmt: skip


def place(pk, miles, kind="store", leaves=TODAY, **shelves):
    return Place(pk, kind, miles, leaves, {int(k[1:]): Shelf(v) for k, v in shelves.items()})


def shares(decision):
    return {(each.position, each.place): each.quantity for each in decision.given}


def order(*lines, value=0):
    return [Line(n, item, quantity, price=30 * UNIT) for n, (item, quantity) in enumerate(lines, start=1)]


def test_where_the_nearest_lacks_one_item_one_parcel_from_farther_is_cheaper_than_two():
    places = [place(1, 5.0, _1=9), place(2, 40.0, _1=9, _2=9)]
    decision = decide(Problem(OrderFacts(), order((1, 1), (2, 1)), places), CHEAPEST, COSTS)
    assert shares(decision) == {(1, 2): 1, (2, 2): 1}


def test_of_equal_places_the_nearer_ships_and_an_unknown_distance_ranks_last():
    places = [place(1, 5.0, _1=1), place(2, 9.0, _1=1), place(3, None, _1=1)]
    decision = decide(Problem(OrderFacts(), order((1, 1)), places), CHEAPEST, COSTS)
    assert shares(decision) == {(1, 1): 1}
    assert [place for _more, (place,) in explanation("", decision)["others"]] == [2, 3]


@pytest.mark.parametrize(("lines", "is_told"), [(6, True), (7, False)])
def test_up_to_six_lines_the_next_plans_and_what_a_nearer_place_would_cost_are_told(lines, is_told):
    all_of_it = {f"_{n}": 1 for n in range(1, lines + 1)}
    places = [place(1, 5.0, _1=1), place(2, 9.0, **all_of_it), place(3, 900.0, **all_of_it)]
    told = explanation("", decide(Problem(OrderFacts(), order(*[(n, 1) for n in range(1, lines + 1)]), places),
                                  CHEAPEST, COSTS))  # fmt: skip
    assert bool(told["others"]) == is_told
    pk, because, more = told["near"][0]
    assert (pk, because, more is not None) == (1, "dearer", is_told)


def test_a_line_that_no_place_has_whole_is_cut_and_a_rest_is_missing():
    places = [place(1, 5.0, _1=3), place(2, 9.0, _1=2)]
    decision = decide(Problem(OrderFacts(), order((1, 6)), places), CHEAPEST, COSTS)
    assert shares(decision) == {(1, 1): 3, (1, 2): 2}
    assert decision.missing == {1: 1}
    assert decision.step == 1, "only where a part is allowed"


def test_a_place_that_failed_a_line_is_not_asked_again():
    lines = [replace(each, shut=frozenset({1})) for each in order((1, 1))]
    places = [place(1, 5.0, _1=3), place(2, 900.0, _1=2)]
    assert shares(decide(Problem(OrderFacts(), lines, places), CHEAPEST, COSTS)) == {(1, 2): 1}


def test_lines_of_one_bond_come_from_one_place_or_from_none():
    lines = [replace(each, bond=1) for each in order((1, 1), (2, 1))]
    apart = [place(1, 5.0, _1=3), place(2, 9.0, _2=2)]
    assert decide(Problem(OrderFacts(), lines, apart), CHEAPEST, COSTS).missing == {1: 1, 2: 1}
    together = [*apart, place(3, 2000.0, _1=1, _2=1)]
    assert shares(decide(Problem(OrderFacts(), lines, together), CHEAPEST, COSTS)) == {(1, 3): 1, (2, 3): 1}


@pytest.mark.parametrize("lines", [3, 9])
def test_what_travels_alone_is_a_parcel_of_its_own_from_the_same_place(lines):
    """Nine lines are more than are priced together."""
    all_of_it = {f"_{n}": 1 for n in range(1, lines + 1)}
    paint, *others = order(*[(n, 1) for n in range(1, lines + 1)])
    decision = decide(
        Problem(OrderFacts(), [replace(paint, bond=ALONE), *others], [place(1, 5.0, **all_of_it)]), CHEAPEST, COSTS
    )
    assert sorted(len(parcel.positions) for parcel in decision.parcels) == [1, lines - 1]
    assert {parcel.place for parcel in decision.parcels} == {1}
    assert sum(item.kind == "tariff" for item in decision.items) == 2
    assert decision.amount == decision.planned.cost


@pytest.mark.parametrize("rules", [
    replace(CHEAPEST, most=1), replace(CHEAPEST, least=200 * UNIT),
    replace(CHEAPEST, filters=(Filter(FilterKind.DAILY, "one a day", number=1),)),
])  # fmt: skip
@pytest.mark.parametrize("lines", [2, 9])
def test_limits_are_about_locations_whatever_travels_alone(rules, lines):
    all_of_it = {f"_{n}": 1 for n in range(1, lines + 1)}
    paint, *others = order(*[(n, 1) for n in range(1, lines + 1)])
    decision = decide(
        Problem(OrderFacts(), [replace(paint, bond=ALONE), *others], [place(1, 5.0, **all_of_it)]), rules, COSTS
    )
    assert not decision.missing
    assert decision.step == 0
    assert sorted(len(parcel.positions) for parcel in decision.parcels) == [1, lines - 1]
    assert sum(item.kind == "tariff" for item in decision.items) == 2, "what it costs to send is billed all the same"
    assert decision.amount == decision.planned.cost


def test_one_after_the_other_what_travels_alone_is_a_parcel_too():
    paint, brush = order((1, 1), (2, 1))
    problem = Problem(OrderFacts(), [replace(paint, bond=ALONE), brush], [place(1, 5.0, _1=1, _2=1)])
    assert len(decide(problem, replace(CHEAPEST, objective=Objective.SEQUENTIAL), COSTS).parcels) == 2


def test_a_promise_in_danger_is_worth_the_longer_way():
    late = TODAY + timedelta(days=3)
    places = [place(1, 5.0, leaves=late, _1=3), place(2, 400.0, _1=2)]
    rushed = Problem(OrderFacts(), order((1, 1)), places, deliver_by=TODAY + timedelta(days=2))
    assert shares(decide(rushed, CHEAPEST, COSTS)) == {(1, 2): 1}


def test_rules_shut_what_they_say_and_the_ladder_widens():
    near = Filter(FilterKind.DISTANCE, "within 100 miles", number=100)
    rules = Rules((1, 1), "near first", ladder=(Step("near", (near,)), Step("anywhere"), PARK))
    places = [place(1, 5.0, _1=1), place(2, 400.0, _1=9)]
    one = decide(Problem(OrderFacts(), order((1, 1)), places), rules, COSTS)
    two = decide(Problem(OrderFacts(), order((1, 2)), places), rules, COSTS)
    assert (one.step, shares(one)) == (0, {(1, 1): 1})
    assert (two.step, shares(two)) == (1, {(1, 2): 2})
    nobody = decide(Problem(OrderFacts(), order((1, 20)), places), rules, COSTS)
    assert (nobody.step, nobody.missing, nobody.given) == (2, {1: 20}, ())


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        (Objective.NEAREST, {(1, 1): 1, (2, 2): 1}),
        (Objective.FEWEST_SPLITS, {(1, 3): 1, (2, 3): 1}),
        (Objective.SEQUENTIAL, {(1, 3): 1, (2, 3): 1}),
    ],
)
def test_the_presets_decide_as_other_systems_do(objective, expected):
    rules = Rules((1, 1), "preset", objective=objective, ladder=(Step("anywhere"), PARK))
    places = [place(1, 5.0, _1=1), place(2, 9.0, _2=1), place(3, 2000.0, _1=1, _2=1)]
    assert shares(decide(Problem(OrderFacts(), order((1, 1), (2, 1)), places), rules, COSTS)) == expected


def test_an_order_of_hundreds_of_lines_is_covered():
    lines = order(*((item, 2) for item in range(1, 301)))
    full = Place(1, "dc", 900.0, TODAY, {item: Shelf(5) for item in range(1, 290)})
    rest = Place(2, "store", 10.0, TODAY, {item: Shelf(1) for item in range(200, 300)})
    decision = decide(Problem(OrderFacts(), lines, [rest, full]), CHEAPEST, COSTS)
    served = sum(each.quantity for each in decision.given)
    assert served + sum(decision.missing.values()) == 600
    assert decision.missing == dict.fromkeys(range(290, 300), 1) | {300: 2}


shelves = st.builds(Shelf, st.integers(0, 4), st.sampled_from([0.0, 0.3, 2.0]), st.sampled_from([None, 0.8]), st.none())


@st.composite
def problems(draw):
    count = draw(st.integers(1, 4))
    lines = [
        Line(n, draw(st.integers(1, 3)), draw(st.integers(1, 3)), pounds=draw(st.sampled_from([0.4, 1.7, 6.0])),
             price=draw(st.integers(1, 90)) * UNIT, bond=draw(st.sampled_from([0, 0, 0, 1, -1])),
             shut=frozenset(draw(st.sets(st.integers(1, 5), max_size=1))))
        for n in range(1, count + 1)
    ]  # fmt: skip
    places = [
        Place(
            pk, draw(st.sampled_from(["store", "dc", "dropship"])),
            draw(st.sampled_from([None, 10.0, 700.0, 2500.0])),
            draw(st.sampled_from([TODAY, TODAY + timedelta(days=1), None])),
            {item: draw(shelves) for item in (1, 2, 3) if draw(st.booleans())},
        )
        for pk in range(1, draw(st.integers(1, 5)) + 1)
    ]  # fmt: skip
    return Problem(OrderFacts(value=sum(line.price for line in lines)), lines, places,
                   draw(st.sampled_from([None, TODAY + timedelta(days=2)])))  # fmt: skip


RULES = st.sampled_from([
    CHEAPEST,
    replace(CHEAPEST, most=2, split=UNIT), replace(CHEAPEST, least=40 * UNIT),
    replace(CHEAPEST, objective=Objective.NEAREST), replace(CHEAPEST, objective=Objective.FEWEST_SPLITS),
    replace(CHEAPEST, objective=Objective.SEQUENTIAL),
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(problem=problems(), rules=RULES)
def test_the_bill_sums_to_what_the_engine_decided_by_and_nothing_is_given_twice(problem, rules):
    decision = decide(problem, rules, COSTS)
    for line in problem.lines:
        served = sum(each.quantity for each in decision.given if each.position == line.position)
        assert served + decision.missing.get(line.position, 0) == line.quantity
    of = {line.position: line for line in problem.lines}
    for here in problem.places:
        for item, shelf in here.shelves.items():
            taken = sum(s.quantity for s in decision.given if s.place == here.id and of[s.position].item == item)
            assert taken <= shelf.units
    assert not any(each.place in of[each.position].shut for each in decision.given)
    alone = {line.position for line in problem.lines if line.bond < 0}
    if rules.objective == Objective.COST:
        assert all(len(parcel.positions) == 1 for parcel in decision.parcels if alone & set(parcel.positions))
    kept = sum(NEVER_MIND * units // of[position].quantity for position, units in decision.missing.items())
    assert decision.amount + kept == sum(item.amount for item in decision.planned.items)
    # Two lines of one item are priced as if each came first; the bill has what they cost.
    if rules.objective == Objective.COST and len({line.item for line in problem.lines}) == len(problem.lines):
        assert decision.amount + kept == decision.planned.cost
        assert all(other.dearer >= 0 for other in decision.planned.others)
    told = explanation("anywhere", decision)
    assert sum(amount for *_words, amount in told["items"]) == decision.amount
    assert len(told["near"]) == min(10, len(problem.places))


LATER_FIRST = [None, *(TODAY + timedelta(days=days) for days in (6, 4, 3, 2, 1, -1))]


@settings(max_examples=150, deadline=None)
@given(problem=problems(), rules=RULES, weight=st.sampled_from([0, 100]), when=st.integers(0, len(LATER_FIRST) - 2))
def test_a_plan_that_stands_for_a_tighter_promise_is_the_one_that_it_would_get(problem, rules, weight, when):
    places = [replace(each, slot=7 * UNIT * (each.id % 2)) for each in problem.places]
    problem = replace(problem, deliver_by=LATER_FIRST[when], places=places, weight=weight)
    before = decide(problem, rules, COSTS, others=0)
    for sooner in LATER_FIRST[when:]:
        mine = replace(problem, deliver_by=sooner)
        if still_best(before, tables(mine, rules, COSTS, 0)):
            after = decide(mine, rules, COSTS, others=0)
            assert (before.given, before.missing, before.parcels, before.items, before.step, before.paid) == (
                after.given, after.missing, after.parcels, after.items, after.step, after.paid
            )  # fmt: skip


@pytest.mark.parametrize(
    ("sooner", "stands"),
    [(None, True), (TODAY + timedelta(days=20), True), (TODAY - timedelta(days=1), False)],
    ids=["whenever", "in time", "too soon"],
)
def test_a_plan_stands_until_its_parcel_would_be_late_or_go_by_another_service(sooner, stands):
    asked = Problem(OrderFacts(), order((1, 1)), [place(1, 10.0, _1=1), place(2, 900.0, _1=1)])
    before = decide(asked, CHEAPEST, COSTS, others=0)
    assert still_best(before, tables(replace(asked, deliver_by=sooner), CHEAPEST, COSTS, 0)) is stands


def test_no_plan_stands_for_a_looser_promise_or_where_something_is_missing_or_travels_alone():
    one = Problem(OrderFacts(), order((1, 1)), [place(1, 10.0, _1=1)], TODAY + timedelta(days=20))
    assert still_best(decide(one, CHEAPEST, COSTS), tables(one, CHEAPEST, COSTS, 0))
    assert not still_best(decide(one, CHEAPEST, COSTS), tables(replace(one, deliver_by=None), CHEAPEST, COSTS, 0))
    for line in (Line(1, 1, 2), Line(1, 1, 1, bond=-1)):
        asked = replace(one, lines=[line])
        assert not still_best(decide(asked, CHEAPEST, COSTS), tables(asked, CHEAPEST, COSTS, 0))


@settings(max_examples=50, deadline=None)
@given(problem=problems(), rules=RULES)
def test_a_kept_problem_is_the_same_problem_and_decides_the_same(problem, rules):
    again = from_bytes(to_bytes(problem))
    assert again == replace(problem, lines=list(problem.lines), places=list(problem.places))
    assert decide(again, rules, COSTS).given == decide(problem, rules, COSTS).given


def test_a_share_is_what_it_says():
    decision = decide(Problem(OrderFacts(), order((1, 2)), [place(7, 5.0, _1=3)]), CHEAPEST, COSTS)
    assert decision.given == (Given(1, 7, 2),)


def test_two_lines_of_one_item_share_what_is_left_of_it():
    places = [place(1, 5.0, _1=5), place(2, 9.0, _1=1)]
    decision = decide(Problem(OrderFacts(), order((1, 3), (1, 3)), places), CHEAPEST, COSTS)
    assert decision.missing == {}
    assert sum(shares(decision).values()) == 6


def test_what_no_carrier_takes_in_one_parcel_goes_as_several():
    light = [replace(each, rates=tuple(zone[:71] + (-1,) * 80 for zone in each.rates)) for each in default_tariffs()]
    lines = [replace(each, pounds=2.0) for each in order((1, 40))]
    decision = decide(
        Problem(OrderFacts(), lines, [place(1, 5.0, _1=50)]), CHEAPEST, replace(COSTS, tariffs=tuple(light))
    )
    assert shares(decision) == {(1, 1): 40}
    assert decision.parcels[0].pounds == 80


def test_without_a_tariff_or_with_too_many_units_the_engine_says_so():
    problem = Problem(OrderFacts(), order((1, 1)), [place(1, 5.0, _1=1)])
    with pytest.raises(ValueError, match="no tariff"):
        decide(problem, CHEAPEST, replace(COSTS, tariffs=()))
    many = Problem(OrderFacts(), order((1, 600_000)), [place(1, 5.0, _1=600_000)])
    with pytest.raises(ValueError, match="too many"):
        decide(many, CHEAPEST, COSTS)


def test_more_shipments_allowed_than_a_byte_counts_are_as_good_as_any_number():
    problem = Problem(OrderFacts(), order((1, 1)), [place(1, 5.0, _1=1)])
    assert shares(decide(problem, replace(CHEAPEST, most=200), COSTS)) == {(1, 1): 1}
