"""Units are here, somebody looked at them: each gets its grade, and stock exactly where its disposition says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.models import Location, StockMovement
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.currencies import exponent
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move, move_many
from orders.operations.serials import clean_serial, take_back
from returns import events
from returns.models import Disposition, ReturnOrder, ReturnPolicy, ReturnUnit
from returns.models.disposition import BUCKETS, WORTH, kind_of_entry
from returns.models.return_order import Status
from returns.models.return_unit import UnitStatus
from returns.operations.assess import is_our_fault, terms_of
from returns.operations.authorize import reasons_by_code
from returns.operations.news import told
from returns.policy import BLIND, GRADES, Because, Decision, Outcome, Unit, decide
from returns.words import as_rows, sentences

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Looked:
    """What somebody saw of one unit. Without a disposition the policy's is taken, without a reason the one given."""

    grade: str = "A"
    reason: str = ""
    disposition: str = ""
    serial: str = ""


@retried
@operation
def receive(
    *, rma_number: int, looked: Mapping[int, Looked], location: Location, by: Actor, now: datetime
) -> ReturnOrder:
    """Book these units (by id) in at `location`, the rest is still expected.

    Fee and eligibility are decided anew for the condition that was seen. Refuses `not_expected` for units that are
    here already or will not come, `serial_needed`, `not_this_one` and `not_returnable`.
    """
    found = ReturnOrder.objects.lock(rma_number)
    _require_open(found, location)
    units = _units(found, looked)
    _require_eligible(decide_anew(found, units, looked, now))
    _take_serials(units, now)
    ReturnUnit.objects.bulk_update(
        units,
        ["grade", "reason", "disposition", "serial", "exceptions", "fee_amount", "refund_amount", "refund_to",
         "policy", "cost_amount"],
        batch_size=500,
    )  # fmt: skip
    move_many(units, UnitStatus.RECEIVED, by=by, location=location, received_at=now)
    if found.status == Status.AUTHORIZED:
        move(found, Status.RECEIVED, by=by, received_at=now, location=location)
    move_stock(moves=[each for unit in units for each in _entry(unit, location)], by=by, now=now)
    emit(events.RECEIVED, aggregate=found.story_subject, by=by, payload=told(found, units))
    return found


def worth(unit: ReturnUnit, disposition: str) -> Decimal:
    """What the unit is worth to us: its cost (zero where nobody knows it), by what becomes of it."""
    return (unit.variant.unit_cost or Decimal(0)) * WORTH[disposition]


def gone(unit: ReturnUnit, location_id: int, *, reason: str = "") -> Move:
    """A unit that was disposed of leaves the ledger by an entry of its own."""
    return Move(unit.variant_id, location_id, Kind.DISPOSE, -1, BUCKETS[Disposition.DISPOSE], cause=unit.cause,
                reason=reason)  # fmt: skip


def _require_open(found: ReturnOrder, location: Location) -> None:
    if found.status == Status.WAITING:
        raise Refusal("waits_for_approval", _("A lead has to decide about this return first."))
    if found.status not in (Status.AUTHORIZED, Status.RECEIVED):
        raise Refusal("not_open", _("This return is %s already.") % found.get_status_display().lower())
    if not location.can_return:
        raise Refusal("no_returns_here", _("%s takes no returns.") % location.name)


def _units(found: ReturnOrder, looked: Mapping[int, Looked]) -> list[ReturnUnit]:
    rows = found.units.select_related("order_line__variant__product", "variant__product", "reason")
    units = list(rows.filter(pk__in=looked).order_by("pk").select_for_update(of=("self",)))
    if not looked or len(units) != len(looked):
        raise Invalid("unknown_unit", _("Choose units of this return."))
    if any(unit.status != UnitStatus.AUTHORIZED for unit in units):
        raise Refusal("not_expected", _("Some of these units were received already, or taken out of this return."))
    return units


def decide_anew(
    found: ReturnOrder, units: Sequence[ReturnUnit], looked: Mapping[int, Looked], now: datetime
) -> list[Decision]:
    """Write onto each unit what was seen and what follows from it; the caller saves it."""
    decide_unit = _decider(found)
    decisions = []
    reasons = reasons_by_code(each.reason for each in looked.values())
    for unit in units:
        seen = looked[unit.pk]
        if seen.grade not in GRADES:
            raise Invalid("unknown_grade", _("A grade is A, B, C or D."))
        if seen.reason and seen.reason not in reasons:
            raise Invalid("unknown_reason", _("Choose one of the reasons."))
        if seen.disposition and seen.disposition not in Disposition.values:
            raise Invalid("unknown_disposition", _("Choose one of the dispositions."))
        unit.grade = seen.grade
        unit.reason = reasons.get(seen.reason, unit.reason)
        unit.serial = clean_serial(seen.serial) or unit.serial
        decision = decide_unit(unit)
        _take_over(unit, decision, seen)
        decisions.append(decision)
    return decisions


def _require_eligible(decisions: Sequence[Decision]) -> None:
    for decision in decisions:
        if decision.outcome == Outcome.NOT_ELIGIBLE:
            raise Refusal("not_returnable", " ".join(sentences(decision.reasons)))


def _take_over(unit: ReturnUnit, decision: Decision, seen: Looked) -> None:
    """What was paid for it stays; fee, refund and the reasons for a second person follow its condition."""
    unit.fee_amount = decision.fee
    unit.refund_amount = unit.value_amount - decision.fee
    unit.policy_id = decision.rule.id if decision.rule else None
    kept = [row for row in unit.exceptions if row["code"] == "no_receipt"]
    unit.exceptions = kept + as_rows(decision.reasons)
    if unit.order_line_id:
        unit.refund_to = decision.refund_to
    unit.disposition = seen.disposition or decision.disposition
    unit.cost_amount = worth(unit, unit.disposition)


def _decider(found: ReturnOrder) -> Callable[[ReturnUnit], Decision]:
    rules = ReturnPolicy.objects.rules(found.opened_at.date())
    if found.order is not None:
        # The day it was announced counts: a parcel that travels does not run out of its window.
        terms = terms_of(found.order, location=found.location, now=found.opened_at, rules=rules)
        return lambda unit: terms.decide(
            unit.order_line, unit.unit_index, grade=unit.grade, reason=unit.reason,  # type: ignore[arg-type]
            serial=unit.serial,
        )  # fmt: skip
    day = found.opened_at.date()
    return lambda unit: decide(_blind(unit, found, day), rules)


def _blind(unit: ReturnUnit, found: ReturnOrder, day: date) -> Unit:
    return Unit(
        value=unit.value_amount, today=day, kind=BLIND, category=unit.variant.product.category, grade=unit.grade,
        is_final_sale=unit.variant.is_final_sale, is_our_fault=is_our_fault(unit.reason), currency=found.currency,
        decimals=exponent(found.currency),
    )  # fmt: skip


def _take_serials(units: Sequence[ReturnUnit], now: datetime) -> None:
    for unit in units:
        if unit.order_line is None or not unit.variant.is_serial_tracked:
            continue
        if not unit.serial:
            raise Refusal("serial_needed", sentences([Because("serial_needed")])[0], unit=unit.pk)
        take_back(order_line=unit.order_line, serial=unit.serial, now=now)


def _entry(unit: ReturnUnit, location: Location) -> list[Move]:
    kind, bucket = kind_of_entry(unit.disposition), BUCKETS[unit.disposition]
    into = Move(unit.variant_id, location.pk, kind, 1, bucket, cause=unit.cause, reason=f"grade {unit.grade}")
    return [into, gone(unit, location.pk)] if unit.disposition == Disposition.DISPOSE else [into]
