"""A customer drives up with a phone; the desk hears it, brings it out, and the customer's page says so."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from omni.core.actors import Actor
from orders.customer_link import link_token
from orders.models import Arrival, FulfillmentOrder
from orders.operations.arrive import Car, arrive
from orders.operations.hand_over import Collector, hand_over
from orders.operations.release import release_due
from tests.browser.conftest import DESK, PHONE, in_each_look
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, line, person, placed, stocked
from tests.factories.floor import staged

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SITE = Actor.system("site")


@pytest.fixture
def store(transactional_db):
    return LocationFactory(
        name="Oak Street", line1="1400 Oak Street", city="Minneapolis", region="MN", postal_code="55403",
        weekly_hours={day: [["00:00", "23:30"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    )  # fmt: skip


@pytest.fixture
def leo(store):
    return person("lead", at=store)


@pytest.fixture
def work(store, leo):
    """Two items on R-4 for Ada."""
    shirt = BarcodeFactory(variant__product=ProductFactory(title="Harbor linen shirt"),
                           variant__options={"size": "M", "color": "Sand"}).variant  # fmt: skip
    mug = BarcodeFactory(variant__product=ProductFactory(title="Alder mug", category="Home > Kitchen"),
                         variant__options={"color": "Moss"}).variant  # fmt: skip
    order = placed(
        line(stocked(store, 3, variant=shirt), 2, at=store), line(stocked(store, 3, variant=mug), 1, at=store)
    )
    release_due(now=timezone.now())
    return staged(order.fulfillment_orders.get(), by=leo, shelf="R-4")


@pytest.fixture
def opened_by(open_page, live_server, store):
    """Open a page as somebody who signed in and chose the store."""

    def opened(user, path, **options):
        client = Client()
        client.force_login(user)
        session = client.session
        session["location_id"] = str(store.pk)
        session.save()
        cookie = {
            "name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "path": "/", "expires": -1,
            "domain": live_server.url.removeprefix("http://").partition(":")[0],
            "httpOnly": True, "secure": False, "sameSite": "Lax",
        }  # fmt: skip
        return open_page(path, storage_state={"cookies": [cookie], "origins": []}, **options)

    return opened


def mine(work):
    return f"/my/{link_token(work.order)}/"


def test_from_on_my_way_to_served_on_two_phones(open_page, opened_by, leo, work):
    customer = open_page(mine(work), size=PHONE)
    expect(customer.get_by_role("heading", name="Ready for you")).to_be_visible()
    desk = opened_by(leo, "/pickup/", size=DESK)
    desk.get_by_role("heading", level=1).click()  # whoever works at the desk has tapped it: now it may sound

    customer.get_by_role("button", name="I am on my way").click()
    expect(customer.get_by_role("heading", name="They know that you are coming")).to_be_visible()
    expect(desk.get_by_text("On the way")).to_be_visible(timeout=8000)

    customer.get_by_label("Bay number").fill("4")
    customer.get_by_label("Car").fill("Honda Civic")
    customer.get_by_label("Color").fill("silver")
    customer.get_by_role("button", name="I am here").dblclick()
    expect(customer.get_by_role("heading", name="You are checked in")).to_be_visible()
    row = desk.locator(f"#arrival-{work.number}")
    expect(row.locator(".bay b")).to_have_text("4", timeout=8000)
    expect(row).to_contain_text("silver Honda Civic")
    first = row.locator("[data-wait]").text_content()
    desk.wait_for_timeout(1600)
    assert row.locator("[data-wait]").text_content() > first, "the clock runs"
    heard = f"arrival-{Arrival.objects.get().pk}"
    assert heard in desk.evaluate("sessionStorage.getItem('heard')"), "it sounded once"

    hand_over(number=work.number, collector=Collector("photo_id", name="Ada Byron"), by=SITE, now=timezone.now())
    expect(customer.get_by_role("heading", name="Collected")).to_be_visible(timeout=15000)
    expect(row).to_have_count(0, timeout=8000)
    arrival = Arrival.objects.get()
    assert arrival.waited_seconds is not None
    assert customer.complaints == [] and desk.complaints == []


def test_it_works_without_script_too(open_page, work):
    page = open_page(mine(work), script=False)
    page.get_by_label("Bay number").fill("7")
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("heading", name="You are checked in")).to_be_visible()
    page.get_by_role("button", name="I had to leave").click()
    expect(page.get_by_role("heading", name="Coming by car?")).to_be_visible()
    assert not Arrival.objects.open().exists()


@in_each_look
def test_the_customers_page_has_no_axe_violations(open_page, axe, work, size, scheme):
    page = open_page(mine(work), size=size, scheme=scheme)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    arrive(number=work.number, car=Car(bay="4", car="Honda Civic", color="silver"), by=SITE, now=timezone.now())
    page.reload()
    assert axe(page) == []
    assert page.complaints == []


@in_each_look
def test_the_desk_with_a_waiting_car_has_no_axe_violations(opened_by, leo, axe, work, size, scheme):
    came = timezone.now() - timedelta(minutes=5)
    FulfillmentOrder.objects.update(staged_at=came)
    type(work.order).objects.update(placed_at=came)
    arrive(number=work.number, car=Car(bay="4", car="Honda Civic", color="silver"), by=SITE, now=came)
    for path in ("/pickup/", f"/pickup/{work.number}/", f"/pickup/{work.number}/arrival/"):
        page = opened_by(leo, path, size=size, scheme=scheme)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.complaints == []
