"""What the customer reads about their order: each of its parts in plain words, whatever state the work is in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from inventory.models import Location, Transfer
from orders.models import Arrival, FulfillmentLine, FulfillmentOrder, Order
from orders.models.fulfillment_order import OPEN, Status
from orders.models.order_line import Method

COMING = (Status.AWAITING, Status.PLANNED, Status.RELEASED, Status.ACCEPTED, Status.PICKING)
GONE = (Status.DECLINED, Status.SHORT)  # what became of the units, other parts say
DAYS_SHOWN = 7


@dataclass
class Part:
    """What one store does of the order, or one parcel."""

    work: FulfillmentOrder
    title: str
    text: str
    tone: str
    lines: list[FulfillmentLine] = field(default_factory=list)
    arrival: Arrival | None = None

    @property
    def place(self) -> Location:
        return self.work.location

    @property
    def is_pickup(self) -> bool:
        return self.work.method == Method.PICKUP

    @property
    def is_open(self) -> bool:
        return self.work.status in OPEN

    @property
    def is_ready(self) -> bool:
        return self.is_pickup and self.work.status == Status.STAGED

    @property
    def can_come(self) -> bool:
        """Whether it makes sense to say that one is on the way."""
        return self.is_pickup and self.is_open and not self.work.order.hold

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Where it is between ordered and in the customer's hands."""
        last = _("Collected") if self.is_pickup else _("Sent")
        names = [_("Ordered"), _("Being prepared"), _("Ready") if self.is_pickup else _("Packed"), last]
        if self.work.transfer_id:
            return self._sent_steps(names)
        at = {Status.PLANNED: 0, Status.RELEASED: 1, Status.ACCEPTED: 1, Status.PICKING: 1, Status.STAGED: 2}
        return _stepped(names, at.get(Status(self.work.status), 3))

    def _sent_steps(self, names: list[str]) -> list[dict[str, Any]]:
        """With its way to the store in between."""
        at = {Status.AWAITING: 1, Status.PLANNED: 2, Status.RELEASED: 2, Status.ACCEPTED: 2, Status.PICKING: 2,
              Status.STAGED: 3}  # fmt: skip
        return _stepped([names[0], _("Sent to the store"), *names[1:]], at.get(Status(self.work.status), 4))


def _stepped(names: list[str], reached: int) -> list[dict[str, Any]]:
    return [
        {"name": name, "state": "now" if n == reached else ("done" if n < reached else "")}
        for n, name in enumerate(names)
    ]


def parts_of(order: Order, *, now: datetime) -> list[Part]:
    """The parts that concern the customer: open ones first, pickups before parcels."""
    works = [work for work in order.fulfillment_orders.all() if work.status not in GONE]
    parts = [_part(work, now) for work in works]
    return sorted((part for part in parts if part.lines), key=lambda part: (not part.is_open, not part.is_pickup))


def _part(work: FulfillmentOrder, now: datetime) -> Part:
    title, text, tone = _said(work, now)
    lines = [
        line for line in work.lines.all() if line.wanted_quantity or work.status in (Status.CANCELLED, Status.EXPIRED)
    ]
    arrival = next((each for each in work.arrivals.all() if each.served_at is None and each.cancelled_at is None), None)
    return Part(work, title, text, tone, lines, arrival)


def _said(work: FulfillmentOrder, now: datetime) -> tuple[str, str, str]:
    """A headline, a sentence, and the tone of both."""
    status, place = Status(work.status), work.location
    if work.order.hold and status in OPEN:
        return (
            _("We have a question about your order"),
            _("It waits until we have talked to you. You need not do anything now; we get in touch."), "warn",
        )  # fmt: skip
    if work.method == Method.PICKUP:
        return _pickup(work, status, place, now)
    return _parcel(work, status, place)


def _pickup(work: FulfillmentOrder, status: str, place: Location, now: datetime) -> tuple[str, str, str]:
    words = {"store": place.name, "due": day_words(work.due_at, place, now)}
    if status == Status.AWAITING and work.transfer and work.due_at >= now:
        if work.transfer.status == Transfer.Status.IN_TRANSIT:
            on_its_way = _("It has left for %(store)s. Ready by %(due)s; a message tells you when.")
            return _("On its way to your store"), on_its_way % words, "info"
        being_sent = _(
            "It is being sent to %(store)s from another location. Ready by %(due)s; a message tells you when."
        )
        return _("We have your order"), being_sent % words, "info"
    if status in COMING and work.due_at < now:
        late = _("%(store)s is still preparing it. We are sorry; a message comes as soon as it is ready.")
        return _("We are running late"), late % words, "warn"
    if status == Status.PICKING:
        picking = _("Somebody at %(store)s has them in hand. Ready by %(due)s.")
        return _("Your items are being collected"), picking % words, "info"
    if status in COMING and work.transfer_id:
        arrived = _("It has arrived at %(store)s and is being prepared. Ready by %(due)s; a message tells you when.")
        return _("Arrived at your store"), arrived % words, "info"
    if status in COMING:
        coming = _("%(store)s prepares it. Ready by %(due)s; a message tells you when.")
        return _("We have your order"), coming % words, "info"
    if status == Status.STAGED:
        until = day_words(work.collect_by, place, now)
        return _("Ready for you"), _("We keep it until %s.") % until if until else "", "done"
    if status == Status.HANDED_OVER:
        return _("Collected"), _("Handed over: %s. Thank you!") % day_words(work.closed_at, place, now), "done"
    if status == Status.EXPIRED:
        kept = _("We kept it as long as we could, then put the items back. You pay nothing for them.")
        return _("Not collected"), kept, ""
    return _("Cancelled"), _("You pay nothing for these items."), ""


def _parcel(work: FulfillmentOrder, status: str, place: Location) -> tuple[str, str, str]:
    if status == Status.SHIPPED:
        return _("On its way to you"), _("The parcel has left %s.") % place.name, "done"
    if status == Status.STAGED:
        return _("Packed"), _("It leaves with the carrier soon."), "info"
    if status == Status.PICKING:
        return _("Being packed"), _("%s collects the items for your parcel.") % place.name, "info"
    if status in COMING:
        return _("We prepare your parcel"), _("A message with the tracking number follows."), "info"
    return _("Cancelled"), _("You pay nothing for these items."), ""


def day_words(when: datetime | None, place: Location, now: datetime) -> str:
    """A moment on the store's clock as a customer says it: "today 3:00 PM", "Friday 10:00 AM"."""
    if when is None:
        return ""
    local, today = when.astimezone(place.zone), now.astimezone(place.zone).date()
    clock = formats.date_format(local, "g:i A")
    days = (local.date() - today).days
    if days == 0:
        return _("today, %s") % clock
    if days == 1:
        return _("tomorrow, %s") % clock
    if 1 < days < DAYS_SHOWN:
        return f"{formats.date_format(local, 'l')}, {clock}"
    return formats.date_format(local, "F j, g:i A")


def hours_words(place: Location, now: datetime) -> list[tuple[str, str]]:
    """The next days and when the store is open on each, today first."""
    schedule, today = place.schedule, now.astimezone(place.zone).date()
    days = [today + timedelta(days=n) for n in range(DAYS_SHOWN)]
    return [
        (_("Today") if day == today else formats.date_format(day, "l"), _spans(schedule.spans(day), place))
        for day in days
    ]


def _spans(spans: list, place: Location) -> str:
    if not spans:
        return _("closed")
    if spans[0][1] - spans[0][0] >= timedelta(hours=23, minutes=59):
        return _("open all day")
    said = [[formats.date_format(moment.astimezone(place.zone), "g:i A") for moment in span] for span in spans]
    return ", ".join(f"{start} – {end}" for start, end in said)
