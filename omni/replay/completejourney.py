"""Complete Journey: real grocery baskets of households, as pickup and ship orders of real stores."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from inventory.csv_rows.catalogs import completejourney_sku
from inventory.models import Location
from omni.replay.recorded import Recorded, address, chance, rows, spread

LINES = Path("pos/completejourney_lines.csv.gz")
MOST_LINES = 10
MOST_UNITS = 100  # fuel is booked in the ten-thousands: no order
PICKUP_SHARE = 0.6
CENT = Decimal("0.01")

Rows = list[dict[str, str]]


def stream(folder: Path, *, limit: int, stores: Sequence[Location]) -> list[Recorded]:
    """`limit` baskets of 1-10 lines in the order of their time; each of their stores stands for one of `stores`."""
    baskets = [basket for basket in _baskets(folder / LINES) if _is_order(basket)]
    houses = _houses({basket[0]["store_id"] for basket in baskets}, stores)
    return [_recorded(basket, houses[basket[0]["store_id"]]) for basket in spread(baskets, limit)]


def _baskets(path: Path) -> list[Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in rows(path):
        found[row["basket_id"]].append(row)
    return sorted(found.values(), key=lambda basket: (basket[0]["transaction_timestamp"], basket[0]["basket_id"]))


def _is_order(basket: Rows) -> bool:
    return len(basket) <= MOST_LINES and all(0 < int(row["quantity"]) <= MOST_UNITS for row in basket)


def _houses(recorded: set[str], stores: Sequence[Location]) -> Mapping[str, Location]:
    """One store of ours for each of theirs, spread over the country."""
    return dict(zip(sorted(recorded, key=int), spread(stores, len(recorded)), strict=True))


def _recorded(basket: Rows, store: Location) -> Recorded:
    reference = f"CJ-{basket[0]['basket_id']}"
    household = basket[0]["household_id"]
    is_pickup = chance(reference, "method") < PICKUP_SHARE
    lines = [_line(n, row, store.code if is_pickup else None) for n, row in enumerate(basket, start=1)]
    body: dict[str, Any] = {
        "channel": "web", "channel_reference": reference, "currency": "USD", "lines": lines,
        "customer": {"external_id": f"household-{household}", "name": f"Household {household}",
                     "email": f"household-{household}@example.org"},
        "on_shortage": _on_shortage(reference), "metadata": {"recorded_at": basket[0]["transaction_timestamp"]},
        "payments": [{"method": "card", "reference": f"psp_{reference}", "amount": str(_total(lines))}],
    }  # fmt: skip
    if not is_pickup:
        body["shipping_address"] = address(f"Household {household}", store.postal_code, store.city, store.region)
    return Recorded(basket[0]["transaction_timestamp"], store.code, body)


def _line(n: int, row: dict[str, str], location: str | None) -> dict[str, Any]:
    """The regular price; what the loyalty card took off is a discount."""
    quantity, paid = int(row["quantity"]), Decimal(row["sales_value"]).quantize(CENT)
    price = ((paid + Decimal(row["retail_disc"])) / quantity).quantize(CENT, ROUND_HALF_UP)
    off = min(price * quantity, max(price * quantity - paid, Decimal(0)))
    line: dict[str, Any] = {
        "reference": str(n), "sku": completejourney_sku(row["product_id"]), "quantity": quantity,
        "unit_price": str(price),
        "fulfillment": {"method": "pickup", "location": location} if location else {"method": "ship"},
    }  # fmt: skip
    if off:
        line["discounts"] = [{"code": "LOYALTY", "amount": str(off)}]
    return line


def _total(lines: list[dict[str, Any]]) -> Decimal:
    gross = sum((Decimal(line["unit_price"]) * line["quantity"] for line in lines), Decimal(0))
    return gross - sum((Decimal(part["amount"]) for line in lines for part in line.get("discounts", ())), Decimal(0))


def _on_shortage(reference: str) -> str:
    """Most shops can still say no; some promise what they have; some have sold it already."""
    draw = chance(reference, "on_shortage")
    return "refuse" if draw < 0.7 else "backorder" if draw < 0.9 else "accept"
