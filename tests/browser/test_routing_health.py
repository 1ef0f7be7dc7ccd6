"""HQ looks at what the router does, in a real browser."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from orders.models import Exclusion, OrderException, RoutingOutcome, RoutingRun
from tests.browser.conftest import in_each_look
from tests.factories import GroupFactory, LocationFactory, line, placed, stocked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy_hour(transactional_db):
    """An hour of runs with one that failed, stores that decline, exceptions and labels."""
    now = timezone.now().replace(microsecond=0)
    stores = [LocationFactory(name=name, code=str(1001 + n), group=GroupFactory())
              for n, name in enumerate(("Oak Street", "Elm Street", "Riverside Mall"))]  # fmt: skip
    for n in range(50):
        at = now - timedelta(minutes=50 - n)
        is_bad = n == 31
        RoutingRun.objects.create(
            started_at=at, finished_at=at + timedelta(seconds=4), status="degraded" if is_bad else "done",
            degraded_reason="ValueError: a price in tariff is below -1000 dollars" if is_bad else "",
            orders=900 + 37 * (n % 11), moved=0 if is_bad else (n * 7) % 23, saved_amount=Decimal((n * 7) % 23) / 2,
            read_seconds=1.1, decide_seconds=0.8 + n % 5 / 10, commit_seconds=0.4, gap=0.002 + n % 7 / 10_000,
            conflicts=n % 3,
        )  # fmt: skip
    for n, store in enumerate(stores):
        for m in range(3 * n + 2):
            order = placed(line(stocked(store, 5)))
            Exclusion.objects.create(
                order_line=order.lines.get(), location=store, reason=("too busy", "damaged", "not found")[m % 3],
                created_at=now,
            )  # fmt: skip
            kind = ("waiting", "late", "attempts")[m % 3]
            OrderException.objects.create(
                order=order, kind=kind, detail="x", raised_at=now - timedelta(hours=[0.2, 3, 20, 90][(n + m) % 4])
            )
        _shipped(store, 70_000, 70_000 + n * 9_000)
    return stores


def _shipped(store, predicted: int, label: int) -> None:
    order = placed(line(stocked(store, 5)))
    RoutingOutcome.objects.create(
        decision=order.routing_decisions.get(), fulfillment_order=order.fulfillment_orders.get(), ended="shipped",
        ended_at=timezone.now(), predicted_amount=predicted, label_amount=label,
    )  # fmt: skip


@in_each_look
def test_hq_sees_what_the_router_does(open_hq, busy_hour, axe, size, scheme):
    page = open_hq("/hq/", size=size, scheme=scheme)
    page.get_by_role("link", name="Routing health").click()
    expect(page.get_by_role("heading", name="Routing health")).to_be_visible()
    _look(page, axe, f"routing-{size['width']}-{scheme}")
    panel = page.locator("section.panel", has_text="Declined, short or not accepted")
    panel.get_by_role("link", name="Riverside Mall").click()
    expect(page.get_by_role("heading", name="fulfillment order")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="degraded runs").click()
    expect(page.locator("#content")).to_contain_text("Degraded")


def test_before_the_first_run_it_says_so(open_hq, transactional_db, axe):
    page = open_hq("/hq/orders/routingrun/health/")
    expect(page.get_by_text("Nothing was decided in 24 hours")).to_be_visible()
    _look(page, axe, "routing-empty")


def _look(page, axe, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []
    assert axe(page) == []
    page.complaints.clear()  # axe reads style sheets in a way that the policy refuses
