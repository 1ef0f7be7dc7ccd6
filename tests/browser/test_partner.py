"""A partner's pages: looked at on phone and desk, light and dark, clean for axe, and whole without script."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.operations.reconcile import reconcile
from orders.models import FulfillmentOrder, Partner, PartnerAlarm, Shipment
from orders.operations.partner_alarms import watch_partners
from tests.browser.conftest import PHONE, in_each_look
from tests.factories import ProductFactory, VariantFactory, person, stocked
from tests.factories.partners import out, vendor, with_feed
from tests.shop import audit, now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fine(page, axe, name):
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder) / f"partner-{name}.png", full_page=True)


def come_in(page, user) -> None:
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill("correct horse battery")
    page.locator("form:has([name=password]) button[type=submit]").click()


@pytest.fixture
def partner():
    return with_feed(vendor(contact_email="desk@windmill.example"))


@pytest.fixture
def goods(partner):
    """Things with names, as people read them."""
    titles = ("Enamel mug", "Oak tray", "Linen towel")
    variants = [VariantFactory(product=ProductFactory(title=each)) for each in titles]
    return [stocked(partner.location, 20, variant=each) for each in variants]


@in_each_look
def test_a_partner_answers_ships_and_sends_stock(open_page, axe, partner, goods, tmp_path, size, scheme):
    first = out(partner, 2, 1, 3, variants=goods)
    late = out(partner, 1, variants=goods[:1])
    FulfillmentOrder.objects.filter(pk=late.pk).update(cutoff_at=now() - timedelta(hours=2))
    page = open_page("/sign-in/", size=size, scheme=scheme)
    come_in(page, person("partner", at=partner.location))
    name = f"{size['width']}-{scheme}"
    expect(page.get_by_role("heading", name="Your orders")).to_be_visible()
    fine(page, axe, f"orders-{name}")
    page.goto(f"/partner/orders/{first.number}/")
    fine(page, axe, f"order-{name}")
    page.goto(f"/partner/orders/{first.number}/refuse/")
    page.get_by_label("Enamel mug").fill("1")
    page.get_by_text("Out of stock").click()
    fine(page, axe, f"refuse-{name}")
    page.get_by_role("button", name="Refuse these units").click()
    expect(page.get_by_text("1 refused")).to_be_visible()
    page.goto(f"/partner/orders/{first.number}/confirm/")
    fine(page, axe, f"confirm-{name}")
    page.get_by_role("button", name="Confirm these units").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    fine(page, axe, f"confirmed-{name}")
    page.goto(f"/partner/orders/{first.number}/ship/")
    page.get_by_label("Linen towel").fill("1")
    page.get_by_label("Carrier").fill("UPS")
    page.get_by_label("Tracking number").fill("1Z999AA10123456784")
    fine(page, axe, f"ship-{name}")
    page.get_by_role("button", name="This parcel has left").click()
    expect(page.get_by_text("The rest of the order is still to ship.")).to_be_visible()
    fine(page, axe, f"partly-{name}")
    page.goto(f"/partner/orders/{first.number}/slip/")
    fine(page, axe, f"slip-{name}")
    page.goto("/partner/history/")
    fine(page, axe, f"history-{name}")
    page.goto("/partner/stock/")
    fine(page, axe, f"stock-{name}")
    file = tmp_path / "stock.csv"
    file.write_text(f"sku,location,quantity\n{goods[0].sku},{partner.location.code},18\nNO-SUCH,{partner.location.code},1\n"
                    + "".join(f"{each.sku},{partner.location.code},20\n" for each in goods[1:]))  # fmt: skip
    partner.feed.most_bad_percent = 50
    partner.feed.save()
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Send this file").click()
    expect(page.get_by_text("We are reading it")).to_be_visible()
    reconcile(now=timezone.now())
    page.reload()
    expect(page.get_by_role("heading", name="Where you and we differed")).to_be_visible()
    fine(page, axe, f"snapshot-{name}")
    assert page.complaints == []
    assert Shipment.objects.count() == 1
    assert audit() == {}


def test_everything_works_without_script(open_page, partner, goods):
    work = out(partner, 2, variants=goods[:1])
    page = open_page("/sign-in/", size=PHONE, script=False)
    come_in(page, person("partner", at=partner.location))
    page.get_by_role("button", name="Confirm 1 order as promised").click()
    page.goto(f"/partner/orders/{work.number}/")
    page.get_by_role("button", name="Take the confirmation back").click()
    page.get_by_role("link", name="It has left").click()
    page.get_by_label("Carrier").fill("UPS")
    page.get_by_label("Tracking number").fill("1Z1")
    page.get_by_role("button", name="This parcel has left").click()
    expect(page.get_by_text("Nothing to do right now")).to_be_visible()
    work.refresh_from_db()
    assert work.status == "shipped"


@in_each_look
def test_hq_keeps_the_agreement_and_sees_what_is_late(open_page, axe, partner, goods, size, scheme):
    out(partner, 1, variants=goods[:1])
    FulfillmentOrder.objects.update(confirm_by=now() - timedelta(hours=1))
    watch_partners(now=now())
    page = open_page("/sign-in/", size=size, scheme=scheme)
    come_in(page, person("hq"))
    name = f"{size['width']}-{scheme}"
    for path, which in (
        ("/hq/orders/partner/", "agreements"), (f"/hq/orders/partner/{Partner.objects.get().pk}/change/", "agreement"),
        ("/hq/orders/partner/add/", "new-agreement"), ("/hq/orders/partneralarm/", "alarms"),
        (f"/hq/orders/partneralarm/{PartnerAlarm.objects.get().pk}/change/", "alarm"),
    ):  # fmt: skip
        page.goto(path)
        fine(page, axe, f"hq-{which}-{name}")
    assert page.complaints == []
