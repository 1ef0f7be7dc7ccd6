"""Who the shopper of a basket is, and where parcels go."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from customers.models import Customer
from customers.phone import to_e164
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid
from orders.models import Basket, Order
from orders.operations.change_basket import lock_open, touch


@operation
def set_contact(
    *, basket_id, name: str, email: str, phone: str, address: Mapping[str, str] | None, customer_id: int | None,
    by: Actor, now: datetime,
) -> Basket:  # fmt: skip
    """Write down what the shopper said; the customer is found again or made when the order is placed.

    `customer_id` is whom the associate recognized. Refuses 422 `bad_phone`.
    """
    basket = lock_open(basket_id, by)
    number = to_e164(phone, basket.location.country) if phone else ""
    if number is None:
        raise Invalid("bad_phone", _("This is not a phone number."))
    basket.contact_name, basket.contact_email, basket.contact_phone = name.strip(), email.strip().lower(), number
    basket.shipping_address = dict(address) if address else None
    basket.customer_id = customer_id
    touch(basket, now, "contact_name", "contact_email", "contact_phone", "shipping_address", "customer_id")
    return basket


@operation
def choose_customer(*, basket_id, customer: Customer, by: Actor, now: datetime) -> Basket:
    """A customer we know: nothing of theirs is typed again, their last address included."""
    basket = lock_open(basket_id, by)
    basket.customer, basket.contact_name = customer, customer.name
    basket.contact_email, basket.contact_phone = customer.email, customer.phone
    basket.shipping_address = basket.shipping_address or last_address(customer)
    touch(basket, now, "customer", "contact_name", "contact_email", "contact_phone", "shipping_address")
    return basket


def last_address(customer: Customer) -> dict | None:
    """Where their last parcel went."""
    orders = Order.objects.filter(customer__in=customer.family_ids(), shipping_address__isnull=False)
    return orders.order_by("-placed_at").values_list("shipping_address", flat=True).first()
