"""A pickup whose store lacks the units: they are sent from another location, and nobody else gets them on the way."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inventory.models import StockLevel, Transfer
from inventory.operations.answer_transfer import cancel_transfer
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.pick_transfer import pick_for_transfer, ship_transfer
from inventory.operations.receive_transfer import finish_receiving, receive_scan
from omni.core.actors import Actor
from omni.core.models import Event, Setting
from omni.core.settings_store import forget
from orders.customer_link import link_token
from orders.models import PickupChoice
from orders.operations.cancel import cancel
from orders.operations.claim import claim
from orders.operations.follow_transfer import follow_transfer
from orders.operations.hand_over import Collector, hand_over
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.resolve_shortfall import resolve_shortfall
from orders.operations.stage import stage
from orders.pickup_code import pickup_code
from tests.factories import LocationFactory, line, placed, stocked
from tests.refusing import refused
from tests.shop import audit, level, open_shop

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
now = timezone.now


@pytest.fixture
def shop():
    return open_shop(name="Oak Street")


@pytest.fixture
def far():
    return LocationFactory(name="Elm Street")


@pytest.fixture(autouse=True)
def allowed(db):
    Setting.objects.create(key="orders.ship_to_store_channels", value="web")
    forget()
    yield
    forget()


def sent(transfer, variant, units: int) -> None:
    for _ in range(units):
        pick_for_transfer(number=transfer.number, code=variant.sku, by=BY, now=now())
    ship_transfer(number=transfer.number, by=BY, now=now())


def arrive(transfer, variant, **more):
    receive_scan(number=transfer.number, code=variant.sku, by=BY, now=now(), **more)
    follow_transfer(number=transfer.number, now=now())


def page(order) -> str:
    return Client().get(f"/my/{link_token(order)}/").content.decode()


def test_the_whole_way_from_another_store_into_the_customers_hands(shop, far):
    tee = stocked(far, 5)
    order = placed(line(tee, 2, at=shop.store))
    work = order.fulfillment_orders.get()
    assert (work.status, work.transfer.from_location, work.location) == ("awaiting", far, shop.store)
    assert level(tee, far) == (5, 2, 0), "reserved at the sender from this moment"
    assert work.due_at > now() + timedelta(days=2)
    assert list(Transfer.objects.to_answer_at(far)) == [work.transfer]
    assert "being sent to Oak Street" in page(order)
    assert audit() == {}

    sent(work.transfer, tee, 2)
    assert "On its way to your store" in page(order)
    arrive(work.transfer, tee)
    assert level(tee, shop.store) == (1, 1, 0), "promised by the statement that received it"
    work.refresh_from_db()
    assert (work.status, audit()) == ("awaiting", {})
    arrive(work.transfer, tee)
    work.refresh_from_db()
    assert (work.status, level(tee, shop.store)) == ("planned", (2, 2, 0))
    assert "Arrived at your store" in page(order)

    release_due(now=now())
    walk = claim(location=shop.store, numbers=[work.number], by=shop.picker, now=now())
    for _ in range(2):
        pick(pick_list_id=walk.pk, code=tee.sku, by=shop.picker, now=now())
    stage(number=work.number, shelf_code="S-1", by=shop.picker, now=now())
    assert "Ready for you" in page(order)
    hand_over(number=work.number, collector=Collector("code", code=pickup_code(order.code_seed)), by=shop.picker,
              now=now())  # fmt: skip
    finish_receiving(number=work.transfer.number, by=BY, now=now())
    order.refresh_from_db()
    assert (order.status, level(tee, shop.store), level(tee, far)) == ("fulfilled", (0, 0, 0), (3, 0, 0))
    assert audit() == {}


def test_the_store_gives_what_it_has_and_the_rest_is_sent(shop, far):
    tee = stocked(far, 5)
    stocked(shop.store, 1, variant=tee)
    order = placed(line(tee, 3, at=shop.store))
    assert sorted(order.fulfillment_orders.values_list("status", "lines__quantity")) == [
        ("awaiting", 2), ("planned", 1)
    ]  # fmt: skip
    assert (level(tee, shop.store), level(tee, far)) == ((1, 1, 0), (5, 2, 0))
    assert audit() == {}


def test_other_channels_and_items_that_nobody_has_are_refused_as_before(shop, far):
    tee = stocked(far, 5)
    with refused("insufficient_stock"):
        placed(line(tee, 1, at=shop.store), channel="marketplace")
    with refused("insufficient_stock"):
        placed(line(tee, 6, at=shop.store))
    assert level(tee, far) == (5, 0, 0)
    assert not Transfer.objects.exists()


def test_cancelled_before_it_left_it_is_free_and_afterwards_arrives_as_ordinary_stock(shop, far):
    tee = stocked(far, 5)
    early, late = (placed(line(tee, 1, at=shop.store)) for _ in range(2))
    cancel(number=early.number, reason="changed", by=BY, now=now())
    assert level(tee, far) == (5, 1, 0)
    assert early.fulfillment_orders.get().transfer.status == "cancelled"

    transfer = late.fulfillment_orders.get().transfer
    sent(transfer, tee, 1)
    cancel(number=late.number, reason="changed", by=BY, now=now())
    assert audit() == {}
    arrive(transfer, tee)
    assert level(tee, shop.store) == (1, 0, 0)
    assert audit() == {}


def test_lost_on_the_road_it_comes_from_elsewhere_and_the_customer_is_told(shop, far):
    tee = stocked(far, 1)
    other = LocationFactory(name="Ash Street")
    order = placed(line(tee, 1, at=shop.store))
    stocked(other, 1, variant=tee)
    first = order.fulfillment_orders.get()
    sent(first.transfer, tee, 1)
    finish_receiving(number=first.transfer.number, is_rest_lost=True, by=BY, now=now())
    follow_transfer(number=first.transfer.number, now=now())
    first.refresh_from_db()
    second = order.fulfillment_orders.exclude(pk=first.pk).get()
    assert (first.status, second.status, second.transfer.from_location) == ("declined", "awaiting", other)
    assert audit() == {}

    cancel_transfer(number=second.transfer.number, reason="broken", by=BY, now=now())
    follow_transfer(number=second.transfer.number, now=now())
    follow_transfer(number=second.transfer.number, now=now())
    assert PickupChoice.objects.get(order_line__order=order).quantity == 1, "nobody else has it: the customer is asked"
    assert Event.objects.filter(topic="orders.choice_offered").count() == 1
    assert audit() == {}


def test_the_senders_till_sells_it_and_the_promise_moves(shop, far):
    tee = stocked(far, 1)
    order = placed(line(tee, 1, at=shop.store))
    transfer = order.fulfillment_orders.get().transfer
    stocked(LocationFactory(), 1, variant=tee)
    move_stock(moves=[Move(tee.pk, far.pk, "pos_sale", -1)], by=BY, now=now())
    resolve_shortfall(variant_id=tee.pk, location_id=far.pk, now=now())
    follow_transfer(number=transfer.number, now=now())
    assert order.fulfillment_orders.filter(status="awaiting").exclude(transfer=transfer).count() == 1
    assert not StockLevel.objects.filter(shortfall__gt=0).exists()
    assert audit() == {}


def test_damaged_on_arrival_it_is_not_the_customers(shop, far):
    tee = stocked(far, 1)
    order = placed(line(tee, 1, at=shop.store))
    transfer = order.fulfillment_orders.get().transfer
    sent(transfer, tee, 1)
    receive_scan(number=transfer.number, code=tee.sku, kind="damaged", by=BY, now=now())
    finish_receiving(number=transfer.number, by=BY, now=now())
    follow_transfer(number=transfer.number, now=now())
    assert not StockLevel.objects.filter(location=shop.store, on_hand__gt=0).exists()
    assert PickupChoice.objects.filter(order_line__order=order).exists()
    assert audit() == {}
