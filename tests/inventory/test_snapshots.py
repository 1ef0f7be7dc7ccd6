"""A source says what lies on its shelves: what can be explained stays, the small is booked, the large waits."""

import gzip
import json
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone

from inventory.models import CycleCount, Feed, Snapshot, SnapshotRow, StockMovement
from inventory.operations import compare_snapshot, read_snapshot
from inventory.operations import receive_file as receiving
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.count import count_item, raise_counts
from inventory.operations.decide_differences import Filter, decide_all, decide_differences
from inventory.operations.forget_snapshots import forget_snapshots, sweep_files
from inventory.operations.hear_feed import tell_silent_feeds
from inventory.operations.receive_snapshot import receive_snapshot
from inventory.operations.reconcile import reconcile
from omni.core.actors import Actor
from omni.core.models import Event
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.transfers import transfer_arrived, transfer_sent
from tests.refusing import refused
from tests.shop import audit, level, open_shop

pytestmark = pytest.mark.django_db
WMS, ANA = Actor.system("wms"), Actor.system("ana")


@pytest.fixture
def feed():
    return Feed.objects.create(
        code="wms", name="Warehouse", kind="wms", tolerance_units=2, tolerance_value=Decimal(100)
    )


@pytest.fixture
def store():
    return LocationFactory(code="1004")


def send(feed, *rows, as_of=None, name="stock.csv", header="sku,location,quantity", **more) -> Snapshot:
    """Rows as the source writes them: variants and locations, or text."""
    texts = [row if isinstance(row, str) else f"{row[0].sku},{row[1].code},{row[2]}" for row in rows]
    content = "\n".join([header, *texts, ""]).encode()
    now = timezone.now()
    return receive_snapshot(feed=feed, chunks=[content], name=name, as_of=as_of or now, by=WMS, now=now, **more)


def reconciled(feed, *rows, **more) -> Snapshot:
    snapshot = send(feed, *rows, **more)
    reconcile(now=timezone.now())
    snapshot.refresh_from_db()
    assert snapshot.status == "done", snapshot.stop_reason
    return snapshot


def outcomes(snapshot) -> list[tuple[str, str, int]]:
    return list(snapshot.rows.order_by("line").values_list("outcome", "cause", "difference"))


def sold(variant, store, units: int, at, event_id="e-1") -> str:
    report = Reported(event_id, variant.sku, store.code, "pos_sale", units, at)
    return apply_movements(reported=[report], source="till", locations=type(store).objects.all(), by=WMS,
                           now=timezone.now())[event_id]  # fmt: skip


def test_small_differences_are_booked_and_large_ones_wait(feed, store):
    tee, mug, lamp = (stocked(store, units) for units in (10, 10, 10))
    snapshot = reconciled(feed, (tee, store, 10), (mug, store, 9), (lamp, store, 3))
    assert outcomes(snapshot) == [("", "", 0), ("booked", "", -1), ("review", "units", -7)]
    assert [level(each, store)[0] for each in (tee, mug, lamp)] == [10, 9, 10]
    moved = StockMovement.objects.get(kind="reconcile")
    assert (moved.quantity, moved.occurred_at, moved.cause) == (-1, snapshot.as_of, f"snapshot:{snapshot.pk}")
    assert audit() == {}


def test_it_ends_when_it_ends_not_when_its_worker_began(feed, store):
    snapshot = send(feed, (stocked(store, 10), store, 10))
    began = timezone.now()
    reconcile(now=began)
    snapshot.refresh_from_db()
    assert began < snapshot.finished_at < timezone.now()


def test_one_expensive_unit_waits_too(feed, store):
    ring = stocked(store, 5)
    type(ring).objects.update(unit_cost=Decimal("250"))
    assert outcomes(reconciled(feed, (ring, store, 4))) == [("review", "value", -1)]
    assert SnapshotRow.objects.get().value == Decimal(250)


def test_what_happened_since_its_moment_is_no_difference(feed, store):
    tee = stocked(store, 10)
    as_of = timezone.now()
    sold(tee, store, 4, timezone.now())
    assert outcomes(reconciled(feed, (tee, store, 10), as_of=as_of)) == [("", "", 0)]
    assert level(tee, store)[0] == 6


def test_a_late_report_does_not_count_twice(feed, store):
    tee = stocked(store, 10)
    before, as_of = timezone.now() - timedelta(minutes=5), timezone.now()
    reconciled(feed, (tee, store, 8), as_of=as_of)
    assert level(tee, store)[0] == 8
    assert sold(tee, store, 2, before) == "applied"
    assert level(tee, store)[0] == 8  # the snapshot knew of it
    assert sold(tee, store, 2, before) == "duplicate"
    assert sold(tee, store, 1, timezone.now(), "e-2") == "applied"
    assert level(tee, store)[0] == 7
    late = list(StockMovement.objects.filter(source_event_id="e-1").order_by("pk").values_list("kind", "quantity"))
    assert late == [("pos_sale", -2), ("reconcile", 2)]
    assert audit() == {}


def test_a_report_that_comes_before_its_snapshot_is_compared_counts_once_too(feed, store):
    tee = stocked(store, 10)
    before, as_of = timezone.now() - timedelta(minutes=5), timezone.now()
    snapshot = send(feed, (tee, store, 8), as_of=as_of)
    sold(tee, store, 2, before)
    reconcile(now=timezone.now())
    assert outcomes(snapshot) == [("", "", 0)]
    assert level(tee, store)[0] == 8


def test_a_late_report_does_not_count_twice_after_a_count(store):
    tee = stocked(store, 10)
    before = timezone.now() - timedelta(minutes=5)
    raise_counts(items=[(tee.pk, store.pk)], reason="odd", cause="t", by=ANA, now=timezone.now())
    count_item(cycle_count_id=CycleCount.objects.get().pk, counted=9, by=ANA, now=timezone.now())
    sold(tee, store, 1, before)
    assert level(tee, store)[0] == 9
    assert audit() == {}


def test_a_shelf_whose_difference_waits_takes_a_late_report(feed, store):
    tee = stocked(store, 10)
    before = timezone.now() - timedelta(minutes=5)
    snapshot = reconciled(feed, (tee, store, 2))
    sold(tee, store, 3, before)
    assert level(tee, store)[0] == 7
    decide_differences(ids=[snapshot.rows.get().pk], within=type(store).objects.all(), approve=True, reason="checked",
                       by=ANA, now=timezone.now())  # fmt: skip
    assert level(tee, store)[0] == 2
    row = snapshot.rows.get()
    assert (row.outcome, row.difference, row.decided_by, row.cause) == ("approved", -5, ANA.label, "units")


def test_units_in_a_pickers_hands_explain_that_they_are_missing(feed):
    shop = open_shop(code="1004")
    tee = stocked(shop.store, 10)
    shop.picked(placed(line(tee, 3, at=shop.store)))
    assert outcomes(reconciled(feed, (tee, shop.store, 7))) == [("explained", "picks", 0)]
    assert level(tee, shop.store)[0] == 10
    assert outcomes(reconciled(feed, (tee, shop.store, 6))) == [("booked", "", -1)]
    assert level(tee, shop.store)[0] == 9
    assert audit() == {}


def test_a_transfer_that_lies_there_already_explains_that_there_is_more(feed, store):
    other = LocationFactory()
    tee = stocked(other, 5)
    transfer = transfer_sent(other, store, {tee: 5})
    assert outcomes(reconciled(feed, (tee, store, 5))) == [("explained", "transfer", 0)]
    transfer_arrived(transfer)
    assert level(tee, store)[0] == 5
    assert audit() == {}


def test_refused_differences_change_nothing_and_say_why(feed, store):
    tee = stocked(store, 10)
    snapshot = reconciled(feed, (tee, store, 1))
    everywhere = type(store).objects.all()
    with refused("reason_required"):
        decide_all(chosen=Filter(), within=everywhere, approve=False, reason=" ", by=ANA, now=timezone.now())
    assert decide_all(chosen=Filter(direction="more"), within=everywhere, approve=True, reason="x", by=ANA,
                      now=timezone.now()) == 0  # fmt: skip
    assert decide_all(chosen=Filter(feed="wms", cause="units", direction="less"), within=everywhere, approve=False,
                      reason="wrong shelf", by=ANA, now=timezone.now()) == 1  # fmt: skip
    assert (level(tee, store)[0], snapshot.rows.get().outcome) == (10, "refused")
    assert decide_all(chosen=Filter(), within=everywhere, approve=True, reason="x", by=ANA, now=timezone.now()) == 0


def test_nobody_decides_for_a_store_that_is_not_theirs(feed, store):
    tee = stocked(store, 10)
    row = reconciled(feed, (tee, store, 1)).rows.get()
    theirs = type(store).objects.exclude(pk=store.pk)
    assert decide_differences(ids=[row.pk], within=theirs, approve=True, reason="x", by=ANA, now=timezone.now()) == 0
    assert level(tee, store)[0] == 10


def test_a_snapshot_older_than_another_says_nothing_new(feed, store):
    tee, earlier = stocked(store, 10), timezone.now()
    reconciled(feed, (tee, store, 9))
    assert outcomes(reconciled(feed, (tee, store, 8), as_of=earlier)) == [("outdated", "later", -2)]
    assert level(tee, store)[0] == 9


def test_the_same_snapshot_twice_is_one(feed, store):
    tee, as_of = stocked(store, 10), timezone.now()
    first = reconciled(feed, (tee, store, 9), as_of=as_of, key="night")
    assert send(feed, (tee, store, 9), as_of=as_of, key="night").pk == first.pk
    with refused("key_reused"):
        send(feed, (tee, store, 8), as_of=as_of, key="night")
    assert send(feed, (tee, store, 9), as_of=as_of).pk == send(feed, (tee, store, 9), as_of=as_of).pk
    assert reconcile(now=timezone.now()) > 0
    assert level(tee, store)[0] == 9


def test_bad_rows_are_told_by_line_and_the_good_ones_count(feed, store):
    Feed.objects.update(most_bad_percent=90)
    tee = stocked(store, 10)
    snapshot = reconciled(
        feed.__class__.objects.get(), (tee, store, 9), "NOPE,1004,1", f"{tee.sku},9999,1", f"{tee.sku},1004,1.5",
        f"{tee.sku},1004", ",1004,1", (tee, store, 7),
    )  # fmt: skip
    told = dict(snapshot.problems.values_list("line", "reason"))
    assert told == {
        3: "No variant has the SKU NOPE.", 4: "This source has no location with the code 9999.",
        5: "The quantity is no whole number.", 6: "The row has more or fewer columns than the header.",
        7: "SKU or location is empty.", 8: "The shelf stands in line 2 already.",
    }  # fmt: skip
    assert (snapshot.row_count, snapshot.bad_count) == (1, 6)
    assert level(tee, store)[0] == 9


@pytest.mark.parametrize(
    ("rows", "header", "why"),
    [
        (["x,y,1", "z,y,2"], "sku,location,quantity", "No row of it can be used."),
        (["a,1"], "sku,quantity", "The header lacks: location. It has: sku, quantity."),
        ([], "", "The file is empty."),
    ],
)
def test_a_file_that_cannot_be_meant_changes_nothing(feed, rows, header, why):
    snapshot = send(feed, *rows, header=header)
    reconcile(now=timezone.now())
    snapshot.refresh_from_db()
    assert (snapshot.status, snapshot.stop_reason) == ("stopped", why)
    assert Event.objects.filter(topic="inventory.snapshot_stopped").count() == 1


def test_too_many_bad_rows_stop_a_file_before_it_changes_anything(feed, store):
    tee = stocked(store, 10)
    snapshot = send(feed, (tee, store, 9), "NOPE,1004,1")
    reconcile(now=timezone.now())
    snapshot.refresh_from_db()
    assert (snapshot.status, snapshot.stop_reason) == ("stopped", "50.0 % of its rows are bad; 10 % are tolerated.")
    assert level(tee, store)[0] == 10


def test_a_complete_snapshot_asks_about_what_it_leaves_out(feed, store):
    Feed.objects.update(is_complete=True)
    tee, mug = stocked(store, 10), stocked(store, 1)
    elsewhere = stocked(LocationFactory(), 4)
    snapshot = reconciled(Feed.objects.get(), (tee, store, 10))
    assert outcomes(snapshot) == [("review", "left_out", -1), ("", "", 0)]
    assert snapshot.rows.get(line=0).variant == mug
    assert not snapshot.rows.filter(variant=elsewhere).exists()


def test_the_columns_of_a_source_may_have_names_of_their_own(feed, store):
    Feed.objects.update(columns={"sku": "ItemNo", "location": "Store", "quantity": "QOH"})
    tee = stocked(store, 10)
    snapshot = reconciled(Feed.objects.get(), f"x,9,{tee.sku},1004", header="Note,QOH,ItemNo,Store")
    assert outcomes(snapshot) == [("booked", "", -1)]


def test_a_file_of_one_store_needs_no_column_for_it(feed, store):
    tee = stocked(store, 10)
    snapshot = reconciled(feed, f"{tee.sku},9", header="sku,quantity", location_code="1004")
    assert outcomes(snapshot) == [("booked", "", -1)]


def test_json_lines_and_packed_files_are_read(feed, store):
    tee = stocked(store, 10)
    rows = [{"sku": tee.sku, "location": "1004", "quantity": 9}]
    content = gzip.compress("\n".join(json.dumps(row) for row in rows).encode())
    pieces = [content[:7], content[7:]]
    now = timezone.now()
    receive_snapshot(feed=feed, chunks=pieces, name="stock.ndjson.gz", as_of=now, by=WMS, now=now)
    reconcile(now=now)
    assert level(tee, store)[0] == 9


def test_what_json_can_say_and_no_database_keep_is_a_bad_row(feed, store):
    Feed.objects.update(most_bad_percent=90)
    tee = stocked(store, 10)
    lines = ['{"sku": "a\\u0000", "location": "1004", "quantity": 1}',
             '{"sku": "\\ud800", "location": "1", "quantity": 1}',
             f'{{"sku": "{tee.sku}", "location": "1004", "quantity": "1_0"}}',
             f'{{"sku": "{tee.sku}", "location": "1004", "quantity": 9}}']  # fmt: skip
    now = timezone.now()
    receive_snapshot(feed=Feed.objects.get(), chunks=["\n".join(lines).encode()], name="x.ndjson", as_of=now, by=WMS,
                     now=now)  # fmt: skip
    reconcile(now=now)
    snapshot = Snapshot.objects.get()
    assert list(snapshot.problems.values_list("line", "kind")) == [(1, "sku"), (2, "location"), (3, "quantity")]
    assert level(tee, store)[0] == 9


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("stock.xls", b"x", "unknown_format"), ("stock.csv.gz", b"sku,location", "broken_file"),
        ("stock.csv.gz", gzip.compress(b"sku,location" * 99, mtime=0)[:-9], "broken_file"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_leaves_nothing(feed, name, content, code, settings):
    now = timezone.now()
    with refused(code):
        receive_snapshot(feed=feed, chunks=BytesIO(content), name=name, as_of=now, by=WMS, now=now)
    assert not Snapshot.objects.exists()


def test_a_killed_worker_leaves_whole_slices_and_nothing_is_booked_twice(feed, store, monkeypatch):
    tees = [stocked(store, 10) for _ in range(7)]
    snapshot = send(feed, *((tee, store, 9) for tee in tees))
    now, step = timezone.now(), {"most": 2}
    assert read_snapshot.read_next(snapshot_id=snapshot.pk, now=now, **step)
    real = read_snapshot._keep
    monkeypatch.setattr(read_snapshot, "_keep", lambda *args: (real(*args), 1 / 0))
    with pytest.raises(ZeroDivisionError):
        read_snapshot.read_next(snapshot_id=snapshot.pk, now=now, **step)
    monkeypatch.setattr(read_snapshot, "_keep", real)
    while read_snapshot.read_next(snapshot_id=snapshot.pk, now=now, **step):
        pass
    assert snapshot.rows.count() == 7
    assert compare_snapshot.compare_next(snapshot_id=snapshot.pk, now=now, most=3)
    monkeypatch.setattr(compare_snapshot, "book", lambda *args, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        compare_snapshot.compare_next(snapshot_id=snapshot.pk, now=now, most=3)
    monkeypatch.undo()
    reconcile(now=now)
    assert [level(tee, store)[0] for tee in tees] == [9] * 7
    assert StockMovement.objects.filter(kind="reconcile").count() == 7
    assert audit() == {}


def test_a_source_that_falls_silent_is_told_of_once(feed):
    now = timezone.now()
    Feed.objects.update(rhythm_minutes=30, heard_at=now - timedelta(minutes=59))
    assert tell_silent_feeds(now=now) == 0
    assert tell_silent_feeds(now=now + timedelta(minutes=2)) == 1
    assert tell_silent_feeds(now=now + timedelta(minutes=3)) == 0
    send(Feed.objects.get(), "a,b,1")
    assert Feed.objects.get().silent_since is None
    assert [event.topic for event in Event.objects.filter(topic__startswith="inventory.feed").order_by("pk")] == [
        "inventory.feed_silent", "inventory.feed_heard",
    ]  # fmt: skip


def test_the_newer_word_about_a_shelf_is_the_one_to_decide_about(feed, store):
    tee, mug = stocked(store, 10), stocked(store, 10)
    first = reconciled(feed, (tee, store, 1), (mug, store, 2))
    second = reconciled(feed, (tee, store, 2), (mug, store, 10))
    assert outcomes(first) == [("outdated", "later", -9), ("outdated", "later", -8)]
    assert outcomes(second) == [("review", "units", -8), ("", "", 0)]
    assert second.rows.get(outcome="review").in_question_since == first.as_of
    third = reconciled(feed, (tee, store, 3))
    assert third.rows.get().in_question_since == first.as_of
    assert SnapshotRow.objects.waiting().count() == 1


def test_a_snapshot_that_breaks_holds_no_other_up(feed, store, monkeypatch):
    tee = stocked(store, 10)
    broken, sound = send(feed, (tee, store, 9)), send(feed, (tee, store, 8))
    real = read_snapshot._keep

    def breaking(snapshot, found):
        if snapshot.pk == broken.pk:
            raise ZeroDivisionError
        real(snapshot, found)

    monkeypatch.setattr(read_snapshot, "_keep", breaking)
    with pytest.raises(ZeroDivisionError):
        reconcile(now=timezone.now())
    sound.refresh_from_db()
    assert sound.status == "done"


def test_a_file_that_was_sent_twice_lies_there_once(feed, store, settings):
    tee, as_of = stocked(store, 10), timezone.now()
    before = set(settings.PRIVATE_FILES.rglob("wms*"))
    first, again = (send(feed, (tee, store, 9), as_of=as_of) for _ in range(2))
    assert first.pk == again.pk
    assert {path.name for path in set(settings.PRIVATE_FILES.rglob("wms*")) - before} == {
        first.file.name.rpartition("/")[2]
    }


def test_old_rows_are_let_go_and_what_was_decided_stays(feed, store):
    tee, mug, lamp = (stocked(store, 10) for _ in range(3))
    Feed.objects.update(most_bad_percent=90)
    old = reconciled(Feed.objects.get(), (tee, store, 10), (mug, store, 9), (lamp, store, 1), "NOPE,1004,1")
    before = old.outcome_counts()
    young = reconciled(Feed.objects.get(), (tee, store, 10))
    later = old.as_of + timedelta(days=36)
    Snapshot.objects.filter(pk=young.pk).update(as_of=later)
    assert forget_snapshots(now=later) == 1
    old.refresh_from_db()
    assert [outcome for outcome, _cause, _difference in outcomes(old)] == ["booked", "review"]
    assert (old.outcome_counts(), old.problems.count(), old.bad_count) == (before, 0, 1)
    assert young.rows.count() == 1
    assert forget_snapshots(now=later) == 0
    assert audit() == {}


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_row_was_lost_is_swept_and_no_other(feed, store, monkeypatch):
    kept = send(feed, (stocked(store, 10), store, 9))
    monkeypatch.setattr(receiving, "begin", lambda *args, **more: 1 / 0)  # as when the connection goes
    with pytest.raises(ZeroDivisionError):
        send(feed, "a,b,2")
    assert Snapshot.objects.count() == 1
    assert sweep_files(now=timezone.now()) == 0  # it may still be arriving
    assert sweep_files(now=timezone.now() + timedelta(days=2)) >= 1
    assert kept.file.storage.exists(kept.file.name)
