"""Returns that look abusive are nobody's guilt, but a lead decides about them: too many, too much, no receipt."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from omni.core.currencies import amount_text
from omni.core.settings_store import setting
from returns import preferences
from returns.models import ReturnOrder, ReturnUnit
from returns.models.return_order import Status
from returns.policy import Because

BLIND_DAYS = 90


def watched(found: ReturnOrder, *, now: datetime) -> list[Because]:
    """What a lead should know before this return is paid."""
    reasons = []
    if found.is_blind and setting(preferences.BLIND_ASKS):
        reasons.append(Because("no_receipt"))
    return reasons + _by_customer(found, now)


def _by_customer(found: ReturnOrder, now: datetime) -> list[Because]:
    days = setting(preferences.WATCH_DAYS)
    others = _others(found)
    if others is None:
        return []
    before = others.filter(opened_at__gte=now - timedelta(days=days)).exclude(
        Q(pk=found.pk) | Q(status__in=[Status.CANCELLED, Status.REFUSED])
    )
    units = ReturnUnit.objects.counted().filter(return_order__in=before)
    seen = units.aggregate(count=Count("return_order", distinct=True), amount=Sum("value_amount", default=Decimal(0)))
    reasons = []
    if seen["count"] >= setting(preferences.WATCH_COUNT):
        reasons.append(Because("often", {"count": seen["count"], "days": days}))
    if seen["amount"] >= setting(preferences.WATCH_AMOUNT):
        amount = f"{amount_text(seen['amount'], found.currency)} {found.currency}"
        reasons.append(Because("much", {"amount": amount, "days": days}))
    return reasons


def _others(found: ReturnOrder) -> QuerySet[ReturnOrder] | None:
    """Returns of the same person: the customer, or whoever left the same e-mail or phone; without receipt the ID."""
    if found.customer_id:
        return ReturnOrder.objects.filter(customer=found.customer_id)
    if found.id_digest:
        return ReturnOrder.objects.filter(id_digest=found.id_digest)
    order = found.order
    if order is None or not (order.contact_email or order.contact_phone):
        return None
    same = Q()
    if order.contact_email:
        same |= Q(order__contact_email=order.contact_email)
    if order.contact_phone:
        same |= Q(order__contact_phone=order.contact_phone)
    return ReturnOrder.objects.filter(same)
