"""A customer says that they are on the way, or there; the desk sees it, and a clock runs that cannot be impossible."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import Arrival, FulfillmentOrder, HandOver
from orders.models.fulfillment_order import OPEN
from orders.models.order_line import Method
from orders.waiting import wait


@dataclass(frozen=True)
class Car:
    """Where to look for whom; what is left out stays as it was said before."""

    bay: str | None = None
    car: str | None = None
    color: str | None = None

    def fields(self) -> dict[str, str]:
        """What was said, as the row keeps it."""
        said = {"bay": (self.bay, 20), "car": (self.car, 60), "car_color": (self.color, 30)}
        return {name: text.strip()[:most] for name, (text, most) in said.items() if text is not None}


@operation
def on_my_way(*, number: str, car: Car, by: Actor, now: datetime) -> Arrival:
    """The customer sets out; told again it only changes where to look. Legal before the order is ready."""
    work = _awaited(number)
    arrival = _open(work)
    if arrival is not None:
        return _changed(arrival, car)
    arrival = Arrival.objects.create(fulfillment_order=work, on_my_way_at=now, told_by=by.label, **car.fields())
    emit(events.ON_MY_WAY, aggregate=work.order.subject, by=by, payload=_news(work, arrival))
    return arrival


@operation
def arrive(*, number: str, car: Car, by: Actor, now: datetime, at: datetime | None = None) -> Arrival:
    """The customer is there. A second press changes the bay, never the time: the clock keeps its first start.

    `at` is when a device says it was; never later than now, and never before the order was placed (Invalid).
    Arriving before the order is ready is legal: the wait runs from when it is.
    """
    work = _awaited(number)
    arrived_at = min(at, now) if at else now
    if arrived_at < work.order.placed_at:
        raise Invalid("before_the_order", _("Nobody can have arrived before the order was placed."))
    arrival = _open(work)
    if arrival is not None and arrival.is_there:
        return _changed(arrival, car)
    if arrival is None:
        arrival = Arrival(fulfillment_order=work, told_by=by.label)
    arrival.arrived_at = arrived_at
    for name, value in car.fields().items():
        setattr(arrival, name, value)
    arrival.save()
    emit(events.ARRIVED, aggregate=work.order.subject, by=by, payload=_news(work, arrival))
    return arrival


@operation
def call_off(*, number: str, by: Actor, now: datetime) -> None:
    """The customer does not come after all, or has left; called off twice changes nothing."""
    work = FulfillmentOrder.objects.lock(number)
    arrival = _open(work)
    if arrival is None:
        return
    arrival.cancelled_at = now
    arrival.save(update_fields=["cancelled_at"])
    emit(events.ARRIVAL_CANCELLED, aggregate=work.order.subject, by=by, payload=_news(work, arrival))


def serve(*, work: FulfillmentOrder, hand_over: HandOver, now: datetime) -> None:
    """Something of a locked work was handed over: whoever waited for it waits no more, and how long is kept."""
    arrival = _open(work)
    if arrival is None:
        return
    arrival.served_at = max(now, arrival.arrived_at or now)
    waited = wait(
        arrived_at=arrival.arrived_at, ready_at=work.staged_at, served_at=arrival.served_at, now=arrival.served_at
    )
    arrival.waited_seconds = waited.seconds if waited.started_at else None
    arrival.hand_over = hand_over
    arrival.save(update_fields=["served_at", "waited_seconds", "hand_over"])


def serve_again(*, work: FulfillmentOrder, hand_over: HandOver) -> None:
    """The hand-over was undone: its customer still stands there, since when they came."""
    if _open(work) is None:
        hand_over.arrivals.update(served_at=None, waited_seconds=None, hand_over=None)


def end_wait(*, work: FulfillmentOrder, now: datetime) -> None:
    """Work that closed without a hand-over has nobody to wait for any more."""
    Arrival.objects.open().filter(fulfillment_order=work).update(cancelled_at=now)


def _awaited(number: str) -> FulfillmentOrder:
    """The locked work: two taps at once are counted one after the other."""
    work = FulfillmentOrder.objects.lock(number)
    if work.method != Method.PICKUP or work.status not in OPEN:
        raise Refusal("nothing_to_collect", _("Nothing of this order waits here any more: %s.")
                      % work.get_status_display())  # fmt: skip
    return work


def _open(work: FulfillmentOrder) -> Arrival | None:
    return Arrival.objects.open().select_for_update().filter(fulfillment_order=work).first()


def _changed(arrival: Arrival, car: Car) -> Arrival:
    for name, value in car.fields().items():
        setattr(arrival, name, value)
    arrival.save(update_fields=["bay", "car", "car_color"])
    return arrival


def _news(work: FulfillmentOrder, arrival: Arrival) -> dict:
    return {
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "is_ready": work.staged_at is not None and work.closed_at is None, "bay": arrival.bay, "car": arrival.car,
        "car_color": arrival.car_color,
    }  # fmt: skip
