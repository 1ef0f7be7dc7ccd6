"""Two purchases of other stores come back in a third: one for money, one damaged, one as an uneven exchange."""

import os
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from inventory.models import Price
from orders.models import Order
from returns.first_policies import make_first_policies
from returns.models import ReturnOrder, ReturnUnit
from tests.browser.conftest import in_each_look
from tests.browser.test_desk_flow import _whole, scan
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.returns.conftest import PIN, make_desk, payment_of
from tests.shop import audit, held, level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES", "")  # a folder, for whoever wants to look


@pytest.fixture
def desk(transactional_db):
    make_first_policies()
    return make_desk(name="Third Street")


@pytest.fixture
def shirt(desk):
    variant = stocked(desk.store, 4)
    for name in ("Oak Street", "Elm Street"):
        stocked(LocationFactory(name=name), 6, variant=variant)
    variant.options = {"size": "M", "color": "Sand"}
    variant.save()
    return variant


@pytest.fixture
def larger(desk, shirt):
    """The same in L; and a coat that costs more."""
    return stocked(desk.store, 2, variant=VariantFactory(product=shirt.product, options={"size": "L", "color": "Sand"}))


@pytest.fixture
def coat(desk):
    return stocked(desk.store, 2, variant=VariantFactory(price=Decimal("49.99"), options={"color": "Navy"}))


@pytest.fixture
def opened(open_page, live_server, desk):
    def open_as(user, path, **options):
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["location_id"] = str(desk.store.pk)
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}
        return open_page(path, storage_state={"cookies": [_whole(cookie)], "origins": []}, **options)

    return open_as


def seen(page, axe, name: str) -> None:
    """Nothing for axe to say, nothing wider than the screen; and a picture where somebody asked for it."""
    assert axe(page) == [], name
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"{name} is wider than the screen: {width}"
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def sold(desk, shirt, where: str, quantity: int = 1) -> Order:
    return desk.sold((shirt, quantity), at=shirt.stock_levels.get(location__name=where).location)


def test_two_purchases_come_back_in_a_third_store(opened, axe, desk, shirt, larger, coat):
    first, second = sold(desk, shirt, "Oak Street", 2), sold(desk, shirt, "Elm Street")
    page = opened(desk.associate, "/returns/")
    seen(page, axe, "1-desk-390")

    scan(page, f"R:{first.number}")
    expect(page.get_by_role("heading", name="What was bought")).to_be_visible()
    seen(page, axe, "2-purchase-390")
    scan(page, shirt.sku)
    expect(page.get_by_role("heading", name="Comes back")).to_be_visible()
    scan(page, shirt.sku)
    expect(page.get_by_role("button", name="Not this one")).to_have_count(2)
    damaged = ReturnUnit.objects.order_by("pk").last()
    with page.expect_response("**/look/"):
        page.locator(f"#id_grade-{damaged.pk}").select_option("D")
    expect(page.get_by_text("accepted are C and better")).to_have_count(2)  # at the unit, and for the lead
    with page.expect_response("**/look/"):
        page.locator(f"#id_reason-{damaged.pk}").select_option("defective")
    expect(page.get_by_text("accepted are C and better")).to_have_count(0)
    seen(page, axe, "3-return-390")
    page.get_by_role("button", name="Take back and refund $39.98").click()
    expect(page.get_by_text("$39.98 back to how it was paid")).to_be_visible()
    seen(page, axe, "4-refunded-390")
    assert payment_of(first).refunded_amount == Decimal("39.98")
    assert held(shirt, desk.store) == {"inspection": 1}

    page.get_by_role("link", name="Next customer").click()
    expect(page.get_by_role("heading", name="Return desk")).to_be_visible()
    scan(page, str(second.number))
    scan_when_there(page, shirt.sku)
    page.get_by_role("button", name="Exchange instead").click()
    expect(page.get_by_role("heading", name="Takes instead")).to_be_visible()
    page.locator(f"#take-{larger.pk}").click()
    expect(page.get_by_text("No money moves")).to_be_visible()
    page.get_by_role("button", name=f"Not {larger.title}").click()
    expect(page.get_by_text("Nothing chosen yet")).to_be_visible()
    scan(page, coat.sku)
    expect(page.get_by_text("To pay")).to_be_visible()
    seen(page, axe, "5-exchange-390")
    page.get_by_label("Paid at the till").check()
    page.get_by_label("Receipt number").fill("T-4711")
    page.get_by_role("button", name="Exchange", exact=True).click()
    expect(page.get_by_text("for replacement order")).to_be_visible()
    seen(page, axe, "6-exchanged-390")
    replacement = ReturnOrder.objects.get(order=second).payouts.get().replacement
    assert {each.method: each.captured_amount for each in replacement.payments.all()}["till_receipt"] == Decimal(
        "30.00"
    )
    assert level(coat, desk.store)[0] == 1
    assert level(shirt, desk.store)[0] == 6
    assert page.complaints == []
    assert audit() == {}


def scan_when_there(page, code):
    expect(page.get_by_role("heading", name="What was bought")).to_be_visible()
    scan(page, code)
    expect(page.get_by_role("heading", name="Comes back")).to_be_visible()


@in_each_look
def test_every_page_reads_in_both_themes_and_sizes(opened, axe, desk, shirt, coat, size, scheme, settings_decided):
    settings_decided("returns.approval_amount", 10)
    order = sold(desk, shirt, "Oak Street", 3)
    tag = f"{size['width']}-{scheme}"
    page = opened(desk.associate, f"/returns/orders/{order.number}/", size=size, scheme=scheme)
    seen(page, axe, f"purchase-{tag}")
    page.locator("[id^=bring-]").first.click()
    expect(page.get_by_text("A second person approves").first).to_be_visible()
    seen(page, axe, f"approve-{tag}")
    found = ReturnOrder.objects.get()
    page.get_by_label("Who approves?").select_option(desk.lead.username)
    page.get_by_label("Their PIN").fill("000111")
    page.get_by_role("button", name="Take back and refund").click()
    expect(page.get_by_role("alert").first).to_contain_text("No money moved yet")
    seen(page, axe, f"approval-missing-{tag}")
    with page.expect_response("**/look/"):
        page.locator("[id^=id_grade-]").first.select_option("B")
    expect(page.get_by_text("Now: Open box")).to_be_visible()
    page.get_by_label("Who approves?").select_option(desk.lead.username)
    page.get_by_label("Their PIN").fill(PIN)
    page.get_by_role("button", name="Take back and refund").click()
    expect(page.get_by_role("link", name="Next customer")).to_be_visible()
    seen(page, axe, f"done-{tag}")
    unit = found.units.get()
    for name, path in {
        "desk": "/returns/", "blind": "/returns/without-receipt/", "held": "/returns/held/",
        "regrade": reverse("returns:regrade", args=[unit.pk]), "parcels": "/returns/parcels/",
    }.items():  # fmt: skip
        page.goto(path)
        seen(page, axe, f"{name}-{tag}")
    scan(page, coat.sku)
    expect(page.get_by_text("Look for the sender first")).to_be_visible()
    seen(page, axe, f"parcel-unknown-{tag}")
    assert Price.objects.exists()
    assert page.complaints == []


def test_without_script_a_return_works_too(opened, desk, shirt):
    order = sold(desk, shirt, "Oak Street")
    page = opened(desk.associate, f"/returns/orders/{order.number}/", script=False)
    page.locator("[id^=bring-]").first.click()
    page.get_by_role("button", name="Take back and refund").click()
    expect(page.get_by_text("$19.99 back to how it was paid")).to_be_visible()
    assert audit() == {}
