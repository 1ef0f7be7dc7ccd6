"""Scan by scan: a carton, an item, a typed number, a damaged unit, and taking a scan back. Each is booked at once.

Several devices work on one delivery. A scan has the key of its device and a row of its own; the database lets each key
and each carton count once, and the lines of the delivery and of its order are changed under their locks. Units can be
sold from the moment of their scan: nobody has to finish anything first (docs/decisions/0016).
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from inventory.models import (
    Bucket,
    Carton,
    Delivery,
    DeliveryLine,
    ReceiptScan,
    ReceivedUnits,
    StockHeld,
    StockMovement,
)
from inventory.operations.announce import order_lines
from inventory.operations.apply_movements import with_opposites
from inventory.operations.know_moments import lock_locations
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.scanned_item import scanned_item
from inventory.operations.supply_arrives import Arrival, supply_arrives
from inventory.sscc import carton_code
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move

Kind = ReceiptScan.Kind
MAX_UNITS = 1_000_000

# A twin in another transaction is waited for; then it is known, by its key or by its carton.
INSERT = """
INSERT INTO inventory_receiptscan
       (delivery_id, kind, key, carton_id, scanned_at, received_at, person_id, actor, is_late, is_undone, undoes_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, false, %s) ON CONFLICT DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Units:
    """Signed units of one item: for sale, and damaged."""

    sellable: int = 0
    damaged: int = 0


@dataclass(frozen=True)
class Received:
    """A scan as it was saved. `is_repeat`: this key, or this carton, was received before and nothing changed."""

    scan: ReceiptScan
    is_repeat: bool = False


@retried
@operation
def receive(
    *, delivery_id: int, code: str, units: int | None = None, is_damaged: bool = False, by: Actor, now: datetime,
    at: datetime | None = None, key: str = "",
) -> Received:  # fmt: skip
    """A carton is its whole contents, once; an item is one unit or its pack, or so many of them.

    `at` is when it was done, for a scan that waited on its device: done before the delivery was finished it counts
    still. Raises Refusal `unknown_code`, `other_delivery`, `delivery_finished`, `delivery_cancelled`.
    """
    delivery = Delivery.objects.get(pk=delivery_id)
    key = key[:64] or uuid.uuid4().hex
    if known := _known(delivery, key):
        return Received(known, is_repeat=True)
    if units is not None and not 0 < units <= MAX_UNITS:
        raise Invalid("bad_quantity", _("Between 1 and %d units.") % MAX_UNITS)
    carton = Carton.objects.filter(delivery=delivery, code=carton_code(code)).first()
    contents = dict(carton.items.values_list("variant_id", "quantity")) if carton else _item(delivery, code, units)
    scan = _Scan(delivery, Kind.CARTON if carton else Kind.UNIT, key, by, now, at, carton)
    wanted = {
        variant: Units(damaged=quantity) if is_damaged else Units(quantity) for variant, quantity in contents.items()
    }
    return scan.book(wanted)


@retried
@operation
def set_received(*, line_id: int, quantity: int, seen: int, by: Actor, now: datetime, key: str = "") -> Received:
    """So many good units of an item came in all; `seen` is the number that the person looked at."""
    if not 0 <= quantity <= MAX_UNITS:
        raise Invalid("bad_quantity", _("Between 0 and %d units.") % MAX_UNITS)
    line = DeliveryLine.objects.select_related("delivery").get(pk=line_id)
    key = key[:64] or uuid.uuid4().hex
    if known := _known(line.delivery, key):
        return Received(known, is_repeat=True)
    scan = _Scan(line.delivery, Kind.QUANTITY, key, by, now)
    line = scan.lock([line.variant_id])[line.variant_id]
    if line.sellable_quantity != seen:
        raise Refusal("changed_meanwhile", _("A colleague scanned this item meanwhile: it is %d now. Look again.")
                      % line.sellable_quantity)  # fmt: skip
    return scan.book({line.variant_id: Units(quantity - line.sellable_quantity)})


@retried
@operation
def mark_damaged(*, line_id: int, units: int, by: Actor, now: datetime, key: str = "") -> Received:
    """So many of the units that came are damaged: they are held apart and cannot be sold."""
    line = DeliveryLine.objects.select_related("delivery").get(pk=line_id)
    key = key[:64] or uuid.uuid4().hex
    if known := _known(line.delivery, key):
        return Received(known, is_repeat=True)
    scan = _Scan(line.delivery, Kind.DAMAGE, key, by, now)
    line = scan.lock([line.variant_id])[line.variant_id]
    if not 0 < units <= line.sellable_quantity:
        raise Refusal("more_than_came", _("%d good units of this item came.") % line.sellable_quantity)
    return scan.book({line.variant_id: Units(-units, units)})


@retried
@operation
def undo_receipt(*, scan_id: int, by: Actor, now: datetime) -> ReceiptScan:
    """Take a scan back, with everything it brought; a second time changes nothing."""
    scan = ReceiptScan.objects.select_related("delivery").get(pk=scan_id)
    opposite = _Scan(scan.delivery, Kind.UNDO, f"undo:{scan.pk}", by, now, undoes=scan)
    taken = {
        units.line.variant_id: Units(-units.sellable, -units.damaged)
        for units in scan.units.select_related("line").order_by("pk")
    }
    opposite.lock(taken)
    scan = ReceiptScan.objects.select_for_update(of=("self",)).get(pk=scan_id)
    if scan.is_undone:
        return scan
    if scan.kind == Kind.UNDO:
        raise Refusal("no_undo", _("What was taken back is scanned again."))
    scan.is_undone = True
    scan.save(update_fields=["is_undone"])
    opposite.book(taken)
    return scan


class _Scan:
    """One act on its way into the books: the delivery, then its lines, its order's lines, and last the shelves."""

    def __init__(
        self, delivery: Delivery, kind: str, key: str, by: Actor, now: datetime, at: datetime | None = None,
        carton: Carton | None = None, undoes: ReceiptScan | None = None,
    ) -> None:  # fmt: skip
        self.kind, self.key, self.by, self.now, self.carton, self.undoes = kind, key, by, now, carton, undoes
        self.at = min(max(at or now, delivery.created_at), now)
        self.delivery = in_lock(delivery, by=by, now=now)
        self.is_late = self._late()
        self.lines: dict[int, DeliveryLine] = {}

    def _late(self) -> bool:
        if self.delivery.status == Delivery.Status.CANCELLED:
            raise Refusal("delivery_cancelled", _("This delivery was cancelled. Begin to receive what stands there."))
        finished = self.delivery.finished_at
        if finished is None:
            return False
        if self.kind not in (Kind.CARTON, Kind.UNIT) or self.at >= finished:
            raise Refusal("delivery_finished", _("This delivery is finished. Begin to receive what stands there."))
        return True

    def lock(self, variants: Mapping[int, Units] | list[int]) -> dict[int, DeliveryLine]:
        """The items' lines, in the order in which everybody locks them."""
        if not self.lines:
            missing = set(variants) - set(self.delivery.lines.values_list("variant_id", flat=True))
            self._open(missing)
            rows = self.delivery.lines.select_for_update(no_key=True).filter(variant__in=list(variants))
            self.lines = {line.variant_id: line for line in rows.order_by("variant_id")}
        return self.lines

    def _open(self, missing: set[int]) -> None:
        """Items that nobody announced."""
        if not missing:
            return
        ordered = order_lines(self.delivery)
        DeliveryLine.objects.bulk_create(
            [DeliveryLine(delivery=self.delivery, variant_id=variant, order_line_id=ordered.get(variant))
             for variant in sorted(missing)], ignore_conflicts=True,
        )  # fmt: skip

    def book(self, wanted: Mapping[int, Units]) -> Received:
        """Save it and everything that follows; or find that it is known."""
        scan = insert_scan(self)
        if scan is None:
            return Received(self._twin(), is_repeat=True)
        lines = self.lock(wanted)
        booked = {variant: units for variant, units in wanted.items() if units.sellable or units.damaged}
        for variant, units in booked.items():
            _count(lines[variant], units)
        DeliveryLine.objects.bulk_update(lines.values(), ["received_quantity", "damaged_quantity"])
        ReceivedUnits.objects.bulk_create(
            ReceivedUnits(scan=scan, line=lines[variant], sellable=units.sellable, damaged=units.damaged)
            for variant, units in sorted(booked.items())
        )
        kept = supply_arrives(
            arrivals=[Arrival(variant, lines[variant].order_line_id, units.sellable, units.sellable + units.damaged)
                      for variant, units in booked.items()],
            location_id=self.delivery.location_id, now=self.now,
        )  # fmt: skip
        self._move(scan, booked, kept)
        return Received(scan)

    def _move(self, scan: ReceiptScan, booked: Mapping[int, Units], kept: Mapping[int, int]) -> None:
        place = self.delivery.location_id
        moves = []
        for variant, units in sorted(booked.items()):
            for bucket, quantity in (("", units.sellable), (Bucket.DAMAGED, units.damaged)):
                if quantity:
                    moves.append(Move(
                        variant, place, StockMovement.Kind.RECEIPT, quantity, bucket, cause=scan.cause,
                        reason=self.delivery.number, occurred_at=self.at,
                        reserved=0 if bucket else kept.get(variant, 0),
                    ))  # fmt: skip
        _require_held(moves)
        if moves and self.at < self.now:  # a count of the shelf may have been booked in between
            lock_locations([place], alone=False)
            moves = with_opposites(moves)
        if moves:
            move_stock(moves=moves, by=self.by, now=self.now)

    def _twin(self) -> ReceiptScan:
        standing = ReceiptScan.objects.filter(carton=self.carton, kind=Kind.CARTON, is_undone=False)
        return _known(self.delivery, self.key) or standing.get()


def insert_scan(new: _Scan) -> ReceiptScan | None:
    """The new row; None where its key is known, or its carton was received."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [
            new.delivery.pk, new.kind, new.key, new.carton.pk if new.carton else None, new.at, new.now, new.by.user_id,
            new.by.label, new.is_late, new.undoes.pk if new.undoes else None,
        ])  # fmt: skip
        row = cursor.fetchone()
    return ReceiptScan.objects.get(pk=row[0]) if row else None


def in_lock(delivery: Delivery, *, by: Actor, now: datetime) -> Delivery:
    """Many scan at once; whoever finishes or cancels waits for them, and they for whoever does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM inventory_delivery WHERE id = %s AND status <> 'expected' FOR KEY SHARE", [delivery.pk]
        )
        if cursor.fetchone() is None:
            cursor.execute("SELECT 1 FROM inventory_delivery WHERE id = %s FOR UPDATE", [delivery.pk])
    found = Delivery.objects.get(pk=delivery.pk)
    if found.status == Delivery.Status.EXPECTED:
        move(found, Delivery.Status.RECEIVING, by=by, started_at=now)
    return found


def _known(delivery: Delivery, key: str) -> ReceiptScan | None:
    return ReceiptScan.objects.filter(delivery=delivery, key=key).first()


def _item(delivery: Delivery, code: str, units: int | None) -> dict[int, int]:
    try:
        variant, pack = scanned_item(code)
    except Refusal as refusal:
        other = Carton.objects.filter(code=carton_code(code)).select_related("delivery__location").first()
        if other is None or refusal.code != "unknown_code":
            raise
        raise Refusal("other_delivery", _("This carton belongs to delivery %(number)s for %(place)s. Set it aside.")
                      % {"number": other.delivery.number, "place": other.delivery.location}) from refusal  # fmt: skip
    return {variant.pk: pack * (1 if units is None else units)}


def _count(line: DeliveryLine, units: Units) -> None:
    line.received_quantity += units.sellable + units.damaged
    line.damaged_quantity += units.damaged
    if line.sellable_quantity < 0 or line.damaged_quantity < 0:
        raise Refusal("corrected_meanwhile", _("This item was corrected meanwhile. Set its number instead."))


def _require_held(moves: list[Move]) -> None:
    """Damaged units that went on already (thrown away, sent back) cannot be taken back here."""
    for each in moves:
        if each.bucket and each.quantity < 0:
            held = StockHeld.objects.select_for_update().filter(
                variant=each.variant_id, location=each.location_id, bucket=each.bucket, quantity__gte=-each.quantity
            )
            if not held.exists():
                raise Refusal("units_moved_on", _("The damaged units were moved on already."))
