"""Rules of routing, pure: what filters shut and why, what prices add, how the ladder widens."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from orders.models import RuleFilter, RuleSet
from orders.routing.rules import (
    CHEAPEST,
    PARK,
    PAUSED,
    Filter,
    FilterKind,
    LineFacts,
    NodeFacts,
    Objective,
    OrderFacts,
    Price,
    Rules,
    Step,
    What,
    Who,
    columns,
    judge,
    judge_lines,
)

NORTH, FLAGSHIPS, KIOSKS = 1, 2, 3
ORDER = OrderFacts()
ANYWHERE = (Step("anywhere"), PARK)


def rules(*filters, prices=(), ladder=ANYWHERE, **more):
    return Rules(key=(1, 1), name="test", filters=filters, prices=prices, ladder=ladder, **more)


def node(n, *groups, **more):
    return NodeFacts(id=n, groups=frozenset(groups), **more)


def only(*groups, kinds=(), **more):
    return Filter(FilterKind.ONLY, "only", frozenset(groups), frozenset(kinds), **more)


def besides(*groups, kinds=(), **more):
    return Filter(FilterKind.EXCEPT, "besides", frozenset(groups), frozenset(kinds), **more)


def within(miles, **more):
    return Filter(FilterKind.DISTANCE, f"within {miles}", number=miles, **more)


def test_the_database_knows_the_same_filters_and_objectives():
    assert {*RuleFilter.Kind.values} == {str(each) for each in FilterKind}
    assert {*RuleSet.Objective.values} == {str(each) for each in Objective}


def test_an_excluded_group_beats_an_included_one():
    for said in ((only(NORTH), besides(KIOSKS)), (besides(KIOSKS), only(NORTH))):
        judged = judge(rules(*said), ORDER, [node(1, NORTH), node(2, NORTH, KIOSKS), node(3)], 0)
        assert judged.allowed.tolist() == [True, False, False]
        assert judged.by_rule[judged.because[1]] == "besides"
        assert judged.excluded == {"only": 1, "besides": 1}


def test_a_location_without_coordinates_ranks_last_and_fails_a_distance():
    nodes = columns([node(1), node(2, miles=900.0), node(3, miles=20.0), node(4, miles=20.0)])
    assert nodes.nearest_first.tolist() == [2, 3, 1, 0]
    judged = judge(rules(within(300)), ORDER, nodes, 0)
    assert judged.allowed.tolist() == [False, False, True, True]
    assert judged.excluded == {"within 300": 2}


def test_a_filter_on_distance_may_speak_of_stores_alone():
    judged = judge(rules(within(300, kinds=frozenset({"store"}))), ORDER,
                   [node(1, miles=900.0, kind="dc"), node(2, miles=900.0), node(3, kind="dc")], 0)  # fmt: skip
    assert judged.allowed.tolist() == [True, False, True]


def test_the_ladder_widens_and_parks_at_last():
    ladder = (Step("DCs", (only(kinds=["dc"]),)), Step("near", (within(300),)), Step("anywhere"), PARK)
    nodes = [node(1, kind="dc", miles=800.0), node(2, miles=200.0), node(3, miles=2000.0)]
    said = rules(ladder=ladder)
    allowed = [judge(said, ORDER, nodes, step).allowed.tolist() for step in range(4)]
    assert allowed == [[True, False, False], [False, True, False], [True] * 3, [False] * 3]
    assert judge(said, ORDER, nodes, 3).excluded == {}


def test_paused_and_closed_locations_and_full_days():
    daily = Filter(FilterKind.DAILY, "two a day", number=2, kinds=frozenset({"store"}))
    said = rules(Filter(FilterKind.OPEN, "open"), daily)
    nodes = [node(1, is_open=False), node(2, is_paused=True), node(3, taken=2), node(4, taken=1),
             node(5, taken=9, kind="dc")]  # fmt: skip
    judged = judge(said, ORDER, nodes, 0)
    assert judged.allowed.tolist() == [False, False, False, True, True]
    assert judged.excluded == {"open": 1, "two a day": 1, PAUSED: 1}
    assert judged.room[3] == 1
    assert judged.room[4] > 1_000_000


def test_rules_for_a_service_leave_others_alone():
    said = rules(within(25, who=Who(frozenset({"same_day"}))),
                 prices=(Price("flagships", 30_000, frozenset({FLAGSHIPS})),
                         Price("rush", 5_000, who=Who(frozenset({"same_day"})))))  # fmt: skip
    nodes = [node(1, FLAGSHIPS, miles=10.0), node(2, miles=100.0)]
    rushed = judge(said, OrderFacts(services=frozenset({"same_day"})), nodes, 0)
    assert (rushed.allowed.tolist(), rushed.price.tolist()) == ([True, False], [35_000, 5_000])
    calm = judge(said, OrderFacts(services=frozenset({"standard"})), nodes, 0)
    assert (calm.allowed.tolist(), calm.price.tolist()) == ([True, True], [30_000, 0])


def test_filters_on_items_and_shelves_shut_only_those():
    said = rules(
        besides(kinds=["store"], what=What(hazmat=True)), Filter(FilterKind.COUNTED, "counted", number=30),
        Filter(FilterKind.UNITS, "one stays", number=1, what=What(path="apparel")),
    )  # fmt: skip
    lines = [LineFacts(hazmat=True), LineFacts("apparel > shirts", quantity=2), LineFacts("apparels", quantity=2)]
    nodes = [node(1, kind="dc"), node(2)]
    assert judge(said, ORDER, nodes, 0).allowed.all()
    counted = np.array([[1, 1], [1, np.nan], [31, 1]], float)
    shut = judge_lines(said, ORDER, lines, nodes, 0, counted=counted, available=np.array([[9, 9], [2, 3], [2, 2]]))
    assert [*zip(shut.line.tolist(), shut.node.tolist(), shut.because.tolist(), strict=True)] == [
        (0, 1, 0), (1, 0, 2), (1, 1, 1), (2, 0, 1),
    ]  # fmt: skip


def test_without_rules_everybody_may():
    assert judge(CHEAPEST, ORDER, [node(1), node(2, miles=3.0)], 0).allowed.all()
    assert [step.park for step in CHEAPEST.ladder] == [False, False, True]


GROUPS = st.frozensets(st.integers(1, 4), max_size=3)
KINDS = st.frozensets(st.sampled_from(["store", "dc", "dropship"]), max_size=2)
NODES = st.lists(
    st.builds(NodeFacts, id=st.integers(1, 99), kind=st.sampled_from(["store", "dc", "dropship"]), groups=GROUPS,
              miles=st.none() | st.floats(0, 3000), is_open=st.booleans(), is_paused=st.booleans(),
              taken=st.integers(0, 5)), max_size=8)  # fmt: skip
FILTERS = st.lists(
    st.builds(Filter, kind=st.sampled_from(["only", "except", "distance", "open", "daily"]).map(FilterKind),
              name=st.uuids().map(str), groups=GROUPS, kinds=KINDS, number=st.integers(1, 3000)),
    max_size=5)  # fmt: skip


@given(NODES, FILTERS, FILTERS)
def test_more_filters_never_allow_more_and_each_exclusion_is_counted_once(nodes, some, more):
    few = judge(rules(*some), ORDER, nodes, 0)
    many = judge(rules(*some, *more), ORDER, nodes, 0)
    assert not (many.allowed & ~few.allowed).any()
    for judged in (few, many):
        assert sum(judged.excluded.values()) == len(nodes) - judged.allowed.sum()
        assert ((judged.because == -1) == judged.allowed).all()


@given(NODES, FILTERS)
def test_order_of_filters_changes_the_blame_alone(nodes, filters):
    said = judge(rules(*filters), ORDER, nodes, 0)
    turned = judge(rules(*reversed(filters)), ORDER, nodes, 0)
    assert (said.allowed == turned.allowed).all()


@given(NODES, FILTERS)
def test_a_filter_at_a_step_is_as_good_as_one_of_all_steps(nodes, filters):
    at_step = judge(rules(ladder=(Step("one", tuple(filters)), PARK)), ORDER, nodes, 0)
    assert (at_step.because == judge(rules(*filters), ORDER, nodes, 0).because).all()
