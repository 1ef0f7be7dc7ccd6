"""Two people on one wave, each with a phone: totes called out, the other's scans seen, and the totes brought away."""

import re

import pytest
from playwright.sync_api import expect

from orders.models import FulfillmentOrder
from orders.operations.release import release_due
from tests.browser.conftest import DESK, SELDOM
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.shop import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def works(store):
    """Two parcels with the same mug, offered."""
    mug = stocked(store, 9, aisle="A", bin="04-2")
    orders = [placed(line(mug, quantity)) for quantity in (1, 2)]
    FulfillmentOrder.objects.update(release_at=now())
    release_due(now=now())
    found = [order.fulfillment_orders.get() for order in orders]
    for work in found:
        work.mug = mug
    return found


def signed_in(open_page, user, **how):
    page = open_page("/sign-in/", **how)
    page.fill('[name="username"]', user.username)
    page.fill('[name="password"]', "correct horse battery")
    page.press('[name="password"]', "Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    return page


def scan(page, code):
    page.locator("#scan").fill(code)
    page.locator("#scan").press("Enter")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=SELDOM)])
def test_two_phones_walk_one_wave(open_page, axe, store, works, scheme):
    ana, ben = person("associate", at=store), person("associate", at=store)
    one = signed_in(open_page, ana, scheme=scheme)
    one.goto("/pick/")
    expect(one.locator("#offer")).to_contain_text("2 orders are offered to this store")
    assert axe(one) == []
    one.click("#accept-all")
    expect(one.locator("#notices")).to_contain_text("2 orders are accepted")
    for box in one.locator('[name="work"]').all():
        box.check()
    one.click("#pick-ticked")
    one.wait_for_url(re.compile(r"/pick/\d+/$"))
    expect(one.locator("#to-pick .pick")).to_have_count(1)

    two = signed_in(open_page, ben, scheme=scheme)
    two.goto(one.url)
    two.click("#join")
    expect(two.locator("#walkers")).to_contain_text("Walking together")

    scan(one, works[0].mug.sku)
    expect(one.locator(".tote-call")).to_contain_text("T1")
    assert axe(one) == []
    expect(two.locator("#to-pick")).to_contain_text("1 of 3 picked", timeout=8000)  # seen without a touch

    two.locator("#scan").focus()
    two.keyboard.type("half")  # typed while the other scans: it stays
    scan(one, works[0].mug.sku)
    expect(one.locator(".tote-call")).to_contain_text("T2")
    expect(two.locator("#to-pick")).to_contain_text("2 of 3 picked", timeout=8000)
    assert two.locator("#scan").input_value() == "half"

    scan(two, works[0].mug.sku)
    expect(two.locator("#packing-title")).to_contain_text("Bring 2 totes to the packing table")
    assert axe(two) == []
    expect(one.locator("#packing-title")).to_be_visible(timeout=8000)
    two.click("#to-packing")
    expect(two.locator("#notices")).to_contain_text("2 totes wait at the packing table.")
    assert set(FulfillmentOrder.objects.values_list("status", flat=True)) == {"staged"}
    assert one.complaints == [] == two.complaints


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=SELDOM)])
def test_the_shift_and_the_district_are_readable_by_everybody(open_page, axe, store, works, scheme):
    for size in (None, DESK):
        page = signed_in(open_page, person("hq"), scheme=scheme, **({"size": size} if size else {}))
        page.goto("/stores/?next=/shift/")
        if page.locator(f'button[value="{store.pk}"]').count():
            page.locator(f'button[value="{store.pk}"]').first.click()
        for path in ("/shift/", "/shift/rows/?show=offered", "/district/", "/pick/"):
            page.goto(path)
            assert axe(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.complaints == []
