"""Store credit: given out, held for an order, spent, released, given back, and one day expired.

Each act carries a key of whoever asks: asked twice, it is done once. The row of the account is locked first; that no
balance falls below what is held is the database's word, not this module's.
"""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers import events
from customers.credit_code import clean, is_code
from customers.models import StoreCredit, StoreCreditEntry, StoreCreditHold
from omni.core.actors import Actor
from omni.core.currencies import amount_text, round_amount
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal

Kind = StoreCreditEntry.Kind


@operation
def issue_credit(
    *, amount: Decimal, currency: str, key: str, reason: str, by: Actor, now: datetime, customer_id: int | None = None,
    cause: str = "", expires_at: datetime | None = None, approved_by: str = "",
) -> StoreCredit:  # fmt: skip
    """A new account with this balance; the same key again answers the same account, at the same moment too."""
    before = _entry(Kind.ISSUE, key)
    if before:
        return before.credit
    _require_amount(amount, currency)
    credit = StoreCredit(currency=currency, customer_id=customer_id, expires_at=expires_at, created_at=now)
    try:
        with transaction.atomic():
            credit.save()
            _write(credit, Kind.ISSUE, amount, key=key, cause=cause, reason=reason, by=by, now=now,
                   approved_by=approved_by)  # fmt: skip
    except IntegrityError:  # there is no account to lock yet: the ledger's unique index let somebody else be first
        before = _entry(Kind.ISSUE, key)
        if before is None:
            raise
        return before.credit
    emit(events.CREDIT_ISSUED, aggregate=credit.subject, by=by, payload=_news(credit, amount, cause))
    return credit


@operation
def hold_credit(
    *, code: str, amount: Decimal, currency: str, key: str, cause: str, by: Actor, now: datetime
) -> StoreCreditHold:
    """Keep a part of the balance for an order.

    Refuses `unknown_credit`, `wrong_currency`, `credit_expired` and `insufficient_credit` (with what is available).
    """
    credit = lock_credit(code=code)
    before = StoreCreditHold.objects.filter(key=key).first()
    if before:
        return before
    _require_amount(amount, currency)
    if credit.currency != currency:
        raise Refusal("wrong_currency", _("This store credit is in %s.") % credit.currency)
    if credit.expires_at and credit.expires_at <= now:
        raise Refusal("credit_expired", _("This store credit has expired."))
    if amount > credit.available_amount:
        raise Refusal(
            "insufficient_credit",
            _("Only %(left)s %(currency)s are left on this store credit.")
            % {"left": amount_text(credit.available_amount, currency), "currency": currency},
            available=amount_text(credit.available_amount, currency),
        )
    hold = StoreCreditHold.objects.create(credit=credit, key=key, amount=amount, held_at=now)
    _write(credit, Kind.HOLD, amount, key=key, cause=cause, by=by, now=now)
    return hold


@operation
def capture_credit(*, hold_key: str, amount: Decimal, key: str, cause: str, by: Actor, now: datetime) -> None:
    """Spend a part of what is held. Refuses `hold_used_up` beyond it."""
    hold = _lock_hold(hold_key)
    if _entry(Kind.CAPTURE, key):
        return
    _require_open(hold, amount)
    hold.captured_amount += amount
    hold.save(update_fields=["captured_amount"])
    _write(hold.credit, Kind.CAPTURE, amount, key=key, cause=cause, by=by, now=now)
    emit(events.CREDIT_SPENT, aggregate=hold.credit.subject, by=by, payload=_news(hold.credit, amount, cause))


@operation
def release_credit(*, hold_key: str, key: str, cause: str, by: Actor, now: datetime) -> Decimal:
    """Whatever is still held under this key can be spent again; returns how much."""
    hold = _lock_hold(hold_key)
    amount = hold.open_amount
    if not amount or _entry(Kind.RELEASE, key):
        return Decimal(0)
    hold.released_amount += amount
    hold.save(update_fields=["released_amount"])
    _write(hold.credit, Kind.RELEASE, amount, key=key, cause=cause, by=by, now=now)
    return amount


@operation
def refund_credit(
    *, code: str, amount: Decimal, key: str, cause: str, by: Actor, now: datetime, reason: str = ""
) -> StoreCredit:
    """Money comes back to the account it was spent from; an expired one lives on until somebody expires it again."""
    credit = lock_credit(code=code)
    if _entry(Kind.REFUND, key):
        return credit
    _require_amount(amount, credit.currency)
    _write(credit, Kind.REFUND, amount, key=key, cause=cause, reason=reason, by=by, now=now)
    emit(events.CREDIT_REFUNDED, aggregate=credit.subject, by=by, payload=_news(credit, amount, cause))
    return credit


@operation
def expire_credit(*, code: str, key: str, reason: str, by: Actor, now: datetime, approved_by: str = "") -> Decimal:
    """What is not held is worth nothing any more; returns how much that was. What is held stays its order's."""
    credit = lock_credit(code=code)
    amount = credit.available_amount
    if not amount or _entry(Kind.EXPIRE, key):
        return Decimal(0)
    _write(credit, Kind.EXPIRE, amount, key=key, reason=reason, by=by, now=now, approved_by=approved_by)
    emit(events.CREDIT_EXPIRED, aggregate=credit.subject, by=by, payload=_news(credit, amount, ""))
    return amount


def expire_due(*, now: datetime, limit: int = 100) -> int:
    """The clock's part: every account whose day has come; returns how many."""
    due = list(StoreCredit.objects.to_expire(now).values_list("code", "expires_at", "balance_amount")[:limit])
    for code, expires_at, _balance in due:
        last = StoreCreditEntry.objects.filter(credit__code=code).order_by("-pk").values_list("pk", flat=True).first()
        expire_credit(code=code, key=f"clock:{code}:{expires_at:%Y%m%d}:{last}", reason=_("its day has come"),
                      by=Actor.system("store credit"), now=now)  # fmt: skip
    return len(due)


def lock_credit(*, code: str) -> StoreCredit:
    """The account of a typed or scanned code, locked. Refuses `unknown_credit`."""
    credit = None
    if is_code(clean(code)):
        credit = StoreCredit.objects.by_code(code).select_for_update(of=("self",)).first()
    if credit is None:
        raise Refusal("unknown_credit", _("No store credit has the code %s.") % code[:40])
    return credit


def _lock_hold(key: str) -> StoreCreditHold:
    hold = StoreCreditHold.objects.get(key=key)
    StoreCredit.objects.select_for_update(of=("self",)).get(pk=hold.credit_id)
    return StoreCreditHold.objects.select_related("credit").get(pk=hold.pk)


def _entry(kind: str, key: str) -> StoreCreditEntry | None:
    return StoreCreditEntry.objects.select_related("credit").filter(kind=kind, key=key).first()


def _require_amount(amount: Decimal, currency: str) -> None:
    if not amount.is_finite() or amount <= 0 or amount != round_amount(amount, currency):
        raise Invalid("bad_amount", _("An amount above zero, with no more decimals than its currency has."))


def _require_open(hold: StoreCreditHold, amount: Decimal) -> None:
    if amount > hold.open_amount:
        raise Refusal("hold_used_up", _("Only %s are still held for this.") % hold.open_amount)


def _write(
    credit: StoreCredit, kind: str, amount: Decimal, *, key: str, by: Actor, now: datetime, cause: str = "",
    reason: str = "", approved_by: str = "",
) -> None:  # fmt: skip
    balance, held = EFFECTS[Kind(kind)]
    credit.balance_amount += balance * amount
    credit.held_amount += held * amount
    credit.save(update_fields=["balance_amount", "held_amount"])
    StoreCreditEntry.objects.create(
        credit=credit, kind=kind, key=key, amount=amount, balance_change=balance * amount, held_change=held * amount,
        balance_after=credit.balance_amount, cause=cause, reason=reason[:300], actor=by.label,
        actor_user_id=by.user_id, approved_by=approved_by, at=now,
    )  # fmt: skip


# What a kind does to (balance, held).
EFFECTS = {
    Kind.ISSUE: (1, 0), Kind.HOLD: (0, 1), Kind.CAPTURE: (-1, -1), Kind.RELEASE: (0, -1), Kind.REFUND: (1, 0),
    Kind.EXPIRE: (-1, 0),
}  # fmt: skip


def _news(credit: StoreCredit, amount: Decimal, cause: str) -> dict:
    """The code is as good as money: only its end is told."""
    return {
        "store_credit": credit.code[-4:], "amount": str(amount), "currency": credit.currency,
        "balance": str(credit.balance_amount), "cause": cause,
    }  # fmt: skip
