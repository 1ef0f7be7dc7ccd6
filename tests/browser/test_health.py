"""HQ looks how true the stock is, in a real browser: pictures, each leading to the rows behind it."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import FeedLag, StockLevel, StockMovement
from inventory.operations.hear_feed import tell_silent_feeds
from omni.core.models import AuditRun
from tests.browser.conftest import in_each_look
from tests.factories import BarcodeFactory, GroupFactory, LocationFactory, line, placed, stocked
from tests.factories.feeds import feed_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ("Oak Street", "Elm Street", "Riverside Mall", "Airport", "North Park")


@pytest.fixture
def chain(transactional_db):
    """A month in which things went missing, sources that are late, and one that says nothing."""
    now = timezone.now().replace(microsecond=0)
    stores = [LocationFactory(name=name, code=str(1001 + n), group=GroupFactory()) for n, name in enumerate(NAMES)]
    items = [stocked(store, 40, variant=BarcodeFactory(variant__unit_cost=Decimal(5 + 7 * n)).variant)
             for n, store in enumerate(stores)]  # fmt: skip
    for day in range(26):
        at = now - timedelta(days=day)
        for n in range(day % 5):
            kind, units = ("count", -1 - day % 3) if n % 3 else ("adjust", 1 + n % 2)
            _past(items[n], stores[n], kind, units, at)
    for code, name, counts, heard in (
        ("tills", "Store tills", (9120, 3020, 811, 96, 12, 3, 0), timedelta(minutes=4)),
        ("wms", "Warehouse system", (0, 12, 1900, 7020, 330, 41, 2), timedelta(minutes=50)),
        ("partner", "Windmill Goods", (0, 0, 3, 14, 220, 90, 31), timedelta(hours=7)),
    ):
        feed = feed_of(code, name=name, rhythm_minutes=30, heard_at=now - heard)
        hour = now.replace(minute=0, second=0)
        FeedLag.objects.bulk_create(
            FeedLag(hour=hour, source=feed.source, step=n, movements=count) for n, count in enumerate(counts) if count
        )
    tell_silent_feeds(now=now)
    for violations in (0, 0, 2, 5, 1, 0, 0):
        AuditRun.objects.create(violations=violations, results=[])
    order = placed(line(items[1], 3, at=stores[1]))
    assert order.lines.count() == 1
    StockLevel.objects.filter(variant=items[1]).update(on_hand=1, shortfall=2)
    return stores


def _past(variant, place, kind, units, at):
    StockMovement.objects.create(
        variant=variant, location=place, kind=kind, quantity=units, on_hand_after=40, actor="test", occurred_at=at,
        recorded_at=at,
    )  # fmt: skip


@in_each_look
def test_each_picture_leads_to_its_rows(open_hq, chain, axe, size, scheme):
    page = open_hq("/hq/", size=size, scheme=scheme)
    page.get_by_role("link", name="Inventory health").click()
    expect(page.get_by_role("heading", name="Inventory health")).to_be_visible()
    _look(page, axe, f"health-{size['width']}-{scheme}")
    for panel, row, there in (
        ("Sources, by how much", "Windmill Goods", "Windmill Goods"),
        ("Shortfalls", "1002 Elm Street", "Elm Street"),
        ("Shrink: where most", "1003 Riverside Mall", "Riverside Mall"),
    ):
        page.locator("section.panel", has_text=panel).get_by_role("link", name=row).click()
        expect(page.locator("#content")).to_contain_text(there)
        page.go_back()
    assert page.complaints == []


@in_each_look
def test_what_was_it_on_tuesday_is_answered(open_hq, chain, axe, size, scheme):
    level = StockLevel.objects.filter(location=chain[1]).get()
    page = open_hq(f"/hq/inventory/stocklevel/{level.pk}/change/", size=size, scheme=scheme)
    page.get_by_role("link", name="As of a moment").click()
    expect(page.get_by_role("heading", name="On hand in the last 30 days")).to_be_visible()
    week_ago = (timezone.now() - timedelta(days=7)).astimezone(chain[1].zone)
    page.get_by_label("As of").fill(f"{week_ago:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#content")).to_contain_text(f"on hand by the book, {week_ago:%a}")
    _look(page, axe, f"as-of-shelf-{size['width']}-{scheme}")
    page.goto(f"/hq/inventory/location/{chain[1].pk}/change/")
    page.get_by_role("link", name="Stock as of a moment").click()
    expect(page.get_by_role("link", name="Download all shelves")).to_be_visible()
    _look(page, axe, f"as-of-location-{size['width']}-{scheme}")


def _look(page, axe, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []
    assert axe(page) == []
    page.complaints.clear()  # axe reads style sheets in a way that the policy refuses
