"""Units that the customer takes along leave this shelf in the transaction that sells them."""

from collections import Counter
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Location, StockMovement
from orders.models import Capture, FulfillmentOrder, Order, OrderLine
from orders.operations.request import LineRequest, PaymentRequest
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.refusing import refused
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Location:
    return LocationFactory(pickup_capacity=1, ship_capacity=1)


def carried(variant, store, quantity: int = 1, **more) -> LineRequest:
    return LineRequest(
        reference=f"carried-{variant.sku}", sku=variant.sku, quantity=quantity, method="carry_out",
        location=store.code, **more,
    )  # fmt: skip


def test_what_is_carried_out_is_sold_settled_and_gone_at_once(store):
    ana = person("associate", at=store)
    variant = stocked(store, 3)
    order = placed(
        carried(variant, store, 2, selling_location=store.code, associate=ana.username),
        channel="endless_aisle", shipping_address=None, payments=[PaymentRequest("card", "psp_1", Decimal("39.98"))],
    )  # fmt: skip

    order.refresh_from_db()
    work, sold = order.fulfillment_orders.get(), order.lines.get()
    assert (order.status, work.status, work.method, work.location) == ("fulfilled", "handed_over", "carry_out", store)
    assert (sold.selling_location, sold.associate, sold.pickup_location) == (store, ana, store)
    assert (sold.fulfilled_quantity, sold.settled_quantity, sold.allocated_quantity) == (2, 2, 0)
    assert level(variant, store) == (1, 0, 0)
    moved = StockMovement.objects.filter(kind="carry_out").get()
    assert (moved.quantity, moved.on_hand_after) == (-2, 1)
    assert Capture.objects.get().amount == Decimal("39.98")
    assert work.capacity_day is None
    assert audit() == {}


def test_a_customer_at_the_shelf_gets_the_last_unit_that_is_kept_back_from_the_web(store):
    variant = stocked(store, 1, safety_stock=1)
    with refused("insufficient_stock"):
        placed(line(variant, at=store))
    placed(carried(variant, store))
    assert level(variant, store) == (0, 0, 0)


def test_units_promised_to_somebody_else_are_not_carried_out(store):
    variant = stocked(store, 2)
    placed(line(variant, 1, at=store))
    with refused("insufficient_stock") as info:
        placed(carried(variant, store, 2))
    (error,) = info.value.errors
    assert (error["wanted"], error["available"]) == (2, 1)
    assert level(variant, store) == (2, 1, 0)


def test_nothing_that_is_carried_out_can_wait(store):
    variant = stocked(store, 1)
    with refused("insufficient_stock"):
        placed(carried(variant, store, 2), on_shortage="accept")
    assert not Order.objects.exists()


def test_one_shelf_serves_both_and_keeps_its_safety_stock_from_the_promise(store):
    variant = stocked(store, 3, safety_stock=1)
    placed(carried(variant, store), line(variant, 1, at=store))
    assert level(variant, store) == (2, 1, 0)
    with refused("insufficient_stock"):
        placed(carried(variant, store), line(variant, 1, at=store), channel_reference="again")
    assert level(variant, store) == (2, 1, 0)
    assert audit() == {}


def test_a_mixed_order_is_partly_fulfilled_and_each_line_has_its_own_promise(store):
    other = LocationFactory()
    here, there, shipped = stocked(store, 1), stocked(other, 1), stocked(other, 1)
    order = placed(carried(here, store), line(there, at=other), line(shipped))
    order.refresh_from_db()
    assert order.status == "partly_fulfilled"
    works = FulfillmentOrder.objects.filter(order=order)
    assert Counter(works.values_list("method", "status")) == Counter(
        {("carry_out", "handed_over"): 1, ("pickup", "planned"): 1, ("ship", "planned"): 1}
    )
    assert audit() == {}


def test_a_closed_or_paused_store_still_sells_what_somebody_holds_in_their_hands():
    store = LocationFactory(weekly_hours={}, paused_until=timezone.now() + timezone.timedelta(hours=1))
    variant = stocked(store, 1)
    placed(carried(variant, store))
    assert OrderLine.objects.get().fulfilled_quantity == 1


def test_nobody_carries_anything_out_of_a_distribution_center():
    center = LocationFactory(kind="dc")
    variant = stocked(center, 1)
    with refused("invalid_order"):
        placed(carried(variant, center))
