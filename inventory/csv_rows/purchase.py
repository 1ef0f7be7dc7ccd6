"""A line of a purchase order as a row of the documented CSV (docs/imports.md)."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from inventory.csv_rows.fields import text, whole
from inventory.csv_rows.reading import BadRow, Raw

REQUIRED = {"number", "supplier", "location", "expected_on", "sku", "quantity"}
COLUMNS = REQUIRED
MAX_UNITS = 1_000_000
_NUMBER = re.compile(r"[\w.\-]{1,60}")


@dataclass(frozen=True)
class PurchaseRow:
    """Units of one item on an order."""

    number: str
    supplier: str
    location: str
    expected_on: date
    sku: str
    quantity: int


def purchase_row(raw: Raw) -> PurchaseRow:
    """What a row says; raises BadRow."""
    number = text(raw["number"], "number", longest=60, required=True)
    if not _NUMBER.fullmatch(number):
        raise BadRow(_("Only letters, digits, dots and hyphens."))
    quantity = whole(raw["quantity"], "quantity", least=1, most=MAX_UNITS)
    if quantity is None:
        raise BadRow(_("%s is empty.") % "quantity")
    return PurchaseRow(
        number=number, supplier=text(raw["supplier"], "supplier", longest=120, required=True),
        location=text(raw["location"], "location", longest=40, required=True), expected_on=_day(raw["expected_on"]),
        sku=text(raw["sku"], "sku", longest=64, required=True), quantity=quantity,
    )  # fmt: skip


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise BadRow(_("expected_on is no day such as 2026-05-04: %s.") % value[:40]) from error
