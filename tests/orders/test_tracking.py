"""Tracking: each piece of news once, in any order, and the parcel is where the news say."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.models import Event
from orders import events
from orders.carriers.port import News
from orders.models import OrderException, Shipment, TrackingEvent
from orders.operations.follow import record_news, whereabouts
from orders.operations.follow_parcels import QUIET, follow_parcels
from orders.operations.leave import hand_parcel_over
from tests.factories import LocationFactory
from tests.factories.parcels import handed_over, labelled

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def store():
    return LocationFactory(line1="1 Oak St", city="Minneapolis", region="MN", postal_code="55401")


def tell(parcel: Shipment, status: str, hours: int = 0, event_id: str = "") -> None:
    news = News(event_id or f"{status}-{hours}", parcel.tracking_number, status, NOW() + timedelta(hours=hours), status)
    record_news(news=news, source="test", now=NOW())
    parcel.refresh_from_db()


def test_a_parcel_moves_with_its_news_and_delivery_is_told_once(store):
    parcel = handed_over(store)
    tell(parcel, "announced")
    assert parcel.status == "handed_over"
    tell(parcel, "in_transit", 1)
    assert parcel.status == "in_transit"
    for _ in range(2):
        tell(parcel, "delivered", 2)
    assert (parcel.status, parcel.delivered_at is not None, parcel.tracking_events.count()) == ("delivered", True, 3)
    assert Event.objects.filter(topic=events.DELIVERED).count() == 1
    assert not [finding for finding in run_checks() if finding.count]


def test_news_out_of_order_end_in_the_same_place(store):
    parcel = handed_over(store)
    tell(parcel, "delivered", 5)
    tell(parcel, "out_for_delivery", 4)
    tell(parcel, "in_transit", 1)
    assert (parcel.status, Event.objects.filter(topic=events.DELIVERED).count()) == ("delivered", 1)


@pytest.mark.parametrize("order", permutations([("in_transit", 1), ("problem", 2), ("returned", 3), ("delivered", 4)]))
def test_a_parcel_that_came_back_is_returned_in_whatever_order_we_hear_of_it(order):
    assert whereabouts((status, NOW() + timedelta(hours=hours)) for status, hours in order) == "returned"


def test_a_lost_parcel_is_on_hqs_list_until_it_is_found(store):
    parcel = handed_over(store)
    tell(parcel, "lost", 10)
    assert (parcel.status, OrderException.objects.get(kind="parcel").resolved_at) == ("lost", None)
    assert Event.objects.get(topic=events.PARCEL_LOST).payload["shipment"] == parcel.number
    tell(parcel, "in_transit", 20)
    assert (parcel.status, OrderException.objects.get(kind="parcel").resolution) == ("in_transit", "found again")


def test_a_parcel_on_its_way_back_is_told_with_what_is_in_it(store):
    parcel = handed_over(store)
    tell(parcel, "returned", 30)
    told = Event.objects.get(topic=events.PARCEL_RETURNED).payload
    assert (told["shipment"], told["lines"][0]["quantity"]) == (parcel.number, 2)


def test_news_that_overtake_our_own_scan_wait_for_it(store):
    parcel = labelled(store)
    tell(parcel, "in_transit", 1)
    assert parcel.status == "labelled"
    hand_parcel_over(number=parcel.number, by=Actor.system("test"), now=NOW())
    parcel.refresh_from_db()
    assert parcel.status == "in_transit"


def test_news_about_a_parcel_we_do_not_know_is_kept_and_harmless():
    record_news(news=News("x-1", "1Z404", "delivered", NOW()), source="test", now=NOW())
    assert TrackingEvent.objects.get().shipment is None


def test_a_carrier_that_sent_nothing_is_asked_every_few_hours(store):
    parcel = handed_over(store)
    assert follow_parcels(now=NOW()) == 1
    assert follow_parcels(now=NOW()) == 0
    assert follow_parcels(now=NOW() + QUIET + timedelta(minutes=1)) == 1
    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_events.get().status) == ("handed_over", "announced")


def test_late_parcels_are_found(store):
    parcel = handed_over(store)
    assert not Shipment.objects.late(NOW()).exists()
    assert Shipment.objects.late(parcel.deliver_by + timedelta(minutes=1)).get() == parcel
