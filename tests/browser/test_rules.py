"""HQ keeps safety stock back in 200 stores: seen before, let loose, and undone."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.atp import totals
from inventory.models import AvailabilityRule, Location
from inventory.operations.set_level import Level, set_levels
from tests.browser.conftest import DESK, PHONE, in_each_look
from tests.factories import GroupFactory, LocationFactory, ProductFactory, VariantFactory
from tests.factories.rules import BY, active, draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STORES = 200


@pytest.fixture
def chain(transactional_db):
    """A region of two districts with 200 stores, three items in each; and a store elsewhere."""
    region = GroupFactory(code="north", name="North")
    districts = [GroupFactory(parent=region, name=name) for name in ("Lakes", "Plains")]
    stores = LocationFactory.create_batch(STORES, group=districts[0])
    Location.objects.filter(pk__in=[store.pk for store in stores[::2]]).update(group=districts[1])
    elsewhere = LocationFactory(name="Elsewhere")
    glass = VariantFactory(product=ProductFactory(category="Home > Glass", title="Carafe"))
    others = [VariantFactory(product=ProductFactory(category="Home > Wood")) for _ in range(2)]
    levels = [
        Level(variant.pk, store.pk, 3 + n % 5, safety_stock=1) for n, store in enumerate([*stores, elsewhere])
        for variant in (glass, *others)
    ]  # fmt: skip
    set_levels(levels=levels, reason="opening", by=BY, now=timezone.now())
    return {"region": region, "glass": glass, "stores": stores, "elsewhere": elsewhere}


def given(chain, channel: str) -> int:
    places, glass = Location.objects.all(), chain["glass"]
    return totals(variants=[glass.pk], places=places, channel=channel)[glass.pk]


@pytest.mark.parametrize(("size", "script"), [(DESK, True), (PHONE, False)], ids=["desk", "phone without script"])
def test_safety_stock_for_200_stores_is_seen_activated_and_undone(open_hq, chain, size, script):
    before = given(chain, "web")
    page = open_hq("/hq/inventory/availabilityrule/add/", size=size, script=script)
    page.get_by_label("Name").fill("Glass breaks")
    page.get_by_label("Units").fill("3")
    page.get_by_label("Category").fill("Home > Glass")
    page.get_by_label("Location group").select_option("North")
    page.get_by_label("Web shop").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Keeps back 3 units of Home > Glass, in North and below it, for Web shop.")).to_be_visible()
    expect(page.get_by_text("shelves change")).to_be_visible()
    expect(page.get_by_text("Page 1 of 4")).to_be_visible()
    assert given(chain, "web") == before
    tile = page.locator(".hq-tiles li").first.inner_text().split()
    assert tile[0] == "200"
    page.get_by_label("Reason").fill("returns of broken glass")
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("heading", name="It holds")).to_be_visible()
    kept = sum(min(2, 2 + n % 5) for n in range(STORES))  # two more than the store's own number, where there are two
    assert (given(chain, "web"), given(chain, "marketplace")) == (before - kept, before)
    page.get_by_role("button", name="Undo this rule").click()
    expect(page.get_by_text("holds no longer")).to_be_visible()
    assert given(chain, "web") == before
    expect(page.get_by_text("returns of broken glass")).to_be_visible()
    assert page.complaints == []


@in_each_look
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_hq, chain, axe, size, scheme):
    rule = draft(name="Glass breaks", units=3, category="Home > Glass", group=chain["region"])
    nothing = draft(name="Nothing of it", category="Toys", percent=20, channels=["web"])
    holds = active(name="Not by phone", effect="exclude", category="Home", tag="", channels=["phone", "marketplace"])
    place = chain["stores"][0].code
    base = "/hq/inventory/availabilityrule/"
    paths = {
        "list": base, "none": f"{base}?status__exact=retired", "add": f"{base}add/",
        "draft": f"{base}{rule.pk}/change/",
        "effect": f"{base}{rule.pk}/effect/", "second": f"{base}{rule.pk}/effect/?channel=web&page=2",
        "place": f"{base}{rule.pk}/effect/?channel=web&at={place}", "nothing": f"{base}{nothing.pk}/effect/",
        "holds": f"{base}{holds.pk}/effect/", "words": f"{base}{holds.pk}/change/",
        "act": f"{base}act/copy/?pk={holds.pk}",
        "product": f"/hq/inventory/product/{chain['glass'].product_id}/change/",
    }  # fmt: skip
    page, found = open_hq("/hq/", size=size, scheme=scheme), {}
    for name, path in paths.items():
        page.goto(path)
        if shots := os.environ.get("SHOTS"):
            page.screenshot(path=Path(shots) / f"{name}-{size['width']}-{scheme}.png", full_page=True)
        said, page.complaints[:] = list(page.complaints), []
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[name] = [*said, *axe(page), *(["scrolls sideways"] if wide else [])]
        page.complaints.clear()  # axe reads style sheets in a way that the policy refuses
    assert {name: complaints for name, complaints in found.items() if complaints} == {}
    assert AvailabilityRule.objects.count() == 3
