"""HQ's page of a routing decision: its bill adds up, every location is told with why, and drawn."""

import re
from html import unescape
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from omni.core.hq.show import page_url
from orders.admin.decision_map import HEIGHT, WIDTH, Pin, decision_map
from orders.models import RoutingDecision
from orders.operations import route
from orders.routing_words import NOTHING, money
from tests.factories import GroupFactory, LocationFactory, line, placed, stocked
from tests.factories.routing import activated, rule_set

pytestmark = pytest.mark.django_db


def page_of(decision: RoutingDecision) -> str:
    return page_url("orders.routingdecision", decision.pk)


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def kiosk_rules(db):
    kiosks = GroupFactory(name="Kiosks")
    rules = activated(rule_set("No kiosks", filters=[{"kind": "except", "group_ids": [kiosks.pk]}]))
    return kiosks, rules


def test_the_page_says_what_it_cost_instead_of_what_and_who_was_shut_out(hq, store, other_store, kiosk_rules):
    kiosks, rules = kiosk_rules
    kiosk = LocationFactory(name="Airport", group=kiosks)
    variant = stocked(store, 5)
    for place in (other_store, kiosk):
        stocked(place, 5, variant=variant)
    stocked(LocationFactory(name="Bare Street"), 1, variant=variant)
    decision = placed(line(variant, 2)).routing_decisions.get()
    with CaptureQueriesContext(connection) as asked:
        response = hq.get(page_of(decision))
    page = text(response)
    assert f"Cost {money(decision.amount)}" in page
    assert len(response.context["bill"]) == len(decision.explanation["items"])
    assert len(response.context["others"]) == len(decision.explanation["others"]) > 0
    more = decision.explanation["others"][0][0]
    assert response.context["others"][0]["more"] == (f"{money(more)} more" if more >= NOTHING else "the same")
    rule = next(iter(decision.explanation["shut"]))
    assert f"1 location by: {rule}" in page
    assert f"Is closed by the rule “{rule}”" in page
    assert f"Lacks enough of {decision.order.lines.get().title}" in page
    assert page_url("orders.ruleset", rules.pk) in response.content.decode()
    assert [each["is_chosen"] for each in response.context["near"]].count(True) == 1
    assert len(asked) <= 12, [each["sql"] for each in asked]


def test_the_map_highlights_who_sends_and_draws_the_way(hq, store, other_store):
    variant = stocked(store, 5)
    stocked(other_store, 5, variant=variant)
    page = hq.get(page_of(placed(line(variant)).routing_decisions.get()))
    svg = re.search(r"<svg viewBox.*?</svg>", page.content.decode(), re.S).group()
    assert svg.count("data-chosen") == 1
    assert svg.count("map-way") == 1
    assert svg.count("map-target") == 1
    assert "style=" not in svg
    assert 'aria-labelledby="map-title map-text"' in svg


def test_a_degraded_decision_has_no_bill_and_says_why(hq, store):
    with patch.object(route, "decide", side_effect=ValueError("a tariff without zones")):
        decision = placed(line(stocked(store, 3))).routing_decisions.get()
    page = text(hq.get(page_of(decision)))
    assert "There is no bill. ValueError: a tariff without zones" in page
    assert "The next plans" not in page


def test_a_decision_without_a_known_neighborhood_still_has_its_page(hq, store):
    address = {"line1": "1 Rue de Rivoli", "city": "Paris", "postal_code": "75001", "country": "FR"}
    decision = placed(line(stocked(store, 3)), shipping_address=address).routing_decisions.get()
    page = hq.get(page_of(decision))
    assert "Nobody knows where" in text(page)
    assert "map-way" not in page.content.decode()


def test_a_move_says_from_where_for_whom_and_draws_both_ends(hq, store, other_store):
    variant = stocked(store, 3)
    order, other = placed(line(variant)), placed(line(variant))
    moved = RoutingDecision.objects.create(
        order=order, kind="move", decided_at=timezone.now(), engine="1", amount=59_000, shipments=1, rules="Cheapest",
        explanation={
            "step": "together", "parcels": [[store.pk, "", 1, 3, 0, [1]]], "others": [], "shut": {}, "near": [],
            "items": [["tariff", "3", store.pk, 59_000]],
            "moved": {"from": [other_store.pk], "saving": 12_000, "for": [],
                      "by": [[other.number, store.pk, "units"]]},
        },
    )  # fmt: skip
    response = hq.get(page_of(moved))
    page = text(response)
    assert "this one moved away from Elm Street: that saved $1.20." in page
    assert "Cost $5.90" in page
    assert "No rule shut" not in page
    assert "Before and now on a map" in page
    assert f"Has room from Order {other.number}" in page
    assert page_url("orders.order", other.pk) in response.content.decode()
    assert f"2 {other_store.name}" in page
    assert "Would have sent it before" in page


def test_there_is_no_page_of_what_is_not_there_and_none_for_a_manager(hq, manager, store):
    decision = placed(line(stocked(store, 3))).routing_decisions.get()
    assert hq.get(page_url("orders.routingdecision", 987654321)).status_code == 404
    assert manager.get(page_of(decision)).status_code == 403


def test_a_map_keeps_all_inside_and_joins_what_lies_together():
    pins = [Pin(1, (45.0, -93.0), True), Pin(2, (45.0001, -93.0001), False), Pin(3, (45.0, -93.00001), True),
            Pin(4, (40.0, -80.0), False)]  # fmt: skip
    drawn = decision_map(pins, (44.0, -100.0))
    assert sorted(spot.label for spot in drawn.spots) == ["1, 3", "2", "4"]
    assert all(0 < spot.x < WIDTH and 0 < spot.y < HEIGHT for spot in drawn.spots)
    assert drawn.target[0] < min(spot.x for spot in drawn.spots)
    (far,) = (spot for spot in drawn.spots if spot.label == "4")
    assert far.x > drawn.chosen[0].x
    assert far.y > drawn.target[1] > drawn.chosen[0].y
    assert decision_map([], None) is None


def test_one_place_alone_is_in_the_middle():
    (spot,) = decision_map([Pin(1, (45.0, -93.0), True)], None).spots
    assert (spot.x, spot.y) == (WIDTH / 2, HEIGHT / 2)
