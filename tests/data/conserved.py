"""A recorded stream through the door of its source, and the books that must balance afterwards."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.test import Client
from django.utils import timezone

from inventory.csv_rows.catalogs import completejourney_sku, online_retail_sku
from inventory.models import Feed, Location, MovementFile, Product, StockLevel, StockMovement, Variant
from inventory.operations.reconcile import book_files
from omni.core.models import ApiKey
from omni.replay.movements import Told, opening, shuffled, written
from omni.replay.recorded import chance, rows
from tests.factories import LocationFactory

BEFORE = datetime(2010, 1, 1, tzinfo=UTC)
SIGNS = {"pos_sale": -1, "pos_return": 1, "receipt": 1, "adjust": 1}
DOUBLES = 0.05
BATCH = 500
Shelf = tuple[str, str]

# Which items the source's own catalog knows; a till's log and a day of deliveries come without one.
CATALOGS: dict[str, Callable[[Path], set[str]]] = {
    "uci": lambda folder: {
        online_retail_sku(row["sku"]) for row in rows(folder / "orders/online_retail_products.csv.gz")
    },
    "completejourney": lambda folder: {
        completejourney_sku(row["product_id"]) for row in rows(folder / "pos/completejourney_products.csv.gz")
    },
}


class Source:
    """A registered source with its key, its locations and its catalog, and what it told."""

    def __init__(self, name: str, told: Sequence[Told], folder: Path) -> None:
        self.told = told
        self.known = CATALOGS[name](folder) if name in CATALOGS else {each.sku for each in told}
        key, token = ApiKey.issue(name=name, scopes=["inventory:read", "inventory:write"])
        self.feed = Feed.objects.create(code=name, name=name, kind="pos", api_key=key)
        self.client = Client(headers={"Authorization": f"Bearer {token}"})
        self._network()
        self._catalog()
        self.opened = opening({(each.location, each.sku) for each in self.sound() if has_opening(each)}, at=BEFORE)

    def _network(self) -> None:
        for code in sorted({each.location for each in self.told}):
            LocationFactory(code=code)

    def _catalog(self) -> None:
        skus = sorted(self.known & {each.sku for each in self.told})
        products = Product.objects.bulk_create(Product(code=sku, title=sku) for sku in skus)
        Variant.objects.bulk_create(Variant(product=product, sku=product.code) for product in products)
        look_at_the_tables()

    def sound(self) -> list[Told]:
        return [each for each in self.told if not self.problem(each)]

    def problem(self, each: Told) -> str:
        """What the door must say of a row, by the record alone."""
        if each.kind not in SIGNS:
            return "kind"
        if not each.units:
            return "quantity"
        return "" if each.sku in self.known else "sku"

    def hand_in(self, told: Sequence[Told]) -> MovementFile:
        """A file over the API, booked by a worker."""
        sent = self.client.post("/api/v1/inventory/movement-files", data=written(told), content_type="text/csv",
                                headers={"Idempotency-Key": uuid.uuid4().hex})  # fmt: skip
        assert sent.status_code == 202, sent.content
        file = MovementFile.objects.get(public_id=sent.json()["id"])
        while file.is_at_work:
            book_files(now=timezone.now(), patience=4)
            look_at_the_tables()
            file.refresh_from_db()
        assert file.status == "done", file.stop_reason
        return file

    def say_in_batches(self, told: Sequence[Told]) -> Counter[str]:
        """The same events as a till would report them, 500 at a time; how each ended."""
        ended: Counter[str] = Counter()
        for start in range(0, len(told), BATCH):
            body = [
                {"event_id": each.event_id, "sku": each.sku, "location": each.location, "kind": each.kind,
                 "quantity": each.units, "occurred_at": each.occurred_at.isoformat()}
                for each in told[start : start + BATCH]
            ]  # fmt: skip
            answer = self.client.post("/api/v1/inventory/movements", data=body, content_type="application/json",
                                      headers={"Idempotency-Key": uuid.uuid4().hex})  # fmt: skip
            assert answer.status_code == 200, answer.content
            ended.update(row["result"] for row in answer.json()["results"])
        return ended


def look_at_the_tables() -> None:
    """What the database does by itself once a minute, but not inside the transaction of a test."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_variant, inventory_stocklevel, inventory_appliedevent, inventory_shelfnews")


def has_opening(each: Told) -> bool:
    """A tenth of the shelves holds something before the first line; what others sell they had without our knowing."""
    return chance(f"{each.location}:{each.sku}", "stocked") < 0.1


def replayed(source: Source, *, seeds: Sequence[int] = (1, 2)) -> list[MovementFile]:
    """Opening, then the whole record once for each seed: shuffled within a minute, one row in twenty doubled.

    Every file answers for every row of it.
    """
    assert source.hand_in(source.opened).row_count == len(source.opened)
    files = []
    for n, seed in enumerate(seeds):
        told = shuffled(source.told, seed=seed, doubles=DOUBLES)
        file = source.hand_in(told)
        bad = [(line, problem) for line, each in enumerate(told, start=2) if (problem := source.problem(each))]
        assert set(file.problems.values_list("line", "kind")) ^ set(bad) == set()
        new = len({each.event_id for each in source.sound()}) if n == 0 else 0
        assert (file.row_count, file.repeated_count, file.bad_count) == (new, len(told) - new - len(bad), len(bad))
        files.append(file)
    return files


def require_balance(source: Source) -> None:
    """Opening + receipts - sold + returned + adjusted = on hand, for every shelf and every SKU; and of each kind the
    ledger has the units of the record."""
    ledger: Counter[tuple[str, str]] = Counter()
    for sku, kind, reason, units in StockMovement.objects.values_list("variant__sku", "kind", "reason", "quantity"):
        ledger[sku, "opening" if reason == "opening" else kind] += units
    record: Counter[tuple[str, str]] = Counter()
    shelves: Counter[Shelf] = Counter()
    for each in source.opened + source.sound():
        units = SIGNS[each.kind] * each.units
        record[each.sku, "opening" if each.reason == "opening" else each.kind] += units
        shelves[each.location, each.sku] += units
    assert _not_zero(ledger) == _not_zero(record)
    on_hand = {
        (place, sku): units
        for place, sku, units in StockLevel.objects.values_list("location__code", "variant__sku", "on_hand")
    }
    assert _not_zero(on_hand) == _not_zero(shelves)
    by_sku: defaultdict[str, int] = defaultdict(int)
    for (_place, sku), units in on_hand.items():
        by_sku[sku] += units
    for (sku, _kind), units in ledger.items():
        by_sku[sku] -= units
    assert not any(by_sku.values())
    assert Location.objects.filter(stock_levels__shortfall__gt=0).count() == 0


def told_units(file: MovementFile, kinds: Iterable[str]) -> Counter[str]:
    """Units of rows that were booked of no shelf but told by line, by the kind that they named."""
    units: Counter[str] = Counter()
    for raw in file.problems.values_list("raw", flat=True):
        if raw["kind"] in kinds:
            units[raw["kind"]] += int(raw["quantity"])
    return units


def _not_zero(units) -> dict:
    return {key: count for key, count in units.items() if count}
