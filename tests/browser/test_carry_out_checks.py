"""At the counter: a camera and a bottle in one basket, checked before they are paid, on a phone and at a desk."""

import os
import re

import pytest
from django.conf import settings
from django.test import Client

from orders.models import HandOver, SerialNumber
from tests.browser.conftest import in_each_look
from tests.factories import BarcodeFactory, LocationFactory, person, stocked
from tests.factories.baskets import add, basket_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES", "")  # a folder, for whoever wants to look


def seen(page, axe, name: str) -> None:
    assert axe(page) == [], name
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"{name} is wider than the screen"
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width[1]}.png", full_page=True)


def signed_in(page, user, place, live: str) -> None:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(place.pk)
    session.save()
    page.context.add_cookies([
        {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live}
    ])  # fmt: skip


@in_each_look
def test_it_leaves_with_its_number_and_after_a_look_at_an_id(open_page, axe, live_server, size, scheme):
    store = LocationFactory(name="Oak Street")
    ana = person("associate", at=store)
    basket = basket_of(ana, store)
    camera = stocked(store, 3, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    add(basket, camera, quantity=2)
    add(basket, stocked(store, 3, variant=BarcodeFactory(variant__is_age_restricted=True).variant))
    page = open_page("about:blank", size=size, scheme=scheme)
    signed_in(page, ana, store, live_server.url)

    page.goto("/sell/basket/")
    seen(page, axe, "to-check")
    for serial in ("SN-1", "SN-2"):
        page.get_by_label("Scan or type its serial number").fill(serial)
        page.keyboard.press("Enter")
        page.get_by_text(f"Serial number {serial} is noted.").wait_for()
    page.get_by_role("button", name="Old enough: photo ID").click()
    page.get_by_text("The date of birth is kept nowhere").wait_for()
    seen(page, axe, "checked")
    page.get_by_role("link", name=re.compile("^Pay")).click()
    page.get_by_role("button", name=re.compile("Card at the terminal")).click()
    page.get_by_role("heading", name="Sold").wait_for()
    assert [each.serial for each in SerialNumber.objects.order_by("pk")] == ["SN-1", "SN-2"]
    assert HandOver.objects.get().age_check == "photo_id"
    assert page.complaints == []
