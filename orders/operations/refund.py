"""Give money back: to the tenders it came from, never more than was taken on each, the remainder as store credit.

The rows are written, and counted on tenders and order, before any provider is asked: two refunds at once cannot both
count the same money, and a refund whose answer got lost is found again by its key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from customers.operations.store_credit import issue_credit, refund_credit
from omni.core.actors import Actor
from omni.core.currencies import amount_text
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import Capture, Order, OrderException, Payment, Refund
from orders.operations.raise_exception import raise_exception, settle_exception
from orders.operations.value import value_of
from orders.pricing import amount_problem

BY = Actor.system("refunds")
ORIGINAL, CREDIT = "original", "store_credit"
# A card gets its own money back first; what was store credit becomes store credit again last.
FIRST = (Payment.Kind.PROVIDER, Payment.Kind.TILL, Payment.Kind.STORE_CREDIT)


@dataclass(frozen=True)
class _Portion:
    """An amount from one tender (None: from none), back to it or to store credit."""

    payment: Payment | None
    amount: Decimal
    to_credit: bool


@operation
def refund(
    *, order: Order, amount: Decimal, key: str, by: Actor, now: datetime, reason: str = "",
    to: str = ORIGINAL, cause: str = Refund.Cause.RETURN,
) -> list[Refund]:  # fmt: skip
    """Give `amount` of the order's money back, once per `key`; the order is locked here (before returns and stock).

    `to` is `original` (each tender up to what was captured and not given back: cards, then the till, then store
    credit) or `store_credit` (all of it, as a new account: `refund.credit.code`). What no tender of the order ever
    took, because its channel sent none, becomes store credit. Money from the till is given by hand and booked at once;
    other tenders follow within moments, with `orders.refunded` or `orders.refund_failed`.

    Refuses `bad_amount`, `key_reused`, `more_than_paid` (beyond what was paid for the order, less what was given back)
    and `capture_pending` (the payment is being taken: try again in a moment).
    """
    order = Order.objects.lock(order.number)
    before = list(order.refunds.filter(act_key=key).select_related("payment", "credit").order_by("pk"))
    if before:
        _require_same(before, amount)
        return before
    _require_possible(order, amount)
    portions = _portions(order, amount, to=to)
    return _carry_out(order, portions, key=key, reason=reason, cause=cause, by=by, now=now)


@operation
def refund_failed_to_credit(*, refund_id: int, reason: str, by: Actor, now: datetime) -> Refund:
    """A person's decision about a refused refund: the customer gets store credit instead."""
    return _again(refund_id, to_credit=True, reason=reason, by=by, now=now)


@operation
def retry_refund(*, refund_id: int, reason: str, by: Actor, now: datetime) -> Refund:
    """A person's decision about a refused refund: the provider is asked once more, as a new call."""
    return _again(refund_id, to_credit=False, reason=reason, by=by, now=now)


@operation
def book_refund(*, refund_id: int, provider_reference: str, now: datetime) -> None:
    """The provider gave it back, or our own ledger of store credit does here; told twice, it is booked once."""
    order, one = _lock_refund(refund_id)
    if one.refunded_at or one.failed_at:
        return
    if one.payment and not one.credit and one.payment.kind == Payment.Kind.STORE_CREDIT:
        refund_credit(code=one.payment.reference, amount=one.amount, key=f"refund:{one.key}",
                      cause=f"order:{order.number}", by=BY, now=now)  # fmt: skip
    _write_down(one, order, reference=provider_reference, now=now)


@operation
def refuse_refund(*, refund_id: int, reason: str, now: datetime) -> None:
    """The provider will not: the money counts as kept again, and a person decides what the customer gets."""
    order, one = _lock_refund(refund_id)
    if one.refunded_at or one.failed_at:
        return
    _write_refused(order, one, reason=reason, now=now)


@operation
def bounce_refund(*, refund_id: int, reason: str, now: datetime) -> None:
    """The provider gave it, and days later the bank would not take it: it did not reach the customer after all."""
    order, one = _lock_refund(refund_id)
    if one.failed_at or one.refunded_at is None or one.payment is None or one.credit_id:
        return
    one.refunded_at = None
    _write_refused(order, one, reason=reason, now=now)


def _write_refused(order: Order, one: Refund, *, reason: str, now: datetime) -> None:
    one.failed_at, one.failure = now, reason[:300]
    one.save(update_fields=["refunded_at", "failed_at", "failure"])
    _count(order, one.payment, -one.amount)
    emit(events.REFUND_FAILED, aggregate=order.subject, by=BY, payload=_news(order, one) | {"reason": reason})
    raise_exception(order=order, kind=OrderException.Kind.REFUND, now=now,
                    detail=_("%(amount)s %(currency)s could not be given back: %(reason)s")
                    % {"amount": amount_text(one.amount, order.currency), "currency": order.currency,
                       "reason": reason})  # fmt: skip


def refundable(order: Order) -> Decimal:
    """What can be given back now: what was captured and not given back; where the channel sent no payment, the worth
    of what left for good."""
    payments = list(order.payments.all())
    if payments:
        return sum((payment.refundable_amount for payment in payments), Decimal(0))
    settled = value_of(order, {line: line.settled_quantity for line in order.lines.all()})
    return settled - order.refunded_amount


def _under_way(order: Order) -> bool:
    """Money that is being taken, or will be within the minute."""
    if any(line.settled_quantity < line.fulfilled_quantity for line in order.lines.all()):
        return True
    return Capture.objects.pending().filter(payment__order=order).exists()


def _require_same(before: Sequence[Refund], amount: Decimal) -> None:
    if sum((one.amount for one in before), Decimal(0)) != amount:
        raise Invalid("key_reused", _("Another amount was refunded with this key."))


def _require_possible(order: Order, amount: Decimal) -> None:
    if amount <= 0 or amount_problem(amount, order.currency):
        raise Invalid("bad_amount", _("An amount above zero, with no more decimals than its currency has."))
    left = refundable(order)
    if amount > left and _under_way(order):
        raise Refusal("capture_pending", _("The payment is being taken at this moment. Try again in a minute."))
    if amount > left:
        raise Refusal(
            "more_than_paid",
            _("Only %(left)s %(currency)s of this order can still be given back.")
            % {"left": amount_text(left, order.currency), "currency": order.currency},
            refundable=amount_text(left, order.currency),
        )


def _portions(order: Order, amount: Decimal, *, to: str) -> list[_Portion]:
    if to not in (ORIGINAL, CREDIT):
        raise Invalid("unknown_target", _("Give it back to the original payment or as store credit."))
    tenders = list(order.payments.order_by("pk").select_for_update())
    tenders.sort(key=lambda each: FIRST.index(Payment.Kind(each.kind)))
    portions, left = [], amount
    for payment in tenders:
        part = min(left, payment.refundable_amount)
        if part > 0:
            portions.append(_Portion(payment, part, to == CREDIT))
            left -= part
    if left:
        portions.append(_Portion(None, left, True))
    return portions


def _carry_out(
    order: Order, portions: Sequence[_Portion], *, key: str, reason: str, cause: str, by: Actor, now: datetime
) -> list[Refund]:
    made = [_make(order, each, n, key=key, reason=reason, cause=cause, by=by, now=now)
            for n, each in enumerate(portions, start=1)]  # fmt: skip
    emit(events.REFUND_REQUESTED, aggregate=order.subject, by=by, payload={
        "order": str(order.number), "key": key, "cause": cause, "reason": reason, "currency": order.currency,
        "amount": str(sum((one.amount for one in made), Decimal(0))),
    })  # fmt: skip
    for one in made:
        if one.credit or (one.payment and one.payment.kind == Payment.Kind.TILL):
            _write_down(one, order, reference="", now=now)
    return made


def _make(
    order: Order, portion: _Portion, n: int, *, key: str, reason: str, cause: str, by: Actor, now: datetime
) -> Refund:
    name = f"{order.number}:{key}:{n}"
    credit = None
    if portion.to_credit:
        credit = issue_credit(
            amount=portion.amount, currency=order.currency, key=f"refund:{name}", reason=reason, by=by, now=now,
            customer_id=order.customer_id, cause=f"order:{order.number}",
        )  # fmt: skip
    _count(order, portion.payment, portion.amount)
    return Refund.objects.create(
        order=order, payment=portion.payment, credit=credit, cause=cause, act_key=key, key=name, amount=portion.amount,
        reason=reason[:300], requested_at=now, requested_by=by.label,
    )  # fmt: skip


def _count(order: Order, payment: Payment | None, amount: Decimal) -> None:
    """On the order and the tender; the database refuses what goes beyond."""
    Order.objects.filter(pk=order.pk).update(refunded_amount=F("refunded_amount") + amount, updated_at=F("updated_at"))
    order.refunded_amount += amount
    if payment:
        Payment.objects.filter(pk=payment.pk).update(refunded_amount=F("refunded_amount") + amount)


def _again(refund_id: int, *, to_credit: bool, reason: str, by: Actor, now: datetime) -> Refund:
    order, failed = _lock_refund(refund_id)
    if failed.failed_at is None:
        raise Refusal("not_refused", _("This refund was not refused."))
    if failed.settled_by_id:
        raise Refusal("already_decided", _("Somebody decided about this refund already."))
    if failed.amount > refundable(order):
        raise Refusal("more_than_paid", _("Other refunds of this order have used up what was paid."))
    portion = _Portion(failed.payment, failed.amount, to_credit)
    (made,) = _carry_out(order, [portion], key=f"{failed.act_key}:again:{failed.pk}", reason=reason,
                         cause=failed.cause, by=by, now=now)  # fmt: skip
    failed.settled_by = made
    failed.save(update_fields=["settled_by"])
    if not order.refunds.filter(failed_at__isnull=False, settled_by=None).exists():
        settle_exception(order=order, kind=OrderException.Kind.REFUND, resolution=reason, by=by, now=now)
    return made


def _lock_refund(refund_id: int) -> tuple[Order, Refund]:
    """The refund, locked after its order (lock order of the house)."""
    order = Order.objects.select_for_update(of=("self",)).get(refunds=refund_id)
    locked = Refund.objects.select_related("payment", "credit").select_for_update(of=("self",))
    return order, locked.get(pk=refund_id)


def _write_down(one: Refund, order: Order, *, reference: str, now: datetime) -> None:
    one.refunded_at, one.provider_reference = now, reference
    one.save(update_fields=["refunded_at", "provider_reference"])
    emit(events.REFUNDED, aggregate=order.subject, by=BY, payload=_news(order, one))


def _news(order: Order, one: Refund) -> dict:
    return {
        "order": str(order.number), "refund_id": one.pk, "key": one.act_key, "payment_id": one.payment_id,
        "to": CREDIT if one.credit_id else ORIGINAL, "amount": str(one.amount), "currency": order.currency,
    }  # fmt: skip
