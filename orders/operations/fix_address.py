"""The carrier or the customer says that the address is wrong: the order gets the right one."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import Order
from orders.operations.parcel_addresses import FIELDS


@operation
def fix_address(*, number: int, address: Mapping[str, str], by: Actor, now: datetime) -> Order:
    """Labels bought from now on carry the new address; bought ones keep theirs until they are voided.

    Raises Invalid `not_shipped` and Refusal `nothing_open`.
    """
    order = Order.objects.lock(number)
    if order.shipping_address is None:
        raise Invalid("not_shipped", _("Nothing of this order is sent anywhere."))
    if order.status in (Order.Status.FULFILLED, Order.Status.CANCELLED):
        raise Refusal("nothing_open", _("Nothing of this order is open any more."))
    new = {name: str(address.get(name, "")).strip() for name in FIELDS}
    changed = [name for name in FIELDS if new[name] != str(order.shipping_address.get(name) or "")]
    if not changed:
        return order
    order.shipping_address = order.shipping_address | new
    order.updated_at = now
    order.save(update_fields=["shipping_address", "updated_at"])
    # The address itself is personal: events say only what of it changed.
    emit(events.ADDRESS_CHANGED, aggregate=order.subject, by=by,
         payload={"order": str(order.number), "fields": changed})  # fmt: skip
    return order
