"""A department counted by several people while it sells: what becomes of each item."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from inventory.models import CountLine, CountScan, CountSession, CycleCount, Location, OffShelf, StockMovement
from inventory.models.count_line import LineState
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.count import count_item, raise_counts
from inventory.operations.count_scans import count_again, finish_area, scan_item, undo_scan
from inventory.operations.count_session import cancel_count, end_counting
from inventory.operations.decide_count import book_count, decide_lines
from inventory.operations.forget_off_shelf import forget_off_shelf
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.refusals import NotAllowed, Refusal
from tests.factories import BarcodeFactory, LocationFactory, VariantFactory, person, stocked
from tests.factories.counts import counted_at, counting
from tests.shop import audit, level

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def t():
    """`t(3)` is three minutes after everything was put on the shelves."""
    began = timezone.now() + timedelta(seconds=1)
    return lambda minutes: began + minutes * MINUTE


@pytest.fixture
def ana(store):
    return Actor.of(person("associate", at=store))


@pytest.fixture
def ben(store):
    return Actor.of(person("associate", at=store))


@pytest.fixture
def lea(store):
    return Actor.of(person("manager", at=store))


def scanned(session, variant, units, now, by, **more):
    return scan_item(area_id=session.areas.first().pk, code=variant.sku, units=units, by=by, now=now, **more).scan


def sold(variant, store, units, at):
    move_stock(moves=[Move(variant.pk, store.pk, StockMovement.Kind.POS_SALE, -units, occurred_at=at)],
               by=Actor.system("till"), now=at)  # fmt: skip


def states(session):
    return {line.variant_id: str(line.state) for line in session.lines.all()}


def booked(session, lea, at):
    end_counting(session_id=session.pk, by=lea, now=at)
    return book_count(session_id=session.pk, by=lea, now=at + MINUTE)


def test_the_difference_is_taken_at_the_moment_of_the_scan_so_selling_goes_on(store, t, ana, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 9, t(1), ana)
    sold(tee, store, 3, t(2))
    assert booked(session, lea, t(3)) == 1
    line = session.lines.get()
    assert (line.state, line.counted, line.expected, line.delta) == ("booked", 9, 10, -1)
    assert level(tee, store)[0] == 6
    assert CountSession.objects.get().status == "booked"
    assert audit() == {}


def test_a_scan_that_waited_on_its_device_counts_for_the_moment_it_was_made(store, t, ana, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0))
    sold(tee, store, 3, t(2))
    scanned(session, tee, 10, t(4), ana, at=t(1))
    booked(session, lea, t(5))
    assert (session.lines.get().state, level(tee, store)[0]) == ("matches", 7)


def test_a_unit_that_goes_between_two_scans_of_its_item_asks_for_another_look(store, t, ana, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 5, t(1), ana)
    sold(tee, store, 1, t(2))
    scanned(session, tee, 5, t(3), ana)
    booked(session, lea, t(4))
    line = session.lines.get()
    assert (line.state, level(tee, store)[0]) == ("moved", 9)
    count_again(line_id=line.pk, counted=9, by=ana, now=t(6))
    assert book_count(session_id=session.pk, by=lea, now=t(7)) == 1
    assert (session.lines.get().state, level(tee, store)[0]) == ("matches", 9)


def test_a_move_within_the_slack_after_the_scan_is_as_uncertain(store, t, ana, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0), slack_seconds=90)
    scanned(session, tee, 10, t(5), ana)
    end_counting(session_id=session.pk, by=lea, now=t(5))
    assert states(session) == {tee.pk: "matches"}
    sold(tee, store, 1, t(6))
    assert book_count(session_id=session.pk, by=lea, now=t(9)) == 0
    assert states(session) == {tee.pk: "moved"}


def test_what_was_scanned_a_moment_ago_is_not_booked_yet(store, t, ana, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0), slack_seconds=90)
    scanned(session, tee, 9, t(5), ana)
    assert booked(session, lea, t(5)) == 0
    assert level(tee, store)[0] == 10
    assert book_count(session_id=session.pk, by=lea, now=t(7)) == 1
    assert level(tee, store)[0] == 9


def test_above_tolerance_somebody_else_counts_again(store, t, ana, ben, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0), tolerated_units=2)
    scanned(session, tee, 4, t(1), ana)
    booked(session, lea, t(2))
    line = session.lines.get()
    assert (line.state, level(tee, store)[0]) == ("recount", 10)
    with pytest.raises(Refusal, match="You counted this item yourself"), transaction.atomic():
        count_again(line_id=line.pk, counted=4, by=ana, now=t(4))
    count_again(line_id=line.pk, counted=5, by=ben, now=t(5))
    book_count(session_id=session.pk, by=lea, now=t(6))
    line.refresh_from_db()
    assert (line.state, line.counted, line.round, level(tee, store)[0]) == ("booked", 5, 1, 5)


def test_above_a_value_a_manager_who_did_not_count_approves(store, t, ana, ben, lea):
    tee = stocked(store, 10, variant=VariantFactory(unit_cost=Decimal(30)))
    session = counting(store, by=lea, now=t(0), approved_amount=100)
    scanned(session, tee, 6, t(1), lea)
    booked(session, lea, t(2))
    line = session.lines.get()
    assert (line.state, line.value) == ("approval", Decimal(120))
    decide = {"session_id": session.pk, "ids": [line.pk], "act": "approve", "reason": "looked", "now": t(4)}
    with pytest.raises(NotAllowed), transaction.atomic():
        decide_lines(**decide, by=ana, approves=False)
    with pytest.raises(Refusal, match="Somebody else approves"), transaction.atomic():
        decide_lines(**decide, by=lea, approves=True)
    assert decide_lines(**decide, by=ben, approves=True) == 1
    assert level(tee, store)[0] == 10, "approved is not booked"
    book_count(session_id=session.pk, by=lea, now=t(5))
    assert level(tee, store)[0] == 6


def test_what_was_approved_and_changed_since_is_approved_anew(store, t, ana, ben, lea):
    tee = stocked(store, 10, variant=VariantFactory(unit_cost=Decimal(30)))
    session = counting(store, by=lea, now=t(0), approved_amount=100)
    scanned(session, tee, 6, t(2), ana)
    end_counting(session_id=session.pk, by=lea, now=t(3))
    decide_lines(session_id=session.pk, ids=[session.lines.get().pk], act="approve", reason="ok", by=ben, now=t(3),
                 approves=True)  # fmt: skip
    late = Reported("e-1", tee.sku, store.code, "receipt", 5, t(0))
    apply_movements(reported=[late], source="wms", locations=Location.objects.all(), by=lea, now=t(4))
    book_count(session_id=session.pk, by=lea, now=t(5))
    line = session.lines.get()
    assert (line.state, line.delta, level(tee, store)[0]) == ("approval", -9, 15)


def test_refused_is_not_booked(store, t, ana, ben, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 9, t(1), ana)
    end_counting(session_id=session.pk, by=lea, now=t(2))
    decide_lines(session_id=session.pk, ids=[session.lines.get().pk], act="refuse", reason="no", by=lea, now=t(3),
                 approves=False)  # fmt: skip
    assert book_count(session_id=session.pk, by=lea, now=t(4)) == 0
    assert (states(session), level(tee, store)[0]) == ({tee.pk: "refused"}, 10)
    assert CountSession.objects.get().status == "booked"


def test_what_nobody_counted_is_set_to_zero_or_left(store, t, ana, lea):
    tee, cap, mug = (stocked(store, n) for n in (3, 4, 5))
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 3, t(1), ana)
    booked(session, lea, t(2))
    assert states(session) == {tee.pk: "matches", cap.pk: "uncounted", mug.pk: "uncounted"}
    for act, variant in (("zero", cap), ("leave", mug)):
        decide_lines(session_id=session.pk, ids=[session.lines.get(variant=variant).pk], act=act, by=lea, now=t(4),
                     approves=False)  # fmt: skip
    book_count(session_id=session.pk, by=lea, now=t(5))
    assert [level(each, store)[0] for each in (tee, cap, mug)] == [3, 0, 5]
    assert CountSession.objects.get().status == "booked"
    assert audit() == {}


def test_what_nobody_counted_and_sold_meanwhile_is_not_simply_set_to_zero(store, t, lea):
    tee = stocked(store, 3)
    session = counting(store, by=lea, now=t(0))
    sold(tee, store, 1, t(1))
    booked(session, lea, t(2))
    decide_lines(session_id=session.pk, ids=[session.lines.get().pk], act="zero", by=lea, now=t(4), approves=False)
    assert states(session) == {tee.pk: "moved"}


def test_a_department_leaves_the_rest_alone(store, t, ana, lea):
    tee = stocked(store, 3, variant=VariantFactory(product__category="Apparel > Shirts"))
    pan = stocked(store, 4, variant=VariantFactory(product__category="Kitchen"))
    session = counting(store, by=lea, now=t(0), category="Apparel")
    scanned(session, tee, 3, t(1), ana)
    scanned(session, pan, 1, t(1), ana)
    booked(session, lea, t(2))
    assert states(session) == {tee.pk: "matches", pan.pk: "outside"}
    assert level(pan, store)[0] == 4
    assert CycleCount.objects.get().variant == pan, "found elsewhere: somebody counts it where it belongs"


def test_a_later_count_of_the_item_stands(store, t, ana, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 8, t(1), ana)
    raise_counts(items=[(tee.pk, store.pk)], reason="odd", cause="t", by=lea, now=t(2))
    count_item(cycle_count_id=CycleCount.objects.get().pk, counted=7, by=lea, now=t(3))
    booked(session, lea, t(4))
    assert (states(session), level(tee, store)[0]) == ({tee.pk: "outdated"}, 7)


def test_an_open_task_raised_before_the_scan_is_answered_by_it(store, t, ana, lea):
    tee = stocked(store, 10)
    raise_counts(items=[(tee.pk, store.pk)], reason="odd", cause="t", by=lea, now=t(0))
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 8, t(1), ana)
    booked(session, lea, t(2))
    task = CycleCount.objects.get()
    assert (task.done_at, task.counted_quantity, task.expected_quantity) == (t(1), 8, 10)


def test_a_sale_of_before_the_scan_that_is_heard_after_the_booking_changes_nothing(store, t, ana, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 8, t(2), ana)
    booked(session, lea, t(3))
    late = Reported("e-1", tee.sku, store.code, "pos_sale", 2, t(1))
    apply_movements(reported=[late], source="till", locations=Location.objects.all(), by=lea, now=t(5))
    assert level(tee, store)[0] == 8
    assert audit() == {}


def test_the_same_key_counts_once_and_an_undone_scan_not_at_all(store, t, ana, lea):
    tee = stocked(store, 2)
    session = counting(store, by=lea, now=t(0))
    first = scanned(session, tee, None, t(1), ana, key="a")
    assert scanned(session, tee, None, t(2), ana, key="a") == first
    slip = scanned(session, tee, None, t(2), ana, key="b")
    scanned(session, tee, None, t(2), ana, key="c")
    for _ in range(2):
        undo_scan(scan_id=slip.pk, by=ana, now=t(3))
    booked(session, lea, t(4))
    line = session.lines.get()
    assert (line.counted, line.state, CountScan.objects.count()) == (2, "matches", 4)


def test_a_pack_counts_its_units(store, t, ana, lea):
    pack = BarcodeFactory(pack_quantity=6)
    stocked(store, 12, variant=pack.variant)
    session = counting(store, by=lea, now=t(0))
    scan_item(area_id=session.areas.get().pk, code=pack.code, units=2, by=ana, now=t(1))
    booked(session, lea, t(2))
    assert session.lines.get().state == "matches"


def test_an_item_taken_back_altogether_was_not_counted(store, t, ana, lea):
    tee = stocked(store, 2)
    session = counting(store, by=lea, now=t(0))
    undo_scan(scan_id=scanned(session, tee, None, t(1), ana).pk, by=ana, now=t(1))
    end_counting(session_id=session.pk, by=lea, now=t(2))
    assert states(session) == {tee.pk: "uncounted"}


def test_scans_that_arrive_during_the_review_are_counted_in(store, t, ana, ben, lea):
    tee = stocked(store, 5)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 3, t(1), ana)
    end_counting(session_id=session.pk, by=lea, now=t(2))
    scanned(session, tee, 2, t(4), ben, at=t(1))
    assert states(session) == {tee.pk: "matches"}


def test_scans_that_arrive_after_the_booking_ask_for_a_new_count(store, t, ana, ben, lea):
    tee = stocked(store, 5)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 3, t(1), ana)
    booked(session, lea, t(2))
    assert level(tee, store)[0] == 3
    late = scan_item(area_id=session.areas.get().pk, code=tee.sku, units=2, by=ben, now=t(4), at=t(1))
    assert (late.is_late, level(tee, store)[0]) == (True, 3)
    assert CycleCount.objects.get().variant == tee
    assert audit() == {}


def test_a_cancelled_count_books_nothing_and_takes_no_scan(store, t, ana, lea):
    tee = stocked(store, 5)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 3, t(1), ana)
    cancel_count(session_id=session.pk, by=lea, now=t(2))
    with pytest.raises(Refusal, match="cancelled"), transaction.atomic():
        scanned(session, tee, 1, t(3), ana)
    assert (book_count(session_id=session.pk, by=lea, now=t(4)), level(tee, store)[0]) == (0, 5)


def test_booking_twice_books_once(store, t, ana, lea):
    tee = stocked(store, 10)
    session = counting(store, by=lea, now=t(0))
    scanned(session, tee, 8, t(1), ana)
    assert booked(session, lea, t(2)) == 1
    assert book_count(session_id=session.pk, by=lea, now=t(5)) == 0
    assert level(tee, store)[0] == 8


def test_an_area_is_done_once(store, t, ana, ben, lea):
    stocked(store, 1)
    area = counting(store, by=lea, now=t(0)).areas.get()
    finish_area(area_id=area.pk, by=ana, now=t(1))
    assert finish_area(area_id=area.pk, by=ben, now=t(2)).done_by_id == ana.user_id


def test_the_whole_way_in_one(store):
    tee = stocked(store, 4)
    assert counted_at(store, tee, 3).lines.get().state == LineState.BOOKED
    assert CountLine.objects.get().delta == -1


def test_when_units_were_in_hands_is_kept_while_a_count_may_ask(store, ana, t):
    tee = stocked(store, 5)

    def noted(*days):
        OffShelf.objects.all().delete()
        OffShelf.objects.bulk_create(
            OffShelf(variant=tee, location=store, quantity=1, at=t(0) - timedelta(days=each)) for each in days
        )

    noted(1, 6, 8, 30)
    assert (forget_off_shelf(now=t(0)), OffShelf.objects.count()) == (2, 2)
    counting(store, by=ana, now=t(0) - timedelta(days=20))
    noted(1, 8, 30)
    assert (forget_off_shelf(now=t(0)), OffShelf.objects.count()) == (1, 2)
