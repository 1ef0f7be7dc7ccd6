"""A return without receipt: worth the lowest price the item had lately, as store credit, within limits per person."""

import hashlib
import hmac
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from inventory.models import Location, Price, Variant
from omni.core.actors import Actor
from omni.core.currencies import amount_text, exponent
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from omni.core.states import begin
from orders import preferences as order_preferences
from orders.models import OrderLine
from returns import events
from returns.models import ReturnOrder, ReturnPolicy, ReturnUnit
from returns.models.return_order import Status
from returns.operations.authorize import reasons_by_code
from returns.operations.news import told
from returns.operations.watch import BLIND_DAYS
from returns.policy import BLIND, Because, Outcome, Rule, Unit, choose, decide
from returns.words import as_rows, sentence, sentences


@operation
def open_blind(
    *, location: Location, id_kind: str, id_reference: str, by: Actor, now: datetime, customer_id: int | None = None,
    channel: str = ReturnOrder.Channel.STORE, source_key: str | None = None, note: str = "", currency: str = "",
) -> ReturnOrder:  # fmt: skip
    """Begin a return of something whose purchase nobody can find. Of the ID only a digest is kept.

    Refuses `too_often` where the same ID used up its returns, `no_blind_returns` where HQ allows none.
    """
    rule = _rule(location, now, category="")
    at_desk = channel == ReturnOrder.Channel.STORE
    if at_desk and rule is None:
        raise Refusal("no_blind_returns", _("Without a receipt nothing can be returned."))
    if at_desk and not id_reference.strip():
        raise Invalid("id_required", _("Type the number of a photo ID; only its digest is kept."))
    digest = id_digest(id_reference) if id_reference.strip() else ""
    if digest and rule:
        _require_rare(digest, rule, now)
    opened = ReturnOrder.objects.create(
        customer_id=customer_id, channel=channel, location=location, currency=currency or currency_here(),
        id_digest=digest, id_note=id_kind.strip()[:60], note=note[:300], source_key=source_key, opened_at=now,
        opened_by=by.label,
    )  # fmt: skip
    begin(opened, by=by, reason="without receipt")
    return opened


@operation
def add_blind_unit(
    *, rma_number: int, code: str, by: Actor, now: datetime, reason: str = "", grade: str = "A", override: bool = False
) -> ReturnUnit:
    """One more unit of what was scanned.

    Refuses `unknown_item`, `no_price`, `over_cap` (more than a return without receipt is worth) and `not_returnable`.
    """
    opened = ReturnOrder.objects.lock(rma_number)
    if opened.status != Status.AUTHORIZED or not opened.is_blind:
        raise Refusal("not_open", _("This return is %s: begin a new one.") % opened.get_status_display().lower())
    variant = Variant.objects.by_code(code).select_related("product").first()
    if variant is None:
        raise Refusal("unknown_item", _("No item has the code %s.") % code[:40])
    unit = _unit(opened, variant, reason=reason, grade=grade, now=now, override=override)
    unit.save(force_insert=True)
    begin(unit, by=by)
    emit(events.AUTHORIZED, aggregate=opened.story_subject, by=by, payload=told(opened, [unit]))
    return unit


def lowest_price(variant: Variant, *, currency: str, since: datetime) -> Decimal | None:
    """The least that anybody paid for one since then, before tax; never more than it costs now."""
    digits = Decimal(1).scaleb(-exponent(currency))
    sold = OrderLine.objects.filter(
        variant=variant, order__currency=currency, order__placed_at__gte=since, fulfilled_quantity__gt=0
    ).values_list("unit_price_amount", "discount_amount", "quantity")
    paid = [(price - discount / quantity).quantize(digits, ROUND_DOWN) for price, discount, quantity in sold]
    now = Price.objects.filter(variant=variant, currency=currency).values_list("amount", flat=True)
    return min([*paid, *now], default=None)


def id_digest(reference: str) -> str:
    """What is kept of an ID: enough to know it again, not enough to read it."""
    clean = "".join(each for each in reference.upper() if each.isalnum())
    return hmac.new(settings.SECRET_KEY.encode(), f"return-id:{clean}".encode(), hashlib.sha256).hexdigest()


def currency_here() -> str:
    """The chain's own currency: the first that HQ names."""
    return str(setting(order_preferences.CURRENCIES)).split(",")[0].strip()


def _rule(location: Location, now: datetime, *, category: str) -> Rule | None:
    day = now.astimezone(location.zone).date()
    return choose(ReturnPolicy.objects.rules(day), kind=BLIND, category=category, channel="", on=day)


def _require_rare(digest: str, rule: Rule, now: datetime) -> None:
    most = ReturnPolicy.objects.get(pk=rule.id).most_returns
    before = ReturnOrder.objects.filter(id_digest=digest, opened_at__gte=now - timedelta(days=BLIND_DAYS))
    count = before.exclude(status__in=[Status.CANCELLED, Status.REFUSED]).count()
    if count >= most:
        raise Refusal("too_often", sentence("same_id_often", {"count": count}))


def _unit(
    opened: ReturnOrder, variant: Variant, *, reason: str, grade: str, now: datetime, override: bool
) -> ReturnUnit:
    assert opened.location is not None
    why = reasons_by_code([reason]).get(reason)
    day = now.astimezone(opened.location.zone).date()
    rules = ReturnPolicy.objects.rules(day)
    rule = choose(rules, kind=BLIND, category=variant.product.category, channel="", on=day)
    days = ReturnPolicy.objects.get(pk=rule.id).price_days if rule else 60
    value = lowest_price(variant, currency=opened.currency, since=now - timedelta(days=days))
    if value is None:
        raise Refusal("no_price", _("%s has no price in this currency.") % variant.title)
    decision = decide(
        Unit(value=value, today=day, kind=BLIND, category=variant.product.category, grade=grade,
             is_final_sale=variant.is_final_sale, is_our_fault=bool(why and why.is_our_fault),
             currency=opened.currency, decimals=exponent(opened.currency)),
        rules,
    )  # fmt: skip
    if decision.outcome != Outcome.ELIGIBLE and not (override and decision.outcome == Outcome.NEEDS_APPROVAL):
        raise Refusal("not_returnable", " ".join(sentences(decision.reasons)))
    _require_within_cap(opened, decision.rule, decision.refund)
    kept = decision.reasons or (() if opened.channel == ReturnOrder.Channel.STORE else (Because("no_receipt"),))
    return ReturnUnit(
        return_order=opened, variant=variant, title=variant.title[:400], reason=why, grade=grade,
        policy_id=decision.rule.id if decision.rule else None, exceptions=as_rows(kept), value_amount=value,
        fee_amount=decision.fee, refund_amount=decision.refund, refund_to=ReturnPolicy.RefundTo.STORE_CREDIT,
    )  # fmt: skip


def _require_within_cap(opened: ReturnOrder, rule: Rule | None, refund: Decimal) -> None:
    if rule is None or rule.most_amount is None or opened.channel != ReturnOrder.Channel.STORE:
        return
    so_far = opened.units.counted().aggregate(total=Sum("refund_amount", default=Decimal(0)))["total"]
    if so_far + refund > rule.most_amount:
        raise Refusal(
            "over_cap", _("Without a receipt at most %(most)s %(currency)s are given back in one return.")
            % {"most": amount_text(rule.most_amount, opened.currency), "currency": opened.currency},
        )  # fmt: skip
