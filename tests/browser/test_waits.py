"""A slow server: within 300 ms something moves, and soon after the page says in words what it waits for."""

from threading import Event

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from omni.core.actors import Actor
from orders.operations.claim import claim
from orders.operations.release import release_due
from orders.views import desk
from orders.views import pick_list as screen
from tests.browser.test_offline import come_in
from tests.factories import LocationFactory, line, person, placed, stocked

NOTE_WORDS = """() => {
    const began = performance.now(), place = document.querySelector("#waits [data-text]");
    new MutationObserver(() => {
        if (!place.textContent) return;
        sessionStorage.setItem("words", JSON.stringify([place.textContent, performance.now() - began]));
        window.wordsSeen();
    }).observe(place, { childList: true });
}"""
LONGEST = 30  # seconds, until a page that never says anything fails its test
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_scan_that_takes_long_says_what_it_waits_for(open_page, client, live_server, monkeypatch, axe):
    store = LocationFactory()
    ana = person("associate", at=store)
    order = placed(line(stocked(store, 5), 2, at=store))
    order.fulfillment_orders.update(release_at=timezone.now())
    release_due(now=timezone.now())
    work = order.fulfillment_orders.get()
    listed = claim(location=store, numbers=[work.number], by=Actor.of(ana), now=timezone.now())
    sku = work.lines.get().variant.sku
    quick, told = screen.pick, Event()

    def slow(**wanted):
        assert told.wait(LONGEST)
        return quick(**wanted)

    monkeypatch.setattr(screen, "pick", slow)
    page = open_page("/sign-in/", service_workers="block")
    come_in(page, ana, client, live_server, store)
    page.goto(f"/pick/{listed.number}/")
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(sku)
    page.keyboard.press("Enter")
    expect(page.locator("#waits")).to_have_text("Waiting for the server…", timeout=2000)
    assert axe(page) == []
    told.set()
    expect(page.locator("#scan-status")).to_contain_text("Picked 1 of 2")
    expect(page.locator("#waits")).to_be_hidden()


def test_a_page_that_takes_long_says_that_it_opens(open_page, client, live_server, monkeypatch):
    store = LocationFactory()
    quick, told = desk._waiting, Event()

    def slow(request):
        assert told.wait(LONGEST)
        return quick(request)

    monkeypatch.setattr(desk, "_waiting", slow)
    page = open_page("/sign-in/", service_workers="block")
    come_in(page, person("associate", at=store), client, live_server, store)
    page.goto("/today/")
    page.expose_function("wordsSeen", told.set)
    page.evaluate(NOTE_WORDS)
    page.locator(".tabs a[href='/pickup/']").click()
    page.wait_for_url("**/pickup/")
    words, after = page.evaluate("() => JSON.parse(sessionStorage.getItem('words'))")
    assert words == "Opening the page…"
    assert 250 < after < 1500
