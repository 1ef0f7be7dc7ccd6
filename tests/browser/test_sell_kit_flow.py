"""A kit at the counter: each screen from the search to the sold page."""

import pytest
from playwright.sync_api import expect

from inventory.operations.learn_words import learn_words
from orders.models import Order
from tests.browser.conftest import in_each_look
from tests.browser.test_desk_flow import opened_by  # noqa: F401
from tests.browser.test_returns_flow import seen
from tests.factories import LocationFactory, ProductFactory, VariantFactory, person, stocked
from tests.factories.kits import kit_of
from tests.shop import audit, level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def store(transactional_db):
    return LocationFactory(name="Oak Street", line1="1 Main St", city="Minneapolis", region="MN", postal_code="55401")


@in_each_look
def test_a_kit_is_seen_with_its_parts_and_carried_out(opened_by, axe, store, size, scheme):  # noqa: F811
    tag = f"{size['width']}-{scheme}"
    pot, cup = (VariantFactory(product=ProductFactory(title=title), options={}) for title in ("Tea pot", "Tea cup"))
    for part in (pot, cup):
        stocked(store, 4, variant=part, aisle="7", bin="C1")
    tea = kit_of({pot: 1, cup: 2}, amount="45", product=ProductFactory(title="Breakfast for two"), options={})
    learn_words()
    page = opened_by(person("associate", at=store), "/sell/", size=size, scheme=scheme)
    page.fill("#find", "breakfast")
    expect(page.locator(".hit", has_text="Breakfast for two")).to_contain_text("2 here")
    page.get_by_role("link", name="Breakfast for two").click()
    expect(page.get_by_role("heading", name="A kit of")).to_be_visible()
    seen(page, axe, f"sell-kit-{tag}")
    page.get_by_role("button", name="Take it along now").click()
    expect(page.locator("#notices")).to_contain_text("In the basket: Breakfast for two")
    page.goto("/sell/basket/")
    expect(page.get_by_role("list", name="A kit of")).to_contain_text("2 × Tea cup")
    page.get_by_role("button", name="One more").click()
    expect(page.locator("output")).to_have_text("2")
    seen(page, axe, f"sell-kit-basket-{tag}")
    page.get_by_role("link", name="Pay $90.00").click()
    page.click("#pay-card")
    expect(page.get_by_role("heading", name="Sold")).to_be_visible()
    seen(page, axe, f"sell-kit-sold-{tag}")
    assert Order.objects.get().kits.get().variant == tea
    assert (level(pot, store), level(cup, store)) == ((2, 0, 0), (0, 0, 0))
    assert page.complaints == []
    assert audit() == {}
