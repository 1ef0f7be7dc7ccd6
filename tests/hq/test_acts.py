"""What HQ does with orders, stock, places and dead letters: each an operation with who, when and why."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Closure, CycleCount, ReasonCode, StockHeld, StockMovement
from omni.core.hq.show import list_url, page_url
from omni.core.models import ClaimStatus, Event, EventDelivery, StateChange
from orders.models import FulfillmentOrder, OrderException
from tests.factories import LocationFactory, line, placed, stocked
from tests.shop import audit

pytestmark = pytest.mark.django_db


def act(client, model, name, *rows, follow=True, **data):
    url = reverse(f"admin:{model.replace('.', '_')}_act", args=[name])
    return client.post(url, {"pk": [row.pk for row in rows], **data}, follow=follow)


def test_an_order_is_held_and_released(hq, order):
    act(hq, "orders.order", "hold", order, kind="fraud_review", note="odd address")
    order.refresh_from_db()
    assert (order.hold, order.hold_note) == ("fraud_review", "odd address")
    page = hq.get(page_url("orders.order", order.pk)).content.decode()
    assert "odd address" in page
    act(hq, "orders.order", "unhold", order)
    order.refresh_from_db()
    assert order.hold == ""


def test_an_act_asks_before_it_does(hq, order):
    url = reverse("admin:orders_order_act", args=["cancel"])
    page = hq.get(url, {"pk": order.pk}).content.decode()
    assert str(order.number) in page
    assert 'name="reason"' in page
    order.refresh_from_db()
    assert order.status == "open"


def test_the_reason_is_not_optional(hq, order):
    response = act(hq, "orders.order", "cancel", order, reason="")
    assert response.status_code == 422
    order.refresh_from_db()
    assert order.status == "open"


def test_an_order_is_cancelled_with_a_reason_by_a_person(hq, order):
    act(hq, "orders.order", "cancel", order, reason="customer called")
    order.refresh_from_db()
    assert order.status == "cancelled"
    told = Event.objects.get(topic="orders.cancelled", aggregate_id=str(order.number))
    assert told.payload["reason"] == "customer called"
    assert told.actor == hq.user.shown_name
    assert audit() == {}


def test_a_refusal_keeps_what_was_typed(hq, order):
    act(hq, "orders.order", "cancel", order, reason="first")
    response = act(hq, "orders.order", "hold", order, kind="payment", note="too late")
    assert response.status_code == 409
    assert "Nothing of this order is open any more." in response.content.decode()
    assert "too late" in response.content.decode()


def test_of_several_rows_those_that_can_are_done(hq, order, other_order):
    act(hq, "orders.order", "cancel", order, reason="first")
    response = act(hq, "orders.order", "hold", order, other_order, kind="payment", note="check")
    page = response.content.decode()
    assert "1 order is on hold." in page
    assert "Nothing of this order is open any more." in page
    other_order.refresh_from_db()
    assert other_order.hold == "payment"


def test_ticked_rows_lead_to_the_page_of_the_act(hq, order):
    response = hq.post(list_url("orders.order"), {"action": "hold", "_selected_action": [order.pk]})
    assert response["Location"] == f"/hq/orders/order/act/hold/?pk={order.pk}"


def test_select_across_changes_nothing_that_was_not_ticked(hq, order, other_order):
    data = {"action": "hold", "_selected_action": [order.pk], "select_across": "1"}
    assert hq.post(list_url("orders.order"), data)["Location"].endswith(f"?pk={order.pk}")


def test_work_is_given_to_another_location(hq, order, store):
    elsewhere = LocationFactory()
    variant = stocked(store, 3)
    stocked(elsewhere, 3, variant=variant)
    shipped = placed(line(variant))
    work = shipped.fulfillment_orders.get()
    act(hq, "orders.fulfillmentorder", "decline", work, reason="flooded")
    work.refresh_from_db()
    assert work.status == "declined"
    assert shipped.fulfillment_orders.exclude(pk=work.pk).get().location != work.location
    assert StateChange.objects.about(work.subject).last().reason == "flooded"
    assert audit() == {}


def test_an_exception_is_resolved_with_a_note(hq, order):
    exception = OrderException.objects.create(order=order, kind="payment", detail="declined", raised_at=timezone.now())
    assert "declined" in hq.get(list_url("orders.orderexception")).content.decode()
    act(hq, "orders.orderexception", "resolve", exception, note="paid by phone")
    exception.refresh_from_db()
    assert (exception.resolution, exception.resolved_by) == ("paid by phone", hq.user)
    assert "declined" not in hq.get(list_url("orders.orderexception")).content.decode()


def test_what_still_waits_is_not_resolved_by_words(hq, store):
    order = placed(line(stocked(store, 0), at=store), on_shortage="accept")
    exception = order.exceptions.get(kind="waiting")
    response = act(hq, "orders.orderexception", "resolve", exception, note="never mind")
    assert response.status_code == 409
    assert "still waits for units" in response.content.decode()
    exception.refresh_from_db()
    assert exception.resolved_at is None


def test_an_overdue_confirmation_stays_until_it_is_confirmed(hq):
    dc = LocationFactory(kind="dc")
    order = placed(line(stocked(dc, 3)))
    late = timezone.now() - timedelta(hours=1)
    FulfillmentOrder.objects.filter(order=order).update(status="released", released_at=late, confirm_by=late)
    exception = OrderException.objects.create(order=order, kind="overdue", detail="late", raised_at=late)
    assert "overdue since" in hq.get(list_url("orders.fulfillmentorder", time="unconfirmed")).content.decode()
    assert act(hq, "orders.orderexception", "resolve", exception, note="called them").status_code == 409


def test_stock_is_adjusted_by_a_difference_with_a_reason(manager, order, store):
    level = store.stock_levels.get()
    act(manager, "inventory.stocklevel", "adjust", level, quantity="-1", reason="stolen", note="camera 3")
    level.refresh_from_db()
    assert level.on_hand == 4
    moved = StockMovement.objects.filter(kind="adjust", location=store).latest("id")
    assert (moved.quantity, moved.reason, moved.actor) == (-1, "Theft: camera 3", manager.user.shown_name)
    assert audit() == {}


@pytest.mark.parametrize(("quantity", "status"), [("-6", 409), ("0", 422), ("x", 422), ("1000001", 422)])
def test_an_adjustment_that_cannot_be_is_refused(hq, order, store, quantity, status):
    level = store.stock_levels.get()
    assert act(hq, "inventory.stocklevel", "adjust", level, quantity=quantity, reason="stolen").status_code == status
    level.refresh_from_db()
    assert level.on_hand == 5


def test_adjusting_a_foreign_store_is_not_possible(manager, other_order, other_store):
    level = other_store.stock_levels.get()
    assert act(manager, "inventory.stocklevel", "adjust", level, quantity="1", reason="found").status_code == 404
    level.refresh_from_db()
    assert level.on_hand == 5


def test_a_damaged_unit_goes_to_its_bucket(hq, order, store):
    from_code = ReasonCode.objects.create(code="broken", kind="adjust", label="Broken", effect="damaged")
    level = store.stock_levels.get()
    act(hq, "inventory.stocklevel", "adjust", level, quantity="-2", reason=from_code.code)
    assert StockHeld.objects.get(location=store, bucket="damaged").quantity == 2
    assert audit() == {}


def test_a_count_is_asked_for(manager, order, store):
    act(manager, "inventory.stocklevel", "count", store.stock_levels.get(), reason="looks wrong")
    assert CycleCount.objects.open_at(store).get().reason == "looks wrong"


def test_stores_are_closed_together_and_reopened_together(hq, store, other_store):
    days = {"starts_on": "2027-01-10", "ends_on": "2027-01-11", "reason": "snow"}
    act(hq, "inventory.location", "close", store, other_store, **days)
    assert Closure.objects.values("batch").distinct().count() == 1
    assert Closure.objects.count() == 2
    act(hq, "inventory.closure", "reopen", Closure.objects.first())
    assert not Closure.objects.filter(lifted_at=None).exists()


def test_a_whole_group_is_closed(hq, store, other_store):
    act(hq, "inventory.locationgroup", "close", store.group, starts_on="2027-01-10", ends_on="2027-01-10", reason="ice")
    assert Closure.objects.get().location == store


def test_a_manager_does_not_reopen_what_hq_closed_for_all(hq, manager, store, other_store):
    act(hq, "inventory.location", "close", store, other_store, starts_on="2027-01-10", ends_on="2027-01-10", reason="x")
    response = act(manager, "inventory.closure", "reopen", Closure.objects.get(location=store))
    assert response.status_code == 403
    assert Closure.objects.filter(lifted_at=None).count() == 2


def test_a_manager_cannot_close_somebody_elses_group(manager, other_store):
    days = {"starts_on": "2027-01-10", "ends_on": "2027-01-10", "reason": "x"}
    assert act(manager, "inventory.locationgroup", "close", other_store.group, **days).status_code == 422
    assert not Closure.objects.exists()


def test_a_store_is_paused_and_resumed(manager, store):
    act(manager, "inventory.location", "pause", store, hours="3", reason="two people ill")
    store.refresh_from_db()
    assert store.is_paused(timezone.now())
    act(manager, "inventory.location", "resume", store)
    store.refresh_from_db()
    assert not store.is_paused(timezone.now())


@pytest.fixture
def dead_letter(db):
    event = Event.objects.create(topic="t.x", aggregate_type="a", aggregate_id="1", position=1, sequence=1)
    return EventDelivery.objects.create(
        event=event, subscriber="s", lane="s|a|1", position=1, status="dead", attempts=12, last_error="boom",
        finished_at=timezone.now(),
    )  # fmt: skip


def test_a_dead_letter_is_shown_with_its_cause(hq, dead_letter):
    page = hq.get("/hq/").content.decode()
    assert "/hq/core/eventdelivery/?status__exact=dead" in page
    assert "boom" in hq.get(list_url("core.eventdelivery", status__exact="dead")).content.decode()


def test_a_dead_letter_is_tried_again(hq, dead_letter):
    act(hq, "core.eventdelivery", "retry", dead_letter)
    dead_letter.refresh_from_db()
    assert (dead_letter.status, dead_letter.attempts) == (ClaimStatus.PENDING, 0)


def test_a_dead_letter_is_discarded_with_a_reason(hq, dead_letter):
    act(hq, "core.eventdelivery", "discard", dead_letter, reason="test data")
    dead_letter.refresh_from_db()
    assert dead_letter.status == ClaimStatus.DISCARDED
    assert "test data" in hq.get(page_url("core.eventdelivery", dead_letter.pk)).content.decode()


def test_a_line_that_failed_too_often_is_tried_again(hq, store):
    variant = stocked(store, 0)
    order = placed(line(variant), on_shortage="accept")
    order.lines.update(attempts=5)
    exception = order.exceptions.get(kind="waiting")
    stocked(store, 1, variant=variant)

    act(hq, "orders.orderexception", "retry", exception)

    assert order.fulfillment_orders.get().location == store
    exception.refresh_from_db()
    assert exception.resolved_at is not None
    assert audit() == {}
