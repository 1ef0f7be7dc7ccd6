"""A decision in plain sentences: each reason has its own, and none says more than is known."""

import pytest
from django.utils import translation

from orders.models import RoutingDecision
from orders.routing_words import (
    Names,
    decision_for,
    item_words,
    nearer_words,
    places_of,
    reason_words,
    why_here,
    yielded_words,
)

NAMES = Names({1: "Oak Street", 2: "Elm Street", 3: "Reno"}, {1: "Mug", 2: "Shirt", 3: "Hat", 4: "Sock"})
HERE = 1


def decision(*, near, parcels=None, items=(), others=(), missing=0) -> RoutingDecision:
    return RoutingDecision(
        rules="Cheapest", amount=sum(each[3] for each in items), unserved_quantity=missing,
        explanation={
            "step": "anywhere", "parcels": parcels or [[HERE, "ground", 1, 3, 0, [1]]], "items": list(items),
            "others": list(others), "shut": {}, "near": near,
        },
    )  # fmt: skip


TAKEN = [HERE, "taken", None]


@pytest.mark.parametrize(("near", "words"), [
    ([2, "lacks", [1]], "Elm Street is nearer, but lacks enough of Mug."),
    ([2, "lacks", [1, 2]], "Elm Street is nearer, but lacks enough of Mug and Shirt."),
    ([2, "lacks", [1, 2, 3, 4]], "Elm Street is nearer, but lacks enough of Mug, Shirt, Hat and 1 more."),
    ([2, "shut", ""], "Elm Street is nearer, but declined it before, or did not find it."),
    ([2, "shut", "Counted within 30 days"],
     "Elm Street is nearer, but is closed to it by the rule “Counted within 30 days”."),
    ([2, "closed", "Not kiosks"], "Elm Street is nearer, but is closed by the rule “Not kiosks”."),
    ([2, "closed", "paused"], "Elm Street is nearer, but had paused."),
    ([2, "closed", ""], "Elm Street is nearer, but no carrier takes this parcel from there."),
    ([2, "full", None], "Elm Street is nearer, but had no room left for another order."),
    ([2, "dearer", 7000], "Elm Street is nearer, but a plan with it would cost $0.70 more."),
    ([2, "dearer", None], "Elm Street is nearer, but another plan was no worse."),
    ([2, "dearer", 49], "Elm Street is nearer, but another plan was no worse."),
    ([2, "dearer", 0], "Elm Street is nearer, but another plan was no worse."),
    ([2, "unfit", None], "Elm Street is nearer, but no plan with it keeps what the order asks for."),
    ([2, "taken", None], "Elm Street is nearer, and sends another part of the order."),
    ([9, "full", None], "#9 is nearer, but had no room left for another order."),
])  # fmt: skip
def test_each_reason_is_a_sentence(near, words):
    assert nearer_words(near, NAMES) == words


@pytest.mark.parametrize(("near", "words"), [
    ([TAKEN, [2, "dearer", 7000]], "Closest location that can send everything."),
    ([[2, "lacks", [1]], TAKEN], "Closest location that can send everything."),
    ([[2, "closed", "Not kiosks"], [3, "lacks", [1]], TAKEN], "Closest location that can send everything."),
    ([[2, "dearer", 7000], TAKEN],
     "Not the closest, but the plan that the rules and costs favor; it has everything."),
    ([[2, "lacks", [1]]], "Not among the nearest locations, but in the plan that the rules and costs favor."),
])  # fmt: skip
def test_the_first_sentence_says_the_most(near, words):
    assert why_here(decision(near=near), HERE, NAMES)[0] == words


def test_what_it_costs_adds_up_and_the_next_best_follows():
    told = decision(
        near=[TAKEN],
        items=[["tariff", "3", HERE, 59_000], ["fee", "packing", HERE, 12_000], ["handling", "", HERE, 12_100]],
        others=[[7_000, [2]]],
    )  # fmt: skip
    assert why_here(told, HERE, NAMES)[1:] == [
        "Shipping from here costs $8.31: postage (zone 2, 3 lb) $5.90, packing and its work $1.20, picking work $1.21.",
        "The next best plan, from Elm Street, would cost $0.70 more.",
    ]


def test_a_split_order_names_the_others_and_what_no_place_was_found_for():
    told = decision(
        near=[[2, "taken", None], TAKEN], missing=1,
        parcels=[[2, "ground", 0, 1, 0, [2]], [HERE, "ground", 1, 3, 2, [1]]],
        items=[["tariff", "1", 2, 40_000], ["tariff", "3", HERE, 59_000], ["split", "", 0, 10_000]],
        others=[[0, [2, 3]]],
    )  # fmt: skip
    assert why_here(told, HERE, NAMES) == [
        "Part of the order, in the plan that the rules and costs favor.",
        "The order is split: Shirt from Elm Street.",
        "1 unit found no place.",
        "Elm Street is nearer, and sends another part of the order.",
        "Shipping from here costs $5.90: postage (zone 2, 3 lb) $5.90.",
        "It comes 2 working days late.",
        "The next best plan, from Elm Street and Reno, would cost the same.",
    ]
    assert places_of([told]) == {1, 2, 3}


def test_many_that_are_nearer_are_counted():
    near = [[10 + n, "full", None] for n in range(7)]
    said = why_here(decision(near=[*near, TAKEN]), HERE, NAMES)
    assert sum("is nearer" in each for each in said) == 5
    assert said[6] == "2 more locations are nearer."


def test_a_degraded_decision_says_so_and_nothing_else():
    told = RoutingDecision(degraded_because="ValueError: x", explanation={})
    assert [each[:38] for each in why_here(told, HERE, NAMES)] == ["The routing engine could not decide at"]


def test_the_latest_decision_that_gave_these_lines_to_the_location_explains_it():
    old = decision(near=[TAKEN], parcels=[[HERE, "ground", 1, 3, 0, [1]]])
    new = decision(near=[TAKEN], parcels=[[HERE, "ground", 1, 3, 0, [1, 2]]])
    other = decision(near=[TAKEN], parcels=[[2, "ground", 1, 3, 0, [1]]])
    degraded = RoutingDecision(degraded_because="x", explanation={})
    assert decision_for([degraded, other, new, old], place=HERE, positions={1}) is new
    assert decision_for([degraded, other], place=HERE, positions={1}) is degraded
    assert decision_for([other], place=HERE, positions={1}) is None
    assert decision_for([new], place=HERE, positions={7}) is None


def test_it_speaks_spanish():
    with translation.override("es"):
        assert (
            nearer_words([2, "lacks", [1, 2]], NAMES)
            == "Elm Street está más cerca, pero no tiene suficiente de: Mug y Shirt."
        )


def test_each_item_of_the_bill_has_words():
    said = [item_words(*each) for each in (
        ("tariff", "3"), ("fee", "packing"), ("fee", "waiting"), ("fee", "rules"), ("fee", "late"), ("fee", ""),
        ("handling", ""), ("unit_value", ""), ("unit_value", "failing"), ("price", "slot"), ("price", "units"),
        ("split", ""), ("unserved", ""),
    )]  # fmt: skip
    assert len(set(said)) == len(said)
    assert item_words("fee", "gift wrap") == "gift wrap"
    assert reason_words(TAKEN, NAMES) == "sends a parcel"


TOGETHER = "All unreleased orders were decided about together"


@pytest.mark.parametrize(("moved", "words"), [
    ({"from": [2], "saving": 12_000}, f"{TOGETHER}, and this one moved away from Elm Street: that saved $1.20."),
    ({"from": [2, 3], "saving": -500}, f"{TOGETHER}, and this one moved away from Elm Street and Reno."),
    ({"from": [], "saving": 0}, f"{TOGETHER}."),
])  # fmt: skip
def test_what_moved_claims_nothing_about_who_is_nearer(moved, words):
    told = decision(near=[], items=[["tariff", "3", HERE, 59_000]])
    told.explanation["moved"] = moved
    assert why_here(told, HERE, NAMES) == [words, "Shipping from here costs $5.90: postage (zone 2, 3 lb) $5.90."]
    assert places_of([told]) == {HERE, *moved["from"]}


@pytest.mark.parametrize(("saving", "what", "words"), [
    (-4_000, ["units", 12_000], ["It left its units at Elm Street to order 7001, which needed them and saves $1.20.",
                                 "From here it costs $0.40 more than before."]),
    (0, ["slot", 12_000], ["It left its place at Elm Street to order 7001, which needed it and saves $1.20."]),
    (0, ["units", None], ["It left its units at Elm Street to order 7001, which needed them."]),
    (0, ["slot", -10], ["It left its place at Elm Street to order 7001, which needed it."]),
    (9_000, ["units", 12_000], []),
])  # fmt: skip
def test_who_moves_at_a_loss_is_told_for_whom(saving, what, words):
    told = decision(near=[], items=[])
    told.explanation["moved"] = {
        "from": [2],
        "saving": saving,
        "for": [[7001, 2, *what]],
        "by": [[7002, HERE, "units"]],
    }
    assert yielded_words(told, NAMES) == [*words, f"Order 7002 made room for it at {NAMES.place(HERE)}."]
    assert set(words) <= set(why_here(told, HERE, NAMES))
    assert places_of([told]) == {HERE, 2}
