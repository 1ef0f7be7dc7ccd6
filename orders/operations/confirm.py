"""A partner gives its word for units of its work, each leaving on a day; until one has left it can take it back."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move
from orders import events
from orders.models import Confirmation, FulfillmentLine, FulfillmentOrder, OrderException
from orders.models.fulfillment_order import Status
from orders.operations.acknowledge import acknowledge
from orders.operations.partner_work import chosen_units, confirmed_quantity, lock_partner_work, locked_lines
from orders.operations.raise_exception import raise_exception, settle_exception

FARTHEST = timedelta(days=60)


@retried
@operation
def confirm(
    *, number: str, by: Actor, now: datetime, units: Mapping[int, int] | None = None, ships_on: date | None = None,
    days: Mapping[int, date] | None = None,
) -> FulfillmentOrder:  # fmt: skip
    """Confirm `units` (line id -> open units; all without), leaving on `ships_on` (or by line in `days`).

    Without a day it is the one said before, or else the promised one. A later day moves the promise, HQ sees it and
    the customer is told. The same said twice changes nothing; fewer than before leave the rest unanswered again.
    Refuses `past_day`, `too_far`, and what became of work that is over.
    """
    work = lock_partner_work(number)
    lines = locked_lines(work)
    said = {
        line: (quantity, (days or {}).get(line.pk) or ships_on or _day_without_word(work, line, now))
        for line, quantity in chosen_units(lines, units).items()
    }
    _require_days([day for _quantity, day in said.values()], work.location, now)
    changed = {line: each for line, each in said.items() if each != _said_before(line)}
    acknowledge(number=number, by=by, now=now)
    if changed:
        _write_down(changed, by, now)
        _ask_for_the_rest(work, by)
        _tell(work, changed, by)
        _move_promise(work, changed, by, now)
    accept_when_answered(work=work, by=by, now=now)
    return work


def _ask_for_the_rest(work: FulfillmentOrder, by: Actor) -> None:
    """Where less than everything is confirmed by now, accepted work is unanswered again: its alarms watch it."""
    lines = locked_lines(work)
    if work.status != Status.ACCEPTED or any(line.issued_quantity for line in lines):
        return  # a first parcel accepts the whole
    if sum(confirmed_quantity(line) for line in lines) < sum(line.open_quantity for line in lines):
        move(work, Status.RELEASED, by=by, reason="less is confirmed", accepted_at=None)


@operation
def withdraw_confirmation(*, number: str, by: Actor, now: datetime) -> FulfillmentOrder:
    """It was a mistake: the work is unanswered again. Refuses `already_shipped` once a parcel has left."""
    work = lock_partner_work(number)
    lines = locked_lines(work)
    if any(line.issued_quantity for line in lines):
        raise Refusal("already_shipped", _("A parcel of %s has left; its confirmation stays.") % work.number)
    if not any(confirmed_quantity(line) for line in lines) and work.status == Status.RELEASED:
        return work
    Confirmation.objects.filter(line__in=lines).update(
        quantity=0, ships_on=None, confirmed_at=now, confirmed_by=by.label
    )
    if work.status == Status.ACCEPTED:
        move(work, Status.RELEASED, by=by, reason="confirmation taken back", accepted_at=None)
    emit(events.CONFIRMATION_WITHDRAWN, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
    })  # fmt: skip
    return work


def accept_when_answered(*, work: FulfillmentOrder, by: Actor, now: datetime) -> None:
    """Locked work is accepted as soon as every open unit of it is confirmed."""
    if work.status != Status.RELEASED:
        return
    lines = locked_lines(work)
    open_units = sum(line.open_quantity for line in lines)
    if not open_units or sum(confirmed_quantity(line) for line in lines) < open_units:
        return
    move(work, Status.ACCEPTED, by=by, accepted_at=now)
    settle_exception(order=work.order, kind=OrderException.Kind.OVERDUE, resolution=_("confirmed"), by=by, now=now)
    emit(events.ACCEPTED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
    })  # fmt: skip


def _day_without_word(work: FulfillmentOrder, line: FulfillmentLine, now: datetime) -> date:
    _quantity, said = _said_before(line)
    return said if said and said >= now.astimezone(work.location.zone).date() else _promised_day(work, now)


def _promised_day(work: FulfillmentOrder, now: datetime) -> date:
    """On the partner's own calendar; today where the promise is past."""
    zone = work.location.zone
    return max((work.cutoff_at or work.due_at).astimezone(zone).date(), now.astimezone(zone).date())


def _require_days(days: list[date], location: Location, now: datetime) -> None:
    today = now.astimezone(location.zone).date()
    if any(day < today for day in days):
        raise Invalid("past_day", _("That day is over. Say when it will leave."))
    if any(day > today + FARTHEST for day in days):
        raise Invalid("too_far", _("That is more than %d days ahead. Refuse it instead.") % FARTHEST.days)


def _said_before(line: FulfillmentLine) -> tuple[int, date | None]:
    said = getattr(line, "confirmation", None)
    return confirmed_quantity(line), said.ships_on if said else None


def _write_down(said: Mapping[FulfillmentLine, tuple[int, date]], by: Actor, now: datetime) -> None:
    Confirmation.objects.bulk_create(
        [
            Confirmation(line=line, quantity=line.issued_quantity + quantity, ships_on=day, confirmed_at=now,
                         confirmed_by=by.label)
            for line, (quantity, day) in said.items()
        ],
        update_conflicts=True, unique_fields=["line"],
        update_fields=["quantity", "ships_on", "confirmed_at", "confirmed_by"],
    )  # fmt: skip


def _tell(work: FulfillmentOrder, said: Mapping[FulfillmentLine, tuple[int, date]], by: Actor) -> None:
    emit(events.CONFIRMED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "lines": [{"reference": line.order_line.reference, "sku": line.order_line.sku, "quantity": quantity,
                   "ships_on": day.isoformat()} for line, (quantity, day) in said.items()],
    })  # fmt: skip


def _move_promise(
    work: FulfillmentOrder, said: Mapping[FulfillmentLine, tuple[int, date]], by: Actor, now: datetime
) -> None:
    """A later day than promised is the new promise: HQ sees it and its customer is told. An earlier one is no news."""
    promised = _promised_day(work, now)
    later = {line: (quantity, day) for line, (quantity, day) in said.items() if day > promised}
    if not later:
        return
    day = max(day for _quantity, day in later.values())
    before = work.cutoff_at
    departure = work.location.next_departure(now, not_before=day)
    work.cutoff_at = departure.leaves_at if departure else work.location.schedule.at(day, work.location.carrier_cut_off)
    work.due_at = departure.begin_by if departure else work.cutoff_at
    work.missed_at = None
    work.save(update_fields=["cutoff_at", "due_at", "missed_at"])
    detail = _("%(work)s leaves %(place)s on %(when)s, later than promised") % {
        "work": work.number, "place": work.location.name, "when": day.isoformat(),
    }  # fmt: skip
    raise_exception(order=work.order, kind=OrderException.Kind.LATE, detail=detail, now=now)
    emit(events.SHIP_DATE_MOVED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "promised_at": before, "ships_on": day.isoformat(), "ship_by": work.cutoff_at,
        "lines": [{"reference": line.order_line.reference, "sku": line.order_line.sku, "quantity": quantity}
                  for line, (quantity, _day) in later.items()],
    })  # fmt: skip
