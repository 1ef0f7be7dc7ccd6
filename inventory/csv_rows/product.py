"""A variant and its product as a row of the documented CSV (docs/imports.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inventory.csv_rows.fields import amount, flag, text, whole
from inventory.csv_rows.reading import BadRow, Raw
from inventory.gtin import is_gtin, normalize

REQUIRED = {"product_code", "title", "sku"}
MEASURES = ("weight_g", "length_mm", "width_mm", "height_mm")
FLAGS = ("is_hazmat", "is_age_restricted", "is_serial_tracked", "is_final_sale", "may_split")
COLUMNS = {
    *REQUIRED, *MEASURES, *FLAGS, "brand", "category", "options", "barcodes", "price", "currency", "unit_cost",
    "tax_category", "is_active", "components",
}  # fmt: skip
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class ProductRow:
    """A variant by its SKU, with its product. The mappings hold only what the file says."""

    product_code: str
    product: Mapping[str, Any]
    sku: str
    variant: Mapping[str, Any]
    barcodes: Mapping[str, int] = field(default_factory=dict)  # stored form -> units per scan
    prices: Mapping[str, Decimal] = field(default_factory=dict)  # currency -> amount
    components: Mapping[str, int] = field(default_factory=dict)  # of a kit: SKU -> units in each


def product_row(raw: Raw) -> ProductRow:
    """What a row says; raises BadRow. A column that the file does not have leaves that part as it is."""
    product: dict[str, Any] = {"title": text(raw["title"], "title", longest=300, required=True)}
    for name, longest in (("brand", 120), ("category", 200)):
        if name in raw:
            product[name] = text(raw[name], name, longest=longest)
    return ProductRow(
        product_code=text(raw["product_code"], "product_code", longest=64, required=True), product=product,
        sku=text(raw["sku"], "sku", longest=64, required=True), variant=_variant(raw),
        barcodes=barcodes(raw.get("barcodes", "")), prices=_prices(raw),
        components=kit_components(raw.get("components", "")),
    )  # fmt: skip


def barcodes(field: str) -> dict[str, int]:
    """`4006381333931 14006381333938*6`: codes with a space between them, `*6` for a pack of six."""
    found = {}
    for each in field.split():
        code, _star, pack = each.partition("*")
        units = whole(pack, "barcodes", least=1, most=100_000) if pack else 1
        found[barcode(code)] = units or 1
    return found


def barcode(code: str) -> str:
    """The stored form of a code. Digits must be a GTIN with its check digit; zeros that a spreadsheet lost count."""
    code = text(code, "barcodes", longest=64, required=True)
    if not code.isdigit():
        return code
    padded = code.zfill(12) if len(code) in (10, 11) else code
    if not is_gtin(padded):
        raise BadRow(_("%s is no GTIN: its length or its check digit is wrong.") % code)
    return normalize(padded)


def _variant(raw: Raw) -> dict[str, Any]:
    values: dict[str, Any] = {name: whole(raw[name], name) for name in MEASURES if name in raw}
    values |= {name: flag(raw[name], name, default=False) for name in FLAGS if name in raw}
    if "options" in raw:
        values["options"] = _options(raw["options"])
    if "unit_cost" in raw:
        values["unit_cost"] = amount(raw["unit_cost"], "unit_cost")
    if "tax_category" in raw:
        values["tax_category"] = text(raw["tax_category"], "tax_category", longest=40)
    if "is_active" in raw:
        values["is_active"] = flag(raw["is_active"], "is_active", default=True)
    return values


def kit_components(field: str) -> dict[str, int]:
    """`TEE-RED-M*2; MUG`: the SKUs of a kit's parts, `*2` for two in each."""
    found = {}
    for each in filter(None, (part.strip() for part in field.split(";"))):
        sku, star, units = each.rpartition("*")
        name = text(sku if star else each, "components", longest=64, required=True)
        found[name] = (whole(units, "components", least=1, most=10_000) if star else 1) or 1
    return found


def _options(field: str) -> dict[str, str]:
    """`size=M; color=Sand`, in the order in which they are shown."""
    found = {}
    for each in filter(None, (part.strip() for part in field.split(";"))):
        name, equals, value = each.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise BadRow(_("options are written like size=M; color=Sand."))
        found[text(name, "options", longest=40)] = text(value, "options", longest=80)
    return found


def _prices(raw: Raw) -> dict[str, Decimal]:
    price = amount(raw.get("price", ""), "price")
    currency = raw.get("currency", "").strip() or "USD"
    if not CURRENCY.fullmatch(currency):
        raise BadRow(_("currency is three capital letters."))
    return {} if price is None else {currency: price}
