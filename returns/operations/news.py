"""What is told of a return: its units by order line, in the words that orders' timeline knows."""

from collections.abc import Iterable
from typing import Any

from returns.models import ReturnOrder, ReturnUnit


def told(found: ReturnOrder, units: Iterable[ReturnUnit]) -> dict[str, Any]:
    """The payload that every event of a return has."""
    return {
        "return": found.rma, "order": str(found.order.number) if found.order else None, "channel": found.channel,
        "location": found.location.code if found.location else None,
        "location_name": found.location.name if found.location else "", "currency": found.currency,
        "lines": _lines(units),
    }  # fmt: skip


def _lines(units: Iterable[ReturnUnit]) -> list[dict[str, Any]]:
    """Units alike are one row."""
    rows: dict[tuple, dict[str, Any]] = {}
    for unit in units:
        line = unit.order_line
        key = (unit.order_line_id, unit.variant_id, unit.grade, unit.disposition)
        row = rows.setdefault(key, {
            "reference": line.reference if line else "", "sku": line.sku if line else unit.variant.sku, "quantity": 0,
            "grade": unit.grade, "disposition": unit.disposition,
        })  # fmt: skip
        row["quantity"] += 1
    return list(rows.values())
