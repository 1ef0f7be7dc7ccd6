"""A department counted on two phones, one without a network for a while, while orders are picked from its shelves."""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import CountScan, CountSession, StockLevel
from inventory.operations.count_session import start_count
from omni.core.actors import Actor
from orders.operations.pick import pick
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_offline import AGAIN, claimed_by, come_in, until
from tests.factories import LocationFactory, VariantFactory, line, person, placed, stocked
from tests.shop import audit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def phone(open_page, live_server, store):
    """`phone(path, user)`: a phone that could draw this page again without a network."""

    def opened(path, user, **options):
        page = open_page("/sign-in/", **options)
        come_in(page, user, Client(), live_server, store)
        page.goto(path)
        until(page, "() => navigator.serviceWorker.controller !== null")
        until(page, f"async () => Boolean(await (await caches.open('omni-pages')).match('{path}'))")
        return page

    return opened


def scan(page, code):
    expect(page.locator("#scan")).to_be_visible()
    page.locator("#scan").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def fine(page, axe, name):
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"count-{name}.png", full_page=True)
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_two_phones_count_while_orders_are_picked(phone, open_page, live_server, store, axe):
    """Seven tees lie there, eight caps: the ledger says eight and seven."""
    tee = stocked(store, 8, variant=VariantFactory(product__category="Apparel"))
    cap = stocked(store, 7, variant=VariantFactory(product__category="Apparel"), aisle="B")
    ana, ben, lea = person("associate", at=store), person("associate", at=store), person("lead", at=store)
    order = placed(line(tee, 2, at=store), line(cap, 2, at=store))
    listed = claimed_by(ana, store, order)
    session = start_count(location=store, category="Apparel", by=Actor.of(lea), now=timezone.now())
    CountSession.objects.update(slack_seconds=0)
    first, second = (f"/counts/sessions/{session.pk}/areas/{area.pk}/" for area in session.areas.all())

    def picked(variant):
        pick(pick_list_id=listed.pk, code=variant.sku, by=Actor.of(ana), now=timezone.now())

    here, away = phone(first, ana), phone(second, ben)
    picked(tee)
    away.context.set_offline(True)
    for n in range(8):
        scan(away, cap.sku)
        expect(away.locator("#offline")).to_contain_text(f"{n + 1} waiting")
    for n in range(6):  # one of the seven is in the picker's hands
        scan(here, tee.sku)
        expect(here.locator("#counting")).to_contain_text(f"{n + 1} unit")
    fine(here, axe, "area")
    fine(away, axe, "away")
    picked(cap)  # after it was scanned, before the scan was sent
    picked(tee)
    assert CountScan.objects.count() == 6
    away.context.set_offline(False)
    expect(away.locator("#offline")).to_be_hidden(timeout=AGAIN)
    assert CountScan.objects.count() == 14
    for page in (here, away):
        page.get_by_role("button", name="This area is done").click()
        expect(page.locator("h1")).to_contain_text("Apparel")
    fine(here, axe, "session")

    desk = open_page("/sign-in/", size=DESK, scheme="dark")
    come_in(desk, lea, Client(), live_server, store)
    desk.goto(f"/counts/sessions/{session.pk}/review/")
    fine(desk, axe, "open")
    desk.get_by_role("button", name="End the counting").click()
    expect(desk.locator("#decide")).to_be_visible()
    fine(desk, axe, "review")
    desk.set_viewport_size(PHONE)
    fine(desk, axe, "review-phone")
    desk.get_by_role("button", name="Book").click()
    expect(desk.locator("#main")).to_contain_text("Settled: 2. Still open: 0.")
    assert [StockLevel.objects.get(variant=each).on_hand for each in (tee, cap)] == [7, 8]
    assert audit() == {}
    desk.goto("/counts/sessions/new/")
    fine(desk, axe, "start")
    desk.goto("/counts/sessions/")
    fine(desk, axe, "sessions")
    for name in ("sheets", "result"):
        desk.goto(f"/counts/sessions/{session.pk}/{name}/")
        fine(desk, axe, f"{name}-phone")
        desk.set_viewport_size(DESK)
        fine(desk, axe, name)
        desk.set_viewport_size(PHONE)
