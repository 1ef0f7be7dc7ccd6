"""80,995 units ordered at 9:15 and called off at 9:27, as it happened on 2011-12-09: no trace is left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Reservation, StockLevel
from inventory.operations.number_changes import number_changes
from orders.models import FulfillmentOrder, Order
from orders.operations.release import release_due
from tests.api.conftest import order_body, ship
from tests.factories import LocationFactory, stocked
from tests.shop import audit

pytestmark = pytest.mark.django_db
UNITS = 80_995


def shelves() -> list[tuple]:
    rows = StockLevel.objects.order_by("location_id", "variant_id")
    return list(rows.values_list("location_id", "variant_id", "on_hand", "reserved", "safety_stock", "shortfall"))


def available(site, variant) -> dict[str, tuple]:
    """What each channel is told: in all, and where."""
    told = {}
    for channel in ("web", "marketplace", "phone"):
        (row,) = site.client.get("/api/v1/availability", {"sku": [variant.sku], "channel": channel}).json()["results"]
        places = [(place["location"], place["available"], place["state"]) for place in row["locations"]]
        told[channel] = row["total"], row["state"], places
    return told


def told(site, after: int) -> list[tuple]:
    number_changes()
    news = site.get("/inventory/changes", after=after).json()
    return [(row["location"], row["on_hand"], row["reserved"], row["available"]) for row in news["results"]]


@pytest.mark.parametrize("is_released", [False, True], ids=["planned", "released"])
@pytest.mark.parametrize(
    ("lie", "on_shortage"),
    [((60_000, 40_000), "refuse"), ((100, 20), "backorder"), ((100, 20), "accept")],
    ids=["enough", "waits", "sold anyway"],
)
def test_the_largest_order_and_its_cancellation_leave_no_trace(site, store, lie, on_shortage, is_released):
    paper = stocked(store, lie[0], safety_stock=2)
    stocked(LocationFactory(), lie[1], variant=paper)
    before, shown, first = shelves(), available(site, paper), told(site, 0)
    newest = site.get("/inventory/changes", after=0).json()["newest_sequence"]
    placed = site.post("/orders", order_body(ship(paper, UNITS), on_shortage=on_shortage))
    assert placed.status_code == 201, placed.content
    promised = sum(Reservation.objects.filter(status="held").values_list("quantity", flat=True))
    assert promised == (UNITS if lie[0] > UNITS / 2 else promised)
    assert available(site, paper) != shown or not promised
    if is_released:
        FulfillmentOrder.objects.update(release_at=timezone.now())
        release_due(now=timezone.now() + timedelta(minutes=12))
    number = placed.json()["number"]
    cancelled = site.post(f"/orders/{number}/cancellation", {"reason": "typed wrong"})
    assert cancelled.status_code == 200, cancelled.content
    assert Order.objects.get().status == "cancelled"
    assert shelves() == before
    assert available(site, paper) == shown
    assert not Reservation.objects.filter(status="held").exists()
    assert set(told(site, newest)) <= set(first), "a channel that follows the changes ends where it began"
    assert audit() == {}


def test_without_enough_it_is_refused_and_leaves_no_trace_either(site, store):
    paper = stocked(store, 100)
    before = shelves()
    refused = site.post("/orders", order_body(ship(paper, UNITS)))
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_stock")
    assert shelves() == before
    assert not Order.objects.exists()
