"""Stock from a file: shelves are brought to what it says; the difference is a movement like any other."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.csv_rows.reading import BadLine, Line, Outcome
from inventory.csv_rows.stock import StockRow
from inventory.models import Location, StockLevel, Variant
from inventory.operations.set_level import Level, set_levels
from omni.core.actors import Actor
from omni.core.operation import operation

REASON = "stock import"


@operation
def import_stock(*, lines: Sequence[Line[StockRow]], by: Actor, now: datetime) -> Outcome:
    """Set the shelves of these lines (each once). Refused are unknown locations and SKUs.

    A second time changes nothing, unless something was sold in between: the file says what the shelf holds.
    """
    places = dict(Location.everywhere.filter(code__in={line.row.location for line in lines}).values_list("code", "pk"))
    variants = dict(Variant.objects.filter(sku__in={line.row.sku for line in lines}).values_list("sku", "pk"))
    outcome, levels = Outcome(), []
    for line in lines:
        if line.row.location not in places:
            outcome.refused.append(_bad(line, _("No location has the code %s.") % line.row.location))
        elif line.row.sku not in variants:
            outcome.refused.append(_bad(line, _("No variant has the SKU %s.") % line.row.sku))
        else:
            levels.append(_level(line.row, variants[line.row.sku], places[line.row.location]))
    _set(levels, outcome, by, now)
    return outcome


def _set(levels: Sequence[Level], outcome: Outcome, by: Actor, now: datetime) -> None:
    shelves = StockLevel.objects.of((level.variant_id, level.location_id) for level in levels)
    have = {(row.variant_id, row.location_id): row for row in shelves}
    news = [level for level in levels if not _is_so(have.get((level.variant_id, level.location_id)), level)]
    set_levels(levels=news, reason=REASON, by=by, now=now)
    outcome.created = sum((level.variant_id, level.location_id) not in have for level in news)
    outcome.changed = len(news) - outcome.created
    outcome.unchanged = len(levels) - len(news)


def _is_so(row: StockLevel | None, level: Level) -> bool:
    if row is None:
        return False
    return all(
        wanted is None or wanted == getattr(row, name)
        for name, wanted in (("on_hand", level.on_hand), ("safety_stock", level.safety_stock),
                             ("aisle", level.aisle), ("bin", level.bin))
    )  # fmt: skip


def _level(row: StockRow, variant_id: int, location_id: int) -> Level:
    return Level(variant_id, location_id, row.on_hand, safety_stock=row.safety_stock, aisle=row.aisle, bin=row.bin)


def _bad(line: Line[StockRow], reason: str) -> BadLine:
    return BadLine(line.number, reason, line.raw)
