"""Product lists of known sources, each read as the documented columns would be."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from inventory.csv_rows.product import ProductRow, product_row
from inventory.csv_rows.reading import BadLine, Line, Raw, lines

GRAMS = {"lb": Decimal("453.59237"), "kg": Decimal(1000), "g": Decimal(1), "oz": Decimal("28.349523125")}


def bestbuy_products(path: Path) -> Iterator[Line[ProductRow] | BadLine]:
    """`bestbuy_priced.csv`: one product, one variant per row."""
    return lines(path, _bestbuy, required={"sku", "upc", "name", "brand", "category_path", "price_usd"})


def apparel(path: Path) -> Iterator[Line[ProductRow] | BadLine]:
    """`apparel_variants.csv.gz`: parents with sizes and colors."""
    return lines(path, _apparel, required={"parent_code", "parent_title", "sku", "price", "currency", "barcode"})


def online_retail(path: Path) -> Iterator[Line[ProductRow] | BadLine]:
    """`online_retail_products.csv.gz`: the product master derived from a wholesaler's sales, in pounds."""
    return lines(path, _online_retail, required={"sku", "title", "list_price_gbp"})


def completejourney(path: Path) -> Iterator[Line[ProductRow] | BadLine]:
    """`completejourney_products.csv.gz`: groceries without prices; orders bring their own."""
    return lines(path, _completejourney, required={"product_id", "department", "product_type", "package_size"})


PRODUCT_FORMATS: dict[str, Callable[[Path], Iterator[Line[ProductRow] | BadLine]]] = {
    "bestbuy": bestbuy_products, "apparel": apparel, "online_retail": online_retail, "completejourney": completejourney,
}  # fmt: skip


def online_retail_sku(sku: str) -> str:
    return f"UK-{sku}"


def completejourney_sku(product_id: str) -> str:
    return f"CJ-{product_id}"


def _bestbuy(raw: Raw) -> ProductRow:
    return product_row({
        "product_code": raw["sku"], "title": raw["name"][:300], "sku": raw["sku"], "brand": raw["brand"],
        "category": raw["category_path"][:200], "barcodes": raw["upc"], "price": raw["price_usd"], "currency": "USD",
    })  # fmt: skip


def _apparel(raw: Raw) -> ProductRow:
    options = "; ".join(
        f"{raw[name]}={raw[value].replace(';', ',')}"
        for name, value in (("option1", "value1"), ("option2", "value2")) if raw[name] and raw[value]
    )  # fmt: skip
    return product_row({
        "product_code": raw["parent_code"], "title": raw["parent_title"], "sku": raw["sku"], "options": options,
        "category": raw["category"].replace("/", " > ")[:200], "price": raw["price"], "currency": raw["currency"],
        "weight_g": _grams(raw["weight"], raw["weight_unit"]), "barcodes": raw["barcode"],
    })  # fmt: skip


def _online_retail(raw: Raw) -> ProductRow:
    # A "family" of this source shares five digits, not a title: each of its articles is a product of its own.
    code = online_retail_sku(raw["sku"])
    return product_row({
        "product_code": code, "title": raw["title"].title() or code, "sku": code, "price": raw["list_price_gbp"],
        "currency": "GBP",
    })  # fmt: skip


def _completejourney(raw: Raw) -> ProductRow:
    title = raw["product_type"] or raw["product_category"] or raw["department"]
    size = " ".join(raw["package_size"].split())
    code = completejourney_sku(raw["product_id"])
    return product_row({
        "product_code": code, "title": f"{title.capitalize()} {size}".strip() or code, "sku": code,
        "brand": raw["brand"], "category": f"{raw['department']} > {raw['product_category']}".title(),
    })  # fmt: skip


def _grams(weight: str, unit: str) -> str:
    """Whole grams as text; nothing where the source says nothing usable."""
    if not weight or unit.lower() not in GRAMS:
        return ""
    return str(round(Decimal(weight) * GRAMS[unit.lower()]))
