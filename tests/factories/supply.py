"""Orders to suppliers and their deliveries."""

from datetime import date, timedelta

from django.utils import timezone

from inventory.models import Delivery, PurchaseOrder, SupplyTerm
from inventory.operations.announce import Packed, announce_delivery
from inventory.operations.order_supply import Ordered, change_purchase_order, place_purchase_order
from inventory.operations.receive_scans import receive
from inventory.operations.set_term import set_term
from omni.core.actors import Actor

BY = Actor.system("test")


def in_days(days: int) -> date:
    return timezone.now().date() + timedelta(days=days)


def ordered(location, units: dict, *, number: str = "", days: int = 3, supplier: str = "Acme") -> PurchaseOrder:
    """`ordered(store, {tee: 24})`, expected in three days."""
    return place_purchase_order(
        number=number or f"PO-{PurchaseOrder.objects.count() + 1}-{location.code}",
        supplier=supplier, location=location,
        lines=[Ordered(variant.pk, quantity, in_days(days)) for variant, quantity in units.items()],
        by=BY, now=timezone.now(),
    )  # fmt: skip


def announced(location, *cartons: dict, order=None, loose=None, number: str = "") -> Delivery:
    """`announced(store, {tee: 12}, {tee: 12})`: cartons C-1 and C-2."""
    number = number or f"ASN-{Delivery.objects.count() + 1}-{location.code}"
    return announce_delivery(
        number=number, supplier="Acme", location=location, expected_on=in_days(0), purchase_order=order,
        cartons=[Packed(f"{number}/C-{n}", {variant.pk: units for variant, units in each.items()})
                 for n, each in enumerate(cartons, 1)],
        loose={variant.pk: units for variant, units in (loose or {}).items()}, by=BY, now=timezone.now(),
    )  # fmt: skip


def received(delivery: Delivery, *, by: Actor = BY) -> Delivery:
    """Every carton of it scanned."""
    for carton in delivery.cartons.all():
        receive(delivery_id=delivery.pk, code=carton.code, by=by, now=timezone.now())
    return delivery


def sold_before(variant, **more) -> SupplyTerm:
    """`sold_before(tee)`: HQ lets it be sold from what comes, on the very day it comes."""
    return set_term(term=SupplyTerm(variant=variant, **{"extra_days": 0} | more), by=BY, now=timezone.now())


def moved(order: PurchaseOrder, variant, quantity: int, *, days: int) -> PurchaseOrder:
    """The supplier says another day, or another number."""
    wanted = [Ordered(variant.pk, quantity, in_days(days))]
    return change_purchase_order(
        number=order.number, lines=wanted, reason="the supplier says", by=BY, now=timezone.now()
    )


def came(location, order: PurchaseOrder | None, variant, units: int, *, damaged: int = 0) -> Delivery:
    """So many units of it stand at the back door and are scanned."""
    delivery = announced(location, loose={variant: units + damaged}, order=order)
    for quantity, is_damaged in ((units, False), (damaged, True)):
        if quantity:
            receive(delivery_id=delivery.pk, code=variant.sku, units=quantity, is_damaged=is_damaged, by=BY,
                    now=timezone.now())  # fmt: skip
    return delivery
