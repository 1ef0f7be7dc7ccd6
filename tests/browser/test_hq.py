"""HQ in a real browser: the content security policy holds, axe finds nothing, acts work without script too."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from inventory.first_reasons import make_first_reasons
from omni.core.models import Event, EventDelivery
from tests.browser.conftest import DESK, in_each_look
from tests.factories import GroupFactory, LocationFactory, line, person, placed, stocked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def things(transactional_db):
    """One of what the pages show."""
    make_first_reasons(sender=None)
    store = LocationFactory(name="Oak Street", group=GroupFactory())
    order = placed(line(stocked(store, 5), 2, at=store))
    event = Event.objects.create(topic="t.x", aggregate_type="a", aggregate_id="1", position=10**9, sequence=1)
    EventDelivery.objects.create(
        event=event, subscriber="s", lane="l", position=10**9, status="dead", last_error="boom"
    )
    return {"store": store, "order": order, "level": store.stock_levels.get(), "hank": person("hq")}


@pytest.fixture
def hq(open_page, live_server, things):
    """Open a page of HQ as somebody who signed in."""

    def opened(path, **options):
        client = Client()
        client.force_login(things["hank"], "django.contrib.auth.backends.ModelBackend")
        host = live_server.url.removeprefix("http://").partition(":")[0]
        cookie = {
            "name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "domain": host, "path": "/",
            "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax",
        }  # fmt: skip
        return open_page(path, storage_state={"cookies": [cookie], "origins": []}, **options)

    return opened


def paths(things):
    store, order, level, hank = (things[name].pk for name in ("store", "order", "level", "hank"))
    return [
        "/hq/", "/hq/orders/order/", f"/hq/orders/order/{order}/change/", f"/hq/orders/order/act/cancel/?pk={order}",
        "/hq/orders/orderexception/?state=all", "/hq/orders/fulfillmentorder/",
        f"/hq/inventory/location/{store}/change/",
        f"/hq/inventory/stocklevel/{level}/change/", "/hq/inventory/product/add/", "/hq/core/setting/",
        f"/hq/core/user/{hank}/change/", "/hq/core/apikey/add/", "/hq/core/eventdelivery/?status__exact=dead",
    ]  # fmt: skip


@in_each_look
def test_the_policy_holds_and_axe_finds_nothing(hq, things, axe, size, scheme):
    page = hq("/hq/", size=size, scheme=scheme)
    found = {}
    for path in paths(things):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[path] = [*axe(page), *page.complaints, *(["scrolls sideways"] if wide else [])]
        page.complaints.clear()
    assert {path: complaints for path, complaints in found.items() if complaints} == {}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_order_is_held_from_its_list(hq, things, script):
    page = hq(reverse("admin:orders_order_changelist"), size=DESK, script=script)
    page.get_by_role("row", name=str(things["order"].number)).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("hold")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("Reason").fill("odd address")
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_text("1 order is on hold.")).to_be_visible()


def test_the_theme_chosen_in_hq_is_drawn_by_the_server(hq):
    page = hq("/hq/", size=DESK)
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    expect(page.get_by_role("button", name="Dark")).to_have_count(0)
