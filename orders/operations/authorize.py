"""Pay before there is an order: at the terminal, at the till, or with store credit.

Each payment is a row before anybody is asked, with a key of ours, so that whatever happens to the answer (lost, late,
told twice, the process killed) the same key finds out what became of it. What no order uses is voided.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from customers.credit_code import clean
from customers.operations.store_credit import hold_credit, release_credit
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from orders import events, preferences
from orders.card_number import is_card_number
from orders.models import Order, PaymentIntent
from orders.payments import Answer, Approved, Declined, OutcomeUnknown, ask, gateway
from orders.pricing import amount_problem

Method, Status = PaymentIntent.Method, PaymentIntent.Status
BY = Actor.system("payments")
ABANDONED_AFTER = timedelta(minutes=2)  # no terminal talks longer; whoever asked was killed


@operation
def start_payment(
    *, key: str, owner_key: str, method: str, amount: Decimal, currency: str, by: Actor, now: datetime,
    reference: str = "",
) -> PaymentIntent:  # fmt: skip
    """A payment of `amount` for `owner_key`; the same key again answers the same payment.

    A till receipt's number or a store credit's code comes as `reference`: these are approved at once, the credit is
    held. A card is `new` until `ask_terminal`. Refuses `key_reused`, `reference_required`, `bad_amount`, and whatever
    `hold_credit` refuses.
    """
    reference = clean(reference) if method == Method.STORE_CREDIT else reference.strip()
    known = PaymentIntent.objects.filter(key=key).first()
    if known:
        _require_same(known, owner_key, method, amount, currency)
        return known
    _require_payable(method, amount, currency, reference)
    intent = PaymentIntent.objects.create(
        key=key, owner_key=owner_key, method=method, amount=amount, currency=currency, reference=reference,
        started_at=now, started_by=by.label,
    )  # fmt: skip
    if method == Method.STORE_CREDIT:
        hold_credit(code=reference, amount=amount, currency=currency, key=intent.hold_key, cause=owner_key, by=by,
                    now=now)  # fmt: skip
    if method != Method.CARD:
        _write(intent, status=Status.APPROVED, asked_at=now, answered_at=now)
    return intent


def ask_terminal(*, key: str, now: datetime) -> PaymentIntent:
    """Have the customer's card presented; calls the provider, so never inside a transaction.

    The answer is the intent's status: approved, declined (with `reason`), or unknown, where `look_up_payment` comes
    next. Asked again it asks nothing that was answered.
    """
    with transaction.atomic(durable=True):
        intent = _lock(key)
        if intent.status in (Status.NEW, Status.DECLINED):
            _write(intent, status=Status.ASKED, asked_at=now, reason="")
        elif not intent.is_unknown:
            return intent
    try:
        answer = ask(
            lambda provider: provider.authorize(amount=intent.amount, currency=intent.currency, key=_try_key(intent)),
            key=_try_key(intent),
        )
    except OutcomeUnknown as lost:
        return _book_unknown(key, reason=str(lost), now=now)
    return _book_answer(key, answer, now=now)


def look_up_payment(*, key: str, now: datetime) -> PaymentIntent:
    """What became of a call without answer; `new` again where the provider never heard of it. Calls the provider."""
    intent = PaymentIntent.objects.get(key=key)
    if not intent.may_still_answer:
        return intent
    try:
        answer = gateway().look_up(key=_try_key(intent))
    except OutcomeUnknown as lost:
        return _book_unknown(key, reason=str(lost), now=now)
    return _book_answer(key, answer, now=now)


def hear_of_payment(*, key: str, reference: str, now: datetime) -> None:
    """The provider told by itself that something became of its authorization `reference`, made by the call `key`.

    What is true now is looked up and booked where we still wait for it; an authorization that ended there (it expired,
    or was canceled by hand) pays no order any more. Calls the provider.
    """
    named, _colon, tries = key.rpartition(":")
    intent = PaymentIntent.objects.filter(key=named).first()
    if intent is None or _try_key(intent) != f"{named}:{tries}":
        return  # nobody's, or of a card that was followed by another
    waits = intent.status in (Status.APPROVED, Status.VOIDING) and intent.reference == reference
    if not (intent.may_still_answer or waits):
        return
    answer = gateway().look_up(key=key, reference=reference)
    if intent.may_still_answer and answer is not None:
        _book_answer(intent.key, answer, now=now)
    elif waits and isinstance(answer, Declined):
        _book_ended(intent.key, now=now)


def void_payment(*, key: str, now: datetime) -> PaymentIntent:
    """The customer changed their mind: nothing stays authorized or held. Calls the provider.

    Refuses `already_used` where an order was paid with it. A payment whose outcome cannot be found out stays unknown,
    and is voided by the clock once it is known.
    """
    intent = PaymentIntent.objects.get(key=key)
    if intent.may_still_answer:
        intent = look_up_payment(key=key, now=now)
    if intent.is_unknown:
        return intent
    if intent.method == Method.CARD and intent.status in (Status.APPROVED, Status.VOIDING):
        _reserve_for_void(key)
        reference = intent.reference
        try:
            ask(lambda provider: provider.void(reference=reference, currency=intent.currency, key=f"{key}:void"),
                key=f"{key}:void", reference=reference)  # fmt: skip
        except OutcomeUnknown:
            return PaymentIntent.objects.get(key=key)
    return _book_void(key, now=now)


@operation
def give_up_payment(*, key: str, by: Actor) -> None:
    """A person has it found out and voided; the provider is asked after commit."""
    intent = _lock(key)
    _require_unused(intent)
    emit(events.PAYMENT_GIVEN_UP, aggregate=("payment-intent", str(intent.pk)), by=by, payload={"intent_id": intent.pk})


@operation
def use_payments(*, keys: Sequence[str], order: Order) -> list[PaymentIntent]:
    """The order takes these payments over, once; part of placing it.

    Refuses `payment_not_approved` and `wrong_currency`. Locked by key order after the order itself.
    """
    intents = list(PaymentIntent.objects.filter(key__in=keys).order_by("pk").select_for_update())
    if len(intents) != len(set(keys)):
        raise Invalid("unknown_payment", _("No such payment was started."))
    for intent in intents:
        if intent.status != Status.APPROVED:
            raise Refusal("payment_not_approved", _("This payment is not approved: %s.") % intent.get_status_display())
        if intent.currency != order.currency:
            raise Refusal("wrong_currency", _("This payment is in %s.") % intent.currency)
        _write(intent, status=Status.USED, order=order)
    return intents


def sweep_payments(*, now: datetime, limit: int = 50) -> int:
    """The clock's part: calls without answer are looked up, approved payments that no order came for are voided."""
    lost = PaymentIntent.objects.left_over(now - ABANDONED_AFTER).filter(status__in=[Status.ASKED, Status.UNKNOWN])
    for key in list(lost.values_list("key", flat=True)[:limit]):
        look_up_payment(key=key, now=now)
    patience = timedelta(minutes=setting(preferences.INTENT_MINUTES))
    unused = list(PaymentIntent.objects.left_over(now - patience).values_list("key", flat=True)[:limit])
    for key in unused:
        void_payment(key=key, now=now)
    return len(unused)


def _require_same(known: PaymentIntent, owner_key: str, method: str, amount: Decimal, currency: str) -> None:
    if (known.owner_key, known.method, known.amount, known.currency) != (owner_key, method, amount, currency):
        raise Invalid("key_reused", _("Another payment was started with this key."))


def _require_payable(method: str, amount: Decimal, currency: str, reference: str) -> None:
    if method not in Method.values:
        raise Invalid("unknown_method", _("Pay by card, with a till receipt or with store credit."))
    if amount <= 0 or amount_problem(amount, currency):
        raise Invalid("bad_amount", _("An amount above zero, with no more decimals than its currency has."))
    if method != Method.CARD and not reference:
        raise Invalid("reference_required", _("Type the receipt's number or the code of the store credit."))
    if is_card_number(reference):
        raise Invalid("card_number", _("This looks like a card number. Type the receipt's number."))


def _try_key(intent: PaymentIntent) -> str:
    """The provider's key: a card that was declined may be followed by another, which is another call."""
    return f"{intent.key}:{intent.tries}"


def _lock(key: str) -> PaymentIntent:
    return PaymentIntent.objects.select_for_update(of=("self",)).get(key=key)


def _write(intent: PaymentIntent, **changes) -> PaymentIntent:
    for name, value in changes.items():
        setattr(intent, name, value)
    intent.save(update_fields=list(changes))
    return intent


@operation
def _book_answer(key: str, answer: Answer | None, *, now: datetime) -> PaymentIntent:
    """Told twice or late, it is booked once: only a call that still waits takes an answer."""
    intent = _lock(key)
    if not intent.may_still_answer:
        return intent
    if answer is None:
        return _write(intent, status=Status.NEW, reason="")
    if isinstance(answer, Approved):
        return _write(intent, status=Status.APPROVED, reference=answer.reference, brand=answer.brand[:30],
                      last4=answer.last4, answered_at=now, reason="")  # fmt: skip
    return _write(intent, status=Status.DECLINED, reason=answer.reason[:300], answered_at=now, tries=intent.tries + 1)


@operation
def _book_unknown(key: str, *, reason: str, now: datetime) -> PaymentIntent:
    intent = _lock(key)
    if not intent.may_still_answer:
        return intent
    return _write(intent, status=Status.UNKNOWN, reason=reason[:300])


@operation
def _reserve_for_void(key: str) -> None:
    """From here on no order can use it."""
    intent = _lock(key)
    _require_unused(intent)
    _write(intent, status=Status.VOIDING)


@operation
def _book_void(key: str, *, now: datetime) -> PaymentIntent:
    intent = _lock(key)
    _require_unused(intent)
    if intent.status == Status.VOIDED:
        return intent
    if intent.method == Method.STORE_CREDIT:
        release_credit(hold_key=intent.hold_key, key=f"{intent.hold_key}:void", cause=intent.owner_key, by=BY, now=now)
    return _write(intent, status=Status.VOIDED, answered_at=now)


@operation
def _book_ended(key: str, *, now: datetime) -> None:
    """Nothing is authorized any more; an order that took it over meanwhile finds out when it captures."""
    intent = _lock(key)
    if intent.status in (Status.APPROVED, Status.VOIDING):
        _write(intent, status=Status.VOIDED, answered_at=now)


def _require_unused(intent: PaymentIntent) -> None:
    if intent.status == Status.USED:
        raise Refusal("already_used", _("An order was paid with this. Cancel the order instead."))
