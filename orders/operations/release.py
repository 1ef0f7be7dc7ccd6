"""Give work to its location: planned fulfillment orders whose time has come appear in the store's queue.

Parcels of a store come in waves and as offers: one wave tops its queue up to what it can hold, the rest follows with
the next one, unless that would be too late.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import NewEvent, emit_many
from omni.core.operation import operation
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from omni.core.states import move_many
from orders import events, preferences, waves
from orders.models import Confirmation, FulfillmentOrder, Partner
from orders.models.fulfillment_order import FREE, Status
from orders.models.order_line import Method
from orders.operations.rhythm import rhythm_of

BY = Actor.system("release")
PULLED = 50


@operation
def release_due(*, now: datetime, limit: int = 100) -> int:
    """Release what is due, oldest promise first; several workers may run at once. Returns how many were looked at.

    The order's row is locked too, so that a hold or a cancellation at the same moment is seen or waits.
    """
    due = FulfillmentOrder.objects.due_for_release(now).select_related("order", "location")
    works = list(due.select_for_update(skip_locked=True, of=("self", "order"))[:limit])
    if works:
        rhythms = _rhythms(works)
        _give(_in_this_wave(works, rhythms, now), rhythms, BY, now)
    return len(works)


@operation
def pull_forward(*, location: Location, by: Actor, now: datetime, most: int = PULLED) -> list[FulfillmentOrder]:
    """A store with time to spare takes the parcels of its next waves now, the most urgent first."""
    planned = FulfillmentOrder.objects.at(location).coming().select_related("order", "location")
    works = list(planned.select_for_update(skip_locked=True, of=("self", "order"))[:most])
    if not works:
        raise Refusal("nothing_comes", _("No more parcels are planned for this store right now."))
    _give(works, _rhythms(works), by, now)
    return works


def _rhythms(works: Sequence[FulfillmentOrder]) -> dict[int, waves.Rhythm]:
    """By store; read once however many of its parcels come."""
    stores = {work.location_id: work.location for work in works if _is_offer(work)}
    return {pk: rhythm_of(store) for pk, store in stores.items()}


def _is_offer(work: FulfillmentOrder) -> bool:
    return work.method == Method.SHIP and work.location.picks_by_hand


def _in_this_wave(
    works: Sequence[FulfillmentOrder], rhythms: dict[int, waves.Rhythm], now: datetime
) -> list[FulfillmentOrder]:
    """All but the parcels that are put off to a later wave."""
    filled = _waiting(rhythms)
    released: list[FulfillmentOrder] = []
    later: list[FulfillmentOrder] = []
    for work in works:
        then = _put_off(work, rhythms[work.location_id], filled, now) if _is_offer(work) else now
        if then > now:
            work.release_at = then
            later.append(work)
        else:
            filled[work.location_id] += 1
            released.append(work)
    FulfillmentOrder.objects.bulk_update(later, ["release_at"])
    return released


def _waiting(rhythms: dict[int, waves.Rhythm]) -> Counter[int]:
    """By store, the parcels in its queue that nobody has begun."""
    if not rhythms:
        return Counter()
    rows = FulfillmentOrder.objects.filter(location__in=list(rhythms), status__in=FREE, method=Method.SHIP)
    return Counter(dict(rows.order_by().values_list("location").annotate(n=Count("pk"))))


def _put_off(work: FulfillmentOrder, rhythm: waves.Rhythm, filled: Counter[int], now: datetime) -> datetime:
    """The moment at which the work shall be looked at again; `now` where it cannot or need not wait."""
    place = work.location
    if place.paused_until is not None and place.is_paused(now):
        return place.paused_until if place.paused_until <= waves.latest_release(rhythm, work.due_at) else now
    if filled[place.pk] < place.wave_orders:
        return now
    then = waves.release_time(rhythm, now=now, earliest=now + waves.INSTANT, begin_by=work.due_at)
    return then if then > now + waves.INSTANT else now


def _give(works: Sequence[FulfillmentOrder], rhythms: dict[int, waves.Rhythm], by: Actor, now: datetime) -> None:
    move_many(works, Status.RELEASED, by=by, released_at=now)
    agreements = _agreements(works)
    for work in works:
        work.confirm_by = _confirm_by(work, rhythms, agreements, now)
    FulfillmentOrder.objects.bulk_update([work for work in works if work.confirm_by], ["confirm_by"])
    emit_many(
        NewEvent(events.RELEASED, work.order.subject, by=by, payload={
            "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
            "kind": work.location.kind, "method": work.method, "due_at": work.due_at, "cutoff_at": work.cutoff_at,
            "confirm_by": work.confirm_by,
        })
        for work in works
    )  # fmt: skip


def _agreements(works: Sequence[FulfillmentOrder]) -> dict[int, Partner]:
    """By partner's location; what it confirmed before a hold is asked again."""
    theirs = [work for work in works if work.location.kind == Location.Kind.DROPSHIP]
    if not theirs:
        return {}
    Confirmation.objects.filter(line__fulfillment_order__in=theirs).update(quantity=0, ships_on=None)
    partners = Partner.objects.filter(location__in=[work.location_id for work in theirs], is_active=True)
    return {partner.location_id: partner for partner in partners}


def _confirm_by(
    work: FulfillmentOrder, rhythms: dict[int, waves.Rhythm], agreements: dict[int, Partner], now: datetime
) -> datetime | None:
    """Until when its location has to answer; None where it need not."""
    if agreed := agreements.get(work.location_id):
        length = timedelta(minutes=agreed.confirm_minutes)
        return work.location.schedule.after(now, length) or now + length
    if not work.location.picks_by_hand:
        return now + timedelta(hours=setting(preferences.CONFIRM_HOURS))
    if work.method != Method.SHIP:
        return None
    if work.location.is_paused(now):
        return now  # nobody will answer: the next store is asked at once
    return waves.offer_until(rhythms[work.location_id], now=now, begin_by=work.due_at)
