"""Money goes back for units that are here: once per unit, to what it was paid with, the rest as store credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from customers.operations.store_credit import issue_credit
from omni.core.actors import Actor
from omni.core.currencies import amount_text
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import NotAllowed, Refusal
from omni.core.settings_store import setting
from omni.core.states import move, move_many
from orders.operations.refund import CREDIT, ORIGINAL, refund
from returns import events, preferences
from returns.models import Payout, ReturnOrder, ReturnPolicy, ReturnUnit
from returns.models.return_order import Status
from returns.models.return_unit import UnitStatus
from returns.operations.news import told
from returns.operations.watch import watched
from returns.policy import Because
from returns.words import as_rows

# From a lead upwards: whoever may decide about more may decide about less.
RANK = ("approve", "adjust", "configure")


@dataclass(frozen=True)
class Asks:
    """What a second person has to look at, and which capability that takes; nothing: nobody has to."""

    rows: Sequence[dict]
    capability: str = "approve"

    def __bool__(self) -> bool:
        return bool(self.rows)


@retried
@operation
def pay_back(
    *, rma_number: int, by: Actor, now: datetime, approved_by: Actor | None = None, to: str = "",
    till_reference: str = "",
) -> Payout | None:  # fmt: skip
    """Refund every unit that is here and not refunded yet; None where there is none (asked twice, it is done once).

    `approved_by` is the second person, where `asks` names something. `to` = "store_credit" where the customer prefers
    it. Refuses `approval_needed`, and what the refund itself refuses (`capture_pending`, `more_than_paid`).
    """
    found = ReturnOrder.objects.lock(rma_number)
    units = received_units(found)
    if not units:
        return None
    require_approval(found, units, by=by, approved_by=approved_by, now=now)
    payout = make_payout(found, units, by=by, now=now, to=to, till_reference=till_reference)
    finish(found, by=by, now=now)
    emit(events.REFUNDED, aggregate=found.story_subject, by=by, payload=told(found, units) | {
        "amount": str(payout.amount), "store_credit": str(payout.credit_amount), "payout": payout.key,
        "approved_by": approved_by.label if approved_by else None,
    })  # fmt: skip
    return payout


def received_units(found: ReturnOrder) -> list[ReturnUnit]:
    """Here, and not paid for yet; locked."""
    rows = found.units.filter(status=UnitStatus.RECEIVED).select_related("order_line", "variant").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def asks(found: ReturnOrder, units: Sequence[ReturnUnit], *, now: datetime) -> Asks:
    """Why a second person must approve: against the policy, above the limit, too often, without receipt."""
    if found.approved_by_id:
        return Asks([])
    rows = [row for unit in units for row in unit.exceptions]
    limit = Decimal(setting(preferences.APPROVAL_AMOUNT))
    total = sum((unit.refund_amount for unit in units), Decimal(0))
    reasons = list(watched(found, now=now))
    if total > limit:
        reasons.append(Because("amount", {"limit": f"{amount_text(limit, found.currency)} {found.currency}"}))
    rows += as_rows(reasons)
    distinct = list({str(row): row for row in rows}.values())
    return Asks(distinct, capability_for(units))


def require_approval(
    found: ReturnOrder, units: Sequence[ReturnUnit], *, by: Actor, approved_by: Actor | None, now: datetime
) -> None:
    """Refuse what needs a second person and has none; write down who it was."""
    needed = asks(found, units, now=now)
    if not needed:
        return
    if approved_by is None:
        raise Refusal("approval_needed", _("A second person has to approve this with their own PIN."),
                      asks=list(needed.rows), capability=needed.capability)  # fmt: skip
    if approved_by.user_id is not None and approved_by.user_id == by.user_id:
        raise NotAllowed("same_person", _("Somebody else has to approve this, not the person who asks for it."))
    found.approval, found.approved_by_id, found.approved_at = list(needed.rows), approved_by.user_id, now
    found.save(update_fields=["approval", "approved_by", "approved_at"])
    emit(events.APPROVED, aggregate=found.story_subject, by=approved_by, payload=told(found, units) | {
        "asks": list(needed.rows)
    })  # fmt: skip


def make_payout(
    found: ReturnOrder, units: Sequence[ReturnUnit], *, by: Actor, now: datetime, to: str = "",
    till_reference: str = "", exchange: Decimal = Decimal(0),
) -> Payout:  # fmt: skip
    """The row of this money, and its units with it; `exchange` of it pays for a replacement and is not given out."""
    amount = sum((unit.refund_amount for unit in units), Decimal(0))
    key = f"return:{found.rma}:{found.payouts.count() + 1}"
    credit, code = _give(found, units, amount - exchange, key, to, by=by, now=now)
    payout = Payout.objects.create(
        return_order=found, key=key, amount=amount, tender_amount=amount - exchange - credit, credit_amount=credit,
        exchange_amount=exchange, credit_code=code, till_reference=till_reference.strip()[:100], made_at=now,
        made_by_id=by.user_id,
    )  # fmt: skip
    move_many(units, UnitStatus.REFUNDED, by=by, payout=payout)
    return payout


def finish(found: ReturnOrder, *, by: Actor, now: datetime) -> None:
    """Done, once nothing is expected and nothing waits for its money."""
    if found.units.filter(status__in=[UnitStatus.AUTHORIZED, UnitStatus.RECEIVED]).exists():
        return
    if found.status == Status.RECEIVED:
        move(found, Status.COMPLETED, by=by, closed_at=now)


def capability_for(units: Sequence[ReturnUnit]) -> str:
    """The highest that any broken policy asks for."""
    policies = {unit.policy_id for unit in units if unit.exceptions}
    named = ReturnPolicy.objects.filter(pk__in=[each for each in policies if each]).values_list("override", flat=True)
    if None in policies:
        return RANK[-1]
    return max([each for each in named if each in RANK] + [RANK[0]], key=RANK.index)


def _give(
    found: ReturnOrder, units: Sequence[ReturnUnit], amount: Decimal, key: str, to: str, *, by: Actor, now: datetime
) -> tuple[Decimal, str]:
    """Ask for the money itself; returns how much of it is store credit, and its code."""
    if not amount:
        return Decimal(0), ""
    only_credit = any(unit.refund_to == ReturnPolicy.RefundTo.STORE_CREDIT for unit in units)
    if found.order is None:
        credit = issue_credit(
            amount=amount, currency=found.currency, key=key, reason=_("Return without receipt"), by=by, now=now,
            customer_id=found.customer_id, cause=f"return:{found.rma}",
        )  # fmt: skip
        return amount, credit.code
    target = CREDIT if only_credit or to == CREDIT else ORIGINAL
    made = refund(order=found.order, amount=amount, key=key, by=by, now=now, to=target,
                  reason=_("Return %s") % found.rma)  # fmt: skip
    credits = [one for one in made if one.credit]
    total = sum((one.amount for one in credits), Decimal(0))
    return total, credits[0].credit.code if credits and credits[0].credit else ""
