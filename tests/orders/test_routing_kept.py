"""What was decided about an order's parcels is kept with why, and the same decision can be made from it again."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from omni.core import relay
from omni.core.actors import Actor
from orders.models import (
    FulfillmentOrder,
    Label,
    Order,
    RoutingDecision,
    RoutingFrontier,
    RoutingOutcome,
    RoutingReplay,
    Shipment,
)
from orders.operations import put_away_decisions as putting
from orders.operations import route
from orders.operations.decline import decline
from orders.operations.past_decisions import past_of
from orders.operations.put_away_decisions import put_away_decisions
from orders.operations.record_outcome import record_outcome
from orders.operations.routing_policy import costs_of, rules_of
from orders.routing.decide import decide
from orders.routing.explanation import explanation
from orders.routing.problem import from_bytes
from orders.routing_words import decision_for
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.routing import frontier_done, replay_done
from tests.shop import audit

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


@pytest.fixture
def two_stores():
    """Near and far; both have the item."""
    near, far = LocationFactory(name="Near"), LocationFactory(name="Far", latitude=46.0)
    variant = stocked(near, 5)
    stocked(far, 5, variant=variant)
    return near, far, variant


def test_a_placed_order_keeps_its_decision_with_its_cost_to_the_cent(two_stores):
    near, far, variant = two_stores
    order = placed(line(variant, 2))
    decision = order.routing_decisions.get()
    told = decision.explanation
    assert (decision.kind, decision.shipments, decision.degraded_because) == ("placement", 1, "")
    assert sum(amount for *_words, amount in told["items"]) == decision.amount
    assert [parcel[0] for parcel in told["parcels"]] == [near.pk]
    assert told["near"][0] == [near.pk, "taken", None]
    assert told["near"][1][:2] == [far.pk, "dearer"]
    assert told["near"][1][2] == told["others"][0][0] > 0


def test_the_same_decision_can_be_made_again_from_what_was_kept(two_stores):
    *_places, variant = two_stores
    decision = placed(line(variant, 7)).routing_decisions.get()
    rules = rules_of((decision.rule_set_id, decision.rule_set_version))
    costs = costs_of((decision.cost_parameters_id, decision.tariff_id))
    again = decide(from_bytes(bytes(decision.inputs)), rules, costs)
    assert again.amount == decision.amount
    assert explanation(rules.ladder[again.step].name, again) == decision.explanation


def test_work_that_a_store_declines_is_decided_anew_and_the_store_is_told_as_shut(two_stores):
    near, far, variant = two_stores
    order = placed(line(variant))
    decline(number=order.fulfillment_orders.get().number, reason="no time", by=BY, now=timezone.now())
    first, second = order.routing_decisions.order_by("pk")
    assert (first.kind, second.kind) == ("placement", "replan")
    assert [parcel[0] for parcel in second.explanation["parcels"]] == [far.pk]
    assert second.explanation["near"][0][:2] == [near.pk, "shut"]
    assert audit() == {}


def test_an_engine_that_fails_loses_no_order(two_stores):
    _near, _far, variant = two_stores
    with patch.object(route, "decide", side_effect=ValueError("a tariff without zones")):
        order = placed(line(variant, 7))
    assert sum(FulfillmentOrder.objects.filter(order=order).values_list("lines__quantity", flat=True)) == 7
    decision = order.routing_decisions.get()
    assert decision.degraded_because == "ValueError: a tariff without zones"
    assert (decision.amount, decision.shipments, decision.unserved_quantity) == (None, 2, 0)
    assert audit() == {}


def test_what_became_of_a_parcel_is_held_against_what_was_predicted(two_stores):
    _near, _far, variant = two_stores
    order = placed(line(variant))
    first = order.fulfillment_orders.get()
    assert record_outcome(number=first.number, now=timezone.now()) is None, "it goes on"
    decline(number=first.number, reason="no time", by=BY, now=timezone.now())
    relay.run_once()
    outcome = RoutingOutcome.objects.get()
    assert (outcome.fulfillment_order, outcome.ended, outcome.label_amount) == (first, "declined", None)
    assert outcome.decision == order.routing_decisions.earliest("pk")
    postage = [amount for kind, _name, _place, amount in outcome.decision.explanation["items"] if kind == "tariff"]
    assert outcome.predicted_amount == sum(postage) > 0
    assert record_outcome(number=first.number, now=timezone.now()) == outcome, "once"


def test_what_a_parcel_cost_is_what_its_label_cost(two_stores):
    *_places, variant = two_stores
    work = placed(line(variant)).fulfillment_orders.get()
    FulfillmentOrder.objects.filter(pk=work.pk).update(status="shipped", closed_at=timezone.now())
    parcel = Shipment.objects.create(fulfillment_order=work, number="P-1", created_at=timezone.now())
    for status, amount in (("bought", "8.31"), ("voided", "50"), ("refused", None)):
        Label.objects.create(
            shipment=parcel, key=status, status=status, carrier="Sim", amount=amount, currency="USD",
            asked_at=timezone.now(),
        )  # fmt: skip
    outcome = record_outcome(number=work.number, now=timezone.now())
    assert (outcome.ended, outcome.label_amount) == ("shipped", 83_100)


def test_a_decision_is_written_once(two_stores):
    *_places, variant = two_stores
    decision = placed(line(variant)).routing_decisions.get()
    for act in (lambda: RoutingDecision.objects.update(shipments=9), decision.delete):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            act()


YEARS = timedelta(days=731)


def closed_today(*items, status="fulfilled"):
    """Closed today; two years later that is long ago."""
    order = placed(*items)
    order.fulfillment_orders.update(closed_at=timezone.now())
    Order.objects.filter(pk=order.pk).update(status=status)
    return order


def test_of_orders_that_are_long_closed_it_is_put_away_why(two_stores, monkeypatch):
    *_places, variant = two_stores
    monkeypatch.setattr(putting, "SLICE", 2)
    closed = [closed_today(line(variant)) for _ in range(2)] + [closed_today(line(variant), status="cancelled")]
    still_open, busy = placed(line(variant)), closed_today(line(variant))
    busy.fulfillment_orders.update(closed_at=None)
    before = RoutingDecision.objects.in_bulk()
    assert put_away_decisions(now=timezone.now() + YEARS - timedelta(days=2)) == 0, "not yet two years"

    then = timezone.now() + YEARS
    assert put_away_decisions(now=then) == 3
    assert put_away_decisions(now=then) == 0

    for order in closed:
        decision = order.routing_decisions.get()
        assert (decision.explanation, bytes(decision.inputs), decision.put_away_at) == ({}, b"", then)
        kept = before[decision.pk]
        assert (decision.amount, decision.shipments, decision.rules) == (kept.amount, kept.shipments, kept.rules)
        assert past_of(decision) is None
        assert decision_for([decision], place=two_stores[0].pk, positions={1}) is None
    for order in (still_open, busy):
        decision = order.routing_decisions.get()
        assert (decision.explanation, decision.put_away_at) == (before[decision.pk].explanation, None)


def test_what_is_left_when_time_is_over_is_put_away_by_the_next_run(two_stores, monkeypatch):
    *_places, variant = two_stores
    for _ in range(3):
        closed_today(line(variant))
    monkeypatch.setattr(putting, "SLICE", 1)
    clock = iter([0.0, 1.0, 30.0, 30.0, 30.0])
    monkeypatch.setattr(putting.time, "monotonic", lambda: next(clock))
    assert put_away_decisions(now=timezone.now() + YEARS) == 1
    monkeypatch.undo()
    assert put_away_decisions(now=timezone.now() + YEARS) == 2


def test_the_database_lets_nothing_else_be_put_away(two_stores):
    *_places, variant = two_stores
    still_open, closed = placed(line(variant)), closed_today(line(variant))
    gone = {"explanation": {}, "inputs": b"", "put_away_at": timezone.now()}
    for order, changes in (
        (still_open, gone), (closed, gone | {"amount": 1}), (closed, gone | {"explanation": {"items": []}}),
        (closed, {"explanation": {}, "inputs": b""}),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            order.routing_decisions.update(**changes)
    closed.routing_decisions.update(**gone)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        closed.routing_decisions.update(put_away_at=None)


def test_replays_of_that_age_go_too_and_one_at_work_stays():
    ended, at_work = replay_done(), replay_done()
    frontier = frontier_done()
    RoutingReplay.objects.filter(pk=at_work.pk).update(status="running", finished_at=None)
    put_away_decisions(now=timezone.now() + timedelta(days=700))
    assert RoutingReplay.objects.count() == 2
    put_away_decisions(now=timezone.now() + YEARS)
    assert list(RoutingReplay.objects.all()) == [at_work]
    assert not RoutingFrontier.objects.filter(pk=frontier.pk).exists()
    assert not RoutingReplay.objects.filter(pk=ended.pk).exists()


def test_what_customers_collect_is_nobodys_decision(two_stores):
    near, _far, variant = two_stores
    assert not placed(line(variant, at=near)).routing_decisions.exists()
