"""Book one correction: its limit is looked at, its units move, and it stands in the list of the day."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Bucket, ReasonCode, StockHeld, StockLevel, StockMovement, Variant
from inventory.models.adjustment import AWAY, SHELF, Adjustment
from inventory.models.cycle_count import Why
from inventory.operations.adjustment_limits import check_limit
from inventory.operations.count import raise_counts
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal

Kind = StockMovement.Kind
MAX_UNITS = 1_000_000
# Units in a bucket that have a name of their own: a returned piece is looked at, graded and sent off one by one.
BY_UNIT = "return-unit:"


@dataclass(frozen=True)
class Correction:
    """So many units of an item at a location, from one place of the book to another."""

    variant_id: int
    location_id: int
    source: str
    target: str
    quantity: int


def adjust_reason(code: str) -> ReasonCode:
    """The active reason of this code, or Invalid `unknown_reason`."""
    reason = ReasonCode.objects.filter(code=code, kind=ReasonCode.Kind.ADJUST, is_active=True).first()
    if reason is None:
        raise Invalid("unknown_reason", _("Choose one of the reasons."))
    return reason


@operation
def book_adjustment(
    *, correction: Correction, reason: ReasonCode | None, note: str, key: str, approved_by: Actor | None, by: Actor,
    now: datetime,
) -> Adjustment:  # fmt: skip
    """Move the units and write down who answers for it; the same `key` again changes nothing.

    Raises Invalid `bad_quantity`, Refusal `more_than_there` (a typing error, since a till or a count is what reports
    that more left than we knew of), and `above_limit` or `above_their_limit` where somebody else has to answer.
    """
    if not 0 < correction.quantity <= MAX_UNITS:
        raise Invalid("bad_quantity", _("Between 1 and %d units.") % MAX_UNITS)
    cost = Variant.objects.values_list("unit_cost", flat=True).get(pk=correction.variant_id) or Decimal(0)
    made = Adjustment(
        variant_id=correction.variant_id, location_id=correction.location_id, source=correction.source,
        target=correction.target, quantity=correction.quantity, value=cost * correction.quantity, reason=reason,
        note=note.strip()[:150], made_at=now, made_by=by.label, maker_id=by.user_id,
        answered_by_id=(approved_by or by).user_id, approved_by=approved_by.label if approved_by else "",
    )  # fmt: skip
    if key:
        made.key = f"{by.user_id or by.api_key_id}:{key}"[:64]
    check_limit(made, is_approved=approved_by is not None, now=now)
    lock_places(made)
    if key and (seen := Adjustment.objects.filter(key=made.key).first()):
        return seen
    require(made.variant_id, made.location_id, made.source, made.quantity)
    made.save(force_insert=True)
    words = ": ".join(part for part in (str(reason) if reason else "", made.note) if part)[:200]
    move_stock(moves=moves_of(made, made.source, made.target, cause=made.cause, words=words), by=by, now=now)
    if made.target == Bucket.NOT_FOUND:
        shelf = (made.variant_id, made.location_id)
        raise_counts(items=[shelf], reason=str(reason), cause="adjustment", why=Why.NOT_FOUND, by=by, now=now)
    emit(events.STOCK_ADJUSTED, aggregate=("stock", f"{made.location_id}:{made.variant_id}"), payload=told(made), by=by)
    return made


def lock_places(made: Adjustment) -> None:
    """The shelf first, then its buckets, as everybody who moves units between them."""
    shelf = (made.variant_id, made.location_id)
    StockLevel.objects.open_shelves([shelf])
    StockLevel.objects.lock([shelf])
    list(StockHeld.objects.select_for_update().filter(variant=shelf[0], location=shelf[1]).order_by("bucket"))


def require(variant_id: int, location_id: int, place: str, quantity: int) -> None:
    """Refuse where fewer units lie there; the shelf's row is locked."""
    if place == AWAY:
        return
    there = free_units(variant_id, location_id, place)
    if there >= quantity:
        return
    if place == SHELF:
        raise Refusal("more_than_there", _("Only %d are on this shelf.") % there)
    name = str(Bucket(place).label)
    raise Refusal("more_than_there", _("Only %(n)d can be taken out of “%(place)s”.") % {"n": there, "place": name})


def free_units(variant_id: int, location_id: int, place: str) -> int:
    """Units of a place that can be taken: of a bucket those that are no single returned piece."""
    if place == SHELF:
        level = StockLevel.objects.filter(variant=variant_id, location=location_id).first()
        return max(level.on_hand, 0) if level else 0
    return free_in_buckets(variant_id, location_id).get(place, 0)


def free_in_buckets(variant_id: int, location_id: int) -> dict[str, int]:
    """Bucket -> units that people may move."""
    held = StockHeld.objects.filter(variant=variant_id, location=location_id, quantity__gt=0)
    named = (
        StockMovement.objects.filter(variant=variant_id, location=location_id, cause__startswith=BY_UNIT)
        .exclude(bucket="").order_by().values("bucket").annotate(n=Sum("quantity"))
    )  # fmt: skip
    taken = {row["bucket"]: row["n"] for row in named} if held else {}
    return {row.bucket: max(0, row.quantity - taken.get(row.bucket, 0)) for row in held}


def moves_of(made: Adjustment, source: str, target: str, *, cause: str, words: str) -> list[Move]:
    """Out of one place and into the other; "away" has no entry."""
    kind = _kind(source, target)
    ends = [(source, -made.quantity), (target, made.quantity)]
    return [
        Move(made.variant_id, made.location_id, kind, quantity, "" if place == SHELF else place, cause=cause,
             reason=words)
        for place, quantity in ends if place != AWAY
    ]  # fmt: skip


def told(made: Adjustment) -> dict[str, object]:
    """What others hear of it."""
    return {
        "adjustment_id": made.pk, "sku": made.variant.sku, "location": made.location.code, "from": made.source,
        "to": made.target, "quantity": made.quantity, "reason": made.reason.code if made.reason else "",
        "note": made.note, "approved_by": made.approved_by,
    }  # fmt: skip


def _kind(source: str, target: str) -> str:
    if AWAY in (source, target):
        return Kind.ADJUST if SHELF in (source, target) else Kind.DISPOSE
    if target == SHELF:
        return Kind.PUT_BACK
    return Kind.DAMAGE if target == Bucket.DAMAGED else Kind.SET_ASIDE
