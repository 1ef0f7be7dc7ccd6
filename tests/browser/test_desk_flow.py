"""A customer at the desk, served with a phone in one hand; and what the customer sees on theirs."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from inventory.first_reasons import make_first_reasons
from orders.models import FulfillmentOrder, HandOver, PickupChoice
from orders.operations.release import release_due
from orders.pickup_code import pickup_code
from tests.browser.conftest import in_each_look
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.floor import staged

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def store(transactional_db):
    make_first_reasons(sender=None)
    return LocationFactory(name="Oak Street")


@pytest.fixture
def leo(store):
    return person("lead", at=store)


@pytest.fixture
def work(store, leo):
    """Two shirts on S-1 for Ada; a third was not found, so she is asked."""
    order = placed(line(stocked(store, 3), 3, at=store))
    stocked(LocationFactory(name="Elm Street"), 2, variant=order.lines.get().variant)
    release_due(now=timezone.now())
    return staged(order.fulfillment_orders.get(), by=leo, short=1)


@pytest.fixture
def opened_by(open_page, live_server, store):
    """Open a page as somebody who signed in and chose the store."""

    def opened(user, path, **options):
        client = Client()
        client.force_login(user)
        session = client.session
        session["location_id"] = str(store.pk)
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}
        return open_page(path, storage_state={"cookies": [_whole(cookie)], "origins": []}, **options)

    return opened


def _whole(cookie):
    host = cookie["url"].removeprefix("http://").partition(":")[0]
    return {
        "name": cookie["name"], "value": cookie["value"], "domain": host, "path": "/", "expires": -1,
        "httpOnly": True, "secure": False, "sameSite": "Lax",
    }  # fmt: skip


def scan(page, code):
    """A keyboard-wedge scanner: fast keys and Enter, wherever the focus is."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_typed_code_finds_hands_over_and_undoes(opened_by, leo, work):
    page = opened_by(leo, "/pickup/")
    scan(page, pickup_code(work.order.code_seed))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Byron")
    assert pickup_code(work.order.code_seed) not in page.url + page.content()
    expect(page.get_by_text("The code is right.")).to_be_visible()
    page.get_by_role("button", name="Hand over").click()

    expect(page.get_by_text(f"Handed over: order {work.order.number}")).to_be_visible()
    expect(page.locator("#scan")).to_be_focused()
    left = int(page.locator("[data-countdown-left]").inner_text())
    expect(page.locator("[data-countdown-left]")).not_to_have_text(str(left))
    assert FulfillmentOrder.objects.get(pk=work.pk).status == "handed_over"
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Put the items back on shelf S-1")).to_be_visible()
    assert FulfillmentOrder.objects.get(pk=work.pk).status == "staged"
    assert page.complaints == []


def test_a_wrong_code_is_said_below_the_field_and_an_id_helps(opened_by, leo, work):
    page = opened_by(leo, reverse("orders:hand_over", args=[work.number]))
    scan(page, "WRONG123")
    expect(page.get_by_text("4 tries are left")).to_be_visible()
    expect(page.locator("#scan")).to_be_focused()
    page.get_by_label("Photo ID", exact=True).check()
    page.get_by_label("Name on the photo ID").fill("Ada Byron")
    page.get_by_role("button", name="One less").click()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("1 unit stays ready on S-1")).to_be_visible()
    assert HandOver.objects.get().collector_name == "Ada Byron"


def test_without_script_the_desk_does_the_same(opened_by, leo, work):
    page = opened_by(leo, "/pickup/", script=False)
    page.fill("#scan", "ada byron")
    page.keyboard.press("Enter")
    page.fill("#scan", "WRONG123")
    page.keyboard.press("Enter")
    expect(page.get_by_text("4 tries are left")).to_be_visible()
    page.fill("#scan", pickup_code(work.order.code_seed))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The code is right.")).to_be_visible()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Put the items back on shelf S-1")).to_be_visible()


def test_a_new_order_appears_by_itself_while_a_name_is_half_typed(opened_by, leo, store, work):
    page = opened_by(leo, "/pickup/")
    page.locator("#scan").press_sequentially("gra")
    order = placed(line(stocked(store, 1), at=store), collector_name="Grace Hopper")
    release_due(now=timezone.now())
    staged(order.fulfillment_orders.get(), by=leo, shelf="S-9")
    expect(page.locator("#waiting")).to_contain_text("Grace Hopper", timeout=6000)
    assert page.input_value("#scan") == "gra"
    expect(page.locator("#scan")).to_be_focused()


def test_the_undo_goes_away_when_its_time_is_over(opened_by, leo, work):
    page = opened_by(leo, reverse("orders:hand_over", args=[work.number]))
    page.clock.install()
    scan(page, pickup_code(work.order.code_seed))
    expect(page.get_by_text("The code is right.")).to_be_visible()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.clock.fast_forward(61_000)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


@in_each_look
def test_axe_finds_nothing_and_nothing_sticks_out(opened_by, axe, leo, work, size, scheme):
    choice = PickupChoice.objects.get()
    page = opened_by(leo, "/pickup/", size=size, scheme=scheme)
    number = work.order.number
    for path in (
        "/pickup/", f"/pickup/{work.number}/", f"/orders/{number}/", f"/orders/{number}/cancel/",
        f"/orders/{number}/choices/{choice.pk}/", f"/choice/{choice.token}/",
    ):  # fmt: skip
        page.goto(path)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path
    page.goto(f"/pickup/{work.number}/")
    page.get_by_label("Photo ID", exact=True).check()
    page.get_by_role("button", name="Hand over").click()
    assert axe(page) == [], "a refusal"
    page.get_by_label("Name on the photo ID").fill("Ada Byron")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert axe(page) == [], "a hand-over to undo"


def test_the_customer_chooses_on_their_phone(open_page, axe, work):
    choice = PickupChoice.objects.get()
    page = open_page(f"/choice/{choice.token}/")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert").get_by_text("Choose one of these.")).to_be_visible()
    page.get_by_label("Ship it").check()
    expect(page.get_by_label("ZIP code")).to_have_value("55401")
    page.get_by_label("Elm Street").check()
    expect(page.get_by_label("ZIP code")).to_be_hidden()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Pick it up at Elm Street")).to_be_visible()
    assert axe(page) == []
    choice.refresh_from_db()
    assert choice.answer == "other_store"
