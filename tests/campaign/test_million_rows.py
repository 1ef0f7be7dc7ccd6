"""A file of a million rows through the browser while its worker is killed twice: followed, taken over, and exact.

With SHOTS=FOLDER the pages on the way are photographed.
"""

import os
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from omni.embedded.place import CHECKOUT
from omni.embedded.process import wait_until
from tests.browser.conftest import DESK, PHONE, chromium  # noqa: F401 - a fixture
from tests.campaign.test_kills import VICTIMS, Shop
from tests.campaign.test_replay import Terminal

pytestmark = pytest.mark.campaign
ROWS = int(os.environ.get("CAMPAIGN_ROWS", "1000000"))
BAD = 2_000
EACH_BAD, EACH_LARGE, EACH_SMALL = ROWS // BAD, 5_000, 50  # of the rows: unknown, five hundred less, one less
PATIENCE = 600_000  # milliseconds for what a file of this size may take on a busy machine
WORKER = VICTIMS["the worker for long jobs"]
PERSON = """
from decimal import Decimal
from django.test import Client
from inventory.models import Feed
from omni.core.models import Grant, User
hq = User.objects.create_user(username="hq-of-campaign", password=None)
Grant.objects.create(user=hq, role="hq")
feed = Feed.objects.create(code="wms", name="Warehouse system", kind="wms", tolerance_value=Decimal(10**6))
client = Client()
client.force_login(hq, "django.contrib.auth.backends.ModelBackend")
print("made", feed.pk, client.session.session_key)
"""


@pytest.fixture
def shop() -> Iterator[tuple[Shop, int, str]]:
    """A shop with a million shelves, the key of its source, and somebody of headquarters."""
    var = CHECKOUT / "var" / f"campaign-{uuid.uuid4().hex[:6]}"
    terminal = Terminal(var)
    terminal.run("migrate", "-v0")
    terminal.run("seed_scale", "--locations", "100", "--rows", str(ROWS))
    feed, session = re.search(r"made (\d+) (\w+)", terminal.run("shell", "-v0", "-c", PERSON)).groups()
    shop = Shop(var)
    try:
        assert wait_until(shop.is_ready, seconds=240)
        yield shop, int(feed), session
    finally:
        shop.stop()


def stock_file(database: psycopg.Connection, path: Path) -> dict[str, int]:
    """What lies there, but for some; how many rows of each sort."""
    made = {"bad": 0, "review": 0, "booked": 0}
    rows = database.execute(
        "SELECT v.sku, l.code, s.on_hand FROM inventory_stocklevel s JOIN inventory_variant v ON v.id = s.variant_id"
        " JOIN inventory_location l ON l.id = s.location_id ORDER BY s.id"
    )
    with path.open("w") as file:
        file.write("sku,location,quantity\n")
        for n, (sku, code, units) in enumerate(rows):
            if n % EACH_BAD == 7:
                made["bad"] += 1
                file.write(f"NONE-{n},{code},{units}\n")
            elif n % EACH_LARGE == 1:
                made["review"] += 1
                file.write(f"{sku},{code},{units + 500}\n")
            elif n % EACH_SMALL == 1:
                made["booked"] += 1
                file.write(f"{sku},{code},{units + 1}\n")
            else:
                file.write(f"{sku},{code},{units}\n")
    return made


def opened(browser, shop: Shop, session: str, size: dict[str, int], scheme: str = "light") -> Page:
    cookie = {"name": "sessionid", "value": session, "url": shop.url}
    context = browser.new_context(viewport=size, base_url=shop.url, color_scheme=scheme)
    context.add_cookies([cookie])
    return context.new_page()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/million-{name}.png", full_page=True)


def is_done(page: Page) -> bool:
    return page.get_by_role("heading", name="What became of the rows").count() > 0


def percent(page: Page) -> int:
    return int(page.get_by_role("progressbar").get_attribute("value") or 0)


def test_a_million_rows_survive_a_killed_worker_while_a_person_watches(shop, chromium, tmp_path):  # noqa: F811
    shop, feed, session = shop
    with shop.database() as database:
        made = stock_file(database, tmp_path / "stock.csv")
        page = opened(chromium, shop, session, DESK)
        page.set_default_timeout(PATIENCE)
        page.goto(f"/hq/inventory/feed/{feed}/upload/")
        page.get_by_label("File").set_input_files(tmp_path / "stock.csv")
        began = time.monotonic()
        page.get_by_role("button", name="Upload").click()
        page.wait_for_url("**/inventory/snapshot/*/change/")
        uploaded = time.monotonic() - began
        killed_at = {}
        for name, heading in (
            ("reading", "Reads and checks the rows"),
            ("comparing", "Compares the shelves with the ledger"),
        ):
            expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=PATIENCE)
            seen = percent(page)
            assert wait_until(lambda seen=seen: percent(page) > seen, seconds=120)
            shot(page, name)
            assert shop.kill(WORKER)
            killed_at[name] = percent(page)
            assert wait_until(lambda before=killed_at[name]: is_done(page) or percent(page) > before, seconds=240)
        expect(page.get_by_role("heading", name="What became of the rows")).to_be_visible(timeout=PATIENCE)
        took = time.monotonic() - began
        for scheme, size in (("light", DESK), ("dark", PHONE)):
            other = opened(chromium, shop, session, size, scheme)
            other.goto(page.url)
            shot(other, f"done-{size['width']}")
        counts = database.execute(
            "SELECT status, row_count, bad_count, compared_count FROM inventory_snapshot").fetchone()  # fmt: skip
        assert counts == ("done", ROWS - BAD, BAD, ROWS - BAD)
        by_outcome = "SELECT outcome, count(*) FROM inventory_snapshotrow WHERE outcome <> '' GROUP BY 1"
        outcomes = dict(database.execute(by_outcome).fetchall())
        assert {name: outcomes.get(name, 0) for name in ("booked", "review")} == {
            name: made[name] for name in ("booked", "review")
        }
        assert made["bad"] == BAD == database.execute("SELECT count(*) FROM inventory_snapshotproblem").fetchone()[0]
    Terminal(shop.var).run("audit")  # fails where it finds anything
    print(f"{ROWS:,} rows, {BAD:,} bad: uploaded in {uploaded:.1f} s, done after {took:.1f} s; "  # noqa: T201
          f"the worker was killed at {killed_at} percent")  # fmt: skip
