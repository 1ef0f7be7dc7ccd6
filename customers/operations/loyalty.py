"""A customer's loyalty code and points."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from customers.loyalty_code import new_code
from customers.models import Customer, LoyaltyEntry
from customers.operations.keep_customer import living
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal

TRIES = 5  # two equal codes of a billion


@operation
def give_loyalty_code(*, customer_id: int) -> Customer:
    """The code that their card shows; who has one keeps it."""
    customer = living(customer_id)
    for _try in range(TRIES if customer.loyalty_code is None else 0):
        try:
            with transaction.atomic():
                customer.loyalty_code = new_code()
                customer.save(update_fields=["loyalty_code"])
            break
        except IntegrityError:
            customer.loyalty_code = None
    return customer


@operation
def add_points(
    *, customer_id: int, points: int, reason: str, reference: str = "", by: Actor, now: datetime
) -> LoyaltyEntry:
    """Earned or spent points; the same reference again answers the same entry.

    Raises Invalid `no_points`; Refusal `too_few_points` where more is spent than there is.
    """
    if points == 0:
        raise Invalid("no_points", _("Zero points are nothing to write down."))
    customer = living(customer_id)  # locked: two who spend the last points at once come one after the other
    if reference and (before := customer.loyalty_entries.filter(reference=reference).first()):
        return before
    if points < 0 and points_of(customer.family_ids()) + points < 0:
        raise Refusal("too_few_points", _("There are not that many points."), points=points_of(customer.family_ids()))
    return LoyaltyEntry.objects.create(
        customer=customer, points=points, reason=reason, reference=reference, at=now, actor=by.label
    )


def points_of(family: list[int]) -> int:
    """The balance: the sum of the ledger."""
    return LoyaltyEntry.objects.filter(customer__in=family).aggregate(sum=Sum("points"))["sum"] or 0
