"""A transfer arrives: scan by scan, good or damaged, and what is missing is still expected or lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Bucket, Reservation, StockMovement, Transfer, TransferLine, TransferScan, Variant
from inventory.operations.count import raise_counts
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.pick_transfer import seen_scan, write_scan
from inventory.operations.scanned_item import scanned_item
from inventory.operations.transfer import lock_transfer, require, tell, tell_demands
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move

Status, Kind = Transfer.Status, TransferScan.Kind
TRANSFER_IN, TRANSFER_OUT = StockMovement.Kind.TRANSFER_IN, StockMovement.Kind.TRANSFER_OUT
ARRIVALS = (Kind.GOOD, Kind.DAMAGED, Kind.OVER)
MOST = 100_000


@dataclass(frozen=True)
class _Share:
    """So many units of a scan on one line; `owed` of them are its demand's from this moment."""

    line: TransferLine
    units: int
    owed: int = 0


@retried
@operation
def receive_scan(
    *, number: str, code: str, by: Actor, now: datetime, kind: str = Kind.GOOD, units: int | None = None, key: str = ""
) -> TransferScan:
    """One scan of what arrived; several devices may scan at once, and the same `key` counts once.

    `kind` is good, damaged (kept apart from what sells) or over: more than the sender scanned, which then left their
    shelf too. Units that somebody waits for are reserved for them in the statement that receives them.
    """
    transfer, lines = lock_transfer(number)
    if seen := seen_scan(transfer, key):
        return seen
    require(transfer, Status.IN_TRANSIT, Status.RECEIVED)
    variant, pack = scanned_item(code)
    quantity = pack * (1 if units is None else units)
    if kind not in ARRIVALS or not 0 < quantity <= MOST:
        raise Invalid("bad_quantity", _("Say how many units arrived."))
    if kind == Kind.OVER:
        shares = [_over(transfer, lines, variant, quantity, by=by, now=now)]
    else:
        shares = _arrived(transfer, lines, variant, quantity, kind)
    scans = [
        write_scan(transfer, share.line, kind, share.units, by=by, now=now, owed=share.owed,
                   key=key if n == 0 else f"{key[:64]}:{n}" if key else "")
        for n, share in enumerate(shares)
    ]  # fmt: skip
    _book(transfer, shares, kind, by=by, now=now)
    if any(share.owed for share in shares):
        tell_demands(transfer)
    return scans[0]


def _arrived(
    transfer: Transfer, lines: Sequence[TransferLine], variant: Variant, quantity: int, kind: str
) -> list[_Share]:
    """Units that were under way; of a transfer that was closed, those that counted as lost and turned up."""
    found = [line for line in lines if line.variant_id == variant.pk]
    closed = transfer.status == Status.RECEIVED
    waiting = {line: line.lost_quantity if closed else line.under_way_quantity for line in found}
    if quantity > sum(waiting.values()):
        if not found:
            said = _("%s was not sent with this transfer. Choose “More than was sent” if it lies in the box.")
            raise Refusal("not_sent", said % variant.title)
        said = _("All units of %s that were sent have arrived. Choose “More than was sent” for one more.")
        raise Refusal("over_scan", said % variant.title)
    shares = []
    for line, left in waiting.items():
        taken = min(quantity, left)
        if taken:
            owed = 0 if closed or kind == Kind.DAMAGED else min(taken, line.owed_quantity)
            if closed:
                line.lost_quantity -= taken
            _count(line, kind, taken)
            line.owed_quantity -= owed
            shares.append(_Share(line, taken, owed))
            quantity -= taken
    TransferLine.objects.bulk_update(
        [share.line for share in shares], ["lost_quantity", "received_quantity", "damaged_quantity", "owed_quantity"]
    )
    return shares


def _count(line: TransferLine, kind: str, units: int) -> None:
    if kind == Kind.DAMAGED:
        line.damaged_quantity += units
    else:
        line.received_quantity += units


def _over(
    transfer: Transfer, lines: Sequence[TransferLine], variant: Variant, quantity: int, *, by: Actor, now: datetime
) -> _Share:
    """More came than the sender scanned: these units left their shelf as well, which is asked to be counted."""
    line = next((each for each in lines if each.variant_id == variant.pk and not each.demand_key), None)
    if line is None:
        line = TransferLine(transfer=transfer, variant=variant, requested_quantity=0)
    line.over_quantity += quantity
    line.shipped_quantity += quantity
    line.received_quantity += quantity
    line.save()
    raise_counts(
        items=[(variant.pk, transfer.from_location_id)], reason=_("More arrived than was sent"),
        cause=f"transfer:{transfer.number}", by=by, now=now,
    )  # fmt: skip
    return _Share(line, quantity)


def _book(transfer: Transfer, shares: Sequence[_Share], kind: str, *, by: Actor, now: datetime) -> None:
    """Shelves last. What is owed is promised by the statement that brings it: never for sale in between."""
    moves = []
    for share in shares:
        line, there = share.line, (share.line.variant_id, transfer.to_location_id)
        if share.owed:
            _promise(line, transfer.to_location_id, share.owed)
        bucket = Bucket.DAMAGED if kind == Kind.DAMAGED else ""
        if kind == Kind.OVER:
            moves.append(
                Move(line.variant_id, transfer.from_location_id, TRANSFER_OUT, -share.units, cause=line.promise_key)
            )
        moves.append(Move(*there, TRANSFER_IN, share.units, bucket, reserved=share.owed, cause=line.promise_key))
    move_stock(moves=moves, by=by, now=now)


def _promise(line: TransferLine, location_id: int, units: int) -> None:
    """The demand's own promise at the receiver; what arrives later joins it."""
    held = Reservation.objects.held().filter(demand_key=line.demand_key, location_id=location_id)
    for row in held.select_for_update():
        row.quantity += units
        row.save(update_fields=["quantity"])
        return
    Reservation.objects.create(
        demand_key=line.demand_key, variant_id=line.variant_id, location_id=location_id, quantity=units
    )


@retried
@operation
def unreceive_scan(*, number: str, scan_id: int, by: Actor, now: datetime) -> TransferScan:
    """A scan of an arrival is taken back, as long as nobody was promised its units. A second time changes nothing."""
    transfer, lines = lock_transfer(number)
    scan = transfer.scans.select_related("line__variant__product").get(pk=scan_id, kind__in=ARRIVALS)
    if scan.undone_at:
        return scan
    require(transfer, Status.IN_TRANSIT)
    if scan.owed_quantity:
        raise Refusal("promised", _("These units are promised to a customer already. Ask your lead for a count."))
    line = next(each for each in lines if each.pk == scan.line_id)
    _count(line, scan.kind, -scan.quantity)
    if scan.kind == Kind.OVER:
        line.over_quantity -= scan.quantity
        line.shipped_quantity -= scan.quantity
    scan.undone_at = now
    scan.save(update_fields=["undone_at"])
    line.save()
    _book(transfer, [_Share(line, -scan.quantity)], scan.kind, by=by, now=now)
    return scan


@retried
@operation
def finish_receiving(*, number: str, by: Actor, now: datetime, is_rest_lost: bool = False) -> Transfer:
    """Everything was scanned. What is missing is still expected and stays in transit, or is lost and closes it."""
    transfer, lines = lock_transfer(number)
    if transfer.status == Status.RECEIVED:
        return transfer
    require(transfer, Status.IN_TRANSIT)
    missing = [line for line in lines if line.under_way_quantity]
    if missing and not is_rest_lost:
        if transfer.incomplete_at is None:
            transfer.incomplete_at = now
            transfer.save(update_fields=["incomplete_at"])
            tell(events.TRANSFER_INCOMPLETE, transfer, lines, by=by)
        return transfer
    for line in missing:
        line.lost_quantity += line.under_way_quantity
    TransferLine.objects.bulk_update(missing, ["lost_quantity"])
    reason = _("%d lost") % sum(line.lost_quantity for line in lines) if missing else ""
    move(transfer, Status.RECEIVED, by=by, reason=reason, received_at=now, closed_reason=reason)
    tell(events.TRANSFER_RECEIVED, transfer, lines, by=by)
    return transfer
