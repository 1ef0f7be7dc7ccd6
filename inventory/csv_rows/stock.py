"""A shelf as a row of the documented CSV (docs/imports.md)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from inventory.csv_rows.fields import text, whole
from inventory.csv_rows.reading import BadRow, Raw

REQUIRED = {"location", "sku", "on_hand"}
COLUMNS = {*REQUIRED, "safety_stock", "aisle", "bin"}
MAX_UNITS = 1_000_000


@dataclass(frozen=True)
class StockRow:
    """What one shelf shall hold; None: the file does not say."""

    location: str
    sku: str
    on_hand: int
    safety_stock: int | None = None
    aisle: str | None = None
    bin: str | None = None


def stock_row(raw: Raw) -> StockRow:
    """What a row says; raises BadRow."""
    on_hand = whole(raw["on_hand"], "on_hand", most=MAX_UNITS)
    if on_hand is None:
        raise BadRow(_("%s is empty.") % "on_hand")
    return StockRow(
        location=text(raw["location"], "location", longest=40, required=True),
        sku=text(raw["sku"], "sku", longest=64, required=True), on_hand=on_hand,
        safety_stock=_safety_stock(raw["safety_stock"]) if "safety_stock" in raw else None,
        aisle=text(raw["aisle"], "aisle", longest=20) if "aisle" in raw else None,
        bin=text(raw["bin"], "bin", longest=20) if "bin" in raw else None,
    )  # fmt: skip


def _safety_stock(value: str) -> int:
    return whole(value, "safety_stock", most=MAX_UNITS) or 0
