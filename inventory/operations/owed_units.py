"""Units of transfers that somebody waits for: given up by their demand, or given up by the sender's shelf."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import StockLevel, Transfer, TransferLine
from inventory.operations.answer_transfer import give_back
from inventory.operations.transfer import lock_transfer, tell_demands
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.states import move

BY = Actor.system("shortfall")


def owed_lines(demand_keys: Iterable[str]) -> dict[str, TransferLine]:
    """Of each demand that a transfer still owes units, its line."""
    lines = TransferLine.objects.filter(demand_key__in=list(demand_keys), owed_quantity__gt=0)
    found = lines.select_related("transfer__from_location", "transfer__to_location")
    return {line.demand_key: line for line in found}


@operation
def give_up_owed(*, units: Mapping[str, int], reason: str, by: Actor, now: datetime) -> None:
    """These demands want so many units no more.

    Before it left the sender keeps them; what is under way arrives as ordinary stock. The caller holds the locks of
    the demands, and touches no shelf before.
    """
    numbers = {line.transfer.number for line in owed_lines(key for key, n in units.items() if n).values()}
    for number in sorted(numbers):
        transfer, lines = lock_transfer(number)
        given = {line: min(units[line.demand_key], line.owed_quantity) for line in lines if line.demand_key in units}
        stay = {
            line: max(0, n - line.lacking_quantity) if transfer.keeps_units else 0 for line, n in given.items()
        }  # fmt: skip
        for line, n in given.items():
            line.owed_quantity -= n
        TransferLine.objects.bulk_update(given, ["owed_quantity"])
        tell_demands(transfer)
        if transfer.keeps_units:
            give_back(lines, stay, reason=reason, by=by, now=now)
            if not any(line.approved_quantity for line in lines):
                move(transfer, Transfer.Status.CANCELLED, by=by, reason=reason, closed_reason=reason[:200])


@retried
@operation
def give_way(*, variant_id: int, location_id: int, by: Actor = BY, now: datetime, for_orders: bool) -> int:
    """The sender's shelf has less than it promised: transfers let go of what nobody picked, those made last first.

    Those `for_orders` are asked after everything else, and whoever promised their units hears of it. Returns units.
    """
    waiting = TransferLine.objects.filter(
        variant=variant_id, transfer__from_location=location_id, transfer__status__in=Transfer.KEPT,
        transfer__is_for_orders=for_orders, approved_quantity__gt=F("picked_quantity"),
    )  # fmt: skip
    given = 0
    for number in waiting.order_by("-transfer").values_list("transfer__number", flat=True).distinct():
        short = _shortfall(variant_id, location_id)
        if not short:
            break
        transfer, lines = lock_transfer(number)
        if not transfer.keeps_units:
            continue
        units: dict[TransferLine, int] = {}
        for line in (each for each in reversed(lines) if each.variant_id == variant_id):
            units[line] = min(short - sum(units.values()), line.to_pick_quantity)
        if not sum(units.values()):
            continue
        given += sum(units.values())
        tell_demands(transfer)
        give_back(lines, units, reason=_("sold in the store"), by=by, now=now)
        if not any(line.approved_quantity for line in lines):
            reason = _("sold in the store")
            move(transfer, Transfer.Status.CANCELLED, by=by, reason=reason, closed_reason=reason)
    return given


def _shortfall(variant_id: int, location_id: int) -> int:
    rows = StockLevel.objects.filter(variant=variant_id, location=location_id)
    return rows.values_list("shortfall", flat=True).first() or 0
