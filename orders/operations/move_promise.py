"""Before its release the promise of parcels moves to other shelves: all of an order's moves, or none.

Who moves it has decided on a read without locks. Whatever happened to the order since (released, cancelled, held, moved
by another) shows as a difference to what was seen, and nothing moves; so does a shelf or a day that filled up.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from inventory.models import Location, LocationDay, Reservation, StockLevel
from inventory.models.stock_level import Claim
from inventory.operations.close_promise import Part, release
from inventory.operations.reserve import reserve
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from omni.core.states import move
from orders import events, preferences
from orders.models import FulfillmentLine, FulfillmentOrder, Order, RoutingDecision
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.day_capacity import Due, capacity_day, due, release_at, slots, take_capacity
from orders.operations.join_parcels import close_emptied

CENT = 100  # hundredths of a cent


@dataclass(frozen=True)
class Share:
    """All open units of one fulfillment line: from where they were promised when it was read, and from where instead.

    What stays is named too: a plan that counted on it does not hold without it.
    """

    line_id: int
    quantity: int
    seen_id: int
    location_id: int


@dataclass
class _Layout:
    """Which work goes where, and which of its lines with it."""

    staying: dict[int, FulfillmentOrder] = field(default_factory=dict)  # by location
    going: dict[int, FulfillmentOrder] = field(default_factory=dict)  # by the location it goes to
    made: dict[int, FulfillmentOrder] = field(default_factory=dict)
    emptied: list[FulfillmentOrder] = field(default_factory=list)

    @property
    def by_place(self) -> dict[int, FulfillmentOrder]:
        return self.staying | self.going | self.made


@retried
@operation
def move_promise(
    *, number: int, shares: Sequence[Share], saving: int, by: Actor, now: datetime,
    decision: RoutingDecision | None = None,
) -> Order:  # fmt: skip
    """Give an order's unreleased parcels to the locations of `shares`, which `saving` (hundredths of a cent) is won by;
    the `decision` that says why is kept with it.

    Never leaves a line later than promised, nor moves an order more often than HQ allows. Raises Refusal, with the old
    promise as it was: `order_busy`, `promise_changed`, `moved_enough`, `location_closed`, `kit_torn`, `day_full`,
    `later_promise`, `insufficient_stock`.
    """
    order = _locked(number)
    works = _movable_works(order)
    lines = _lines_as_seen(works, shares)
    targets = {share.line_id: share.location_id for share in shares}
    going = [line for line in lines if line.fulfillment_order.location_id != targets[line.pk]]
    if not going:
        return order
    _require_whole_kits(lines, targets)
    places = _open_places({targets[line.pk] for line in going}, now)
    before = {line: line.fulfillment_order for line in lines}
    days = {work.pk: _day(work) for work in works}
    origins = {line: line.fulfillment_order.location for line in going}
    layout = _layout(order, works, lines, targets, places, now)
    freed = [slot for work in layout.going.values() for slot in slots(work)]
    _write_works(layout, order, places, by, now, saving)
    for line in lines:
        line.fulfillment_order = layout.by_place[targets[line.pk]]
    _require_no_later(lines, before, days)
    FulfillmentLine.objects.bulk_update(
        [line for line in lines if line.fulfillment_order_id != before[line].pk], ["fulfillment_order"]
    )
    LocationDay.objects.give_back(freed)
    close_emptied(works=layout.emptied, by=by, now=now)
    _count(order, now)
    _tell(order, going, origins, saving, by, decision)
    _move_units(order, going, origins, by, now)
    if decision is not None:
        decision.order, decision.decided_at = order, now
        decision.save(force_insert=True)
    return order


def _locked(number: int) -> Order:
    order = Order.objects.select_for_update(skip_locked=True, of=("self",)).filter(number=number).first()
    if order is None:
        raise Refusal("order_busy", _("Somebody works on this order right now."))
    if order.promise_moves >= setting(preferences.MOST_MOVES):
        raise Refusal("moved_enough", _("The parcels of this order were moved often enough."))
    return order


def _movable_works(order: Order) -> list[FulfillmentOrder]:
    rows = FulfillmentOrder.objects.movable().filter(order=order).order_by("pk").select_for_update(of=("self",))
    works = list(rows.select_related("location"))
    for work in works:
        work.order = order
    return works


def _lines_as_seen(works: Sequence[FulfillmentOrder], shares: Sequence[Share]) -> list[FulfillmentLine]:
    """The open lines of the works, where they are exactly what was seen."""
    by_pk = {work.pk: work for work in works}
    rows = FulfillmentLine.objects.filter(fulfillment_order__in=list(by_pk)).order_by("pk")
    lines = [
        line for line in rows.select_related("order_line__kit").select_for_update(of=("self",)) if line.open_quantity
    ]
    for line in lines:
        line.fulfillment_order = by_pk[line.fulfillment_order_id]
    now = {(line.pk, line.open_quantity, line.fulfillment_order.location_id) for line in lines}
    if now != {(share.line_id, share.quantity, share.seen_id) for share in shares}:
        raise Refusal("promise_changed", _("This order changed since it was looked at."))
    return lines


def _require_whole_kits(lines: Sequence[FulfillmentLine], targets: Mapping[int, int]) -> None:
    """The parts of a kit that is not to be split go on together."""
    places: dict[tuple[int, int], set[int]] = defaultdict(set)
    for line in lines:
        kit = line.order_line.kit
        if kit and not kit.may_split:
            places[line.fulfillment_order_id, kit.pk].add(targets[line.pk])
    if any(len(each) > 1 for each in places.values()):
        raise Refusal("kit_torn", _("The parts of this kit go together."))


def _open_places(wanted: set[int], now: datetime) -> dict[int, Location]:
    places = Location.objects.with_closures().filter(pk__in=wanted, is_active=True, can_ship=True)
    found = {
        place.pk: place
        for place in places.exclude(kind=Location.Kind.DROPSHIP)
        if not place.is_paused(now) and due(place, Method.SHIP, now)
    }
    if found.keys() != wanted:
        raise Refusal("location_closed", _("A location does not take parcels now."))
    return found


def _layout(
    order: Order, works: Sequence[FulfillmentOrder], lines: Sequence[FulfillmentLine], targets: Mapping[int, int],
    places: Mapping[int, Location], now: datetime,
) -> _Layout:  # fmt: skip
    """One work per location. A work whose location keeps some of the order stays; the others go where most of their
    lines go, so that a parcel that moves as a whole keeps its number."""
    layout = _Layout()
    wanted = {targets[line.pk] for line in lines}
    for work in works:
        if work.location_id in wanted:
            layout.staying.setdefault(work.location_id, work)
    free = [work for work in works if work not in layout.staying.values()]
    for place in sorted(wanted - layout.staying.keys()):
        givers = Counter(line.fulfillment_order_id for line in lines if targets[line.pk] == place)
        most = max(free, key=lambda each: (givers[each.pk], -each.pk), default=None)
        if most and givers[most.pk]:
            free.remove(most)
            layout.going[place] = most
        else:
            layout.made[place] = _new_work(order, places[place], now)
    layout.emptied = free
    return layout


def _new_work(order: Order, place: Location, now: datetime) -> FulfillmentOrder:
    order.fulfillment_count += 1
    return FulfillmentOrder(
        number=f"{order.number}-{order.fulfillment_count}", order=order, location=place, method=Method.SHIP,
        **_times(order, place, now),
    )  # fmt: skip


def _times(order: Order, place: Location, now: datetime) -> dict:
    then = due(place, Method.SHIP, now)
    assert then is not None
    return {
        "due_at": then.at, "cutoff_at": then.cutoff_at, "capacity_day": capacity_day(place, Method.SHIP, then),
        "release_at": release_at(place, Method.SHIP, then, now=now, grace=_grace(order, now)),
    }  # fmt: skip


def _grace(order: Order, now: datetime) -> timedelta:
    """What is left of the customer's time to cancel: a move does not begin it anew."""
    until = order.placed_at + timedelta(minutes=setting(preferences.SHIP_GRACE_MINUTES))
    return max(until - now, timedelta(0))


def _write_works(
    layout: _Layout, order: Order, places: Mapping[int, Location], by: Actor, now: datetime, saving: int
) -> None:
    """The works at their new locations, each with its share of a day there."""
    held = [slot for work in [*layout.going.values(), *layout.emptied] for slot in slots(work)]
    came = {pk: work.location for pk, work in layout.going.items()}
    for pk, work in layout.going.items():
        work.location, work.missed_at = places[pk], None
        for name, value in _times(order, places[pk], now).items():
            setattr(work, name, value)
    FulfillmentOrder.objects.bulk_create(layout.made.values())
    taking = [*layout.going.values(), *layout.made.values()]
    LocationDay.objects.lock([*held, *(slot for work in taking for slot in slots(work))])
    if take_capacity(works=taking, now=now, grace=_grace(order, now)):
        raise Refusal("day_full", _("A location has no day left for this parcel."))
    for pk, work in layout.going.items():
        move(
            work, Status.PLANNED, by=by, reason=f"{came[pk].code} > {work.location.code}, {_told(saving)}",
            location=work.location, missed_at=None, due_at=work.due_at, cutoff_at=work.cutoff_at,
            release_at=work.release_at, capacity_day=work.capacity_day,
        )  # fmt: skip


def _told(saving: int) -> str:
    return f"saves {dollars(saving)}" if saving >= 0 else f"costs {dollars(-saving)} more"


def dollars(amount: int) -> str:
    """Hundredths of a cent as dollars, to the cent."""
    return f"{round(amount / CENT) / 100:.2f}"


def _day(work: FulfillmentOrder) -> date:
    """The local day on which it leaves: what its customer was promised."""
    return work.location.schedule.local_day(Due(work.due_at, work.cutoff_at).promised_at)


def _require_no_later(
    lines: Sequence[FulfillmentLine], before: Mapping[FulfillmentLine, FulfillmentOrder], days: Mapping[int, date]
) -> None:
    leaves = {work: _day(work) for work in {line.fulfillment_order for line in lines}}
    if any(leaves[line.fulfillment_order] > days[before[line].pk] for line in lines):
        raise Refusal("later_promise", _("A parcel would leave later than it was promised."))


def _count(order: Order, now: datetime) -> None:
    order.promise_moves += 1
    order.updated_at = now
    order.save(update_fields=["promise_moves", "fulfillment_count", "updated_at"])


def _tell(
    order: Order, going: Sequence[FulfillmentLine], origins: Mapping[FulfillmentLine, Location], saving: int, by: Actor,
    decision: RoutingDecision | None,
) -> None:  # fmt: skip
    moved = {} if decision is None else decision.explanation["moved"]
    emit(events.MOVED, aggregate=order.subject, by=by, payload={
        "order": str(order.number), "saving": dollars(saving),
        "for": [str(number) for number, *_rest in moved.get("for", ())],
        "made_room": [str(number) for number, *_rest in moved.get("by", ())],
        "lines": [
            {"fulfillment_order": line.fulfillment_order.number, "reference": line.order_line.reference,
             "sku": line.order_line.sku, "quantity": line.open_quantity, "from": origins[line].code,
             "to": line.fulfillment_order.location.code}
            for line in going
        ],
    })  # fmt: skip


def _move_units(
    order: Order, going: Sequence[FulfillmentLine], origins: Mapping[FulfillmentLine, Location], by: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Last, and the shelves of both ends locked together: who moves the other way waits, and no two wait for each
    other."""
    parts = [Part(line.demand_key, line.open_quantity) for line in going]
    claims = [
        Claim(line.demand_key, line.variant_id, line.fulfillment_order.location_id, line.open_quantity)
        for line in going
    ]
    Reservation.objects.lock_held(part.demand_key for part in parts)
    left = [(line.variant_id, origins[line].pk) for line in going]
    StockLevel.objects.lock([*left, *((each.variant_id, each.location_id) for each in claims)])
    release(parts=parts, by=by, now=now)
    short = reserve(claims=claims, channel=order.channel)
    if short:
        raise Refusal("insufficient_stock", _("Other orders took these units a moment ago."), errors=[
            {"variant_id": each.variant_id, "location_id": each.location_id, "available": each.available}
            for each in short
        ])  # fmt: skip
