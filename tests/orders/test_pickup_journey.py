"""One pickup order from placement to money, through the operations that every door uses."""

from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import CycleCount, StockHeld, StockLevel
from omni.core.actors import Actor
from omni.core.checks import run_checks
from orders.models import FulfillmentOrder, Order, PickupChoice
from orders.operations.cancel import cancel
from orders.operations.claim import claim
from orders.operations.hand_over import Collector, hand_over, undo_hand_over
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.request import PaymentRequest
from orders.operations.settle import finalize_hand_overs
from orders.operations.short_pick import short_pick
from orders.operations.stage import stage
from orders.pickup_code import pickup_code
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def level(variant, location) -> StockLevel:
    return StockLevel.objects.get(variant=variant, location=location)


def violations() -> dict[str, list[str]]:
    return {finding.check: finding.first for finding in run_checks() if finding.count}


@pytest.fixture
def store():
    return LocationFactory()


@pytest.fixture
def picker(store):
    return Actor.of(person("associate", at=store))


def picking(order, store, picker):
    """The order's work, released and claimed."""
    release_due(now=timezone.now())
    work = order.fulfillment_orders.get()
    return work, claim(location=store, numbers=[work.number], by=picker, now=timezone.now())


def test_an_order_is_picked_staged_handed_over_and_paid(store, picker):
    variant = stocked(store, 5)
    order = placed(line(variant, 2, at=store), payments=[PaymentRequest("card", "psp_1", Decimal("50"))])
    assert (level(variant, store).on_hand, level(variant, store).reserved) == (5, 2)

    work, pick_list = picking(order, store, picker)
    for _ in range(2):
        pick(pick_list_id=pick_list.pk, code=variant.barcodes.get().code, by=picker, now=timezone.now())
    with refused("over_scan"):
        pick(pick_list_id=pick_list.pk, code=variant.sku, by=picker, now=timezone.now())
    stage(number=work.number, shelf_code="s-1", by=picker, now=timezone.now())
    collector = Collector(check="code", code=pickup_code(order.code_seed).lower())
    handed = hand_over(number=work.number, collector=collector, by=picker, now=timezone.now())

    assert (level(variant, store).on_hand, level(variant, store).reserved) == (3, 0)
    order.refresh_from_db()
    assert order.status == Order.Status.FULFILLED
    finalize_hand_overs(now=handed.undo_until)
    assert order.payments.get().captures.get().amount == Decimal("39.98")
    assert violations() == {}


def test_a_hand_over_can_be_undone_within_its_minute(store, picker):
    variant = stocked(store, 1)
    order = placed(line(variant, at=store))
    work, pick_list = picking(order, store, picker)
    pick(pick_list_id=pick_list.pk, code=variant.sku, by=picker, now=timezone.now())
    stage(number=work.number, shelf_code="s-1", by=picker, now=timezone.now())
    collector = Collector(check="photo_id", name="Ada Byron")
    handed = hand_over(number=work.number, collector=collector, by=picker, now=timezone.now())

    undo_hand_over(hand_over_id=handed.pk, by=picker, now=timezone.now())

    assert (level(variant, store).on_hand, level(variant, store).reserved) == (1, 1)
    assert FulfillmentOrder.objects.get(pk=work.pk).status == "staged"
    assert finalize_hand_overs(now=handed.undo_until) == 0
    assert violations() == {}


def test_a_short_ship_line_goes_to_another_store_at_once(store, picker):
    other = LocationFactory(latitude=store.latitude + 1)
    variant = stocked(store, 1)
    stocked(other, 1, variant=variant)
    order = placed(line(variant))
    FulfillmentOrder.objects.update(release_at=timezone.now())
    work, pick_list = picking(order, store, picker)

    short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=1, reason_code="not-found",
               by=picker, now=timezone.now())  # fmt: skip

    new = order.fulfillment_orders.exclude(pk=work.pk).get()
    assert (new.location, new.status, new.method) == (other, "planned", "ship")
    assert level(variant, store).on_hand == 0
    assert StockHeld.objects.get(variant=variant, location=store).bucket == "not_found"
    assert CycleCount.objects.open_at(store).get().variant == variant
    assert violations() == {}


def test_a_short_pickup_line_asks_the_customer(store, picker):
    variant, found = stocked(store, 1), stocked(store, 1)
    order = placed(line(variant, at=store), line(found, at=store))
    work, pick_list = picking(order, store, picker)

    short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get(variant=variant).pk, quantity=1,
               reason_code="damaged", by=picker, now=timezone.now())  # fmt: skip

    assert PickupChoice.objects.get().order_line.variant == variant
    assert order.fulfillment_orders.count() == 1
    pick(pick_list_id=pick_list.pk, code=found.sku, by=picker, now=timezone.now())
    assert stage(number=work.number, shelf_code="S1", by=picker, now=timezone.now()).status == "staged"
    assert violations() == {}


def test_cancelling_during_picking_stops_the_picker_and_asks_to_put_back(store, picker):
    variant = stocked(store, 3)
    order = placed(line(variant, 2, at=store))
    _work, pick_list = picking(order, store, picker)
    pick(pick_list_id=pick_list.pk, code=variant.sku, by=picker, now=timezone.now())

    cancel(number=order.number, reason="changed my mind", by=Actor.system("site"), now=timezone.now())

    with refused("stopped"):
        pick(pick_list_id=pick_list.pk, code=variant.sku, by=picker, now=timezone.now())
    assert level(variant, store).on_hand == 2, "the picked unit is not for sale until it is scanned back"
    assert store.put_backs.get().quantity == 1
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert violations() == {}
