"""A delivery received on a phone: looked at on phone and desk, light and dark, and clean for axe."""

import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.conftest import in_each_look
from tests.browser.test_offline import come_in
from tests.factories import LocationFactory, person, stocked
from tests.factories.supply import announced, ordered
from tests.shop import audit, level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fine(page, axe, name):
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@in_each_look
def test_a_lead_receives_a_delivery_and_finishes_it(open_page, axe, live_server, size, scheme):
    store = LocationFactory(name="Oak Street")
    tee, mug = stocked(store, 0, aisle="C", bin="04"), stocked(store, 0)
    order = ordered(store, {tee: 24, mug: 6})
    delivery = announced(store, {tee: 12}, {tee: 12}, loose={mug: 6}, order=order, number="ASN-9001")
    ordered(store, {tee: 3}, number="PO-LATE", days=-2)
    page = open_page("/sign-in/", size=size, scheme=scheme)
    come_in(page, person("lead", at=store), Client(), live_server, store)
    name = f"{size['width']}-{scheme}"
    page.goto("/receiving/")
    fine(page, axe, f"list-{name}")
    page.goto(f"/receiving/{delivery.pk}/")
    for code in (delivery.cartons.first().code, mug.sku):
        page.locator("#scan").focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page.locator("#scan-status .notice")).to_contain_text("12 units" if "ASN" in code else "1 of 6")
    fine(page, axe, f"scan-{name}")
    page.goto(f"/receiving/{delivery.pk}/items/{delivery.lines.get(variant=tee).pk}/")
    fine(page, axe, f"item-{name}")
    page.goto(f"/receiving/{delivery.pk}/summary/")
    fine(page, axe, f"summary-{name}")
    for select in page.locator("select[name^=decision]").all():
        select.select_option("wait")
    page.get_by_role("button", name="Finish the delivery").click()
    expect(page.get_by_text("Received lately")).to_be_visible()
    page.goto(f"/receiving/{delivery.pk}/print/")
    fine(page, axe, f"print-{name}")
    assert (level(tee, store)[0], level(mug, store)[0]) == (12, 1)
    assert audit() == {}
