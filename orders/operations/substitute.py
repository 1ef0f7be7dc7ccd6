"""Something of the same store instead of what was not found: offered by the picker, taken by the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, F, Max, Q, When
from django.utils.translation import gettext as _

from inventory.atp import stocked_at
from inventory.models import Location, Price, Variant
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import Order, OrderLine, PickupChoice
from orders.models.order_line import Method
from orders.operations.assign import Assignment, allocate
from orders.operations.find_elsewhere import Substitute
from orders.pricing import round_amount
from orders.unit_money import UnitMoney, unit_of

SHOWN, LOOKED_AT = 5, 200
CHEAPEST, DEAREST = Decimal("0.6"), Decimal("1.4")  # of the price that was paid: what still counts as similar


def suggestions(*, line: OrderLine, location: Location, quantity: int) -> list[Substitute]:
    """What this store has enough of: the same product in other options first, then alike ones of its category."""
    product, paid = line.variant.product, line.unit_price_amount
    alike = Q(variant__product__category=product.category, amount__gte=paid * CHEAPEST, amount__lte=paid * DEAREST)
    if not product.category:
        alike = Q(pk__in=[])
    prices = (
        Price.objects.filter(Q(variant__product=product) | alike, currency=line.order.currency, variant__is_active=True)
        .filter(variant__in=stocked_at(location, quantity=quantity, channel=line.order.channel))
        .exclude(variant=line.variant_id)
        .select_related("variant__product").order_by(Case(When(variant__product=product, then=0), default=1), "pk")
    )  # fmt: skip
    if not line.variant.is_age_restricted:
        prices = prices.exclude(variant__is_age_restricted=True)
    ranked = sorted(
        prices[:LOOKED_AT], key=lambda each: (each.variant.product_id != product.pk, abs(each.amount - paid), each.pk)
    )
    return [Substitute(each.variant, each.amount) for each in ranked[:SHOWN]]


def find_substitute(*, code: str, line: OrderLine, location: Location, quantity: int) -> Substitute:
    """The item with this code, where this store can give it instead; raises Invalid or Refusal with the reason."""
    variant = Variant.objects.by_code(code).filter(is_active=True).select_related("product").first()
    if variant is None:
        raise Invalid("unknown_substitute", _("No item has the code %s. Scan the item's own barcode.") % code[:40])
    if variant.pk == line.variant_id:
        raise Invalid("same_item", _("That is the item that is missing. Offer another one."))
    if variant.is_age_restricted and not line.variant.is_age_restricted:
        raise Invalid("restricted_substitute", _("An age-restricted item is no substitute for this one."))
    price = Price.objects.filter(variant=variant, currency=line.order.currency).first()
    if price is None:
        raise Invalid("no_price", _("%s has no price in the currency of the order.") % variant.title)
    if not stocked_at(location, quantity=quantity, channel=line.order.channel, variants=[variant.pk]):
        raise Refusal("insufficient_stock", _("There are not enough free units of %s here.") % variant.title)
    return Substitute(variant, price.amount)


def take_substitute(*, order: Order, choice: PickupChoice, by: Actor, now: datetime) -> OrderLine:
    """The short units of a locked order are cancelled, and a line of the substitute is added at the lower price.

    Raises Invalid `no_substitute`, and Refusal `insufficient_stock` where somebody else was faster.
    """
    if choice.substitute is None or choice.substitute_price_amount is None:
        raise Invalid("no_substitute", _("No substitute was offered."))
    old = choice.order_line
    new = _new_line(order, old, choice.substitute, choice.substitute_price_amount, choice.quantity, choice.location)
    OrderLine.objects.filter(pk=old.pk).update(cancelled_quantity=F("cancelled_quantity") + choice.quantity)
    old.cancelled_quantity += choice.quantity
    new.save(force_insert=True)
    assignment = Assignment(new, choice.location, choice.quantity, Method.PICKUP)
    if allocate(order=order, assignments=[assignment], by=by, now=now).failed:
        raise Refusal("insufficient_stock", _("It has just been sold. Please choose something else."))
    choice.substitute_line = new
    emit(events.SUBSTITUTED, aggregate=order.subject, by=by, payload={
        "order": str(order.number), "reference": old.reference, "sku": old.sku, "quantity": choice.quantity,
        "location": choice.location.code,
        "substitute": {"reference": new.reference, "sku": new.sku, "title": new.title,
                       "unit_price": str(new.unit_price_amount), "discount": str(new.discount_amount),
                       "tax": str(new.tax_amount)},
    })  # fmt: skip
    return new


def substitute_cost(*, choice: PickupChoice) -> "Terms":
    """What the customer would pay for the substitute that they are offered, and what they paid for the old units."""
    assert choice.substitute_price_amount is not None
    order, old = choice.order_line.order, choice.order_line
    units = _given_up(order, old, choice.quantity)
    return terms(units=units, price=choice.substitute_price_amount, currency=order.currency)


@dataclass(frozen=True)
class Terms:
    """What a substitute costs: never more than the units that it stands for, part by part."""

    unit_price: Decimal
    discount: Decimal
    taxes: list[dict]
    goods: Decimal  # together, without taxes that come on top
    saved: Decimal  # compared with the units that are given up, taxes aside

    @property
    def tax(self) -> Decimal:
        return sum((Decimal(each["amount"]) for each in self.taxes), Decimal(0))


def terms(*, units: Sequence[UnitMoney], price: Decimal, currency: str) -> Terms:
    """The lower of what was paid and what it costs, with the taxes of the old units in proportion."""
    quantity = len(units)
    paid = sum((unit.list_amount - unit.discount_amount for unit in units), Decimal(0))
    goods = min(paid, round_amount(price, currency) * quantity)
    unit_price = min(units[0].list_amount, round_amount(price, currency))
    part = goods / paid if paid else Decimal(0)
    taxes = [
        {"name": tax.name, "amount": str(round_amount(_summed(units, n) * part, currency))}
        | ({"rate": tax.rate} if tax.rate else {})
        for n, tax in enumerate(units[0].taxes)
    ]
    return Terms(unit_price, unit_price * quantity - goods, taxes, goods, paid - goods)


def _summed(units: Sequence[UnitMoney], tax: int) -> Decimal:
    return sum((unit.taxes[tax].amount for unit in units), Decimal(0))


def _new_line(
    order: Order, old: OrderLine, variant: Variant, price: Decimal, quantity: int, location: Location
) -> OrderLine:
    """Priced from the units that are given up."""
    cost = terms(units=_given_up(order, old, quantity), price=price, currency=order.currency)
    lines = order.lines.aggregate(last=Max("position"))
    return OrderLine(
        order=order, position=lines["last"] + 1, reference=_reference(order, old), variant=variant, sku=variant.sku,
        title=variant.title[:400], quantity=quantity, unit_price_amount=cost.unit_price, discount_amount=cost.discount,
        discounts=[{"code": "substitute", "amount": str(cost.discount)}] if cost.discount else [],
        tax_amount=cost.tax, taxes=cost.taxes, method=Method.PICKUP, pickup_location=location,
        gift_message=old.gift_message,
    )  # fmt: skip


def _given_up(order: Order, old: OrderLine, quantity: int) -> list[UnitMoney]:
    """The last of the line's units that are not cancelled."""
    left = old.quantity - old.cancelled_quantity
    how = {"currency": order.currency, "tax_included": order.prices_include_tax}
    return [unit_of(old, n, **how) for n in range(left - quantity + 1, left + 1)]  # type: ignore[arg-type]


def _reference(order: Order, old: OrderLine) -> str:
    """A name that the site can read, unique in the order."""
    taken = set(order.lines.values_list("reference", flat=True))
    name = f"{old.reference[:80]}-substitute"
    numbered = (f"{name}-{n}" for n in range(2, len(taken) + 3))
    return name if name not in taken else next(each for each in numbered if each not in taken)
