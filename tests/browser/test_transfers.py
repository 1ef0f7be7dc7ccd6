"""A transfer on two stores' screens: looked at on phone and desk, light and dark, and clean for axe."""

import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from inventory.models import Transfer
from tests.browser.conftest import in_each_look
from tests.browser.test_offline import come_in
from tests.factories import LocationFactory, person, stocked
from tests.factories.transfers import transfer_asked, transfer_sent
from tests.shop import audit, level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fine(page, axe, name):
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder) / f"transfer-{name}.png", full_page=True)


def scanned(page, code, told):
    page.locator("#scan").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("#scan-status .notice")).to_contain_text(told)


@in_each_look
def test_a_lead_sends_what_another_store_asked_for(open_page, axe, live_server, size, scheme):
    oak, elm = LocationFactory(name="Oak Street", code="1001"), LocationFactory(name="Elm Street", code="2002")
    tee, mug = stocked(oak, 5, aisle="C", bin="04"), stocked(elm, 4)
    asked = transfer_asked(oak, elm, {tee: 2})
    coming = transfer_sent(elm, oak, {mug: 3})
    page = open_page("/sign-in/", size=size, scheme=scheme)
    come_in(page, person("lead", at=oak), Client(), live_server, oak)
    name = f"{size['width']}-{scheme}"
    page.goto("/transfers/")
    fine(page, axe, f"list-{name}")
    page.goto("/transfers/ask/")
    fine(page, axe, f"ask-{name}")
    page.goto(f"/transfers/{asked.number}/")
    fine(page, axe, f"asked-{name}")
    page.get_by_role("button", name="Approve").first.click()
    expect(page.locator("#scan")).to_be_visible()
    for n in (1, 2):
        scanned(page, tee.sku, f"{n} of 2")
    fine(page, axe, f"picked-{name}")
    page.goto(f"/transfers/{asked.number}/slip/")
    fine(page, axe, f"slip-{name}")
    page.goto(f"/transfers/{asked.number}/")
    page.get_by_role("button", name="The box has left").first.click()
    expect(page.get_by_text("In transit", exact=True).first).to_be_visible()
    page.goto(f"/transfers/{coming.number}/")
    scanned(page, mug.sku, "1 of 3")
    fine(page, axe, f"receive-{name}")
    assert Transfer.objects.get(pk=asked.pk).status == "in_transit"
    assert (level(tee, oak), level(mug, oak)) == ((3, 0, 0), (1, 0, 0))
    assert audit() == {}
