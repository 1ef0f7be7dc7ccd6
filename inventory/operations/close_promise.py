"""End promises, wholly or in part, for one of three reasons: the units left, were set aside, or are free again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Bucket, OffShelf, PutBack, Reservation, StockMovement
from inventory.models.stock_level import Shift
from inventory.operations.move_stock import Move, move_stock, release_promises
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Part:
    """So many units of one demand's open promise; `off_shelf` of them have been picked already."""

    demand_key: str
    quantity: int
    off_shelf: int = 0


@operation
def release(*, parts: Sequence[Part], by: Actor, now: datetime, status: str = Reservation.Status.RELEASED) -> None:
    """The units stay on the shelf and are free for others."""
    closed = _close(parts, status, now)
    if closed:
        release_promises([Shift(each.variant_id, each.location_id, reserved=-each.quantity) for each in closed])


@operation
def issue(*, parts: Sequence[Part], kind: str, by: Actor, now: datetime) -> list[int]:
    """The units leave the building; returns the ids of the consumed reservations, which `undo_issue` takes."""
    closed = _close(parts, Reservation.Status.CONSUMED, now)
    move_stock(
        moves=[
            Move(each.variant_id, each.location_id, kind, -each.quantity, reserved=-each.quantity, cause=_cause(each))
            for each in closed
        ],
        by=by, now=now,
    )  # fmt: skip
    return [each.pk for each in closed]


@operation
def undo_issue(*, reservation_ids: Sequence[int], kind: str, by: Actor, now: datetime) -> None:
    """Units that were handed over by mistake are back in the staging area and promised as before."""
    rows = list(Reservation.objects.filter(pk__in=reservation_ids).order_by("pk").select_for_update())
    if any(row.status != Reservation.Status.CONSUMED for row in rows) or len(rows) != len(set(reservation_ids)):
        raise Refusal("already_undone", _("This hand-over was already undone."))
    for row in rows:
        _hold_again(row)
    _back_in_hands([(row, row.quantity) for row in rows], now)
    Reservation.objects.filter(pk__in=reservation_ids).update(status=Reservation.Status.UNDONE)
    move_stock(
        moves=[
            Move(row.variant_id, row.location_id, kind, row.quantity, reserved=row.quantity,
                 cause=_cause(row), reason="undone")
            for row in rows
        ],
        by=by, now=now,
    )  # fmt: skip


@operation
def set_aside(*, parts: Sequence[Part], bucket: str, reason: str, by: Actor, now: datetime) -> None:
    """The promised units cannot be sold: not found, or damaged. They leave the shelf for their bucket."""
    kind = Kind.DAMAGE if bucket == Bucket.DAMAGED else Kind.SET_ASIDE
    closed = _close(parts, Reservation.Status.RELEASED, now)
    move_stock(moves=_to_bucket(closed, bucket, kind, reason), by=by, now=now)


@operation
def leave_for_put_back(
    *, parts: Sequence[Part], reason: str, found_at: str, cause: str, by: Actor, now: datetime
) -> None:
    """Picked units of a promise that ended: kept apart until somebody scans them back onto their shelf."""
    closed = _close(parts, Reservation.Status.RELEASED, now)
    move_stock(moves=_to_bucket(closed, Bucket.PUT_BACK, Kind.SET_ASIDE, reason), by=by, now=now)
    PutBack.objects.bulk_create(
        PutBack(
            location_id=each.location_id, variant_id=each.variant_id, quantity=each.quantity, cause=cause,
            reason=reason, found_at=found_at, created_at=now,
        )
        for each in closed
    )  # fmt: skip


@operation
def hand_on(*, parts: Sequence[tuple[Part, str]], now: datetime) -> None:
    """Units go on to another demand key at the same location: what was promised stays promised, the shelf as it is."""
    keys = {part.demand_key: key for part, key in parts if part.quantity}
    closed = _close([part for part, _key in parts], Reservation.Status.RELEASED, now)
    _back_in_hands([(each, each.off_shelf_quantity) for each in closed], now)
    together: dict[tuple[str, int], Reservation] = {}
    for each in closed:
        key = keys[each.demand_key]
        row = together.setdefault((key, each.location_id), Reservation(
            demand_key=key, variant_id=each.variant_id, location_id=each.location_id, quantity=0))  # fmt: skip
        row.quantity += each.quantity
        row.off_shelf_quantity += each.off_shelf_quantity
    Reservation.objects.bulk_create(together.values())


def _back_in_hands(rows: Sequence[tuple[Reservation, int]], now: datetime) -> None:
    """What a closed promise let go of is in somebody's hands all the same."""
    OffShelf.objects.bulk_create(
        OffShelf(variant_id=row.variant_id, location_id=row.location_id, quantity=units, at=now)
        for row, units in rows if units
    )  # fmt: skip


def _cause(row: Reservation) -> str:
    """A transfer's line is the cause by itself: it tells the rest of the story."""
    return row.demand_key if row.demand_key.startswith("transfer-line:") else f"reservation:{row.pk}"


def _to_bucket(closed: Sequence[Reservation], bucket: str, kind: str, reason: str) -> list[Move]:
    out = [
        Move(each.variant_id, each.location_id, kind, -each.quantity, reserved=-each.quantity, cause=_cause(each),
             reason=reason)
        for each in closed
    ]  # fmt: skip
    into = [
        Move(
            each.variant_id,
            each.location_id,
            kind,
            each.quantity,
            bucket=bucket,
            cause=_cause(each),
            reason=reason,
        )
        for each in closed
    ]
    return out + into


def _close(parts: Sequence[Part], status: str, now: datetime) -> list[Reservation]:
    """Close the parts' units; a promise that keeps some is split, the closed units becoming a row of their own."""
    wanted = {part.demand_key: part for part in parts if part.quantity}
    rows = {row.demand_key: row for row in Reservation.objects.lock_held(wanted)}
    whole, split = [], []
    for key, part in wanted.items():
        row = rows.get(key)
        if row is None or row.quantity < part.quantity:
            raise Refusal("promise_changed", _("These units are no longer promised. Reload and look again."))
        if row.quantity == part.quantity:
            whole.append(row)
        else:
            split.append(_split(row, part, status, now))
    return _close_whole(whole, status, now) + split


def _close_whole(rows: list[Reservation], status: str, now: datetime) -> list[Reservation]:
    """One statement, however many."""
    if rows:
        Reservation.objects.filter(pk__in=[row.pk for row in rows]).update(status=status, closed_at=now)
    for row in rows:
        row.status, row.closed_at = status, now
    return rows


def _split(row: Reservation, part: Part, status: str, now: datetime) -> Reservation:
    row.quantity -= part.quantity
    row.off_shelf_quantity -= part.off_shelf
    row.save(update_fields=["quantity", "off_shelf_quantity"])
    return Reservation.objects.create(
        demand_key=row.demand_key, variant_id=row.variant_id, location_id=row.location_id, quantity=part.quantity,
        off_shelf_quantity=part.off_shelf, status=status, closed_at=now,
    )  # fmt: skip


def _hold_again(row: Reservation) -> None:
    still = Reservation.objects.held().filter(demand_key=row.demand_key, location_id=row.location_id)
    for held in still.select_for_update():
        held.quantity += row.quantity
        held.off_shelf_quantity += row.quantity
        held.save(update_fields=["quantity", "off_shelf_quantity"])
        return
    Reservation.objects.create(
        demand_key=row.demand_key, variant_id=row.variant_id, location_id=row.location_id, quantity=row.quantity,
        off_shelf_quantity=row.quantity,
    )  # fmt: skip
