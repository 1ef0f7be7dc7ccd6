"""Keep units for a cart for some minutes; they come back by themselves."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Hold, Location, Reservation, StockLevel, Variant
from inventory.models.hold import Kept
from inventory.models.stock_level import Claim, Short
from inventory.operations.close_promise import Part, release
from inventory.operations.reserve import reserve
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Refusal


def parts_of_kit(parts: Sequence[tuple[Variant, int]], places: Sequence[Location]) -> list[dict]:
    """The `parts` of a kit's line: units of each variant in each kit, and from where."""
    return [
        {"sku": variant.sku, "variant_id": variant.pk, "units": units, "location": place.code, "location_id": place.pk}
        for (variant, units), place in zip(parts, places, strict=True)
    ]


@operation
def place_hold(*, lines: Sequence[dict], channel: str, expires_in: int, owner: str, now: datetime) -> Hold:
    """Hold [{"variant_id", "location_id", "sku", "location", "quantity"}] for `expires_in` seconds, or refuse all.

    A line may carry a `floor` instead of what is kept back from this channel: 0 for a customer who stands at the shelf.
    That of a kit carries `parts` [{"variant_id", "location_id", "sku", "location", "units"}], the units in each kit;
    its own location is None where they lie apart.
    """
    hold = Hold.objects.create(owner=owner, lines=list(lines), expires_at=now + timedelta(seconds=expires_in))
    _claim(hold, dict(enumerate(lines)), channel)
    return hold


@operation
def change_hold(
    *, hold_id, owner: str, channel: str, drop: Collection[int] = (), add: Sequence[dict] = (), expires_in: int,
    by: Actor, now: datetime,
) -> Hold:  # fmt: skip
    """Give lines back by their number, hold others, and begin the time anew; all of it or nothing.

    New lines are numbered on (`n`); without any this renews. Refuses `hold_gone` where the time ran out, and
    `insufficient_stock` as `place_hold` does.
    """
    hold = Hold.objects.select_for_update().filter(pk=hold_id, owner=owner).first()
    if hold is None or hold.status != Hold.Status.OPEN:
        raise Refusal("hold_gone", _("The time for which these units were kept is over."))
    before = hold.parts
    after = max(before, default=-1) + 1
    added = {after + n: {**line, "n": after + n} for n, line in enumerate(add)}
    kept = {n: {**line, "n": n} for n, line in before.items() if n not in drop}
    hold.lines = [*kept.values(), *added.values()]
    hold.expires_at = now + timedelta(seconds=expires_in)
    hold.save(update_fields=["lines", "expires_at"])
    keys = [each.demand_key for each in _kept(hold, kept)]
    Reservation.objects.held().filter(demand_key__in=keys).update(expires_at=hold.expires_at)
    dropped = _kept(hold, {n: line for n, line in before.items() if n in drop})
    StockLevel.objects.lock((each.variant_id, each.location_id) for each in (*dropped, *_kept(hold, added)))
    release(parts=[Part(each.demand_key, each.quantity) for each in dropped], by=by, now=now)
    _claim(hold, added, channel)
    return hold


def _kept(hold: Hold, lines: Mapping[int, dict]) -> list[Kept]:
    return [each for n, line in lines.items() for each in hold.kept(n, line)]


def _claim(hold: Hold, lines: dict[int, dict], channel: str) -> None:
    claims = [
        Claim(each.demand_key, each.variant_id, each.location_id, each.quantity, floor=line.get("floor"))
        for n, line in lines.items() for each in hold.kept(n, line)
    ]  # fmt: skip
    found = reserve(claims=claims, channel=channel, expires_at=hold.expires_at)
    if found:
        short = {(row.variant_id, row.location_id): row for row in found}
        told = [_short(at, line, short) for at, line in enumerate(lines.values())]
        errors = [each for each in told if each]
        raise Refusal("insufficient_stock", _("Not all of this can be held."), errors=errors)


def _short(at: int, line: dict, short: Mapping[tuple[int, int], Short]) -> dict | None:
    """What a line lacks, in its own units: a kit as often as its scarcest part allows."""
    rows = [
        (short[key].available // part["units"], -(-short[key].wanted // part["units"]), part["location"])
        for part in line.get("parts") or [line | {"units": 1}]
        if (key := (part["variant_id"], part["location_id"])) in short
    ]
    if not rows:
        return None
    available, wanted, location = min(rows)
    words = {"available": available, "sku": line["sku"], "location": location}
    return {
        "pointer": f"/lines/{at}", "code": "insufficient_stock",
        "detail": _("Only %(available)d of %(sku)s at %(location)s.") % words,
        "wanted": wanted, "available": available,
    }  # fmt: skip


@operation
def release_hold(*, hold_id, by: Actor, now: datetime) -> Hold:
    """The cart was given up; a second call changes nothing."""
    hold = Hold.objects.select_for_update().get(pk=hold_id)
    if hold.status == Hold.Status.OPEN:
        _end(hold, Hold.Status.RELEASED, Reservation.Status.RELEASED, by, now)
    return hold


@operation
def use_hold(*, hold_id, owner: str, by: Actor, now: datetime) -> Hold:
    """An order takes the place of its cart: the units are free for it within this transaction, and for nobody else,
    since their rows stay locked until it commits."""
    hold = Hold.objects.select_for_update().filter(pk=hold_id, owner=owner).first()
    if hold is None or hold.status != Hold.Status.OPEN:
        raise Refusal("hold_gone", _("This hold has ended. Place the order without it."))
    _end(hold, Hold.Status.USED, Reservation.Status.RELEASED, by, now)
    return hold


def expire_holds(*, now: datetime, limit: int = 200) -> int:
    """Give back what carts no longer keep, each in a transaction of its own; returns how many holds ended."""
    due = list(Hold.objects.due(now).values_list("pk", flat=True)[:limit])
    return sum(_expire(hold_id=pk, now=now) for pk in due)


@operation
def _expire(*, hold_id, now: datetime) -> bool:
    hold = Hold.objects.due(now).select_for_update(skip_locked=True).filter(pk=hold_id).first()
    if hold is None:
        return False
    _end(hold, Hold.Status.EXPIRED, Reservation.Status.EXPIRED, Actor.system("holds"), now)
    emit(events.HOLD_EXPIRED, aggregate=("hold", str(hold.pk)), payload={"id": str(hold.pk)})
    return True


def _end(hold: Hold, status: str, reservation_status: str, by: Actor, now: datetime) -> None:
    hold.status, hold.closed_at = status, now
    hold.save(update_fields=["status", "closed_at"])
    parts = [Part(each.demand_key, each.quantity) for each in _kept(hold, hold.parts)]
    release(parts=parts, by=by, now=now, status=reservation_status)
