"""Whoever was forgotten is named on no return that is over, and on no label that brought it here."""

from datetime import datetime

from django.db.models import Q

from omni.core.operation import operation
from orders.operations.forget_customer import erased, forget_papers
from returns.models import ReturnLabel, ReturnOrder
from returns.models.return_order import Status

OVER = (Status.COMPLETED, Status.REFUSED, Status.CANCELLED)
NOBODY = {"id_digest": "", "id_note": "", "note": ""}


@operation
def forget_returns(*, now: datetime) -> int:
    """Take what names somebody off the returns of erased customers that are over; returns how many that were."""
    theirs = ReturnOrder.objects.filter(Q(customer__in=erased(now)) | Q(order__customer__in=erased(now)))
    over = theirs.filter(status__in=OVER)
    labels = ReturnLabel.objects.filter(return_order__in=over).exclude(pdf=None, zpl="", refusal="")
    keys = list(labels.values_list("key", flat=True))
    forget_papers(keys)
    ReturnLabel.objects.filter(key__in=keys).update(pdf=None, zpl="", refusal="")
    return over.exclude(**NOBODY).update(**NOBODY)
