"""HQ replays a draft on past orders, in a real browser."""

import os

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from omni.core.hq.show import page_url
from orders.operations.replay import go_on
from tests.browser.conftest import in_each_look
from tests.factories import GroupFactory, LocationFactory, line, placed, stocked
from tests.factories.routing import rule_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(transactional_db):
    """Without the store from which a morning's orders came."""
    near = LocationFactory(name="Oak Street", group=GroupFactory(code="oak"))
    far = LocationFactory(name="Riverside Mall", latitude=46.0)
    variant = stocked(near, 9)
    stocked(far, 5, variant=variant)
    for units in (1, 2, 1, 3):
        placed(line(variant, units))
    return rule_set("Without Oak Street", filters=[{"kind": "except", "group_ids": [near.group_id]}])


@in_each_look
def test_hq_sees_in_dollars_what_a_draft_would_have_cost(open_hq, draft, axe, size, scheme):
    page = open_hq(page_url("orders.ruleset", draft.pk), size=size, scheme=scheme)
    look = f"{size['width']}-{scheme}"
    _look(page, axe, f"replay-ask-{look}")
    page.get_by_role("button", name="Replay on past orders").click()
    expect(page.get_by_role("heading", name="Waits for its turn")).to_be_visible()
    _look(page, axe, f"replay-work-{look}")
    go_on(now=timezone.now())
    expect(page.get_by_role("heading", name="Orders that differ")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("table")).to_contain_text("Oak Street")
    expect(page.get_by_text("these rules would have cost more")).to_be_visible()
    _look(page, axe, f"replay-done-{look}")


def _look(page, axe, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []
    assert axe(page) == []
    page.complaints.clear()  # axe reads style sheets in a way that the policy refuses
