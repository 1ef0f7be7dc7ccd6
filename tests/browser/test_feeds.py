"""HQ hands in a stock file in a real browser, follows it, reads the result and decides."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import Feed, Snapshot
from inventory.operations.read_snapshot import read_next
from inventory.operations.reconcile import reconcile
from tests.browser.conftest import DESK, in_each_look
from tests.factories import GroupFactory, LocationFactory, stocked
from tests.factories.feeds import csv_of, feed_of, reconciled
from tests.shop import level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(transactional_db):
    store = LocationFactory(name="Oak Street", code="1001", group=GroupFactory())
    other = LocationFactory(name="Elm Street", code="2002", group=GroupFactory())
    feed = feed_of("wms", name="Warehouse system", most_bad_percent=40)
    before = timezone.now() - timedelta(minutes=1)  # the form proposes the second in which it was opened
    rows = [(stocked(place, 20, at=before), place, units) for place in (store, other)
            for units in (20, 20, 20, 19, 21, 18, 22, 3, 40, 0, 27)]  # fmt: skip
    return {"store": store, "feed": feed, "rows": [*rows, "OLD-17,1001,3", f"{rows[0][0].sku},1001,two"]}


def test_a_file_is_followed_until_its_result_and_what_waits_is_decided(open_hq, shop, tmp_path):
    (tmp_path / "stock.csv").write_bytes(csv_of(*shop["rows"]))
    page = open_hq(f"/hq/inventory/feed/{shop['feed'].pk}/change/", size=DESK)
    page.get_by_role("link", name="Upload a snapshot").click()
    page.get_by_label("File").set_input_files(tmp_path / "stock.csv")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="Waits for its turn")).to_be_visible()
    snapshot = Snapshot.objects.get()
    read_next(snapshot_id=snapshot.pk, now=timezone.now(), most=12)
    expect(page.get_by_role("heading", name="Reads and checks the rows")).to_be_visible(timeout=10_000)
    page.reload()
    expect(page.get_by_role("heading", name="Reads and checks the rows")).to_be_visible()
    reconcile(now=timezone.now())
    expect(page.get_by_role("heading", name="What became of the rows")).to_be_visible(timeout=10_000)
    assert page.complaints == []
    page.get_by_role("link", name="wait for a person").click()
    page.get_by_role("link", name="Refuse all of these").click()
    expect(page.get_by_role("heading", name="8 differences")).to_be_visible()
    page.get_by_label("Reason").fill("wrong export")
    page.get_by_role("button", name="Refuse all of these").click()
    expect(page.get_by_text("8 differences are refused; the ledger stays.")).to_be_visible()
    assert level(shop["rows"][7][0], shop["store"])[0] == 20


def test_without_script_a_ticked_difference_is_approved(open_hq, shop):
    reconciled(shop["feed"], *shop["rows"])
    page = open_hq("/hq/inventory/snapshotrow/", size=DESK, script=False)
    page.get_by_role("row", name=shop["rows"][7][0].sku).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("approve")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("Reason").fill("looked")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("1 difference is approved and booked.")).to_be_visible()
    assert level(shop["rows"][7][0], shop["store"])[0] == 3


@in_each_look
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_hq, shop, axe, size, scheme):
    feed = shop["feed"]
    done = reconciled(feed, *shop["rows"])
    stopped = reconciled(feed_of("till", silent_since=timezone.now(), rhythm_minutes=9), "a,b,1")
    at_work = reconciled(feed, *shop["rows"])
    Snapshot.objects.filter(pk=at_work.pk).update(
        status="comparing", compared_count=9, finished_at=None, created_at=timezone.now()
    )
    Feed.objects.filter(pk=feed.pk).update(columns={"sku": "ItemNo"})
    waiting = at_work.rows.waiting().first()  # the older snapshot's were closed by it
    paths = {
        "feeds": "/hq/inventory/feed/", "feed": f"/hq/inventory/feed/{feed.pk}/change/",
        "upload": f"/hq/inventory/feed/{feed.pk}/upload/", "snapshots": "/hq/inventory/snapshot/",
        "work": f"/hq/inventory/snapshot/{at_work.pk}/change/", "done": f"/hq/inventory/snapshot/{done.pk}/change/",
        "stopped": f"/hq/inventory/snapshot/{stopped.pk}/change/", "waiting": "/hq/inventory/snapshotrow/",
        "nothing": "/hq/inventory/snapshotrow/?source=none",
        "difference": f"/hq/inventory/snapshotrow/{waiting.pk}/change/",
        "all": "/hq/inventory/snapshotrow/all/approve/?direction=less",
        "act": f"/hq/inventory/snapshotrow/act/approve/?pk={waiting.pk}", "index": "/hq/",
    }  # fmt: skip
    page, found = open_hq("/hq/", size=size, scheme=scheme), {}
    for name, path in paths.items():
        page.goto(path)
        said, page.complaints[:] = list(page.complaints), []
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[name] = [*said, *axe(page), *(["scrolls sideways"] if wide else [])]
        page.complaints.clear()  # axe reads style sheets in a way that the policy refuses
    assert {name: complaints for name, complaints in found.items() if complaints} == {}
