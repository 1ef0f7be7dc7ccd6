"""The provider speaks first: an answer that got lost, a refund that bounced, an authorization that ended."""

from datetime import datetime

from orders.models import Payment, Refund
from orders.operations.authorize import hear_of_payment
from orders.operations.call_provider import call_provider, provider_key
from orders.operations.refund import bounce_refund
from orders.payments import Declined, Heard, gateway

BOUNCED = "refund_failed"


def hear_provider(*, heard: Heard, now: datetime) -> None:
    """Look up whatever of ours waits for this authorization, and book what is true now: told twice, late or in any
    order, it comes to the same. Calls the provider, so never inside a transaction; raises OutcomeUnknown."""
    if heard.key:
        hear_of_payment(key=heard.key, reference=heard.reference, now=now)
    numbers = Payment.objects.filter(kind=Payment.Kind.PROVIDER, reference=heard.reference)
    for number in numbers.order_by("order").values_list("order__number", flat=True).distinct():
        call_provider(number=number, now=now)
    given = Refund.objects.filter(payment__in=numbers, refunded_at__isnull=False, credit=None)
    for refund in given.order_by("pk"):
        if provider_key(refund) == heard.key:
            answer = gateway().look_up(key=heard.key, reference=heard.reference)
            if isinstance(answer, Declined) and answer.code == BOUNCED:
                bounce_refund(refund_id=refund.pk, reason=answer.reason, now=now)
