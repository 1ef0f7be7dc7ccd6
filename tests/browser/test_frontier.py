"""HQ moves two sliders and sees what splits and stores' stock cost, in a real browser; without JavaScript by lists."""

import os

import pytest
from playwright.sync_api import expect

from omni.core.hq.show import page_url
from orders.routing.batch import UNIT
from tests.browser.conftest import in_each_look
from tests.factories.routing import frontier_done, rule_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SPLITS, PERCENTS, ORDERS = [0, UNIT, 25_000, 5 * UNIT, 10 * UNIT], [0, 50, 80, 100, 150], 300


@pytest.fixture
def tried(transactional_db):
    """Three hundred orders: fewer splits where they cost more, less from stores where stock is worth more."""

    def tally(split: int, percent: int) -> list[int]:
        rarer, dearer = split / UNIT, percent / 100
        splits = int(80 / (1 + rarer / 2) + 12 * dearer)
        paid = int(ORDERS * (90_000 + 900 * rarer + 6_000 * dearer))
        stock = int(ORDERS * 16_000 / (1 + dearer * 1.4) + ORDERS * 2_600 * abs(dearer - 1))
        return [paid, stock, ORDERS + splits, 9, 2, 640, int(420 / (1 + dearer)), ORDERS, splits]

    sums = {"grid": [tally(split, percent) for split in SPLITS for percent in PERCENTS], "before": tally(0, 100)}
    sums |= {"nearest": [34_000_000, 6_000_000, 390, 30, 2, 640, 480, ORDERS, 90],
             "fewest_splits": [32_000_000, 5_000_000, 310, 20, 2, 640, 400, ORDERS, 10],
             "sequential": [31_500_000, 4_200_000, 315, 20, 2, 640, 220, ORDERS, 15]}  # fmt: skip
    return frontier_done(rule_set=rule_set("Web orders"), splits=SPLITS, percents=PERCENTS, sums=sums, total=ORDERS,
                         done=ORDERS, orders=3755)  # fmt: skip


@in_each_look
def test_two_sliders_tell_what_each_setting_costs(open_hq, tried, axe, size, scheme):
    page = open_hq(page_url("orders.routingfrontier", tried.pk), size=size, scheme=scheme)
    expect(page.locator("#said")).to_contain_text("At $1.50 per split and 100 %")
    page.get_by_role("slider", name="Price of a split").press("ArrowRight")
    stock = page.get_by_role("slider", name="Value of stores' stock")
    stock.press("ArrowLeft")
    expect(page.locator("#said")).to_contain_text("At $2.50 per split and 80 % of the stock's value: $")
    expect(stock).to_have_attribute("aria-valuetext", "80 %")
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/frontier-{size['width']}-{scheme}.png", full_page=True)
    page.get_by_text("Show all settings").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []
    assert axe(page) == []
    page.complaints.clear()
    page.get_by_role("button", name="Write both into the draft").click()
    expect(page.get_by_text("The draft says both now")).to_be_visible()
    tried.rule_set.refresh_from_db()
    assert (tried.rule_set.split_amount, tried.rule_set.unit_value_percent) == (1, 80)
