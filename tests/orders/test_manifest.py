"""Hand to carrier: what may be on a manifest, and what happens when it is closed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import StockLevel, StockMovement
from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.models import Event
from orders import events
from orders.models import Capture, Manifest, Shipment
from orders.operations.buy_label import buy_label
from orders.operations.cancel import cancel
from orders.operations.hold_order import hold_order
from orders.operations.manifest import (
    close_manifest,
    finish_abandoned,
    open_manifest,
    scan_parcel,
    start_closing,
    take_off,
)
from orders.operations.pack import Box, pack
from orders.operations.unpack import unpack
from orders.operations.void_label import void_label
from tests.factories import LocationFactory, person
from tests.factories.parcels import carton, labelled, packed, to_pack
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def store():
    return LocationFactory(line1="1 Oak St", city="Minneapolis", region="MN", postal_code="55401")


@pytest.fixture
def by(store):
    return Actor.of(person("associate", at=store))


@pytest.fixture
def manifest(store, by):
    return open_manifest(location=store, carrier="SimPost", by=by, now=NOW())


def scan(manifest, parcel, by, code: str = ""):
    return scan_parcel(number=manifest.number, code=code or parcel.tracking_number, by=by, now=NOW())


def test_there_is_one_open_manifest_per_carrier_and_store(store, by, manifest):
    assert open_manifest(location=store, carrier="SimPost", by=by, now=NOW()) == manifest
    assert open_manifest(location=store, carrier="UPS", by=by, now=NOW()) != manifest


def test_a_parcel_is_scanned_by_its_tracking_or_its_own_number(store, by, manifest):
    first, second = labelled(store), labelled(store)
    assert scan(manifest, first, by, code=f"42055401{first.tracking_number}") == first
    assert scan(manifest, second, by, code=second.number.lower()) == second
    assert manifest.shipments.count() == 2


def test_what_does_not_belong_on_it_is_refused_and_says_why(store, by, manifest):
    with refused("unknown_parcel"):
        scan(manifest, None, by, code="4006381333931")
    with refused("wrong_carrier"):
        scan(manifest, labelled(store, service="SimExpress/Two Day"), by)
    with refused("no_label"):
        scan(manifest, packed(store), by, code=Shipment.objects.latest("pk").number)
    with refused("other_store"):
        scan(manifest, labelled(LocationFactory(postal_code="55401")), by)
    voided = labelled(store)
    void_label(number=voided.number, by=by, now=NOW())
    with refused("voided_label"):
        scan(manifest, voided, by)
    twice = labelled(store)
    scan(manifest, twice, by)
    with refused("scanned_before"):
        scan(manifest, twice, by)
    assert list(manifest.shipments.all()) == [twice]


def test_closing_lets_stock_leave_asks_for_money_and_tells_the_customer(store, by, manifest):
    parcel = labelled(store, by=None)
    order = parcel.order
    order.payments.create(method="card", reference="psp_1", authorized_amount=Decimal(500))
    level = StockLevel.objects.get(location=store, variant=order.lines.get().variant)
    before = level.on_hand
    scan(manifest, parcel, by)
    closed = close_manifest(number=manifest.number, driver_name="Sam", by=by, now=NOW())
    parcel.refresh_from_db()
    level.refresh_from_db()
    order.refresh_from_db()
    assert (closed.status, parcel.status, parcel.fulfillment_order.status) == ("closed", "handed_over", "shipped")
    assert (level.on_hand, level.reserved) == (before - 2, 0)
    assert StockMovement.objects.filter(kind="ship").count() == 1
    assert Capture.objects.get().key == f"parcel:{parcel.number}"
    told = Event.objects.get(topic=events.SHIPPED).payload
    assert (told["shipment"], told["tracking_number"], order.status) == (
        parcel.number, parcel.tracking_number, "fulfilled",
    )  # fmt: skip
    assert Event.objects.get(topic=events.MANIFEST_CLOSED).payload["shipments"] == [parcel.number]
    assert not [finding for finding in run_checks() if finding.count]


def test_what_is_not_scanned_stays_and_its_work_stays_open(store, by, manifest):
    carton()
    work = to_pack(store, quantity=3)
    line_id = work.lines.get().pk
    numbers = [
        pack(number=work.number, units={line_id: n}, box=Box(carton="M"), by=by, now=NOW()).number for n in (2, 1)
    ]
    from orders.operations.buy_label import buy_label

    for number in numbers:
        buy_label(number=number, service="SimPost/Ground", by=by, now=NOW())
    scan(manifest, None, by, code=numbers[0])
    close_manifest(number=manifest.number, by=by, now=NOW())
    work.refresh_from_db()
    assert (work.status, work.lines.get().issued_quantity, work.order.status) == ("staged", 2, "partly_fulfilled")
    again = open_manifest(location=store, carrier="SimPost", by=by, now=NOW() + timedelta(seconds=1))
    scan(again, None, by, code=numbers[1])
    close_manifest(number=again.number, by=by, now=NOW())
    work.refresh_from_db()
    assert work.status == "shipped"
    assert not [finding for finding in run_checks() if finding.count]


def test_each_parcel_is_paid_by_itself_and_all_of_them_to_the_cent(store, by, manifest):
    carton()
    work = to_pack(store, quantity=3)
    order = work.order
    order.payments.create(method="card", reference="psp_1", authorized_amount=order.total_amount)
    line_id = work.lines.get().pk
    for n in (2, 1):
        parcel = pack(number=work.number, units={line_id: n}, box=Box(carton="M"), by=by, now=NOW())
        buy_label(number=parcel.number, service="SimPost/Ground", by=by, now=NOW())
        scan(manifest, None, by, code=parcel.number)
    close_manifest(number=manifest.number, by=by, now=NOW())
    assert Capture.objects.count() == 2
    assert sum(Capture.objects.values_list("amount", flat=True)) == order.total_amount


def test_a_manifest_is_closed_once_and_never_empty(store, by, manifest):
    with refused("empty_manifest"):
        close_manifest(number=manifest.number, by=by, now=NOW())
    scan(manifest, labelled(store), by)
    close_manifest(number=manifest.number, by=by, now=NOW())
    with refused("manifest_closed"):
        close_manifest(number=manifest.number, by=by, now=NOW())
    with refused("manifest_closed"):
        scan(manifest, labelled(store), by)


def test_a_cancelled_order_has_to_be_taken_off_the_pile(store, by, manifest):
    gone, stays = labelled(store), labelled(store)
    for parcel in (gone, stays):
        scan(manifest, parcel, by)
    cancel(number=gone.order.number, reason="changed my mind", by=by, now=NOW())
    with refused("take_out"):
        close_manifest(number=manifest.number, by=by, now=NOW())
    take_off(number=manifest.number, shipment_number=gone.number, by=by, now=NOW())
    close_manifest(number=manifest.number, by=by, now=NOW())
    gone.refresh_from_db()
    stays.refresh_from_db()
    assert (gone.status, stays.status) == ("unpacked", "handed_over")


def test_an_order_put_on_hold_keeps_its_parcel_here_while_the_others_leave(store, by, manifest):
    held, free = labelled(store), labelled(store)
    for parcel in (held, free):
        scan(manifest, parcel, by)
    hold_order(number=held.order.number, kind="fraud_review", note="", by=by, now=NOW())
    close_manifest(number=manifest.number, by=by, now=NOW())
    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.status, held.manifest, held.note) == ("labelled", None, "This order is on hold.")
    assert free.status == "handed_over"


def test_a_closing_that_died_is_finished_by_the_clock(store, by, manifest):
    parcel = labelled(store)
    scan(manifest, parcel, by)
    start_closing(number=manifest.number, by=by, now=NOW())
    with refused("left"):
        unpack(number=parcel.number, by=by, now=NOW())
    with refused("left"):
        cancel(number=parcel.order.number, reason="too late", by=by, now=NOW())
    assert finish_abandoned(now=NOW()) == 0
    assert finish_abandoned(now=NOW() + timedelta(minutes=2)) == 1
    parcel.refresh_from_db()
    assert (parcel.status, Manifest.objects.get().status) == ("handed_over", "closed")


def test_a_parcel_unpacked_by_hand_is_off_the_manifest(store, by, manifest):
    parcel = labelled(store)
    scan(manifest, parcel, by)
    unpack(number=parcel.number, by=by, now=NOW())
    assert not manifest.shipments.exists()
