"""Why a parcel comes from here: the associate's disclosure and HQ's page, in a real browser."""

import os
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from omni.core.hq.show import page_url
from tests.browser.conftest import in_each_look
from tests.factories import GroupFactory, LocationFactory, line, person, placed, stocked
from tests.factories.routing import activated, rule_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def decided(transactional_db):
    """Two mugs and a shirt: the kiosk may not, Elm Street has too few, some have all but are farther or dearer."""
    kiosks = GroupFactory(name="Kiosks")
    activated(rule_set("Web", filters=[{"kind": "except", "group_ids": [kiosks.pk]}],
                       prices=[{"amount": Decimal("0.50"), "kinds": ["store"]}]))  # fmt: skip
    oak = LocationFactory(name="Oak Street", code="9001", latitude=45.05, longitude=-93.2)
    mug, shirt = stocked(oak, 5), stocked(oak, 5)
    for name, more, units in (
        ("Airport kiosk", {"latitude": 44.98, "longitude": -93.27, "group": kiosks}, 5),
        ("Elm Street", {"latitude": 44.99, "longitude": -93.25}, 1),
        ("Riverside Mall", {"latitude": 45.3, "longitude": -93.6}, 5),
        ("Saint Cloud", {"latitude": 45.56, "longitude": -94.16}, 5),
        ("Duluth", {"latitude": 46.78, "longitude": -92.1}, 5),
        ("Fargo", {"latitude": 46.87, "longitude": -96.79}, 5),
    ):
        place = LocationFactory(name=name, **more)
        stocked(place, units, variant=mug)
        if units > 1:
            stocked(place, units, variant=shirt)
    order = placed(line(mug, 2), line(shirt))
    assert order.fulfillment_orders.get().location == oak
    return oak, order


@in_each_look
def test_a_store_reads_why_it_was_chosen(open_page, live_server, decided, axe, size, scheme):
    oak, order = decided
    client = Client()
    client.force_login(person("associate", at=oak), "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(oak.pk)
    session.save()
    cookie = {
        "name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "path": "/", "expires": -1,
        "domain": live_server.url.removeprefix("http://").partition(":")[0], "httpOnly": True, "secure": False,
        "sameSite": "Lax",
    }  # fmt: skip
    page = open_page(reverse("orders:order", args=[order.number]), size=size, scheme=scheme,
                     storage_state={"cookies": [cookie], "origins": []})  # fmt: skip
    expect(page.get_by_text("Closest location that can send everything.")).to_be_hidden()
    page.get_by_text("Why us?").click()
    expect(page.get_by_text("Closest location that can send everything.")).to_be_visible()
    expect(page.get_by_text("Airport kiosk is nearer, but is closed by the rule")).to_be_visible()
    _look(page, axe, f"why-{size['width']}-{scheme}")


@in_each_look
def test_hq_sees_bill_plans_and_map(open_hq, decided, axe, size, scheme):
    _oak, order = decided
    page = open_hq(page_url("orders.routingdecision", order.routing_decisions.get().pk), size=size, scheme=scheme)
    expect(page.get_by_role("img", name="The nearest on a map")).to_be_visible()
    expect(page.locator("section.panel", has_text="Bill").first).to_contain_text("Postage")
    _look(page, axe, f"decision-{size['width']}-{scheme}")


def _look(page, axe, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []
    assert axe(page) == []
