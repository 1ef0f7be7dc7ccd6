"""Move units between locations: out of one shelf when they leave, onto the other when they are received."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import StockMovement, Transfer, TransferLine
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid
from omni.core.states import move


@operation
def request_transfer(*, from_location_id: int, to_location_id: int, units: Mapping[int, int], by: Actor) -> Transfer:
    """Ask for {variant id: quantity} from one location to another."""
    if from_location_id == to_location_id:
        raise Invalid("same_location", _("A transfer goes from one location to another."))
    if not units or any(quantity < 1 for quantity in units.values()):
        raise Invalid("bad_quantity", _("Name at least one unit of something."))
    transfer = Transfer.objects.create(
        number=f"T{uuid.uuid4().hex[:10].upper()}",
        from_location_id=from_location_id,
        to_location_id=to_location_id,
    )
    TransferLine.objects.bulk_create(
        TransferLine(transfer=transfer, variant_id=variant, requested_quantity=quantity)
        for variant, quantity in sorted(units.items())
    )
    return transfer


@operation
def ship_transfer(*, number: str, units: Mapping[int, int], by: Actor, now: datetime) -> Transfer:
    """These units leave the sending shelf; less than requested is fine, more is not."""
    transfer, lines = _locked(number)
    move(transfer, Transfer.Status.IN_TRANSIT, by=by, shipped_at=now)
    for line in lines:
        line.shipped_quantity = units.get(line.variant_id, 0)
        if not 0 <= line.shipped_quantity <= line.requested_quantity:
            raise Invalid("bad_quantity", _("No more than was requested can be shipped."))
        line.save(update_fields=["shipped_quantity"])
    _book(transfer, {line.variant_id: -line.shipped_quantity for line in lines}, by, now)
    emit(
        events.TRANSFER_SHIPPED,
        aggregate=("transfer", transfer.number),
        payload={"number": transfer.number},
        by=by,
    )
    return transfer


@operation
def receive_transfer(*, number: str, units: Mapping[int, int], by: Actor, now: datetime) -> Transfer:
    """These units arrived; what was shipped and is missing counts as lost, visibly."""
    transfer, lines = _locked(number)
    move(transfer, Transfer.Status.RECEIVED, by=by, received_at=now)
    for line in lines:
        line.received_quantity = units.get(line.variant_id, 0)
        if not 0 <= line.received_quantity <= line.shipped_quantity:
            raise Invalid("bad_quantity", _("No more than was shipped can arrive; book a surplus as a count."))
        line.lost_quantity = line.shipped_quantity - line.received_quantity
        line.save(update_fields=["received_quantity", "lost_quantity"])
    _book(transfer, {line.variant_id: line.received_quantity for line in lines}, by, now)
    emit(
        events.TRANSFER_RECEIVED,
        aggregate=("transfer", transfer.number),
        payload={"number": transfer.number},
        by=by,
    )
    return transfer


def _locked(number: str) -> tuple[Transfer, list[TransferLine]]:
    transfer = Transfer.objects.select_for_update().get(number=number)
    return transfer, list(transfer.lines.order_by("variant_id"))


def _book(transfer: Transfer, signed: Mapping[int, int], by: Actor, now: datetime) -> None:
    out = transfer.status == Transfer.Status.IN_TRANSIT
    location = transfer.from_location_id if out else transfer.to_location_id
    kind = StockMovement.Kind.TRANSFER_OUT if out else StockMovement.Kind.TRANSFER_IN
    moves = [
        Move(variant, location, kind, n, cause=f"transfer:{transfer.number}") for variant, n in signed.items() if n
    ]
    if moves:
        move_stock(moves=moves, by=by, now=now)
