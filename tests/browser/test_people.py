"""On a shared till: enroll, switch, look at a customer, lock, find nothing behind Back, and go on where it was left."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.operations.notes import write_note
from customers.operations.wishes import add_wish
from omni.core.actors import Actor
from omni.core.operations.enroll_device import invite_device
from omni.core.operations.set_pin import keep_pin
from tests.browser.conftest import in_each_look
from tests.factories import LocationFactory, line, person, placed, stocked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN = "482915"


@pytest.fixture
def store(transactional_db):
    return LocationFactory(name="Oak Street")


@pytest.fixture
def luis(store):
    luis = person("lead", at=store, username="luis")
    luis.display_name = "Luis Ortiz"
    luis.save()
    keep_pin(user=luis, pin=PIN, by=Actor.of(luis), now=timezone.now())
    return luis


@pytest.fixture
def ada(store, luis):
    """A customer with an order, a wish and a note."""
    variant = stocked(store, 3)
    customer, by, now = placed(line(variant, at=store)).customer, Actor.of(luis), timezone.now()
    write_note(customer_id=customer.pk, text="Prefers the back door", is_pinned=True, by=by, now=now)
    add_wish(customer_id=customer.pk, sku=variant.sku, by=by, now=now)
    return customer


@in_each_look
def test_a_day_at_a_shared_till(open_page, axe, live_server, store, luis, ada, size, scheme):
    _device, code = invite_device(name="Till 1", kind="till", scope=store.scope, user=luis, now=timezone.now())
    page = open_page("/device/", size=size, scheme=scheme)

    def fine(what):
        assert axe(page) == [], what
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
        assert page.complaints == [], what

    fine("enroll")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url("**/switch/")
    fine("switch")
    page.get_by_role("link", name="Luis Ortiz").click()
    expect(page.get_by_role("heading", name="Luis Ortiz")).to_be_visible()
    fine("pin")
    for digit in PIN:
        page.locator(f"[data-pin-key='{digit}']").click()
    page.get_by_role("button", name="Start working").click()
    page.wait_for_url("**/today/")
    for path in ("/devices/", "/team/", "/pin/"):
        page.goto(live_server.url + path)
        fine(path)
    page.goto(live_server.url + "/customers/")
    page.locator("#scan").fill(ada.name)
    page.locator("#scan").press("Enter")
    page.locator("#found .work a").first.click()
    page.wait_for_url("**/open/")
    fine("purpose")
    page.get_by_role("button", name="Open the page").click()
    expect(page.locator("#orders-piece")).to_contain_text("Order")
    fine("customer")
    where = page.url
    page.locator("summary[aria-label^='Menu']").click()
    page.get_by_role("button", name="Lock").click()
    page.wait_for_url("**/lock/")
    fine("lock")
    page.go_back()
    page.wait_for_url("**/lock/")
    assert ada.name not in page.content()
    page.locator("[name=pin]").fill(PIN)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(where)
