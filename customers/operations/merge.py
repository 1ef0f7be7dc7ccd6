"""Two records turn out to be one person, or turn out not to be after all."""

from datetime import datetime

from django.utils.translation import gettext as _

from customers import events
from customers.models import Customer, CustomerMerge
from customers.operations.keep_customer import living
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal

FILLED = ("name", "email", "phone", "tier")


@operation
def merge_customers(*, kept_id: int, gone_id: int, reason: str, by: Actor, now: datetime) -> CustomerMerge:
    """`gone` is from now on a name for `kept`: its orders, notes, wishes and points are shown there and stay its own
    rows, so that the merge can be undone. What `kept` lacks is filled from it.

    Raises Invalid `same_customer`; Refusal `customer_gone`.
    """
    if kept_id == gone_id:
        raise Invalid("same_customer", _("These are the same record."))
    first, second = (living(pk) for pk in sorted((kept_id, gone_id)))
    kept, gone = (first, second) if first.pk == kept_id else (second, first)
    filled = {name: getattr(gone, name) for name in FILLED if not getattr(kept, name) and getattr(gone, name)}
    for name, value in filled.items():
        setattr(kept, name, value)
    if filled:
        kept.save(update_fields=list(filled))
    Customer.objects.filter(pk=gone.pk).update(is_active=False, merged_into=kept)
    Customer.objects.filter(merged_into=gone).update(merged_into=kept)  # a name for a name leads to the person
    merge = CustomerMerge.objects.create(
        kept=kept, gone=gone, reason=reason, filled=filled, merged_at=now, merged_by=by.label
    )
    _tell(events.MERGED, kept, gone, by, now)
    return merge


@operation
def undo_merge(*, merge_id: int, by: Actor, now: datetime) -> CustomerMerge:
    """Both records stand for themselves again, each with what was its own; what was filled is taken back where nobody
    changed it meanwhile. Raises Refusal `merge_undone`, `customer_gone`.
    """
    merge = CustomerMerge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at is not None:
        raise Refusal("merge_undone", _("This merge was undone before."))
    kept = living(merge.kept_id)
    gone = Customer.objects.select_for_update().get(pk=merge.gone_id)
    if gone.is_erased:
        raise Refusal("customer_gone", _("This customer's record was merged or erased."))
    same = [name for name, value in merge.filled.items() if getattr(kept, name) == value]
    for name in same:
        setattr(kept, name, "")
    if same:
        kept.save(update_fields=same)
    Customer.objects.filter(pk=gone.pk).update(is_active=True, merged_into=None)
    followers = CustomerMerge.objects.filter(kept=gone, undone_at=None).values("gone")
    Customer.objects.filter(pk__in=followers, merged_into=kept).update(merged_into=gone)
    merge.undone_at, merge.undone_by = now, by.label
    merge.save(update_fields=["undone_at", "undone_by"])
    _tell(events.UNMERGED, kept, gone, by, now)
    return merge


def _tell(topic: str, kept: Customer, gone: Customer, by: Actor, now: datetime) -> None:
    payload = {"customer": str(kept.uid), "merged": str(gone.uid)}
    emit(topic, aggregate=kept.subject, payload=payload, by=by, occurred_at=now)
