"""HQ decides what may be sold before it is here, and what no longer."""

from datetime import datetime

from inventory import events
from inventory.models import PurchaseOrder, SupplyTerm
from inventory.operations.supply_moves import follow_terms
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried


@retried
@operation
def set_term(*, term: SupplyTerm, by: Actor, now: datetime) -> SupplyTerm:
    """Save a new or changed term. What is promised stays promised; its day follows, and customers are told."""
    term.save()
    emit(events.SUPPLY_TERM_SET, aggregate=("supply-term", f"{term.pk}"), by=by, payload={
        "kind": term.kind, "sku": term.variant.sku if term.variant else None, "category": term.category,
        "most_units": term.most_units, "extra_days": term.extra_days,
        "street_on": f"{term.street_on}" if term.street_on else None, "is_active": term.is_active,
    })  # fmt: skip
    follow_terms(variant_ids=[term.variant_id] if term.variant_id else None, now=now)
    return term


@operation
def sell_before(*, order: PurchaseOrder, is_orderable: bool, by: Actor) -> None:
    """Whether more may be sold of a purchase order before it comes; what is promised of it stays promised."""
    if PurchaseOrder.objects.filter(pk=order.pk).exclude(is_orderable=is_orderable).update(is_orderable=is_orderable):
        emit(events.PURCHASE_CHANGED, aggregate=("purchase-order", order.number), by=by, payload={
            "number": order.number, "location_id": order.location_id, "expected_on": f"{order.expected_on}",
            "is_orderable": is_orderable,
        })  # fmt: skip
