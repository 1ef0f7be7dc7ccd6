"""Give a staged order to its collector; the stock leaves the store. For a minute it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import StockMovement
from inventory.operations.close_promise import Part, issue, undo_issue
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, NotAllowed, Refusal
from omni.core.settings_store import setting
from omni.core.states import move
from orders import events, preferences
from orders.models import FulfillmentLine, FulfillmentOrder, HandOver, Order, OrderLine
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.age_check import AgeCheck, require_age
from orders.operations.arrive import serve, serve_again
from orders.operations.cancel import cancel_rest
from orders.operations.finish_work import finish_work
from orders.operations.relabel import relabel
from orders.operations.serials import send_out, undo_send_out
from orders.operations.ship_rest import ship_rest
from orders.pickup_code import digest

Check = HandOver.Check


@dataclass(frozen=True)
class Collector:
    """Who stands at the desk, and how we know: their code, their photo ID (by name), or a lead's word.

    `code_digest` stands for a code that `check_code` found right a moment ago.
    """

    check: str
    code: str = ""
    code_digest: str = ""
    name: str = ""
    note: str = ""
    may_override: bool = False


@operation
def hand_over(
    *, number: str, collector: Collector, by: Actor, now: datetime,
    units: Mapping[int, int] | None = None, cancel_remaining: bool = False, ship_remaining_to: dict | None = None,
    age: AgeCheck | None = None, seen: int | None = None,
) -> HandOver:  # fmt: skip
    """Hand over all of it, or `units` by fulfillment line id. The rest stays ready, or on the customer's word is
    cancelled or sent to an address. `seen` is how many hand-overs of this work the person saw when they decided: a
    button pressed twice gives nothing twice. Age-restricted units need an `age` check, whoever asks."""
    work = FulfillmentOrder.objects.lock(number)
    _require_unchanged(work, seen)
    _require_ready(work)
    _require_collector(work.order, collector)
    chosen = _chosen(work, units)
    restricted = require_age([line.order_line.title for line in chosen if line.variant.is_age_restricted], age)
    handed = HandOver.objects.create(
        fulfillment_order=work, check_kind=collector.check, collector_name=_who(work.order, collector),
        note=collector.note.strip()[:300], lines={str(line.pk): quantity for line, quantity in chosen.items()},
        is_age_restricted=restricted, age_over=age.over if restricted and age else None,
        age_check=age.how if restricted and age else "", reservation_ids=[], handed_over_at=now,
        handed_over_by_id=by.user_id, undo_until=now + timedelta(seconds=setting(preferences.UNDO_SECONDS)),
    )  # fmt: skip
    _count(chosen, +1)
    serials = send_out(units=chosen, hand_over=handed)
    serve(work=work, hand_over=handed, now=now)
    finish_work(work=work, by=by, now=now, reason=f"handed over, {collector.check}")
    relabel(order=work.order, now=now)
    parts = [Part(line.demand_key, quantity, off_shelf=quantity) for line, quantity in chosen.items()]
    handed.reservation_ids = issue(parts=parts, kind=StockMovement.Kind.PICKUP, by=by, now=now)
    handed.save(update_fields=["reservation_ids"])
    emit(events.HANDED_OVER, aggregate=work.order.subject, by=by, payload=_news(work, handed, chosen, serials))
    if ship_remaining_to:
        ship_rest(work=work, address=ship_remaining_to, by=by, now=now)
    elif cancel_remaining:
        cancel_rest(work=work, reason=_("left on the customer's word"), by=by, now=now)
    return handed


@operation
def undo_hand_over(*, hand_over_id: int, by: Actor, now: datetime) -> HandOver:
    """It was the wrong order or person: the units are back in staging, promised as before, nothing is captured."""
    number = HandOver.objects.values_list("fulfillment_order__number", flat=True).get(pk=hand_over_id)
    work = FulfillmentOrder.objects.lock(number)
    handed = HandOver.objects.select_for_update().get(pk=hand_over_id)
    if handed.undone_at:
        raise Refusal("already_undone", _("This hand-over was already undone."))
    if handed.finalized_at or handed.undo_until <= now:
        raise Refusal("too_late", _("The minute for undoing is over. Take the items back as a return."))
    chosen = {line: handed.lines[str(line.pk)] for line in _locked_lines(work) if str(line.pk) in handed.lines}
    _count(chosen, -1)
    undo_send_out(hand_over=handed)
    serve_again(work=work, hand_over=handed)
    if work.status == Status.HANDED_OVER:
        move(work, Status.STAGED, by=by, reason="hand-over undone", closed_at=None)
    handed.undone_at = now
    handed.save(update_fields=["undone_at"])
    relabel(order=work.order, now=now)
    undo_issue(reservation_ids=handed.reservation_ids, kind=StockMovement.Kind.PICKUP, by=by, now=now)
    emit(events.HAND_OVER_UNDONE, aggregate=work.order.subject, payload=_news(work, handed, chosen, {}), by=by)
    return handed


def _require_unchanged(work: FulfillmentOrder, seen: int | None) -> None:
    if seen is None or work.hand_overs.count() == seen:
        return
    if work.status == Status.HANDED_OVER:
        raise Refusal("already_handed_over", _("This was handed over a moment ago. Nothing was given twice."))
    raise Refusal("changed_meanwhile", _("Something of this order was handed over or undone a moment ago. Look again."))


def _require_ready(work: FulfillmentOrder) -> None:
    if work.status != Status.STAGED or work.method != Method.PICKUP:
        raise Refusal("not_ready", _("This order is not ready: %s.") % work.get_status_display())
    if work.order.hold:
        raise Refusal("on_hold", _("This order is on hold (%s). Ask HQ.") % work.order.get_hold_display())


def _require_collector(order: Order, collector: Collector) -> None:
    if collector.check == Check.CODE:
        given = collector.code_digest or digest(collector.code)
        if not compare_digest(given, order.pickup_code_digest):
            raise Refusal("wrong_code", _("This is not the order's pickup code. Check a photo ID instead."))
    elif collector.check == Check.PHOTO_ID:
        if not collector.name.strip():
            raise Invalid("name_required", _("Type the name as it stands on the ID."))
    elif collector.check == Check.OVERRIDE:
        if not collector.may_override:
            raise NotAllowed("lead_required", _("Only a lead can hand over without a code or an ID."))
        if not collector.note.strip():
            raise Invalid("reason_required", _("Say why it is handed over without a code or an ID."))
    else:
        raise Invalid("unknown_check", _("Choose how the collector was checked."))


def _who(order: Order, collector: Collector) -> str:
    """Whose name stands in the book: that on the ID, or of who was announced and came with the code."""
    return (" ".join(collector.name.split()) or order.collector_name)[:200]


def _chosen(work: FulfillmentOrder, units: Mapping[int, int] | None) -> dict[FulfillmentLine, int]:
    lines = _locked_lines(work)
    if units is None:
        return {line: line.in_staging_quantity for line in lines if line.in_staging_quantity}
    unknown = set(units) - {line.pk for line in lines}
    over = [line for line in lines if not 0 <= units.get(line.pk, 0) <= line.in_staging_quantity]
    chosen = {line: units[line.pk] for line in lines if units.get(line.pk)}
    if unknown or over or not chosen:
        raise Invalid("bad_quantity", _("Choose at least one unit, and no more than are on the shelf."))
    return chosen


def _locked_lines(work: FulfillmentOrder) -> list[FulfillmentLine]:
    return list(work.lines.select_related("order_line", "variant").order_by("pk").select_for_update(of=("self",)))


def _count(chosen: Mapping[FulfillmentLine, int], sign: int) -> None:
    for line, quantity in chosen.items():
        FulfillmentLine.objects.filter(pk=line.pk).update(issued_quantity=F("issued_quantity") + sign * quantity)
        OrderLine.objects.filter(pk=line.order_line_id).update(
            allocated_quantity=F("allocated_quantity") - sign * quantity,
            fulfilled_quantity=F("fulfilled_quantity") + sign * quantity,
        )


def _news(
    work: FulfillmentOrder, handed: HandOver, chosen: Mapping[FulfillmentLine, int], serials: Mapping[int, list[str]]
) -> dict:
    return {
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "hand_over_id": handed.pk, "checked_by": handed.check_kind, "collector": handed.collector_name,
        "age_check": handed.age_words,
        "lines": [
            {"reference": line.order_line.reference, "sku": line.order_line.sku, "quantity": quantity,
             "serials": serials.get(line.pk, [])}
            for line, quantity in chosen.items()
        ],
    }  # fmt: skip
