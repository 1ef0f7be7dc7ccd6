"""Sources of stock news in HQ: registered, a file handed in, its progress, its result, and what waits decided."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import Feed, Snapshot, SnapshotRow
from inventory.operations import reconcile as work
from inventory.operations.read_snapshot import read_next
from omni.core.hq.show import list_url, page_url
from tests.factories import VariantFactory, stocked
from tests.factories.feeds import csv_of, feed_of, reconciled, sent
from tests.shop import audit, level

pytestmark = pytest.mark.django_db
WAITING = list_url("inventory.snapshotrow")


@pytest.fixture
def feed():
    return feed_of()


def form_of(**changes):
    return {"name": "Tills", "code": "tills", "kind": "pos", "is_active": "on", "rhythm_minutes": "30",
            "most_bad_percent": "10", "tolerance_units": "2", "tolerance_value": "50"} | changes  # fmt: skip


def upload(client, feed, content, *, name="stock.csv", as_of=None, **more):
    as_of = as_of or timezone.now() + timedelta(seconds=1)  # whole seconds, and none before the shelves were filled
    data = {"file": SimpleUploadedFile(name, content), "as_of": f"{as_of:%Y-%m-%dT%H:%M:%S}"}
    return client.post(f"/hq/inventory/feed/{feed.pk}/upload/", data | more)


def text(response) -> str:
    return response.content.decode()


def table(response) -> list[list[str]]:
    return list(csv.reader(StringIO(b"".join(response.streaming_content).decode())))


# --- sources ------------------------------------------------------------------------------------------------


def test_a_source_is_registered_with_the_names_of_its_columns(hq):
    columns = {"columns-sku": "ItemNo", "columns-quantity": " QOH "}
    assert hq.post("/hq/inventory/feed/add/", form_of() | columns).status_code == 302
    feed = Feed.objects.get(code="tills")
    assert (feed.columns, feed.rhythm_minutes) == ({"sku": "ItemNo", "quantity": "QOH"}, 30)
    page = text(hq.get(page_url("inventory.feed", feed.pk)))
    assert 'value="ItemNo"' in page
    assert "{&quot;" not in page
    hq.post(page_url("inventory.feed", feed.pk), form_of(code="other") | columns | {"columns-sku": "Item"})
    feed.refresh_from_db()
    assert (feed.code, feed.columns) == ("tills", {"sku": "Item", "quantity": "QOH"})
    assert "Changed" in text(hq.get(f"/hq/inventory/feed/{feed.pk}/history/"))


def test_two_of_our_names_cannot_mean_one_column(hq):
    response = hq.post("/hq/inventory/feed/add/", form_of() | {"columns-sku": "A", "columns-location": "A"})
    assert "Two of our names mean the same column." in text(response)
    assert not Feed.objects.exists()


def test_a_silent_source_is_seen_on_the_first_page_and_leads_to_its_row(hq, feed):
    feed_of("till")
    assert "stock feeds are silent" in text(hq.get("/hq/"))
    Feed.objects.filter(pk=feed.pk).update(silent_since=timezone.now(), rhythm_minutes=5)
    assert "silent=yes" in text(hq.get("/hq/"))
    page = text(hq.get(list_url("inventory.feed", silent="yes")))
    assert "Silent since" in page
    assert "Feed till" not in page


def test_sources_are_for_hq_alone(manager, feed):
    for path in (list_url("inventory.feed"), list_url("inventory.snapshot"), f"/hq/inventory/feed/{feed.pk}/upload/"):
        assert manager.get(path).status_code == 403


# --- a file -------------------------------------------------------------------------------------------------


def test_an_uploaded_file_becomes_a_result_that_people_can_read(hq, feed, store):
    Feed.objects.update(most_bad_percent=50)
    tee, mug, lamp = (stocked(store, 10) for _ in range(3))
    content = csv_of((tee, store, 10), (mug, store, 9), (lamp, store, 3), "NOPE,1001,1")
    response = upload(hq, feed, content)
    snapshot = Snapshot.objects.get()
    assert response["Location"] == page_url("inventory.snapshot", snapshot.pk)
    assert snapshot.created_by == hq.user.shown_name
    assert "Waits for its turn" in text(hq.get(response["Location"]))
    work.reconcile(now=timezone.now())
    page = text(hq.get(response["Location"]))
    for words in ("<b>0</b>", "<b>−1</b>", "units booked down", "As expected", "Waiting for a person", "Oak Street",
                  "Line 5", "No variant has the SKU NOPE.", "Unknown SKU", "6 to 19 missing"):  # fmt: skip
        assert words in page, words
    assert [level(each, store)[0] for each in (tee, mug, lamp)] == [10, 9, 10]
    assert audit() == {}


def test_the_same_file_sent_twice_is_one(hq, feed, store):
    content, as_of = csv_of((stocked(store, 3), store, 3)), timezone.now()
    first = upload(hq, feed, content, as_of=as_of)["Location"]
    again = upload(hq, feed, content, as_of=as_of)
    assert again["Location"] == first
    assert Snapshot.objects.count() == 1
    assert "was sent before" in text(hq.get(first))


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({"name": "stock.xls"}, 422, "Send a .csv or .ndjson file"),
        ({"location_code": "9999"}, 422, "no location with the code 9999"),
        ({"as_of": timezone.now() + timedelta(days=1)}, 422, "lies in the future"),
        ({"name": "stock.csv.gz"}, 422, "The packed file is broken."),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_keeps_what_was_typed(hq, feed, store, more, status, words):
    response = upload(hq, feed, b"sku,location,quantity\n", **({"location_code": "1001"} | more))
    assert response.status_code == status
    assert words in text(response)
    assert f'value="{more.get("location_code", "1001")}"' in text(response)
    assert not Snapshot.objects.exists()


def test_a_source_that_was_switched_off_takes_no_file(hq, feed):
    Feed.objects.update(is_active=False)
    response = upload(hq, feed, b"sku\n")
    assert response.status_code == 409
    assert "was switched off" in text(response)


def test_a_page_follows_the_work_and_survives_a_reload(hq, feed, store):
    snapshot = sent(feed, *((stocked(store, 5), store, 5) for _ in range(4)))
    url = page_url("inventory.snapshot", snapshot.pk)
    page = text(hq.get(url))
    assert 'hx-trigger="every 2s, refresh"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    read_next(snapshot_id=snapshot.pk, now=timezone.now(), most=2)
    then = timezone.now().timestamp() - 2
    part = text(hq.get(f"{url}?at={then}&rows=0&part=0", headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "Reads and checks the rows" in part
    assert "rows a second" in part
    assert "less than a minute" in part
    assert hq.get(f"{url}?at=x&rows=-1&part=nan", headers={"HX-Request": "true"}).status_code == 200
    work.reconcile(now=timezone.now())
    assert hq.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Every shelf holds what the ledger expected." in text(hq.get(url))


def test_a_stopped_file_says_that_nothing_changed(hq, feed, store):
    tee = stocked(store, 10)
    snapshot = reconciled(feed, (tee, store, 1), "NOPE,1001,1")
    page = text(hq.get(page_url("inventory.snapshot", snapshot.pk)))
    assert "Stopped: nothing of it was used" in page
    assert "50.0 % of its rows are bad; 10 % are tolerated." in page
    assert "state=stopped" in text(hq.get("/hq/"))
    assert level(tee, store)[0] == 10


def test_downloads_hold_all_and_no_cell_is_a_formula(hq, feed, store):
    Feed.objects.update(most_bad_percent=90)
    evil = stocked(store, 10, variant=VariantFactory(sku="=1+1"))
    snapshot = reconciled(feed, (evil, store, 2), (stocked(store, 4), store, 4), '"=cmd()",1001,1', "@x,1001,one")
    base = f"/hq/inventory/snapshot/{snapshot.pk}"
    response = hq.get(f"{base}/differences.csv")
    assert response["Content-Disposition"] == f'attachment; filename="wms-{snapshot.pk}-differences.csv"'
    rows = table(response)
    assert rows[0][:7] == ["line", "sku", "location", "reported", "expected", "difference", "value"]
    assert rows[1:] == [["2", "'=1+1", "1001", "2", "10", "-8", rows[1][6], "Waits for a person",
                         "More units than tolerated", "", ""]]  # fmt: skip
    bad = table(hq.get(f"{base}/bad-rows.csv"))
    assert [row[0] for row in bad[1:]] == ["4", "5"]
    assert [row[3] for row in bad[1:]] == ["'=cmd()", "'@x"]
    assert bad[2][1:3] == ["No whole number of units", "The quantity is no whole number."]


# --- what waits ---------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(feed, store, other_store):
    """Two at Oak Street, one missing and one too many; one at Elm Street."""
    tee, mug, lamp = stocked(store, 10), stocked(store, 10), stocked(other_store, 10)
    reconciled(feed, (tee, store, 3), (mug, store, 15), (lamp, other_store, 1), (stocked(store, 4), store, 3))
    return {row.variant_id: row for row in SnapshotRow.objects.waiting()}, (tee, mug, lamp)


def act(client, name, *rows, **data):
    return client.post(f"/hq/inventory/snapshotrow/act/{name}/", {"pk": [row.pk for row in rows], **data}, follow=True)


def decide(client, name, **data):
    return client.post(f"/hq/inventory/snapshotrow/all/{name}/", data, follow=True)


def test_a_difference_is_approved_with_a_reason(manager, waiting, store):
    rows, (tee, *_others) = waiting
    page = text(manager.get(f"/hq/inventory/snapshotrow/act/approve/?pk={rows[tee.pk].pk}"))
    assert "cannot be undone" in page
    assert "−7" in page
    assert act(manager, "approve", rows[tee.pk], reason=" ").status_code == 422
    assert "1 difference is approved and booked." in text(act(manager, "approve", rows[tee.pk], reason="looked"))
    assert level(tee, store)[0] == 3
    decided = SnapshotRow.objects.get(pk=rows[tee.pk].pk)
    assert (decided.outcome, decided.reason, decided.decided_by) == ("approved", "looked", manager.user.shown_name)
    assert act(manager, "refuse", decided, reason="late").status_code == 409
    assert audit() == {}


def test_ticked_differences_are_refused_and_the_ledger_stays(hq, waiting, store):
    rows, (tee, mug, lamp) = waiting
    asked = f"/hq/inventory/snapshotrow/act/refuse/?pk={rows[tee.pk].pk}&pk={rows[lamp.pk].pk}"
    assert "2 differences, net −16 units" in text(hq.get(asked))
    page = text(act(hq, "refuse", rows[tee.pk], rows[lamp.pk], reason="wrong export"))
    assert "2 differences are refused; the ledger stays." in page
    assert level(tee, store)[0] == 10
    assert [row.variant for row in SnapshotRow.objects.waiting()] == [mug]


def test_all_that_a_filter_shows_is_approved_after_saying_how_much_it_is(hq, waiting, store, other_store):
    _rows, (tee, mug, lamp) = waiting
    page = text(hq.get("/hq/inventory/snapshotrow/all/approve/?direction=less"))
    assert "2 differences, net −16 units" in page
    assert "cannot be undone" in page
    assert decide(hq, "approve", direction="less", counted="2", reason="").status_code == 422
    again = decide(hq, "approve", direction="less", counted="1", reason="x")
    assert again.status_code == 422
    assert "By now these are others" in text(again)
    assert 'name="counted" value="2"' in text(again)
    page = text(decide(hq, "approve", direction="less", counted="2", reason="truck"))
    assert "2 differences are approved and booked." in page
    assert [level(tee, store)[0], level(mug, store)[0], level(lamp, other_store)[0]] == [3, 10, 1]
    assert audit() == {}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"at": "1001"}, 2), ({"direction": "more"}, 1), ({"source": "wms"}, 3), ({"source": "other"}, 0),
        ({"cause": "units"}, 3), ({"cause": "value"}, 0), ({"age": "1"}, 0), ({"least": "0"}, 3),
        ({"least": "99999999"}, 0), ({"least": "many"}, 0), ({"snapshot": "0"}, 0), ({}, 3),
        ({"outcome": "booked"}, 3),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_down(hq, waiting, asked, found):
    response = hq.get(list_url("inventory.snapshotrow", **asked))
    assert len(response.context["cl"].result_list) == found
    if asked.get("least") == "many":
        assert "“many” is no least value." in text(response)


def test_a_manager_sees_and_decides_for_the_own_stores_only(manager, waiting, store, other_store):
    rows, (tee, mug, lamp) = waiting
    page = text(manager.get(WAITING))
    assert tee.sku in page
    assert lamp.sku not in page
    assert manager.get(page_url("inventory.snapshotrow", rows[lamp.pk].pk))["Location"] == "/hq/"
    assert act(manager, "approve", rows[lamp.pk], reason="x").status_code == 404
    assert "2 differences, net −2 units" in text(manager.get("/hq/inventory/snapshotrow/all/refuse/"))
    decide(manager, "approve", counted="2", reason="x")
    assert (level(tee, store)[0], level(mug, store)[0], level(lamp, other_store)[0]) == (3, 15, 10)
    assert [row.variant for row in SnapshotRow.objects.waiting()] == [lamp]


def test_nothing_waiting_says_what_will_appear_here(hq, db):
    assert "No difference waits for a person." in text(hq.get(WAITING))
    assert "Nothing waits that this filter shows." in text(hq.get("/hq/inventory/snapshotrow/all/approve/"))
    assert hq.get("/hq/inventory/snapshotrow/all/bless/").status_code == 404


def test_the_result_leads_to_the_rows_behind_it(hq, waiting, store):
    snapshot = Snapshot.objects.get()
    found = hq.get(list_url("inventory.snapshotrow", snapshot=snapshot.pk, outcome="all", at="1001")).context["cl"]
    assert len(found.result_list) == 3
    found = hq.get(list_url("inventory.snapshotrow", snapshot=snapshot.pk, outcome="booked")).context["cl"]
    assert [row.difference for row in found.result_list] == [-1]


def test_the_list_is_walked_by_value_there_and_back(hq, feed, store):
    snapshot = reconciled(feed, (stocked(store, 0), store, 0))
    tee = stocked(store, 1)
    SnapshotRow.objects.bulk_create(
        SnapshotRow(snapshot=snapshot, line=n, location=store, variant=tee, quantity=0, outcome="review", cause="units",
                    expected=9, difference=-9, value=Decimal(n // 4))
        for n in range(120)
    )  # fmt: skip
    pages, url = [], WAITING
    while url:
        changelist = hq.get(url).context["cl"]
        pages.append([row.pk for row in changelist.result_list])
        url = changelist.next_page and WAITING + changelist.next_page
    wanted = list(SnapshotRow.objects.waiting().values_list("pk", flat=True))
    assert [pk for page in pages for pk in page] == wanted
    back = hq.get(WAITING + changelist.previous_page).context["cl"]
    assert [row.pk for row in back.result_list] == pages[1]
    for odd in ("x", "NaN:1", "1", "1:x"):
        assert hq.get(f"{WAITING}?older={odd}").status_code in {200, 302}


def test_pages_ask_the_database_no_more_for_more_rows(hq, feed, store):
    first = _queries(hq, reconciled(feed, (stocked(store, 10), store, 1)))
    more = _queries(hq, reconciled(feed, *((stocked(store, 10), store, 1) for _ in range(12))))
    assert more == first
    assert max(first) <= 20


def _queries(client, snapshot) -> tuple[int, ...]:
    counts = []
    for url in (WAITING, page_url("inventory.snapshot", snapshot.pk), "/hq/inventory/snapshotrow/all/approve/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        counts.append(len(asked))
    return tuple(counts)
