"""A return, or a unit of it, does not happen: not brought after all, not accepted, or never arrived."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import StockMovement
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from omni.core.states import move, move_many
from orders.models import OrderLine
from returns import events, preferences
from returns.models import Disposition, ReturnOrder, ReturnUnit
from returns.models.disposition import BUCKETS
from returns.models.return_order import Status
from returns.models.return_unit import UnitStatus
from returns.operations.news import told
from returns.operations.pay_back import finish

Channel = ReturnOrder.Channel
BY = Actor.system("returns")


@operation
def take_out(*, rma_number: int, unit_id: int, by: Actor, now: datetime) -> ReturnOrder:
    """This unit is not returned after all; it can come back another day."""
    found = ReturnOrder.objects.lock(rma_number)
    units = _locked(found, [unit_id])
    if units[0].status == UnitStatus.CANCELLED:
        return found
    _let_go(units, UnitStatus.CANCELLED, by=by, reason="taken out")
    if found.status == Status.AUTHORIZED and not found.units.filter(status=UnitStatus.AUTHORIZED).exists():
        move(found, Status.CANCELLED, by=by, reason="nothing left", closed_at=now)
        emit(events.CANCELLED, aggregate=found.story_subject, by=by, payload=told(found, units))
    else:
        finish(found, by=by, now=now)
    return found


@operation
def cancel_return(*, rma_number: int, reason: str, by: Actor, now: datetime) -> ReturnOrder:
    """Nothing (more) of it will come; units that are here already stay received."""
    found = ReturnOrder.objects.lock(rma_number)
    if found.status not in (Status.WAITING, Status.AUTHORIZED, Status.RECEIVED):
        raise Refusal("not_open", _("This return is %s already.") % found.get_status_display().lower())
    units = _expected(found)
    _let_go(units, UnitStatus.CANCELLED, by=by, reason=reason)
    if found.status == Status.RECEIVED:
        finish(found, by=by, now=now)
    else:
        move(found, Status.CANCELLED, by=by, reason=reason, closed_at=now)
    if units:
        emit(events.CANCELLED, aggregate=found.story_subject, by=by, payload=told(found, units) | {"reason": reason})
    return found


@operation
def refuse_return(*, rma_number: int, reason: str, by: Actor, now: datetime) -> ReturnOrder:
    """Somebody who may decide says no: no refund, and what is here goes back to its owner."""
    if not reason.strip():
        raise Invalid("reason_required", _("Say why this is not taken back; the customer reads it."))
    found = ReturnOrder.objects.lock(rma_number)
    units = list(_rows(found).exclude(status__in=[UnitStatus.CANCELLED, UnitStatus.REFUSED]))
    if found.status not in (Status.WAITING, Status.AUTHORIZED, Status.RECEIVED) or any(
        unit.status == UnitStatus.REFUNDED for unit in units
    ):
        raise Refusal("not_open", _("This return is %s already.") % found.get_status_display().lower())
    here = [unit for unit in units if unit.status == UnitStatus.RECEIVED]
    _let_go(units, UnitStatus.REFUSED, by=by, reason=reason)
    move(found, Status.REFUSED, by=by, reason=reason, closed_at=now)
    move_stock(moves=[each for unit in here for each in _out(unit)], by=by, now=now)
    emit(events.REFUSED, aggregate=found.story_subject, by=by, payload=told(found, units) | {"reason": reason})
    return found


def end_forgotten(*, now: datetime, limit: int = 50) -> int:
    """Returns left at a desk, and parcels that never came, end by themselves; returns how many."""
    desk = now - timedelta(hours=setting(preferences.DESK_HOURS))
    mail = now - timedelta(days=setting(preferences.MAIL_DAYS))
    waiting = ReturnOrder.objects.filter(status__in=[Status.AUTHORIZED, Status.WAITING])
    late = waiting.filter(channel=Channel.STORE, opened_at__lt=desk) | waiting.exclude(channel=Channel.STORE).filter(
        opened_at__lt=mail
    )
    numbers = list(late.order_by("opened_at").values_list("rma_number", flat=True)[:limit])
    for number in numbers:
        cancel_return(rma_number=number, reason=_("nobody brought it"), by=BY, now=now)
    return len(numbers)


def _rows(found: ReturnOrder):
    rows = found.units.select_related("order_line", "variant").order_by("pk")
    return rows.select_for_update(of=("self",))


def _expected(found: ReturnOrder) -> list[ReturnUnit]:
    return list(_rows(found).filter(status=UnitStatus.AUTHORIZED))


def _locked(found: ReturnOrder, ids: Sequence[int]) -> list[ReturnUnit]:
    units = list(_rows(found).filter(pk__in=ids))
    if len(units) != len(ids):
        raise Invalid("unknown_unit", _("Choose units of this return."))
    return units


def _let_go(units: Sequence[ReturnUnit], to: str, *, by: Actor, reason: str) -> None:
    """The units can be returned again: their lines' counters give them free."""
    move_many(units, to, by=by, reason=reason)
    counts: dict[int, int] = {}
    for unit in units:
        if unit.order_line_id:
            counts[unit.order_line_id] = counts.get(unit.order_line_id, 0) + 1
    for line, count in sorted(counts.items()):
        OrderLine.objects.filter(pk=line).update(returned_quantity=F("returned_quantity") - count)


def _out(unit: ReturnUnit) -> list[Move]:
    """What was booked in leaves again with its owner; what was thrown away cannot."""
    if unit.disposition == Disposition.DISPOSE:
        return []
    return [Move(unit.variant_id, unit.location_id or 0, StockMovement.Kind.RETURN_HELD, -1,
                 BUCKETS[unit.disposition], cause=unit.cause, reason="given back")]  # fmt: skip
