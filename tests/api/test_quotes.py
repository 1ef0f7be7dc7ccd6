"""A cart is priced over the API, and the order that names the quote is charged exactly that."""

import pytest

from orders.models import TaxRate
from tests.api.conftest import order_body, pickup
from tests.factories import LocationFactory, stocked

pytestmark = pytest.mark.django_db


def test_quoted_then_charged(site):
    store = LocationFactory(region="MN", postal_code="55401")
    variant = stocked(store, 5)
    TaxRate.objects.create(name="MN", region="MN", rate="0.06875")
    cart = {"currency": "USD", "location": store.code, "lines": [
        {"reference": "a", "sku": variant.sku, "quantity": 3}]}  # fmt: skip

    answer = site.post("/price-quotes", cart)

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["totals"] == {"goods": "59.97", "discounts": "0.00", "taxes": "4.12", "total": "64.09"}
    assert [(each["quantity"], each["total"]) for each in told["lines"][0]["units"]] == [(1, "21.37"), (2, "21.36")]

    order = site.post("/orders", order_body(pickup(variant, store, quantity=3, reference="a"), quote=told["id"]))
    assert order.status_code == 201, order.content
    assert order.json()["totals"]["total"] == "64.09"
    assert order.json()["refunds"] == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"location": "nowhere"}, 422, "invalid_quote"),
        ({"taxes": [{"name": "T", "rate": "1.5"}]}, 422, "invalid_quote"),
        ({"codes": ["NOPE"]}, 422, "invalid_quote"),
        ({"currency": "XXX"}, 422, "invalid_quote"),
        ({"lines": []}, 400, None),
        ({"surprise": 1}, 400, None),
    ],
)
def test_what_cannot_be_priced(site, change, status, code):
    variant = stocked(LocationFactory(), 1)
    cart = {"currency": "USD", "lines": [{"reference": "a", "sku": variant.sku, "quantity": 1}]}
    answer = site.post("/price-quotes", cart | change)
    assert answer.status_code == status, answer.content
    assert code is None or answer.json()["code"] == code
