"""Recorded streams as what their sources would hand in: each line of the record is one row of a movement file.

Nothing is left out here. What is no movement of stock (charges, weighed goods, items of no catalog) goes into the
file like the rest, and the door that it is handed in at says so, by line.
"""

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from inventory.csv_rows.catalogs import completejourney_sku, online_retail_sku
from omni.replay.recorded import chance, rows

HEADER = ("event_id", "sku", "location", "kind", "quantity", "occurred_at", "reason")
UCI, OVERLAY = Path("orders/online_retail_lines.csv.gz"), Path("orders/overlay_orders_SYNTHETIC.csv.gz")
UCI_ADJUSTMENTS = Path("orders/online_retail_stock_adjustments.csv.gz")
JOURNEY, IOWA = Path("pos/completejourney_lines.csv.gz"), Path("inbound/iowa_store_receipts_2012-01-31.csv.gz")
POSLOG = Path("pos/poslog_store9_a_lines.csv")
WAREHOUSE = "UK-DC"  # what no store of the overlay sells leaves from here
KINDS = {"sale": "pos_sale", "free_item": "pos_sale", "return": "pos_return"}  # the others are charges
LONDON, CHICAGO, LOS_ANGELES = (ZoneInfo(f"{each}") for each in ("Europe/London", "America/Chicago",
                                                                 "America/Los_Angeles"))  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One event as its source tells it; the quantity as it stands in the record."""

    event_id: str
    sku: str
    location: str
    kind: str
    quantity: str
    occurred_at: datetime
    reason: str = ""

    @property
    def minute(self) -> datetime:
        return self.occurred_at.replace(second=0, microsecond=0)

    @property
    def units(self) -> int:
        """0 where it is no whole number."""
        number = Decimal(self.quantity)
        return int(number) if number == int(number) else 0

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.event_id, self.sku, self.location, self.kind, self.quantity, self.occurred_at.isoformat(),
                self.reason)  # fmt: skip


def uci(folder: Path) -> Iterator[Told]:
    """Every line of every invoice and credit note, and every correction of stock."""
    yield from uci_lines(folder)
    yield from uci_corrections(folder)


def uci_lines(folder: Path) -> Iterator[Told]:
    """In the order of time; sold, and taken back, where the overlay says."""
    stores = {row["invoice_no"]: row["store_id"] or WAREHOUSE for row in rows(folder / OVERLAY)}
    for row in rows(folder / UCI):
        kind, units = KINDS.get(row["kind"], row["kind"]), int(row["qty"])
        place = stores.get(row["orig_invoice_no"] or row["invoice_no"], WAREHOUSE)
        yield Told(f"{row['invoice_no']}:{row['line_no']}", online_retail_sku(row["sku"]), place, kind,
                   str(-units if kind == "pos_return" else units), _moment(row["invoice_at"], LONDON))  # fmt: skip


def uci_corrections(folder: Path) -> Iterator[Told]:
    """What clerks put right, with their notes."""
    for n, row in enumerate(rows(folder / UCI_ADJUSTMENTS), start=1):
        yield Told(f"adjust:{row['ref_no']}:{n}", online_retail_sku(row["sku"]), WAREHOUSE, "adjust", row["qty_delta"],
                   _moment(row["at"], LONDON), row["note_raw"] or row["reason_guess"])  # fmt: skip


def completejourney(folder: Path) -> Iterator[Told]:
    """Every line of every till receipt; a line of no units stays one."""
    for row in rows(folder / JOURNEY):
        yield Told(f"{row['basket_id']}:{row['product_id']}", completejourney_sku(row["product_id"]),
                   f"CJ-{row['store_id']}", "pos_sale", row["quantity"],
                   _moment(row["transaction_timestamp"], CHICAGO))  # fmt: skip


def poslog(folder: Path) -> Iterator[Told]:
    """Every line of the till's log; a voided or negative line brings its units back."""
    with (folder / POSLOG).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            units = row["qty"]
            kind = "pos_return" if units.startswith("-") else "pos_sale"
            line = f"{row['workstation']}:{row['txn_seq']}:{row['line_seq']}"
            yield Told(line, row["gtin14"], f"NCR-{row['store']}", kind, units.removeprefix("-"),
                       _moment(row["end_at"], LOS_ANGELES), row["item_type"])  # fmt: skip


def iowa(folder: Path) -> Iterator[Told]:
    """Every delivery of the day; the record knows no time of day."""
    for row in rows(folder / IOWA):
        yield Told(row["line"], f"IA-{row['item_number']}", f"IA-{row['store_number']}", "receipt", row["bottles_sold"],
                   _moment(row["date"], CHICAGO), row["vendor_name"])  # fmt: skip


STREAMS = {"uci": uci, "completejourney": completejourney, "poslog": poslog, "iowa": iowa}


def shuffled(told: Iterable[Told], *, seed: int, doubles: float = 0.0) -> list[Told]:
    """In time, but within a minute in any order; this share of the rows comes twice, some of them much later."""
    order = random.Random(seed)
    found = sorted(told, key=lambda each: (each.minute, order.random()))
    again = order.sample(found, int(len(found) * doubles))
    places = [*enumerate(found), *((order.uniform(0, len(found)), each) for each in again)]
    return [each for _place, each in sorted(places, key=lambda placed: placed[0])]


def written(told: Iterable[Told]) -> bytes:
    """The file."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *(each.cells for each in told)])
    return text.getvalue().encode()


def opening(shelves: Iterable[tuple[str, str]], *, at: datetime) -> list[Told]:
    """What lies on (location, SKU) before the first line: up to 500 units, the same for ever."""
    return [
        Told(f"opening:{place}:{sku}", sku, place, "adjust", str(1 + int(chance(f"{place}:{sku}", "opening") * 500)),
             at, "opening")
        for place, sku in sorted(shelves)
    ]  # fmt: skip


def _moment(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)
