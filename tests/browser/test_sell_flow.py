"""A missing size, found and sold: each screen from the search to the receipt, on a phone and at the desk."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from inventory.operations.learn_words import learn_words
from orders.models import Order
from tests.browser.conftest import in_each_look
from tests.browser.test_desk_flow import opened_by  # noqa: F401
from tests.browser.test_returns_flow import seen
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, VariantFactory, person, stocked
from tests.shop import audit, level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def store(transactional_db):
    return LocationFactory(name="Oak Street", line1="1 Main St", city="Minneapolis", region="MN", postal_code="55401")


@pytest.fixture
def boots(store):
    """Size 9 stands here, size 10 only in Elm Street."""
    elm = LocationFactory(name="Elm Street", line1="2 Elm St", city="Minneapolis", region="MN", postal_code="55401")
    product = ProductFactory(title="Trail boot", category="Apparel > Shoes")
    nine, ten = (
        VariantFactory(product=product, price=Decimal("80.00"), options={"size": size, "color": "Brown"})
        for size in ("9", "10")
    )
    for place, variant in ((store, nine), (elm, ten)):
        BarcodeFactory(variant=variant)
        stocked(place, 3, variant=variant)
    learn_words()
    return {"here": nine, "there": ten, "elm": elm}


@in_each_look
def test_from_the_search_to_the_receipt(opened_by, axe, store, boots, size, scheme):  # noqa: F811
    tag = f"{size['width']}-{scheme}"
    page = opened_by(person("associate", at=store), "/sell/", size=size, scheme=scheme)
    page.fill("#find", "trial boot")  # a typing mistake does no harm
    expect(page.get_by_role("link", name="Trail boot")).to_be_visible()
    seen(page, axe, f"sell-search-{tag}")
    page.get_by_role("link", name="Trail boot").click()
    page.locator(f"#cell-{boots['there'].sku}").click()
    expect(page.get_by_role("button", name="Ship it home")).to_be_visible()
    seen(page, axe, f"sell-matrix-{tag}")
    page.get_by_role("button", name="Ship it home").click()
    expect(page.locator("#notices")).to_contain_text("In the basket: Trail boot")
    page.goto("/sell/basket/")
    expect(page.locator(".kept")).to_be_visible()
    seen(page, axe, f"sell-basket-{tag}")
    page.get_by_role("link", name="Next: who is it for?").click()
    for field, value in {
        "name": "Bea Stone", "email": "bea@example.org", "line1": "1 Main St", "postal_code": "55401"
    }.items():  # fmt: skip
        page.locator(f"#id_{field}").fill(value)
    seen(page, axe, f"sell-customer-{tag}")
    page.get_by_role("button", name="Next: payment").click()
    expect(page.get_by_role("button", name="Card at the terminal: $80.00")).to_be_visible()
    seen(page, axe, f"sell-pay-{tag}")
    page.click("#pay-card")
    expect(page.get_by_role("heading", name="Sold")).to_be_visible()
    seen(page, axe, f"sell-sold-{tag}")
    order = Order.objects.get()
    assert (order.channel, order.total_amount) == ("endless_aisle", Decimal("80.00"))
    assert level(boots["there"], boots["elm"]) == (3, 1, 0)
    assert page.complaints == []
    assert audit() == {}
