"""What becomes of a pickup whose units are sent to its store: they arrived, or some of them never will."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location, TransferLine
from inventory.operations.owed_units import give_up_owed
from inventory.operations.transfer import lock_transfer
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.states import move
from orders import events
from orders.models import FulfillmentLine, FulfillmentOrder, OrderLine
from orders.models.fulfillment_order import Status
from orders.operations.assign import allocate
from orders.operations.find_elsewhere import exclude, excluded_sites, offer_choice
from orders.operations.finish_work import finish_work
from orders.operations.lose_units import lose_units
from orders.operations.plan_lines import plan_lines

BY = Actor.system("ship to store")


def follow_transfer(*, number: str, now: datetime) -> None:
    """The pickup that waits for this transfer goes on; asked twice it changes nothing more."""
    waiting = FulfillmentOrder.objects.filter(transfer__number=number, status=Status.AWAITING)
    for work in waiting.values_list("number", flat=True):
        _follow(number=work, now=now)


@retried
@operation
def _follow(*, number: str, now: datetime) -> None:
    work = FulfillmentOrder.objects.lock(number)
    if work.status != Status.AWAITING or work.transfer is None:
        return
    transfer, sent = lock_transfer(work.transfer.number)
    by_key = {line.demand_key: line for line in sent if line.demand_key}
    lines = list(work.lines.select_for_update(of=("self",)).select_related("order_line"))
    lacking = {line: by_key[line.demand_key].lacking_quantity for line in lines if line.demand_key in by_key}
    lacking = {line: n for line, n in lacking.items() if n}
    if lacking:
        _without(work, lacking, transfer.from_location, now)
    if work.status == Status.AWAITING and not _still_coming(lines):
        move(work, Status.PLANNED, by=BY, reason=_("arrived with transfer %s") % transfer.number, release_at=now)
        emit(events.ARRIVED_AT_STORE, aggregate=work.order.subject, by=BY, payload={
            "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
            "transfer": transfer.number,
        })  # fmt: skip


def _still_coming(lines: list[FulfillmentLine]) -> bool:
    keys = [line.demand_key for line in lines]
    return TransferLine.objects.filter(demand_key__in=keys, owed_quantity__gt=0).exists()


def _without(work: FulfillmentOrder, lacking: Mapping[FulfillmentLine, int], sender: Location, now: datetime) -> None:
    """These units never come: the store has them meanwhile, another location sends them, or the customer is asked."""
    reason = _("did not arrive from %s") % sender.name
    lose_units(work=work, units=lacking, now=now)
    exclude(lines=[line.order_line for line in lacking], location=sender, reason=reason, now=now)
    finish_work(work=work, by=BY, now=now, reason=reason)
    give_up_owed(units={line.demand_key: n for line, n in lacking.items()}, reason=reason, by=BY, now=now)
    _bring_again(work, {line.order_line: n for line, n in lacking.items()}, now)


def _bring_again(work: FulfillmentOrder, units: Mapping[OrderLine, int], now: datetime) -> None:
    lines = list(units)
    plan = plan_lines(
        lines=lines, quantities={line.position: n for line, n in units.items()}, channel=work.order.channel, near=None,
        excluded=excluded_sites(lines), now=now,
    )  # fmt: skip
    assigned = allocate(order=work.order, assignments=plan.assignments, by=BY, now=now, is_again=True)
    missing = plan.missing if not assigned.failed else {line.position: n for line, n in units.items()}
    for line in lines:
        if n := missing.get(line.position):
            offer_choice(order=work.order, line=line, quantity=n, location=work.location, by=BY, now=now)
    for later in assigned.works:
        if later.due_at > work.due_at:
            _tell_later(later, work.due_at, now)


def _tell_later(work: FulfillmentOrder, promised_at: datetime, now: datetime) -> None:
    """The customer hears of the new day at once, and not a second time when the old one has passed."""
    FulfillmentOrder.objects.filter(pk=work.pk).update(delay_told_at=now)
    emit(events.DELAYED, aggregate=work.order.subject, by=BY, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "promised_at": promised_at,
    })  # fmt: skip
