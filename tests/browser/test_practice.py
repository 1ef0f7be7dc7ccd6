"""Practice on a phone and at the desk: the real screens, the bar that says what to do, the barcode to tap."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import in_each_look
from tests.browser.test_offline import come_in
from tests.factories import LocationFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_first_order_is_picked_and_handed_over_by_tapping_what_the_bar_says(open_page, client, live_server):
    store = LocationFactory(name="Oak Street")
    page = open_page("/sign-in/", service_workers="block")
    come_in(page, person("associate", at=store), client, live_server, store)
    page.goto("/practice/")
    page.get_by_role("button", name="Open my practice store").click()
    bar = page.locator(".practice-step")
    expect(bar).to_contain_text("Step 1 of 5")
    page.get_by_role("button", name="Start picking the most urgent").click()
    for step in ("0 of 2", "1 of 2", "Stoneware mug: 0 of 1"):
        expect(bar).to_contain_text(step)
        page.locator("#practice-scan").click()
    expect(bar).to_contain_text("All is picked.")
    expect(page.locator("#shelf")).to_be_visible()
    page.locator("#practice-scan").click()
    expect(bar).to_contain_text("Step 5 of 5")
    page.locator("#practice-go").click()
    page.locator("#practice-scan").click()
    page.get_by_role("button", name="Hand over").click()
    expect(bar).to_contain_text("Done: An order for pickup")
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".practice-sign")).to_have_count(0)
    expect(page.locator("header")).to_contain_text("Oak Street")


@in_each_look
def test_the_practice_frame_is_fit_for_everybody(open_page, client, live_server, axe, size, scheme):
    store = LocationFactory(name="Oak Street")
    page = open_page("/sign-in/", size=size, scheme=scheme, service_workers="block")
    come_in(page, person("associate", at=store), client, live_server, store)
    page.goto("/practice/")
    assert axe(page) == []
    page.get_by_role("button", name="Open my practice store").click()
    page.locator("#practice-more summary").click()
    assert axe(page) == []
    page.goto("/practice/")
    assert axe(page) == []
