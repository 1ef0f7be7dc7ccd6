"""Somebody wants to bring units back: each is claimed for this return, so that no other return can have it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin, move
from orders.models import Order, OrderLine
from orders.operations.open_kits import units_of
from orders.operations.serials import clean_serial
from returns import events
from returns.models import ReturnOrder, ReturnPolicy, ReturnReason, ReturnUnit
from returns.models.return_order import Status
from returns.operations.assess import Terms, free_units, returnable_lines, terms_of
from returns.operations.news import told
from returns.operations.watch import watched
from returns.policy import GRADES, Decision, Outcome
from returns.words import as_rows, sentences

Channel = ReturnOrder.Channel


@dataclass(frozen=True)
class Wanted:
    """Units of one order line, by its reference; `pointer` names it in an answer."""

    reference: str
    quantity: int = 1
    reason: str = ""
    grade: str = "A"
    serial: str = ""
    pointer: str = ""


@operation
def authorize(
    *, order_number: int, wanted: Sequence[Wanted], channel: str, location: Location | None, by: Actor, now: datetime,
    override: bool = False, note: str = "", source_key: str | None = None,
) -> ReturnOrder:  # fmt: skip
    """Open a return for these units.

    Refuses `not_returnable` with a reason per line; what a lead may decide otherwise is taken with `override` and is
    then approved by a second person before money moves. An announced mail return waits for that word first.
    """
    order = Order.objects.lock(order_number)
    opened = ReturnOrder.objects.create(
        order=order, customer_id=order.customer_id, channel=channel, location=location, currency=order.currency,
        note=note[:300], source_key=source_key, opened_at=now, opened_by=by.label,
    )  # fmt: skip
    begin(opened, by=by, reason=note)
    units = claim_units(opened, wanted, override=override, by=by, now=now)
    emit(events.AUTHORIZED, aggregate=opened.story_subject, by=by, payload=told(opened, units))
    return opened


@operation
def add_units(
    *, rma_number: int, wanted: Sequence[Wanted], by: Actor, now: datetime, override: bool = False
) -> list[ReturnUnit]:
    """More units of the same order come along."""
    found = ReturnOrder.objects.lock(rma_number)
    if found.status != Status.AUTHORIZED or found.order is None:
        raise Refusal("not_open", _("This return is %s: begin a new one.") % found.get_status_display().lower())
    units = claim_units(found, wanted, override=override, by=by, now=now)
    emit(events.AUTHORIZED, aggregate=found.story_subject, by=by, payload=told(found, units))
    return units


def claim_units(
    opened: ReturnOrder, wanted: Sequence[Wanted], *, override: bool, by: Actor, now: datetime
) -> list[ReturnUnit]:
    """The units of a locked order, as rows of this return; the lines' counters move with them."""
    order = opened.order
    assert order is not None
    terms = terms_of(order, location=opened.location, now=now, rules=ReturnPolicy.objects.rules(now.date()))
    lines = {line.reference: line for line in returnable_lines(order)}
    wanted = _opened(order, wanted, list(lines.values()))
    reasons = reasons_by_code(each.reason for each in wanted)
    _require_known(wanted, lines, reasons)
    taken = _taken(lines.values())
    units: list[ReturnUnit] = []
    problems = []
    for n, each in enumerate(wanted):
        line = lines[each.reference]
        free = free_units(line, taken[line.pk])[: each.quantity]
        pointer = each.pointer or f"/lines/{n}"
        if len(free) < each.quantity:
            problems.append(_too_many(pointer, line, len(free)))
            continue
        for index in free:
            reason, serial = reasons.get(each.reason), clean_serial(each.serial)
            decision = terms.decide(line, index, grade=each.grade, reason=reason, serial=serial)
            if refused := _refused(decision, override):
                problems.append({"pointer": pointer, "code": decision.reasons[0].code, "detail": refused})
                break
            taken[line.pk].add(index)
            units.append(_unit(opened, terms, line, index, each, decision, reason=reason, serial=serial))
    if problems:
        raise Refusal("not_returnable", " ".join(dict.fromkeys(str(each["detail"]) for each in problems)),
                      errors=problems)  # fmt: skip
    _count(units)
    ReturnUnit.objects.bulk_create(units, batch_size=2000)
    begin(*units, by=by)
    if opened.channel == Channel.MAIL:
        _ask_before(opened, units, by, now)
    return units


def _opened(order: Order, wanted: Sequence[Wanted], lines: Sequence[OrderLine]) -> list[Wanted]:
    """A kit's reference stands for so many units of each of its parts, each with its share of the price."""
    units = units_of(order, [(each.reference, each.quantity) for each in wanted], lines)
    return [
        replace(wanted[n], reference=reference, quantity=quantity, pointer=wanted[n].pointer or f"/lines/{n}")
        for n, reference, quantity in units
    ]


def reasons_by_code(codes: Iterable[str]) -> dict[str, ReturnReason]:
    wanted = {code for code in codes if code}
    return {reason.code: reason for reason in ReturnReason.objects.filter(code__in=wanted, is_active=True)}


def _require_known(wanted: Sequence[Wanted], lines: dict[str, OrderLine], reasons: dict[str, ReturnReason]) -> None:
    problems = []
    for n, each in enumerate(wanted):
        pointer = each.pointer or f"/lines/{n}"
        if each.reference not in lines:
            problems.append(_problem(f"{pointer}/reference", "unknown_line",
                                     _("The order has no line %s.") % each.reference))  # fmt: skip
        if each.quantity < 1:
            problems.append(_problem(f"{pointer}/quantity", "bad_quantity", _("At least one unit.")))
        if each.reason and each.reason not in reasons:
            problems.append(_problem(f"{pointer}/reason", "unknown_reason", _("Choose one of the reasons.")))
        if each.grade not in GRADES:
            problems.append(_problem(f"{pointer}/grade", "unknown_grade", _("A grade is A, B, C or D.")))
    if problems or not wanted:
        raise Invalid("invalid_return", _("This cannot be returned as asked."), errors=problems)


def _problem(pointer: str, code: str, detail: str) -> dict:
    return {"pointer": pointer, "code": code, "detail": detail}


def _too_many(pointer: str, line: OrderLine, left: int) -> dict:
    if line.fulfilled_quantity == 0:
        return _problem(pointer, "not_fulfilled", _("%s was not handed over or shipped yet: cancel it instead.")
                        % line.title) | {"available": 0}  # fmt: skip
    detail = (
        _("All units of %s are in a return already.") if left == 0 else _("Only %(left)d of %(title)s can come back.")
    )
    words = detail % ({"left": left, "title": line.title} if left else line.title)
    return _problem(pointer, "over_return", words) | {"available": left}


def _taken(lines: Iterable[OrderLine]) -> dict[int, set[int]]:
    taken: dict[int, set[int]] = {line.pk: set() for line in lines}
    rows = ReturnUnit.objects.counted().filter(order_line__in=list(taken))
    for line, index in rows.values_list("order_line", "unit_index"):
        taken[line].add(index or 0)
    return taken


def _refused(decision: Decision, override: bool) -> str:
    if decision.outcome == Outcome.ELIGIBLE or (override and decision.outcome == Outcome.NEEDS_APPROVAL):
        return ""
    return " ".join(sentences(decision.reasons))


def _unit(
    opened: ReturnOrder, terms: Terms, line: OrderLine, index: int, each: Wanted, decision: Decision, *,
    reason: ReturnReason | None, serial: str,
) -> ReturnUnit:  # fmt: skip
    return ReturnUnit(
        return_order=opened, order_line=line, unit_index=index, variant=line.variant, title=line.title, reason=reason,
        grade=each.grade, serial=serial, policy_id=decision.rule.id if decision.rule else None,
        exceptions=as_rows(decision.reasons), value_amount=decision.refund + decision.fee, fee_amount=decision.fee,
        refund_amount=decision.refund, refund_to=decision.refund_to,
    )  # fmt: skip


def _count(units: Sequence[ReturnUnit]) -> None:
    """The CHECK on the line is the last word: more than was fulfilled cannot be written."""
    counts: dict[int, int] = {}
    for unit in units:
        counts[unit.order_line_id] = counts.get(unit.order_line_id, 0) + 1  # type: ignore[index,arg-type]
    for line, count in sorted(counts.items()):
        OrderLine.objects.filter(pk=line).update(returned_quantity=F("returned_quantity") + count)


def _ask_before(opened: ReturnOrder, units: Sequence[ReturnUnit], by: Actor, now: datetime) -> None:
    """A mail return that a lead must decide on gets its label only then."""
    asks = [row for unit in units for row in unit.exceptions] + as_rows(watched(opened, now=now))
    if not asks:
        return
    kept = list({str(row): row for row in [*opened.approval, *asks]}.values())
    move(opened, Status.WAITING, by=by, reason="needs a lead's word", approval=kept)
    emit(events.APPROVAL_ASKED, aggregate=opened.story_subject, by=by, payload=told(opened, units) | {"asks": kept})
