"""Packing: what is in a parcel, what is left in the tote, and what a cancellation does to both."""

import pytest
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.models import Event
from orders import events
from orders.models import FulfillmentLine, Shipment
from orders.operations.cancel import cancel
from orders.operations.hold_order import hold_order
from orders.operations.pack import Box, close_parcel, pack, pack_rest, pack_unit, take_out
from orders.operations.release import release_due
from orders.operations.unpack import unpack
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.floor import staged
from tests.factories.parcels import carton, packed, to_pack
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def store():
    carton()
    return LocationFactory()


@pytest.fixture
def by(store):
    return Actor.of(person("associate", at=store))


def sku(work) -> str:
    return work.lines.get().variant.sku


def counters(work) -> tuple[int, int]:
    found = FulfillmentLine.objects.get(fulfillment_order=work)
    return found.packed_quantity, found.to_pack_quantity


def sound() -> bool:
    return not [finding for finding in run_checks() if finding.count]


def test_each_scan_puts_one_unit_into_the_open_parcel(store, by):
    work = to_pack(store)
    pack_unit(number=work.number, code=sku(work), by=by, now=NOW())
    row = pack_unit(number=work.number, code=sku(work), by=by, now=NOW())
    assert (row.quantity, counters(work)) == (2, (2, 0))
    assert row.shipment.number == f"{work.number}-P1"


def test_the_same_scan_sent_twice_counts_once(store, by):
    work = to_pack(store)
    for _ in range(2):
        pack_unit(number=work.number, code=sku(work), by=by, now=NOW(), key="scan-1")
    assert counters(work) == (1, 1)


def test_a_foreign_item_and_one_too_many_are_refused(store, by):
    work, other = to_pack(store, quantity=1), stocked(store, 1)
    with refused("wrong_item"):
        pack_unit(number=work.number, code=other.sku, by=by, now=NOW())
    pack_unit(number=work.number, code=sku(work), by=by, now=NOW())
    with refused("over_scan"):
        pack_unit(number=work.number, code=sku(work), by=by, now=NOW())
    assert counters(work) == (1, 0)


def test_a_closed_parcel_has_its_box_and_the_weight_of_both(store, by):
    parcel = packed(store)
    assert (parcel.status, parcel.size, parcel.weight_g) == (Shipment.Status.PACKED, (400, 300, 200), 2 * 400 + 200)
    told = Event.objects.get(topic=events.PACKED).payload
    assert (told["shipment"], told["lines"][0]["quantity"]) == (parcel.number, 2)


def test_the_scale_has_the_last_word(store, by):
    work = to_pack(store)
    parcel = pack(number=work.number, box=Box(carton="M", weight_g=1234), by=by, now=NOW())
    assert parcel.weight_g == 1234


def test_one_order_may_need_several_parcels(store, by):
    work = to_pack(store, quantity=3)
    line_id = work.lines.get().pk
    first = pack(number=work.number, units={line_id: 2}, box=Box(carton="M"), by=by, now=NOW())
    second = pack(number=work.number, box=Box(size_mm=(100, 100, 100), weight_g=500), by=by, now=NOW())
    assert [first.number, second.number] == [f"{work.number}-P1", f"{work.number}-P2"]
    assert [parcel.lines.get().quantity for parcel in (first, second)] == [2, 1]
    with refused("nothing_to_pack"):
        pack(number=work.number, by=by, now=NOW())
    assert sound()


def test_a_unit_taken_out_is_back_in_the_tote(store, by):
    work = to_pack(store)
    parcel = pack_rest(number=work.number, by=by, now=NOW())
    take_out(number=parcel.number, line_id=work.lines.get().pk, by=by, now=NOW())
    assert (parcel.lines.get().quantity, counters(work)) == (1, (1, 1))


def test_an_empty_parcel_cannot_be_closed(store, by):
    work = to_pack(store, quantity=1)
    parcel = pack_rest(number=work.number, by=by, now=NOW())
    take_out(number=parcel.number, line_id=work.lines.get().pk, by=by, now=NOW())
    with refused("empty_parcel"):
        close_parcel(number=parcel.number, box=Box(carton="M"), by=by, now=NOW())


def test_unpacking_brings_everything_back_and_the_next_parcel_has_a_new_number(store, by):
    parcel = packed(store)
    unpack(number=parcel.number, reason="wrong box", by=by, now=NOW())
    work = parcel.fulfillment_order
    parcel.refresh_from_db()
    assert (parcel.status, counters(work)) == (Shipment.Status.UNPACKED, (0, 2))
    assert pack(number=work.number, by=by, now=NOW()).number == f"{work.number}-P2"
    with refused("left"):
        unpack(number=parcel.number, by=by, now=NOW())
    assert sound()


def test_more_than_was_picked_and_unknown_cartons_are_refused(store, by):
    work = to_pack(store)
    with refused("bad_quantity"):
        pack(number=work.number, units={work.lines.get().pk: 3}, by=by, now=NOW())
    with refused("unknown_carton"):
        pack(number=work.number, box=Box(carton="XXL"), by=by, now=NOW())
    assert not Shipment.objects.exists()


def test_work_on_hold_and_pickups_are_not_packed(store, by):
    work = to_pack(store)
    hold_order(number=work.order.number, kind="address", note="", by=by, now=NOW())
    with refused("on_hold"):
        pack(number=work.number, by=by, now=NOW())
    pickup = placed(line(stocked(store, 2), 1, at=store))
    release_due(now=NOW())
    ready = staged(pickup.fulfillment_orders.get(), by=person("associate", at=store))
    with refused("not_shipped"):
        pack(number=ready.number, by=by, now=NOW())


def test_cancelling_a_packed_order_opens_its_parcel(store, by):
    parcel = packed(store)
    cancel(number=parcel.order.number, reason="changed my mind", by=by, now=NOW())
    parcel.refresh_from_db()
    assert (parcel.status, parcel.note) == (Shipment.Status.UNPACKED, "changed my mind")
    assert sound()


def test_cancelling_loose_units_leaves_the_parcel_alone(store, by):
    work = to_pack(store, quantity=3)
    reference = work.lines.get().order_line.reference
    parcel = pack(number=work.number, units={work.lines.get().pk: 1}, by=by, now=NOW())
    cancel(number=work.order.number, lines=[(reference, 2)], reason="fewer", by=by, now=NOW())
    parcel.refresh_from_db()
    assert (parcel.status, counters(work)) == (Shipment.Status.PACKED, (1, 0))
    assert sound()
