"""One location asks another for units, or an order needs them to be sent."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Location, Transfer, TransferLine, Variant
from inventory.models.stock_level import Claim
from inventory.operations.transfer import tell
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid
from omni.core.states import begin

MOST_UNITS = 100_000
MOST_LINES = 500


@dataclass(frozen=True)
class Needed:
    """Units of a variant that are promised to a demand already."""

    demand_key: str
    variant_id: int
    quantity: int


@operation
def request_transfer(
    *, from_location_id: int, to_location_id: int, units: Mapping[int, int], by: Actor, note: str = ""
) -> Transfer:
    """Ask for {variant id: quantity} from one location to another; nothing is kept until the sender approves."""
    if from_location_id == to_location_id:
        raise Invalid("same_location", _("A transfer goes from one location to another."))
    if not units or any(not 1 <= quantity <= MOST_UNITS for quantity in units.values()):
        raise Invalid("bad_quantity", _("Name at least one unit of something."))
    if len(units) > MOST_LINES:
        raise Invalid("too_many_lines", _("At most %d items in one transfer.") % MOST_LINES)
    transfer = _insert(from_location_id, to_location_id, by, note=note.strip()[:200])
    begin(transfer, by=by)
    lines = TransferLine.objects.bulk_create(
        TransferLine(transfer=transfer, variant_id=variant, requested_quantity=quantity)
        for variant, quantity in sorted(units.items())
    )
    variants = Variant.objects.in_bulk(units)
    for line in lines:
        line.variant = variants[line.variant_id]
    tell(events.TRANSFER_REQUESTED, transfer, lines, by=by)
    return transfer


def plan_transfer(
    *, source: Location, target: Location, needed: Sequence[Needed], expected_at: datetime, by: Actor, now: datetime
) -> tuple[Transfer, list[Claim]]:
    """A transfer whose units are promised: written as approved; the caller reserves the claims last.

    They have to be reserved in the caller's transaction, or `drop_plan` takes the rows away again.
    """
    transfer = _insert(
        source.pk, target.pk, by, status=Transfer.Status.APPROVED, approved_at=now, expected_at=expected_at,
        is_for_orders=True,
    )  # fmt: skip
    lines = TransferLine.objects.bulk_create(
        TransferLine(
            transfer=transfer, variant_id=each.variant_id, demand_key=each.demand_key, owed_quantity=each.quantity,
            requested_quantity=each.quantity, approved_quantity=each.quantity,
        )
        for each in needed
    )  # fmt: skip
    return transfer, [
        Claim(line.promise_key, line.variant_id, source.pk, line.approved_quantity) for line in lines
    ]  # fmt: skip


def drop_plan(transfers: Sequence[Transfer]) -> None:
    """The shelves were short and nothing was reserved."""
    ids = [transfer.pk for transfer in transfers]
    TransferLine.objects.filter(transfer__in=ids).delete()
    Transfer.objects.filter(pk__in=ids).delete()


def keep_plan(transfers: Sequence[Transfer], *, by: Actor) -> None:
    """The units are reserved: the sender's people see it."""
    for transfer in transfers:
        begin(transfer, by=by)
        lines = list(transfer.lines.select_related("variant").order_by("pk"))
        tell(events.TRANSFER_APPROVED, transfer, lines, by=by)


def _insert(source: int, target: int, by: Actor, **fields: object) -> Transfer:
    return Transfer.objects.create(
        number=f"T{uuid.uuid4().hex[:10].upper()}", from_location_id=source, to_location_id=target,
        requested_by=by.label, **fields,
    )  # fmt: skip
