"""Serial numbers: each piece is scanned at pick, out with one customer only, and back when its unit comes back."""

import pytest
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.models import Event
from orders.models import SerialNumber
from orders.operations.cancel import cancel
from orders.operations.capture_serial import capture_serial
from orders.operations.claim import claim
from orders.operations.hand_over import Collector, hand_over, undo_hand_over
from orders.operations.pick import pick, unpick
from orders.operations.release import release_due
from orders.operations.serials import take_back
from orders.operations.ship import ship
from orders.operations.stage import stage
from tests.factories import BarcodeFactory, LocationFactory, line, person, placed, stocked
from tests.factories.floor import staged
from tests.refusing import refused

pytestmark = pytest.mark.django_db
BY_ID = Collector("photo_id", name="Ada Byron")


def now():
    return timezone.now()


def serials(status=None):
    found = SerialNumber.objects.order_by("pk")
    return list((found.filter(status=status) if status else found).values_list("serial", flat=True))


def unsound():
    return {finding.check: finding.first for finding in run_checks() if finding.count}


@pytest.fixture
def store():
    return LocationFactory()


@pytest.fixture
def ana(store):
    return person("associate", at=store)


@pytest.fixture
def camera(store):
    return stocked(store, 9, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)


@pytest.fixture
def released(store, camera):
    def make(quantity=1, *, ship=False):
        order = placed(line(camera, quantity, at=None if ship else store))
        order.fulfillment_orders.update(release_at=now())
        release_due(now=now())
        return order.fulfillment_orders.get()

    return make


@pytest.fixture
def picking(released, store, ana, camera):
    """Two cameras picked, no serial scanned."""
    work = released(2)
    by = Actor.of(ana)
    work.list = claim(location=store, numbers=[work.number], by=by, now=now())
    for _ in range(2):
        pick(pick_list_id=work.list.pk, code=camera.sku, by=by, now=now())
    work.line = work.lines.get()
    return work


@pytest.fixture
def scan(picking, ana):
    def scanned(serial, key=None):
        return capture_serial(pick_list_id=picking.list.pk, line_id=picking.line.pk, serial=serial, key=key,
                              by=Actor.of(ana), now=now())  # fmt: skip

    return scanned


def test_a_serial_is_kept_as_it_is_printed_whatever_the_scanner_makes_of_it(scan):
    scan(" sn 00-1a ")
    assert serials() == ["SN00-1A"]


def test_the_same_scan_sent_twice_counts_once(scan):
    scan("SN-1", key="k1")
    scan("SN-1", key="k1")
    assert serials() == ["SN-1"]


@pytest.mark.parametrize("serial", ["", "   ", "x" * 101, "a\x07"])
def test_what_cannot_be_a_serial_is_refused(scan, serial):
    with refused("serial_required"):
        scan(serial)
    assert serials() == []


def test_the_items_own_barcode_is_no_serial(scan, camera):
    for code in (camera.sku, camera.barcodes.get().code.lstrip("0")):
        with refused("not_a_serial"):
            scan(code)
    assert serials() == []


def test_a_piece_that_is_out_is_refused_with_the_order_that_has_it(scan, released, ana, picking):
    other = staged(released(), by=ana)
    taken = SerialNumber.objects.get().serial
    with refused("double_serial") as info:
        scan(taken)
    assert str(other.order.number) in str(info.value)
    scan("SN-9")
    with refused("double_serial"):
        scan("SN-9")
    assert serials() == [taken, "SN-9"]


def test_no_more_serials_than_picked_units(scan):
    scan("SN-1")
    scan("SN-2")
    with refused("no_serial_wanted"):
        scan("SN-3")
    assert serials() == ["SN-1", "SN-2"]


def test_an_order_is_not_staged_before_each_piece_has_its_serial(scan, picking, ana):
    scan("SN-1")
    with refused("serials_missing"):
        stage(number=picking.number, shelf_code="S1", by=Actor.of(ana), now=now())
    picking.refresh_from_db()
    assert picking.status == "picking"
    scan("SN-2")
    assert stage(number=picking.number, shelf_code="S1", by=Actor.of(ana), now=now()).status == "staged"
    assert unsound() == {}


def test_undo_takes_the_last_serial_with_its_unit(scan, picking, ana):
    scan("SN-1")
    scan("SN-2")
    unpick(pick_list_id=picking.list.pk, line_id=picking.line.pk, by=Actor.of(ana), now=now())
    assert (serials("picked"), serials("back")) == (["SN-1"], ["SN-2"])


def test_undo_of_a_unit_without_serial_keeps_the_serials_of_the_others(scan, picking, ana):
    scan("SN-1")
    unpick(pick_list_id=picking.list.pk, line_id=picking.line.pk, by=Actor.of(ana), now=now())
    assert serials("picked") == ["SN-1"]


def test_a_handed_over_piece_is_out_and_its_undo_brings_it_back(scan, picking, ana):
    scan("SN-1")
    scan("SN-2")
    by = Actor.of(ana)
    stage(number=picking.number, shelf_code="S1", by=by, now=now())
    handed = hand_over(number=picking.number, collector=BY_ID, units={picking.line.pk: 1}, by=by, now=now())
    assert (serials("out"), serials("picked")) == (["SN-1"], ["SN-2"])
    assert Event.objects.get(topic="orders.handed_over").payload["lines"][0]["serials"] == ["SN-1"]
    assert unsound() == {}

    undo_hand_over(hand_over_id=handed.pk, by=by, now=now())
    assert serials("picked") == ["SN-1", "SN-2"]
    assert unsound() == {}


def test_cancelled_after_picking_the_pieces_go_back_and_can_be_sold_again(scan, picking, ana, released):
    scan("SN-1")
    scan("SN-2")
    stage(number=picking.number, shelf_code="S1", by=Actor.of(ana), now=now())
    cancel(number=picking.order.number, reason="no", by=Actor.of(ana), now=now())
    assert serials("back") == ["SN-1", "SN-2"]
    again = released()
    listed = claim(location=again.location, numbers=[again.number], by=Actor.of(ana), now=now())
    pick(pick_list_id=listed.pk, code=again.lines.get().variant.sku, by=Actor.of(ana), now=now())
    capture_serial(pick_list_id=listed.pk, line_id=again.lines.get().pk, serial="SN-1", by=Actor.of(ana), now=now())
    assert serials("picked") == ["SN-1"]
    assert unsound() == {}


def test_a_shipped_piece_is_out_and_a_return_takes_that_very_piece(released, ana):
    work = staged(released(ship=True), by=ana)
    ship(number=work.number, carrier="UPS", tracking_number="1Z", by=Actor.of(ana), now=now())
    sold = SerialNumber.objects.get()
    assert sold.status == "out"
    order_line = work.lines.get().order_line

    with refused("not_this_one"):
        take_back(order_line=order_line, serial="SN-OTHER", now=now())
    assert take_back(order_line=order_line, serial=sold.serial.lower(), now=now()).status == "returned"
    with refused("not_this_one"):
        take_back(order_line=order_line, serial=sold.serial, now=now())
    assert unsound() == {}
