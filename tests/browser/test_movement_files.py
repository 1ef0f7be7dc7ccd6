"""HQ hands in a file of movements in a real browser, follows it while a worker books it, and reads the result."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import MovementFile
from inventory.operations.book_movement_file import book_next
from inventory.operations.reconcile import book_files
from tests.browser.conftest import DESK, in_each_look
from tests.factories import LocationFactory, stocked
from tests.factories.feeds import feed_of, movements_of, movements_sent
from tests.shop import level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SALES = 40


@pytest.fixture
def shop(transactional_db):
    store = LocationFactory(name="Oak Street", code="1001")
    tee, at = stocked(store, 100), timezone.now() + timedelta(seconds=1)
    sales = [(f"till-7-{n}", tee, store, "pos_sale", 1, at) for n in range(SALES)]
    bad = [
        "x1,OLD-17,1001,pos_sale,3,2026-05-01T10:00:00Z,", f"x2,{tee.sku},1001,gift,1,2026-05-01T10:00:00Z,",
        f"x3,{tee.sku},1001,pos_sale,two,2026-05-01T10:00:00Z,", f"x4,{tee.sku},1001,pos_sale,1,yesterday,",
    ]  # fmt: skip
    return {"store": store, "tee": tee, "feed": feed_of("tills", name="Tills"), "rows": [*sales, *sales[:3], *bad]}


def test_a_file_is_followed_until_its_result(open_hq, shop, tmp_path):
    (tmp_path / "day.csv").write_bytes(movements_of(*shop["rows"]))
    page = open_hq(f"/hq/inventory/feed/{shop['feed'].pk}/change/", size=DESK)
    page.get_by_role("link", name="Upload movements").click()
    page.get_by_label("File").set_input_files(tmp_path / "day.csv")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="Waits for its turn")).to_be_visible()
    book_next(file_id=MovementFile.objects.get().pk, now=timezone.now(), most=20)
    expect(page.get_by_role("heading", name="Books the events")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Books the events")).to_be_visible()
    book_files(now=timezone.now())
    expect(page.get_by_role("heading", name="What became of the rows")).to_be_visible(timeout=10_000)
    assert page.complaints == []
    expect(page.get_by_text("No variant has the SKU OLD-17.")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download the bad rows").click()
    assert len(taken.value.path().read_text().splitlines()) == 5
    assert level(shop["tee"], shop["store"])[0] == 100 - SALES


@in_each_look
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_hq, shop, axe, size, scheme):
    feed = shop["feed"]
    done = movements_sent(feed, *shop["rows"])
    stopped = movements_sent(feed, "a,1", header="sku,quantity")
    book_files(now=timezone.now())
    at_work = movements_sent(feed, *shop["rows"], key="second")
    book_next(file_id=at_work.pk, now=timezone.now(), most=20)
    pages = {"upload": f"/hq/inventory/feed/{feed.pk}/upload-movements/", "list": "/hq/inventory/movementfile/",
             "feed": f"/hq/inventory/feed/{feed.pk}/change/",
             **{name: f"/hq/inventory/movementfile/{file.pk}/change/"
                for name, file in (("done", done), ("stopped", stopped), ("work", at_work))}}  # fmt: skip
    page, found = open_hq("/hq/", size=size, scheme=scheme), {}
    for name, path in pages.items():
        page.goto(path)
        said, page.complaints[:] = list(page.complaints), []
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[name] = [*said, *axe(page), *(["scrolls sideways"] if wide else [])]
        page.complaints.clear()  # axe reads style sheets in a way that the policy refuses
    assert {name: complaints for name, complaints in found.items() if complaints} == {}
