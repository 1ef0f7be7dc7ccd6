"""An order of a kit on the associate's and the customer's pages, and its definition in HQ: looked at, clean for axe."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import KitComponent
from omni.core.actors import Actor
from orders.customer_link import customer_url
from orders.models import FulfillmentOrder
from orders.operations.claim import claim
from orders.operations.release import release_due
from returns.first_policies import make_first_policies
from tests.browser.conftest import in_each_look
from tests.browser.test_offline import come_in
from tests.factories import LocationFactory, ProductFactory, VariantFactory, line, person, placed, stocked
from tests.factories.kits import kit_of
from tests.shop import audit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fine(page, axe, name):
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder) / f"kit-{name}.png", full_page=True)


@pytest.fixture
def box():
    make_first_policies()
    oak = LocationFactory(name="Oak Street", code="1001")
    tee, mug = stocked(oak, 8), stocked(oak, 5)
    box = kit_of({tee: 2, mug: 1}, amount="40", product=ProductFactory(title="Housewarming box"), options={})
    return oak, tee, mug, box


@in_each_look
def test_a_kit_is_shown_with_its_parts(open_page, axe, live_server, box, size, scheme):
    oak, tee, mug, kit = box
    order = placed(line(kit, 2, at=oak), line(mug, 1, at=oak))
    page = open_page("/sign-in/", size=size, scheme=scheme)
    come_in(page, person("associate", at=oak), Client(), live_server, oak)
    name = f"{size['width']}-{scheme}"
    page.goto(f"/orders/{order.number}/")
    expect(page.get_by_text("Housewarming box")).to_be_visible()
    expect(page.get_by_text(tee.sku).first).to_be_visible()
    fine(page, axe, f"order-{name}")
    page.goto(f"/orders/{order.number}/receipt/")
    expect(page.get_by_text("Kit of the following items")).to_be_visible()
    fine(page, axe, f"receipt-{name}")
    page.goto("/" + customer_url(order).split("//", 1)[-1].split("/", 1)[1])
    expect(page.get_by_text("Housewarming box").first).to_be_visible()
    fine(page, axe, f"mine-{name}")
    assert (page.complaints, audit()) == ([], {})


@in_each_look
def test_who_picks_and_who_takes_back_sees_the_kit(open_page, axe, live_server, box, size, scheme):
    oak, tee, _mug, kit = box
    ana = person("associate", at=oak)
    order = placed(line(kit, 1, at=oak), line(tee, 1, at=oak))
    FulfillmentOrder.objects.filter(order=order).update(release_at=timezone.now())
    release_due(now=timezone.now())
    work = order.fulfillment_orders.get()
    pick_list = claim(location=oak, numbers=[work.number], by=Actor.of(ana), now=timezone.now())
    page = open_page("/sign-in/", size=size, scheme=scheme)
    come_in(page, ana, Client(), live_server, oak)
    name = f"{size['width']}-{scheme}"
    page.goto(f"/pick/{pick_list.number}/")
    expect(page.get_by_text("Part of Housewarming box, 2 of 2")).to_be_visible()
    fine(page, axe, f"pick-{name}")
    page.goto(f"/pick/{pick_list.number}/print/")
    fine(page, axe, f"pick-print-{name}")
    sold = placed(replace(line(kit, 2, at=oak), method="carry_out"), channel="pos")
    page.goto(f"/returns/orders/{sold.number}/")
    expect(page.get_by_text("2 whole kits can come back")).to_be_visible()
    fine(page, axe, f"purchase-{name}")
    page.get_by_role("button", name="Return one whole kit").click()
    expect(page.get_by_text("Part of Housewarming box, 1 of 2").first).to_be_visible()
    fine(page, axe, f"return-{name}")
    assert (page.complaints, audit()) == ([], {})


@in_each_look
def test_hq_sees_where_a_kit_could_be_had_before_it_is_defined(open_hq, axe, box, size, scheme):
    _oak, tee, mug, _kit = box
    new = VariantFactory(product=ProductFactory(title="Tea for one"), options={})
    page = open_hq(f"/hq/inventory/variant/act/kit/?pk={new.pk}&from=page", size=size, scheme=scheme)
    name = f"{size['width']}-{scheme}"
    page.get_by_label("Components").fill(f"{tee.sku}*2\n{mug.sku}")
    page.locator("form [type=submit]").last.click()
    expect(page.get_by_text("4 kits could be had: Oak Street 4")).to_be_visible()
    assert not KitComponent.objects.filter(kit=new).exists()
    fine(page, axe, f"preview-{name}")
    page.get_by_label("Only show where").uncheck()
    page.locator("form [type=submit]").last.click()
    expect(page.get_by_text("1 kit is defined.")).to_be_visible()
    assert KitComponent.objects.filter(kit=new).count() == 2
    fine(page, axe, f"variant-{name}")
