"""What was decided about an order's parcels is kept with why, and the same decision can be made from it again."""

from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from omni.core import relay
from omni.core.actors import Actor
from orders.models import FulfillmentOrder, Label, RoutingDecision, RoutingOutcome, Shipment
from orders.operations import route
from orders.operations.decline import decline
from orders.operations.record_outcome import record_outcome
from orders.operations.routing_policy import costs_of, rules_of
from orders.routing.decide import decide
from orders.routing.explanation import explanation
from orders.routing.problem import from_bytes
from tests.factories import LocationFactory, line, placed, stocked
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


def test_what_customers_collect_is_nobodys_decision(two_stores):
    near, _far, variant = two_stores
    assert not placed(line(variant, at=near)).routing_decisions.exists()
