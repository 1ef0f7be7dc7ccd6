"""The order page and the papers say honestly where the money is."""

from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import Refund
from orders.operations.call_provider import call_provider
from orders.operations.hand_over import Collector, hand_over
from orders.operations.refund import refund
from orders.operations.request import PaymentRequest
from orders.operations.settle import finalize_hand_overs
from tests.factories import line, person, placed, stocked
from tests.shop import SITE, now, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return open_shop(name="Oak Street")


@pytest.fixture
def order(shop):
    taxed = line(stocked(shop.store, 3), 3, at=shop.store, discounts=[{"code": "MAY10", "amount": Decimal("1.00")}],
                 taxes=[{"name": "MN", "rate": "0.06875", "amount": Decimal("4.05")}])  # fmt: skip
    card = PaymentRequest("card", "psp", Decimal("63.02"), brand="Visa", last4="4242")
    made = placed(taxed, payments=[card])
    work = shop.staged(made)
    handed = hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), by=shop.picker, now=now())
    finalize_hand_overs(now=handed.undo_until)
    call_provider(number=made.number, now=now())
    return made


@pytest.fixture
def browser(client, shop):
    client.force_login(person("associate", at=shop.store), "django.contrib.auth.backends.ModelBackend")
    return client


def page(browser, name, *args, **query) -> str:
    answer = browser.get(reverse(f"orders:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_taken_given_back_and_kept(browser, order):
    refund(order=order, amount=Decimal("20.00"), key="r", by=SITE, now=now(), reason="does not fit")
    text = page(browser, "order", order.number)
    assert "Visa •••• 4242" in text
    assert "$63.02 taken" in text
    assert "$20.00 given back" in text
    assert "On its way" in text
    assert "$43.02" in text
    assert "does not fit" in text
    call_provider(number=order.number, now=now())
    assert "On its way" not in page(browser, "order", order.number)


def test_a_refused_refund_is_said_in_the_providers_words(browser, order, settings_decided):
    refund(order=order, amount=Decimal("20.00"), key="r", by=SITE, now=now())
    settings_decided("orders.terminal_mode", "decline")
    call_provider(number=order.number, now=now())
    text = page(browser, "order", order.number)
    assert "Refund refused" in text
    assert "The card&#x27;s bank refused the refund." in text
    assert "$20.00 could not be given back" in text, "the story says so too"


def test_the_receipt_adds_up_and_carries_the_return_desks_code(browser, order):
    text = page(browser, "receipt", order.number)
    for words in ("Receipt", "$59.97", "MAY10", "$1.00", "MN 6.875%", "$4.05", "$63.02", "Visa •••• 4242"):
        assert words in text, words
    assert "code-qr" in text


def test_a_gift_receipt_shows_no_price(browser, order):
    text = page(browser, "receipt", order.number, gift="1")
    assert "Gift receipt" in text
    assert "$" not in text


def test_a_credit_slip_is_for_whoever_sees_the_order(browser, client, order):
    refund(order=order, amount=Decimal("20.00"), key="r", by=SITE, now=now(), to="store_credit")
    made = Refund.objects.get()
    text = page(browser, "credit_slip", order.number, made.pk)
    assert "$20.00" in text
    assert made.credit.printed_code in text
    client.force_login(person("associate", at=open_shop().store), "django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("orders:credit_slip", args=[order.number, made.pk])).status_code == 404
