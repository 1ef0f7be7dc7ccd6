"""A customer asks to be forgotten: who they are goes, what was sold to somebody stays."""

from datetime import datetime

from django.db.models import Q

from customers import events
from customers.models import Consent, Customer, CustomerMerge, CustomerNote, LoyaltyEntry, Wish
from customers.operations.keep_customer import living
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation

NOBODY = {"name": "", "email": "", "phone": "", "external_id": None, "loyalty_code": None, "is_active": False}
GONE = "—"


@operation
def erase_customer(*, customer_id: int, by: Actor, now: datetime) -> None:
    """The records of this person and those merged into it name nobody any more; notes lose their words.

    The event carries the ids, so that other apps blank the contacts on what they keep. Orders, points and money stay,
    because the law and the books need them. Raises Refusal `customer_gone`.
    """
    customer = living(customer_id)
    family = customer.family_ids()
    Customer.objects.filter(pk__in=family).update(**NOBODY, erased_at=now)
    CustomerNote.objects.filter(customer__in=family, hidden_at=None).update(
        text=GONE, is_pinned=False, hidden_at=now, hidden_by=by.label, hidden_reason="erased"
    )
    CustomerNote.objects.filter(customer__in=family).update(text=GONE)
    merges = CustomerMerge.objects.filter(Q(kept__in=family) | Q(gone__in=family))
    merges.update(filled={}, reason=GONE)
    LoyaltyEntry.objects.filter(customer__in=family).update(reason=GONE)
    Wish.objects.filter(customer__in=family, removed_at=None).update(removed_at=now, removed_by=by.label)
    for channel in Consent.Channel:
        for purpose in Consent.Purpose:
            Consent.objects.create(customer=customer, channel=channel, purpose=purpose, is_given=False, source="hq",
                                   said_at=now, actor=by.label)  # fmt: skip
    payload = {"customer": str(customer.uid), "customer_ids": family}
    emit(events.ERASED, aggregate=customer.subject, payload=payload, by=by, occurred_at=now)
