"""HQ writes a rule set, looks at what it shuts out, and lets it decide; on a desk and on a phone without script."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import Location
from orders.models import RuleSet
from orders.operations.draft_rule_set import copy_rule_set, remove_part
from tests.browser.conftest import DESK, PHONE, in_each_look
from tests.factories import GroupFactory, LocationFactory
from tests.factories.routing import BY, activated, add_step, costs_set, rule_set, tariff_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/hq/orders/ruleset/"


@pytest.fixture
def chain(transactional_db):
    kiosks = GroupFactory(name="Kiosks")
    LocationFactory.create_batch(12, group=kiosks)
    LocationFactory.create_batch(47, group=GroupFactory(name="Flagships"))
    LocationFactory(kind=Location.Kind.DC, name="Reno")
    return kiosks


@pytest.mark.parametrize(("size", "script"), [(DESK, True), (PHONE, False)], ids=["desk", "phone without script"])
def test_a_draft_is_written_looked_at_and_activated(open_hq, chain, size, script):
    page = open_hq(f"{LIST}add/", size=size, script=script)
    page.get_by_label("Name:").fill("No kiosks")
    page.get_by_label("Cheapest: ").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("A draft decides nothing.")).to_be_visible()
    page.get_by_role("link", name="Add a filter", exact=True).click()
    page.get_by_label("Filter").select_option("Not these locations")
    page.get_by_label("Kiosks").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("12 of 60 locations shut by: Not Kiosks").first).to_be_visible()
    page.get_by_role("link", name="Change for which orders").click()
    page.get_by_label("Shipments at most").fill("2")
    page.get_by_label("For each parcel beyond the first").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("+$2.00 for each parcel beyond the first")).to_be_visible()
    assert not RuleSet.objects.filter(status="active").exists()
    page.get_by_role("button", name="Move up: Anywhere; what").click()
    expect(page.get_by_role("button", name="Move down: Anywhere; what")).to_be_visible()
    page.get_by_role("button", name="Remove: Anywhere", exact=True).click()
    expect(page.get_by_role("button", name="Remove: Anywhere", exact=True)).to_have_count(0)
    page.get_by_label("Reason").fill("kiosks cannot pack")
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_text("Replay this draft as it stands first")).to_be_visible()
    page.get_by_label("Activate without a replay").check()
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_text("“No kiosks v1” decides from now on.")).to_be_visible()
    assert RuleSet.objects.get().status == "active"
    page.get_by_role("link", name="Draft the next version").click()
    page.get_by_role("button", name="Draft the next version").click()
    expect(page.get_by_role("link", name="No kiosks v2")).to_be_visible()
    assert page.complaints == []


@in_each_look
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_hq, chain, axe, size, scheme):
    old = activated(rule_set("Web", preset="ladder", channels=["web", "marketplace"], most_shipments=2,
                             filters=[{"kind": "except", "group_ids": [chain.pk]}, {"kind": "open"}],
                             prices=[{"amount": 3, "group_ids": [chain.pk], "services": ["same_day"]}]))  # fmt: skip
    draft = copy_rule_set(rule_set_id=old.pk, by=BY)
    remove_part(rule_set_id=draft.pk, part=draft.filters.filter(kind="open").get())
    step = add_step(draft, "Whoever has it", is_partial=True, filters=[{"kind": "counted", "number": 30}])
    now = timezone.now()
    costs, held = costs_set(now=now), costs_set(now=now - timedelta(hours=3), split_amount=2)
    tariff = tariff_set("UPS/Ground", 70_000, now=now)
    page_of, costs_list, tariffs = f"{LIST}{draft.pk}/", "/hq/orders/costparameters/", "/hq/orders/tariff/"
    paths = {
        "list": LIST, "add": f"{LIST}add/", "draft": f"{page_of}change/?zip=90001&service=two_day",
        "active": f"{LIST}{old.pk}/change/", "orders": f"{page_of}orders/", "filter": f"{page_of}filter/add/",
        "price": f"{page_of}price/add/", "step": f"{page_of}step/{step.pk}/",
        "compare": f"{page_of}compare/?with={old.pk}", "copy": f"{LIST}act/copy/?pk={old.pk}",
        "costs": costs_list, "costs add": f"{costs_list}add/", "costs page": f"{costs_list}{held.pk}/change/",
        "costs withdraw": f"{costs_list}act/withdraw/?pk={costs.pk}", "tariffs": tariffs,
        "tariff": f"{tariffs}{tariff.pk}/change/", "upload": f"{tariffs}add/",
    }  # fmt: skip
    page = open_hq("/hq/", size=size, scheme=scheme)
    wrong = {}
    for name, path in paths.items():
        page.goto(path)
        found = axe(page)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"{page.evaluate('document.documentElement.scrollWidth')} px wide")
        if pictures := os.environ.get("PICTURES"):
            page.screenshot(path=Path(pictures) / f"{name}-{size['width']}-{scheme}.png", full_page=True)
        wrong |= {name: found} if found else {}
    assert wrong == {}
    assert page.complaints == []
