"""What a customer wants one day is kept by its SKU."""

from datetime import datetime

from customers.models import Wish
from customers.operations.keep_customer import living
from omni.core.actors import Actor
from omni.core.operation import operation


@operation
def add_wish(*, customer_id: int, sku: str, by: Actor, now: datetime) -> tuple[Wish, bool]:
    """The wish, and whether it is new; an item is wished for once."""
    customer = living(customer_id)
    return Wish.objects.get_or_create(
        customer=customer, sku=sku, removed_at=None, defaults={"added_at": now, "added_by": by.label}
    )


@operation
def remove_wish(*, wish_id: int, by: Actor, now: datetime) -> None:
    """No longer wanted; a second time changes nothing."""
    Wish.objects.filter(pk=wish_id, removed_at=None).update(removed_at=now, removed_by=by.label)
