"""The sender says yes or no to what was asked for, or somebody calls it off before it left."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Transfer, TransferLine
from inventory.models.stock_level import Claim
from inventory.operations.close_promise import Part, leave_for_put_back, release
from inventory.operations.reserve import reserve
from inventory.operations.transfer import lock_transfer, require, tell
from omni.core import channels
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move

Status = Transfer.Status


@retried
@operation
def approve_transfer(*, number: str, by: Actor, now: datetime, units: Mapping[int, int] | None = None) -> Transfer:
    """Keep the units for it: all that was asked for, or fewer by {line id: units}.

    What customers were promised is never touched; what is kept back from channels may be sent. Refuses
    `insufficient_stock` with what there is of each short item.
    """
    transfer, lines = lock_transfer(number)
    require(transfer, Status.REQUESTED)
    for line in lines:
        line.approved_quantity = line.requested_quantity if units is None else units.get(line.pk, 0)
        if not 0 <= line.approved_quantity <= line.requested_quantity:
            raise Invalid("bad_quantity", _("Between nothing and what was asked for."))
    kept = [line for line in lines if line.approved_quantity]
    if not kept:
        raise Invalid("bad_quantity", _("Approve at least one unit, or decline the transfer."))
    TransferLine.objects.bulk_update(lines, ["approved_quantity"])
    move(transfer, Status.APPROVED, by=by, approved_at=now)
    tell(events.TRANSFER_APPROVED, transfer, lines, by=by)
    _keep(transfer, kept)
    return transfer


def _keep(transfer: Transfer, kept: Sequence[TransferLine]) -> None:
    claims = [
        Claim(line.promise_key, line.variant_id, transfer.from_location_id, line.approved_quantity, floor=0)
        for line in kept
    ]
    short = {each.variant_id: each for each in reserve(claims=claims, channel=channels.ANY)}
    if short:
        titles = {line.variant_id: line.variant for line in kept}
        said = "; ".join(
            _("%(n)d of %(item)s") % {"n": each.available, "item": titles[variant].title}
            for variant, each in short.items()
        )
        raise Refusal(
            "insufficient_stock", _("There is not enough that nobody else was promised. There are: %s.") % said,
            errors=[
                {"pointer": "/lines", "code": "insufficient_stock", "sku": titles[variant].sku,
                 "available": each.available, "detail": _("%d available") % each.available}
                for variant, each in short.items()
            ],
        )  # fmt: skip


@operation
def decline_transfer(*, number: str, reason: str, by: Actor, now: datetime) -> Transfer:
    """The sender sends nothing, and says why."""
    _reason_given(reason)
    transfer, lines = lock_transfer(number)
    require(transfer, Status.REQUESTED)
    move(transfer, Status.DECLINED, by=by, reason=reason, closed_reason=reason[:200])
    tell(events.TRANSFER_DECLINED, transfer, lines, by=by, reason=reason[:200])
    return transfer


@retried
@operation
def cancel_transfer(*, number: str, reason: str, by: Actor, now: datetime) -> Transfer:
    """Before it left: what was kept is free again, what was picked waits to be put back."""
    _reason_given(reason)
    transfer, lines = lock_transfer(number)
    require(transfer, *Transfer.AT_SENDER)
    kept = transfer.keeps_units
    move(transfer, Status.CANCELLED, by=by, reason=reason, closed_reason=reason[:200])
    tell(events.TRANSFER_CANCELLED, transfer, lines, by=by, reason=reason[:200])
    if kept:
        give_back(lines, {line: line.approved_quantity for line in lines}, reason=reason, by=by, now=now)
    return transfer


def give_back(
    lines: Sequence[TransferLine], units: Mapping[TransferLine, int], *, reason: str, by: Actor, now: datetime
) -> None:
    """Units that were kept and will not be sent, unpicked ones first. Counters first, shelves last."""
    free, picked = [], []
    for line in lines:
        quantity = units.get(line, 0)
        on_shelf = min(quantity, line.to_pick_quantity)
        line.approved_quantity -= quantity
        line.picked_quantity -= quantity - on_shelf
        free.append(Part(line.promise_key, on_shelf))
        picked.append(Part(line.promise_key, quantity - on_shelf, off_shelf=quantity - on_shelf))
    TransferLine.objects.bulk_update(lines, ["approved_quantity", "picked_quantity"])
    in_hands = [part for part in picked if part.quantity]
    if any(part.quantity for part in free):
        release(parts=free, by=by, now=now)
    if in_hands:
        number = lines[0].transfer.number
        leave_for_put_back(
            parts=in_hands, reason=reason, found_at=_("transfer %s") % number, cause=f"transfer:{number}", by=by,
            now=now,
        )  # fmt: skip


def _reason_given(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_required", _("Say why, so that the other store knows."))
