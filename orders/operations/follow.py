"""Where a parcel is: derived from all that its carrier told, in whatever order it came."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.states import move
from orders import events
from orders.carriers.port import News
from orders.models import OrderException, Shipment, TrackingEvent
from orders.models.shipment import LEFT
from orders.operations.parcel_news import news_of
from orders.operations.raise_exception import raise_exception, settle_exception

Told = TrackingEvent.Status
BY = Actor.system("carrier")
ENDINGS = {
    Shipment.Status.DELIVERED: events.DELIVERED,
    Shipment.Status.LOST: events.PARCEL_LOST,
    Shipment.Status.RETURNED: events.PARCEL_RETURNED,
}


@operation
def record_news(*, news: News, source: str, now: datetime) -> TrackingEvent | None:
    """Keep one piece of tracking news and let its parcel follow; news told before changes nothing and returns None."""
    number = _number_of(news)
    shipment = Shipment.objects.lock(number) if number else None
    row = TrackingEvent(
        shipment=shipment, source=source, event_id=news.event_id[:150], carrier=news.carrier[:60],
        tracking_number=news.tracking_number[:100], status=news.status, message=news.message[:300],
        place=news.place[:120], occurred_at=news.occurred_at, recorded_at=now,
    )  # fmt: skip
    TrackingEvent.objects.bulk_create([row], ignore_conflicts=True)
    mine = TrackingEvent.objects.filter(source=source, event_id=row.event_id, recorded_at=now).first()
    if mine is not None and shipment is not None:
        follow(shipment=shipment, now=now)
    return mine


def follow(*, shipment: Shipment, now: datetime) -> None:
    """Move a locked parcel to where its news say it is, and tell of an ending once."""
    told = list(shipment.tracking_events.order_by("occurred_at", "pk"))
    if not told or shipment.status not in LEFT:
        return
    shipment.last_event_at = told[-1].occurred_at
    shipment.save(update_fields=["last_event_at"])
    to = whereabouts((each.status, each.occurred_at) for each in told)
    if to is None or not shipment.may_move_to(to):
        return
    changes = {"delivered_at": _since(told, Told.DELIVERED)} if to == Shipment.Status.DELIVERED else {}
    before = shipment.status
    move(shipment, to, by=BY, reason=told[-1].message, **changes)
    if to in ENDINGS:
        news = news_of(shipment) | {"at": told[-1].occurred_at}
        emit(ENDINGS[Shipment.Status(to)], aggregate=shipment.order.subject, by=BY, payload=news)
    _tell_hq(shipment, before, now)


def whereabouts(told: Iterable[tuple[str, datetime]]) -> str | None:
    """The parcel's status after this news, whatever its order; None while the carrier has only been told of it.

    Coming back to the sender ends it (its arrival there is called "delivered" too); delivered is stronger than any
    scan on the way that is reported late; a lost parcel that is scanned again was found.
    """
    ordered = sorted((each for each in told if each[0] != Told.ANNOUNCED), key=lambda each: each[1])
    statuses = [status for status, _at in ordered]
    if not statuses:
        return None
    for ending in (Told.RETURNED, Told.DELIVERED):
        if ending in statuses:
            return Shipment.Status(ending)
    return Shipment.Status.LOST if statuses[-1] == Told.LOST else Shipment.Status.IN_TRANSIT


def _number_of(news: News) -> str | None:
    """The parcel under this tracking number; the newest, because carriers use numbers again after years."""
    known = Shipment.objects.real().filter(tracking_number=news.tracking_number) if news.tracking_number else None
    return known.order_by("-pk").values_list("number", flat=True).first() if known is not None else None


def _since(told: Iterable[TrackingEvent], status: str) -> datetime | None:
    return next((each.occurred_at for each in told if each.status == status), None)


def _tell_hq(shipment: Shipment, before: str, now: datetime) -> None:
    kind = OrderException.Kind.PARCEL
    if shipment.status == Shipment.Status.LOST:
        raise_exception(order=shipment.order, kind=kind, now=now,
                        detail=_("Parcel %(number)s is lost: %(carrier)s %(tracking)s.") % {
                            "number": shipment.number, "carrier": shipment.carrier,
                            "tracking": shipment.tracking_number})  # fmt: skip
    elif before == Shipment.Status.LOST:
        settle_exception(order=shipment.order, kind=kind, resolution=_("found again"), by=BY, now=now)
