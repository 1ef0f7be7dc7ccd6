"""UCI Online Retail: large orders of a wholesaler, shipped all over the country."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from inventory.csv_rows.catalogs import online_retail_sku
from inventory.geo import distance_km, zip_centroid
from inventory.models import Location
from omni.replay.recorded import Recorded, address, chance, rows, spread

LINES = Path("orders/online_retail_lines.csv.gz")
OVERLAY = Path("orders/overlay_orders_SYNTHETIC.csv.gz")
GOODS = {"sale", "free_item"}

Rows = list[dict[str, str]]


def stream(folder: Path, *, limit: int, stores: Sequence[Location]) -> list[Recorded]:
    """`limit` invoices over the whole time, the longest of all among them; each falls to a store near its ZIP code."""
    overlay = {row["invoice_no"]: row for row in rows(folder / OVERLAY)}
    invoices = _invoices(folder / LINES, overlay)
    longest = max(invoices, key=len)
    chosen = spread(invoices, limit)
    if longest not in chosen:
        chosen[-1] = longest
    by_code = {store.code: store for store in stores}
    return [_recorded(invoice, overlay[invoice[0]["invoice_no"]], by_code) for invoice in chosen]


def _invoices(path: Path, overlay: dict[str, dict[str, str]]) -> list[Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in rows(path):
        if row["kind"] in GOODS and int(row["qty"]) > 0 and row["invoice_no"] in overlay:
            found[row["invoice_no"]].append(row)
    return sorted(found.values(), key=lambda invoice: (invoice[0]["invoice_at"], invoice[0]["invoice_no"]))


def _recorded(invoice: Rows, overlay: dict[str, str], stores: dict[str, Location]) -> Recorded:
    reference = f"UK-{overlay['invoice_no']}"
    buyer = invoice[0]["customer_id"]
    lines = [_line(row) for row in invoice]
    body: dict[str, Any] = {
        "channel": overlay["channel"], "channel_reference": reference, "currency": "GBP", "lines": lines,
        "on_shortage": _on_shortage(reference, overlay["channel"]), "metadata": {"recorded_at": overlay["invoice_at"]},
        "shipping_address": address(f"Buyer {buyer or reference}", overlay["ship_zip"], overlay["ship_city"],
                                    overlay["ship_state"]),
        "payments": [{"method": "invoice", "reference": f"inv_{reference}", "amount": str(_total(lines))}],
    }  # fmt: skip
    if buyer:
        body["customer"] = {"external_id": f"buyer-{buyer}", "name": f"Buyer {buyer}",
                            "email": f"buyer-{buyer}@example.org"}  # fmt: skip
    return Recorded(overlay["invoice_at"], _store(overlay, stores), body)


def _line(row: dict[str, str]) -> dict[str, Any]:
    return {
        "reference": row["line_no"], "sku": online_retail_sku(row["sku"]), "quantity": int(row["qty"]),
        "unit_price": str(Decimal(row["unit_price"]).quantize(Decimal("0.01"))), "fulfillment": {"method": "ship"},
    }  # fmt: skip


def _total(lines: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(line["unit_price"]) * line["quantity"] for line in lines), Decimal(0))


def _store(overlay: dict[str, str], stores: dict[str, Location]) -> str:
    """The store that the overlay names, else the one nearest to the ZIP code."""
    if overlay["store_id"] in stores:
        return overlay["store_id"]
    here = zip_centroid(overlay["ship_zip"]) or (float(overlay["ship_lat"]), float(overlay["ship_lon"]))
    return min(stores.values(), key=lambda store: distance_km(here, store.point) if store.point else 1e9).code


def _on_shortage(reference: str, channel: str) -> str:
    """What a marketplace or a till has sold is sold; a wholesaler's buyer mostly takes what there is."""
    if channel in {"marketplace", "pos"}:
        return "accept"
    return "backorder" if chance(reference, "on_shortage") < 0.6 else "refuse"
