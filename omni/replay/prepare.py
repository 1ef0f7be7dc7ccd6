"""Make ready what a stream needs: its stores, its products, and too little stock."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from django.utils import timezone

from inventory.csv_rows.bestbuy_stores import bestbuy_stores
from inventory.csv_rows.catalogs import PRODUCT_FORMATS
from inventory.csv_rows.reading import BadLine, Line
from inventory.csv_rows.repeats import once_each, one_story
from inventory.csv_rows.stock import StockRow
from inventory.operations.import_locations import import_locations
from inventory.operations.import_products import import_products
from inventory.operations.import_stock import import_stock
from omni.core.actors import Actor
from omni.imports.run import Listener, Totals, run
from omni.replay.recorded import Recorded, chance, demand
from omni.replay.streams import recorded_stream

STORES = Path("stores/bestbuy_stores_raw.json.gz")
PRODUCTS = {
    "completejourney": ("completejourney", Path("pos/completejourney_products.csv.gz")),
    "uci": ("online_retail", Path("orders/online_retail_products.csv.gz")),
}
SHARE = Decimal("0.8")  # of what will be asked for
BY = Actor.system("replay")

Tell = Callable[[str, Totals], None]


def prepare(*, kind: str, folder: Path, limit: int, tell: Tell) -> list[Recorded]:
    """Import stores and products, and set opening stock to 80 % of what each store's stream will ask for."""
    tell("locations", _run(once_each(bestbuy_stores(folder / STORES), key=lambda row: row.code), _locations))
    form, path = PRODUCTS[kind]
    lines = one_story(once_each(PRODUCT_FORMATS[form](folder / path), key=lambda row: row.sku))
    tell("products", _run(lines, _products))
    stream = recorded_stream(kind, folder, limit)
    tell("shelves", _run(shelves(stream), _stock))
    return stream


def shelves(stream: list[Recorded]) -> list[Line[StockRow] | BadLine]:
    """What each store shall hold of each item: four fifths of the demand, rounded."""
    wanted = demand(stream)
    return [
        Line(n, StockRow(store, sku, _most_of(units), aisle=_aisle(sku), bin=_bin(sku)))
        for n, ((store, sku), units) in enumerate(sorted(wanted.items()), start=1)
    ]


def _most_of(units: int) -> int:
    return int((units * SHARE).quantize(Decimal(1), ROUND_HALF_UP))


def _aisle(sku: str) -> str:
    return "ABCDEFGHJK"[int(chance(sku, "aisle") * 10)]


def _bin(sku: str) -> str:
    return f"{int(chance(sku, 'bay') * 30) + 1:02}-{int(chance(sku, 'shelf') * 5) + 1}"


def _run(lines, book) -> Totals:
    """Bad rows of the sources are theirs; here they only count."""
    return run(lines=lines, book=book, hear=Listener(bad=lambda line: None, note=lambda number, note: None))


def _locations(lines):
    return import_locations(lines=lines)


def _products(lines):
    return import_products(lines=lines)


def _stock(lines):
    return import_stock(lines=lines, by=BY, now=timezone.now())
