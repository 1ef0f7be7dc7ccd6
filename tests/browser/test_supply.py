"""What is sold before it is here, on everybody's screen: phone and desk, light and dark, Spanish, clean for axe."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import PurchaseOrderLine
from omni.core.hq.show import list_url, page_url
from orders.customer_link import link_token
from tests.browser.conftest import PHONE, in_each_look
from tests.browser.test_offline import come_in
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.supply import came, in_days, ordered, sold_before

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fine(page, axe, name):
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder) / f"supply-{name}.png", full_page=True)


@pytest.fixture
def scene(live_server):
    """A tee that several wait for, a game before its street date, a mug that is late."""
    oak = LocationFactory(name="Oak Street", code="1001", can_ship=True)
    tee, mug, game = stocked(oak, 1), stocked(oak, 0), stocked(oak, 0)
    for each, title in ((tee, "Heavy tee"), (mug, "Enamel mug"), (game, "Board game")):
        each.product.title = title
        each.product.save()
    sold_before(None, category="", extra_days=1)
    sold_before(game, kind="preorder", street_on=in_days(20), most_units=50)
    orders = [
        placed(line(tee, 1, at=oak), on_shortage="supply"),
    ]
    bought = ordered(oak, {tee: 12, game: 40}, days=4, supplier="Northwind Traders")
    late = ordered(oak, {mug: 6}, days=6, supplier="Fabrikam")
    orders += [placed(line(tee, n, at=oak), line(mug, 1), on_shortage="supply") for n in (2, 3)]
    orders.append(placed(line(game, 2, at=oak), on_shortage="supply"))
    came(oak, bought, tee, 2)
    PurchaseOrderLine.objects.filter(purchase_order=late).update(expected_on=timezone.localdate() - timedelta(days=3))
    return {"oak": oak, "tee": tee, "mug": mug, "game": game, "orders": orders}


@in_each_look
def test_the_store_and_its_customers_see_what_waits(open_page, axe, live_server, scene, size, scheme):
    name, oak = f"{size['width']}-{scheme}", scene["oak"]
    page = open_page("/sign-in/", size=size, scheme=scheme)
    come_in(page, person("associate", at=oak), Client(), live_server, oak)
    page.goto("/waiting/")
    expect(page.get_by_text("It is here, kept for them").first).to_be_visible()
    fine(page, axe, f"waiting-{name}")
    page.goto("/today/")
    fine(page, axe, f"today-{name}")
    page.goto("/receiving/")
    fine(page, axe, f"receiving-{name}")
    page.goto(f"/orders/{scene['orders'][1].number}/")
    fine(page, axe, f"order-{name}")
    page.goto(f"/sell/products/{scene['mug'].product.code}/?sku={scene['mug'].sku}")
    expect(page.get_by_text("Order it, shipped home")).to_be_visible()
    fine(page, axe, f"sell-{name}")
    page.get_by_role("button", name="Order it, picked up here").click()
    page.goto("/sell/basket/")
    expect(page.get_by_text("Backorder, expected").first).to_be_visible()
    fine(page, axe, f"basket-{name}")
    page.goto(f"/my/{link_token(scene['orders'][1])}/")
    expect(page.get_by_role("heading", name="On its way to us")).to_be_visible()
    page.get_by_text("I would rather not wait").first.click()
    fine(page, axe, f"my-{name}")


@in_each_look
def test_hq_sees_what_is_sold_of_what_comes(open_hq, axe, scene, size, scheme):
    name = f"{size['width']}-{scheme}"
    page = open_hq(list_url("inventory.purchaseorderline"), size=size, scheme=scheme)
    expect(page.get_by_role("heading", name="Sold of what still comes, in units")).to_be_visible()
    fine(page, axe, f"hq-{name}")
    row = PurchaseOrderLine.objects.get(variant=scene["tee"])
    page.goto(page.url.split("/hq/")[0] + page_url("inventory.purchaseorderline", row.pk))
    fine(page, axe, f"hq-line-{name}")
    page.goto(page.url.split("/hq/")[0] + list_url("inventory.supplyterm"))
    fine(page, axe, f"hq-terms-{name}")
    page.goto(page.url.split("/hq/")[0] + list_url("inventory.supplyterm") + "add/")
    fine(page, axe, f"hq-term-{name}")


def test_the_store_reads_it_in_spanish(open_page, axe, live_server, scene):
    page = open_page("/sign-in/", size=PHONE)
    come_in(page, person("associate", at=scene["oak"]), Client(), live_server, scene["oak"])
    page.context.add_cookies([{"name": "django_language", "value": "es", "url": live_server.url}])
    page.goto("/waiting/")
    expect(page.get_by_role("heading", name="Quién espera")).to_be_visible()
    fine(page, axe, "waiting-es")
    page.goto(f"/my/{link_token(scene['orders'][1])}/")
    fine(page, axe, "my-es")
