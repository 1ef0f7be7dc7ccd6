"""An item is corrected and set aside on a phone and at a desk: looked at, and clean for axe."""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from inventory.first_reasons import make_first_limits, make_first_reasons
from inventory.operations.hold_apart import hold_apart
from omni.core.actors import Actor
from omni.core.operations.set_pin import choose_pin
from tests.browser.conftest import in_each_look
from tests.browser.test_offline import come_in
from tests.factories import LocationFactory, VariantFactory, person, stocked
from tests.shop import audit, held, level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fine(page, axe, name):
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder) / f"adjust-{name}.png", full_page=True)


@in_each_look
def test_units_are_set_aside_and_above_the_limit_a_lead_answers(open_page, axe, live_server, size, scheme):
    make_first_reasons()
    make_first_limits()
    oak = LocationFactory(name="Oak Street", code="1001")
    tee = stocked(oak, 20, aisle="C", bin="04", variant=VariantFactory(unit_cost=12))
    ana, lee = person("associate", at=oak), person("lead", at=oak)
    choose_pin(user=lee, pin="482915", now=timezone.now())
    hold_apart(variant_id=tee.pk, location_id=oak.pk, source="shelf", target="display", quantity=1, by=Actor.of(lee),
               now=timezone.now())  # fmt: skip
    page = open_page("/sign-in/", size=size, scheme=scheme)
    come_in(page, ana, Client(), live_server, oak)
    name = f"{size['width']}-{scheme}"
    page.goto("/adjustments/")
    page.locator("#scan").focus()
    page.keyboard.type(tee.sku)
    page.keyboard.press("Enter")
    page.wait_for_url("**/adjustments/items/**")
    fine(page, axe, f"item-{name}")
    page.get_by_role("radio", name="Set aside").check()
    expect(page.locator("#id_reason")).to_be_hidden()
    page.get_by_label("How many units?").fill("2")
    page.locator("#id_bucket").select_option("damaged")
    fine(page, axe, f"aside-{name}")
    page.get_by_role("button", name="Save the adjustment").click()
    expect(page.get_by_text("2 units: Shelf → Damaged").first).to_be_visible()
    assert (level(tee, oak)[0], held(tee, oak)) == (17, {"display": 1, "damaged": 2})
    page.goto(f"/adjustments/items/{tee.sku}/")
    page.get_by_role("radio", name="Fewer on the shelf").check()
    expect(page.locator("#id_bucket")).to_be_hidden()
    page.get_by_label("How many units?").fill("8")
    page.locator("#id_reason").select_option("stolen")
    page.get_by_role("button", name="Save the adjustment").click()
    expect(page.locator("#second-person")).to_be_visible()
    fine(page, axe, f"second-{name}")
    page.locator("#second-person select").select_option(lee.username)
    page.locator("#second-person input[type=password]").fill("482915")
    page.get_by_role("button", name="Save the adjustment").click()
    expect(page.get_by_text("8 units gone").first).to_be_visible()
    assert level(tee, oak)[0] == 9
    fine(page, axe, f"list-{name}")
    page.get_by_role("button", name="Undo 2 units: Shelf → Damaged").click()
    expect(page.get_by_text("Taken back: 2 units: Shelf → Damaged").first).to_be_visible()
    assert (level(tee, oak)[0], held(tee, oak)) == (11, {"display": 1})
    assert (page.complaints, audit()) == ([], {})
