"""A paid basket becomes an order, once: what is carried out leaves the shelf, the rest is promised and on its way."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.channels import Channel
from omni.core.operation import operation, retried
from omni.core.refusals import Refusal
from orders.models import Basket, BasketPiece, Order, PaymentIntent
from orders.operations.basket_price import Priced, priced
from orders.operations.change_basket import lock_open, touch
from orders.operations.keep_units import is_kept, keep_missing
from orders.operations.pay_basket import paid
from orders.operations.place import place
from orders.operations.ready_basket import age_of, require_ready
from orders.operations.request import Contact, LineRequest, OrderRequest, PaymentRequest


@retried
@operation
def place_basket(*, basket_id, by: Actor, now: datetime) -> Order:
    """The basket's order; asked again, the same one, whoever asks.

    Refuses `not_paid`, `gone` where the time ran out and units were sold meanwhile, and what `place` refuses; the
    payment stays approved then and can be taken back.
    """
    known = Order.objects.filter(basket=basket_id).first()
    if known:
        return known
    basket = Basket.objects.lock(basket_id)
    if basket.order_id:  # another press was faster
        return Order.objects.get(pk=basket.order_id)
    basket = lock_open(basket_id, by)
    require_ready(basket)
    lines = list(basket.lines.select_related("basket__location").with_parts())
    price = priced(basket, lines, now=now)
    intents = [each for each in PaymentIntent.objects.of(basket.owner) if each.status == PaymentIntent.Status.APPROVED]
    if paid(intents) < price.total:
        raise Refusal("not_paid", _("This basket is not paid yet."))
    if not is_kept(basket) and keep_missing(basket=basket, by=by, now=now):
        raise Refusal("gone", _("Some of this was sold while the time was over. Look at the basket."))
    order = place(request=_request(basket, price, intents), places=Location.everywhere.all(), by=by, now=now)
    _set_customer(basket, order)
    basket.status, basket.order = Basket.Status.PLACED, order
    touch(basket, now, "status", "order")
    BasketPiece.objects.filter(line__basket=basket).delete()  # the order knows them now
    return order


def _request(basket: Basket, price: Priced, intents: list[PaymentIntent]) -> OrderRequest:
    assert basket.hold is not None
    return OrderRequest(
        channel=Channel.ENDLESS_AISLE, channel_reference=f"EA-{basket.pk}", currency=price.currency,
        lines=[
            LineRequest(
                reference=str(each.line.position), sku=each.line.variant.sku, quantity=each.line.quantity,
                method=each.line.method, location=each.line.location.code if each.line.location else None,
                unit_price=each.unit_price, discounts=each.discounts, taxes=each.taxes,
                selling_location=basket.location.code, associate=basket.associate.username,
                serials=each.line.serials,
            )
            for each in price.lines
        ],
        contact=Contact(name=basket.contact_name, email=basket.contact_email, phone=basket.contact_phone),
        shipping_address=basket.shipping_address, prices_include_tax=price.tax_included,
        payments=[
            PaymentRequest(method=each.method, reference=each.reference, amount=each.amount, intent_key=each.key)
            for each in intents
        ],
        on_shortage=Order.OnShortage.SUPPLY if any(each.line.is_later for each in price.lines) else
        Order.OnShortage.REFUSE,
        hold_id=str(basket.hold.pk), hold_owner=basket.owner, age_check=age_of(basket),
    )  # fmt: skip


def _set_customer(basket: Basket, order: Order) -> None:
    """Whom the associate found is meant, also where two people share an address or a phone."""
    if basket.customer_id and order.customer_id != basket.customer_id:
        order.customer_id = basket.customer_id
        order.save(update_fields=["customer"])
