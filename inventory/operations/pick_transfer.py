"""Scan by scan, units of a transfer come off the sender's shelf; then it leaves."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from inventory import events, preferences
from inventory.models import Bucket, StockMovement, Transfer, TransferLine, TransferScan
from inventory.operations.answer_transfer import give_back
from inventory.operations.close_promise import Part, issue, set_aside
from inventory.operations.count import raise_counts
from inventory.operations.scanned_item import scanned_item
from inventory.operations.take_off_shelf import take_off_shelf
from inventory.operations.transfer import lock_transfer, require, tell
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from omni.core.states import move

Status, Kind = Transfer.Status, TransferScan.Kind


@retried
@operation
def pick_for_transfer(*, number: str, code: str, by: Actor, now: datetime, key: str = "") -> TransferScan:
    """One scan (a pack counts its units) into the box; the same `key` changes nothing."""
    transfer, lines = lock_transfer(number)
    if seen := seen_scan(transfer, key):
        return seen
    require(transfer, *Transfer.KEPT)
    variant, units = scanned_item(code)
    wanted = [line for line in lines if line.variant_id == variant.pk]
    if not wanted:
        raise Refusal("wrong_item", _("%s is not part of this transfer.") % variant.title)
    line = next((each for each in wanted if each.to_pick_quantity >= units), None)
    if line is None:
        left = sum(each.to_pick_quantity for each in wanted)
        if left:
            said = _("This is a pack of %(pack)d, and only %(left)d are wanted. Scan single units.")
            raise Refusal("too_many", said % {"pack": units, "left": left})
        raise Refusal("over_scan", _("All units of %s are picked. Put this one back.") % variant.title)
    return _pick(transfer, line, units, by=by, now=now, key=key)


def _pick(transfer: Transfer, line: TransferLine, units: int, *, by: Actor, now: datetime, key: str) -> TransferScan:
    if transfer.status == Status.APPROVED:
        move(transfer, Status.PICKING, by=by)
    line.picked_quantity += units
    line.save(update_fields=["picked_quantity"])
    scan = write_scan(transfer, line, Kind.PICK, units, by=by, now=now, key=key)
    take_off_shelf(demand_key=line.promise_key, quantity=units, at=now)
    return scan


@operation
def unpick_for_transfer(*, number: str, scan_id: int, by: Actor, now: datetime) -> TransferScan:
    """A scan is taken back: the units lie on their shelf again. A second time changes nothing."""
    transfer, lines = lock_transfer(number)
    scan = transfer.scans.select_related("line__variant__product").get(pk=scan_id, kind=Kind.PICK)
    if scan.undone_at:
        return scan
    require(transfer, *Transfer.KEPT)
    line = next(each for each in lines if each.pk == scan.line_id)
    if line.picked_quantity < scan.quantity:
        raise Refusal("too_late", _("These units were given back already."))
    line.picked_quantity -= scan.quantity
    line.save(update_fields=["picked_quantity"])
    scan.undone_at = now
    scan.save(update_fields=["undone_at"])
    take_off_shelf(demand_key=line.promise_key, quantity=-scan.quantity, at=now)
    return scan


@retried
@operation
def ship_transfer(
    *, number: str, by: Actor, now: datetime, units: Mapping[int, int] | None = None, is_rest_missing: bool = False
) -> Transfer:
    """The box leaves: what was picked, or {line id: units} where a system picks by itself.

    What was approved and is not in the box stays on its shelf and is free again; where nobody found it
    (`is_rest_missing`) it is set aside until a count, as with any short pick.
    """
    transfer, lines = lock_transfer(number)
    require(transfer, *Transfer.KEPT)
    if units is not None:
        _pick_unscanned(transfer, lines, units, by=by, now=now)
    if not any(line.picked_quantity for line in lines):
        raise Refusal("nothing_picked", _("Nothing was picked yet. Scan what goes into the box, or cancel."))
    for line in lines:
        line.shipped_quantity = line.picked_quantity
    TransferLine.objects.bulk_update(lines, ["shipped_quantity"])
    days = timedelta(days=setting(preferences.TRANSFER_DAYS))
    move(transfer, Status.IN_TRANSIT, by=by, shipped_at=now, expected_at=transfer.expected_at or now + days)
    sent = [Part(line.promise_key, line.picked_quantity, off_shelf=line.picked_quantity) for line in lines]
    rest = {line: line.to_pick_quantity for line in lines if line.to_pick_quantity}
    tell(events.TRANSFER_SHIPPED, transfer, lines, by=by)
    if is_rest_missing:
        _set_rest_aside(transfer, rest, by=by, now=now)
    else:
        give_back(lines, rest, reason=_("not sent"), by=by, now=now)
    issue(parts=sent, kind=StockMovement.Kind.TRANSFER_OUT, by=by, now=now)
    return transfer


def _pick_unscanned(
    transfer: Transfer, lines: Sequence[TransferLine], units: Mapping[int, int], *, by: Actor, now: datetime
) -> None:
    """A warehouse's own system picked; what its people scanned here before counts as part of it."""
    by_id = {line.pk: line for line in lines}
    if set(units) - set(by_id):
        raise Invalid("unknown_line", _("This transfer has no such line."))
    for line in lines:
        more = units.get(line.pk, 0) - line.picked_quantity
        if more < 0 or more > line.to_pick_quantity:
            raise Invalid("bad_quantity", _("No more than was approved, and no less than was scanned here."))
        if more:
            _pick(transfer, line, more, by=by, now=now, key="")


def _set_rest_aside(transfer: Transfer, rest: Mapping[TransferLine, int], *, by: Actor, now: datetime) -> None:
    """Nobody found these units: they wait for a count, like any unit that a picker does not find."""
    if not rest:
        return
    for line, units in rest.items():
        line.approved_quantity -= units
    TransferLine.objects.bulk_update(rest, ["approved_quantity"])
    reason = _("Not found for transfer %s") % transfer.number
    raise_counts(items=[(line.variant_id, transfer.from_location_id) for line in rest], reason=reason,
                 cause=f"transfer:{transfer.number}", by=by, now=now)  # fmt: skip
    set_aside(parts=[Part(line.promise_key, units) for line, units in rest.items()], bucket=Bucket.NOT_FOUND,
              reason=reason, by=by, now=now)  # fmt: skip


def seen_scan(transfer: Transfer, key: str) -> TransferScan | None:
    """The scan that this key stands for already."""
    if not key:
        return None
    scans = TransferScan.objects.filter(transfer=transfer, key=key[:64])
    return scans.select_related("line__variant__product").first()


def write_scan(
    transfer: Transfer, line: TransferLine, kind: str, units: int, *, by: Actor, now: datetime, key: str, owed: int = 0
) -> TransferScan:
    return TransferScan.objects.create(
        transfer=transfer, line=line, kind=kind, quantity=units, owed_quantity=owed, key=key[:70] or uuid.uuid4().hex,
        scanned_at=now, person_id=by.user_id, actor=by.label,
    )  # fmt: skip
