"""What every step of a transfer does: take its lock, find its lines, tell what happened."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Transfer, TransferLine
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.refusals import Refusal


def lock_transfer(number: str) -> tuple[Transfer, list[TransferLine]]:
    """Whoever changes it works alone: several devices scan one after the other. Lines that are promised come first."""
    transfers = Transfer.objects.select_related("from_location", "to_location").select_for_update(of=("self",))
    transfer = transfers.get(number=number)
    lines = list(transfer.lines.select_related("variant__product").order_by("pk").select_for_update(of=("self",)))
    for line in lines:
        line.transfer = transfer
    return transfer, sorted(lines, key=lambda line: (not line.demand_key, line.pk))


def tell(topic: str, transfer: Transfer, lines: Sequence[TransferLine], *, by: Actor, **more: Any) -> None:
    """The news for everybody, and for whoever promised some of these units."""
    emit(topic, aggregate=("transfer", transfer.number), payload=told(transfer, lines) | more, by=by)
    tell_demands(transfer)


def tell_demands(transfer: Transfer) -> None:
    """Somebody waits for these units: what is to come of them may have changed."""
    if transfer.is_for_orders:
        emit(events.TRANSFER_MOVED, aggregate=("transfer", transfer.number), payload={"number": transfer.number})


def told(transfer: Transfer, lines: Sequence[TransferLine]) -> dict[str, Any]:
    """What events say of a transfer."""
    return {
        "number": transfer.number, "status": transfer.status, "from": transfer.from_location.code,
        "to": transfer.to_location.code,
        "expected_at": transfer.expected_at.isoformat() if transfer.expected_at else None,
        "lines": [
            {"sku": line.variant.sku, "requested": line.requested_quantity, "shipped": line.shipped_quantity,
             "received": line.received_quantity, "damaged": line.damaged_quantity, "lost": line.lost_quantity,
             "over": line.over_quantity}
            for line in lines
        ],
    }  # fmt: skip


def require(transfer: Transfer, *statuses: str) -> None:
    """Refuses what cannot be done in this state, in the words of the state."""
    if transfer.status not in statuses:
        said = _("Transfer %(number)s is %(status)s: this cannot be done any more.") % {
            "number": transfer.number, "status": transfer.get_status_display(),
        }  # fmt: skip
        raise Refusal("too_late", said, status_now=transfer.status)
