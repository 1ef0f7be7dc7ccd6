"""A card number is told from a provider's reference, a barcode and a time."""

import pytest
from django.db import connection

from orders.audits.money import no_card_number
from orders.card_number import holds_card_number, is_card_number
from orders.models import Order
from tests.factories import LocationFactory, line, placed, stocked

CARDS = ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "2223003122003222",
         "4222222222222"]  # fmt: skip
OTHERS = ["4111111111111112", "8515131751004933", "0012345678905", "1714550400000", "411111111111", "psp_123",
          "4111 1111 1111 1111x"]  # fmt: skip


@pytest.mark.parametrize("text", CARDS)
def test_a_card_number_is_seen_however_deep(text):
    assert is_card_number(text)
    assert holds_card_number({"a": [1, None, {"b": text}]})


@pytest.mark.parametrize("text", OTHERS)
def test_anything_else_may_stay(text):
    assert not is_card_number(text)
    assert not holds_card_number({"a": text})


@pytest.mark.django_db
@pytest.mark.parametrize("text", [*CARDS, *OTHERS])
def test_the_audit_goes_by_the_same_rule(text):
    store = LocationFactory()
    order = placed(line(stocked(store, 1), at=store))
    Order.objects.filter(pk=order.pk).update(metadata={"a": [text]})
    with connection.cursor() as cursor:
        cursor.execute(no_card_number())
        assert bool(cursor.fetchall()) == is_card_number(text)
