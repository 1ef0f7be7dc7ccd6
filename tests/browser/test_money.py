"""The money of an order on its page, on paper, and in HQ: readable on a phone and a desk, axe finds nothing."""

import os
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.first_reasons import make_first_reasons
from omni.core.hq.show import page_url
from orders.models import Order, Refund
from orders.operations.call_provider import call_provider
from orders.operations.hand_over import Collector, hand_over
from orders.operations.refund import refund
from orders.operations.release import release_due
from orders.operations.request import PaymentRequest
from orders.operations.settle import finalize_hand_overs
from tests.browser.conftest import DESK, in_each_look
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.floor import staged
from tests.shop import SITE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What makes the page scroll sideways, if anything does.
TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] :
    [...document.querySelectorAll("main *")].filter(each => each.getBoundingClientRect().right > width + 1)
    .map(each => each.outerHTML.slice(0, 80)).concat(["scrolls sideways"])"""
PICTURES = os.environ.get("MONEY_PICTURES")


@pytest.fixture
def order(transactional_db, settings_decided):
    """Three shirts, paid by card and at the till; a part went back to the card, one became credit, one was refused."""
    make_first_reasons(sender=None)
    store = LocationFactory(name="Oak Street")
    now = timezone.now()
    priced = line(stocked(store, 3), 3, at=store, discounts=[{"code": "MAY10", "amount": Decimal("6.00")}],
                  taxes=[{"name": "MN", "rate": "0.06875", "amount": Decimal("3.71")}])  # fmt: skip
    made = placed(priced, payments=[
        PaymentRequest("till_receipt", "1042-7", Decimal("20.00")),
        PaymentRequest("card", "psp_1", Decimal("37.68"), brand="Visa", last4="4242"),
    ])  # fmt: skip
    release_due(now=timezone.now())
    work = staged(made.fulfillment_orders.get(), by=person("lead", at=store))
    handed = hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), by=SITE, now=now)
    finalize_hand_overs(now=handed.undo_until)
    call_provider(number=made.number, now=now)
    refund(order=made, amount=Decimal("10.00"), key="r:1", by=SITE, now=now, reason="does not fit")
    call_provider(number=made.number, now=now)
    refund(order=made, amount=Decimal("5.00"), key="r:2", by=SITE, now=now, to="store_credit")
    settings_decided("orders.terminal_mode", "decline")
    refund(order=made, amount=Decimal("7.00"), key="r:3", by=SITE, now=now)
    call_provider(number=made.number, now=now)
    return Order.objects.get(pk=made.pk)


@pytest.fixture
def seen_by(open_page, live_server):
    def seen(user, path, **options):
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        cookie = {
            "name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "domain": live_server.url.removeprefix("http://").partition(":")[0], "path": "/", "expires": -1,
            "httpOnly": True, "secure": False, "sameSite": "Lax",
        }  # fmt: skip
        return open_page(path, storage_state={"cookies": [cookie], "origins": []}, **options)

    return seen


def _pictured(page, name):
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@in_each_look
def test_money_is_readable_and_axe_finds_nothing(order, seen_by, axe, size, scheme):
    picker, kind = person("associate", at=order.fulfillment_orders.get().location), f"{size['width']}-{scheme}"
    credit = Refund.objects.get(credit__isnull=False)
    paths = {
        "order": reverse("orders:order", args=[order.number]),
        "receipt": reverse("orders:receipt", args=[order.number]),
        "gift": reverse("orders:receipt", args=[order.number]) + "?gift=1",
        "slip": reverse("orders:credit_slip", args=[order.number, credit.pk]),
    }
    for name, path in paths.items():
        page = seen_by(picker, path, size=size, scheme=scheme)
        wide = page.evaluate(TOO_WIDE, size["width"])
        found = page.complaints[:], axe(page)
        _pictured(page, f"{name}-{kind}")
        assert (wide, *found) == ([], [], []), name


def test_hq_reads_a_refused_refund(order, seen_by, axe):
    refused = Refund.objects.get(failed_at__isnull=False)
    for name, path in {
        "hq-refund": page_url("orders.refund", refused.pk), "hq-payments": "/hq/orders/payment/",
        "hq-credit": page_url("customers.storecredit", Refund.objects.get(credit__isnull=False).credit_id),
    }.items():  # fmt: skip
        page = seen_by(person("hq"), path, size=DESK)
        found = page.complaints[:], axe(page)
        _pictured(page, name)
        assert found == ([], []), name
