"""What a channel may promise is asked of one text: nobody else does sums with a location's safety stock."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What may read the number itself: its model and text, who writes it, HQ's list of it, and made-up stock.
KNOWN = {
    "inventory/models/stock_level.py", "inventory/models/kept_back.py", "inventory/rule_effect.py",
    "inventory/admin/stock.py", "inventory/csv_rows/stock.py", "inventory/operations/set_level.py",
    "inventory/operations/import_stock.py", "orders/operations/open_practice.py",
}  # fmt: skip


def sources(*apps: str):
    for app in apps:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()


def test_only_the_one_text_knows_the_safety_stock():
    apps = sources("inventory", "orders", "returns", "customers")
    assert {name for name, text in apps if "safety_stock" in text} <= KNOWN


def test_only_known_places_ask_a_shelf_for_what_it_could_give():
    """`StockLevel.available` knows no channel: HQ's list, the pool's own news and compare-and-set show it."""
    level = re.compile(r"\b(level|row|shelf|each)\.available\b(?!\.)")
    known = {"inventory/admin/stock.py", "inventory/api/views/levels.py", "inventory/operations/move_stock.py"}
    found = {name for name, text in sources("inventory", "orders", "returns") if level.search(text)}
    shorts = {name for name in found if "short" in (ROOT / name).read_text()}  # a shortage's answer, by its channel
    assert found - shorts <= known
