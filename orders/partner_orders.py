"""Where a partner's order stands and what may be done with it, for its page and for its system alike."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import FulfillmentLine, FulfillmentOrder, Shipment, ShipmentLine
from orders.models.fulfillment_order import OPEN, Status
from orders.operations.partner_work import confirmed_quantity

STATES = {
    "new": "Not acknowledged",
    "acknowledged": "Got, not wholly answered",
    "confirmed": "Every open unit is confirmed",
    "on_hold": "Wait: its payment or address is looked at",
    "shipped": "Nothing is open, something left",
    "refused": "Refused or given to somebody else",
    "cancelled": "The customer wants nothing of it",
}
WORDS = {
    "new": _("New"),
    "acknowledged": _("Waits for your answer"),
    "confirmed": _("Confirmed"),
    "on_hold": _("On hold"),
    "shipped": _("Shipped"),
    "refused": _("Refused"),
    "cancelled": _("Cancelled"),
}
ACTS = ["acknowledge", "confirm", "withdraw_confirmation", "refuse", "ship"]


def in_state(work: QuerySet[FulfillmentOrder], state: str) -> QuerySet[FulfillmentOrder]:
    """The work of which `state_of` says so."""
    unheld = work.filter(order__hold="")
    if state == "on_hold":
        return work.filter(status__in=OPEN).exclude(order__hold="")
    if state in ("new", "acknowledged"):
        return unheld.filter(status=Status.RELEASED, partner_order__isnull=state == "new")
    if state == "confirmed":
        return unheld.filter(status=Status.ACCEPTED)
    if state == "refused":
        return work.filter(status=Status.DECLINED)
    return work.filter(status=Status.SHIPPED if state == "shipped" else Status.CANCELLED)


def state_of(work: FulfillmentOrder) -> str:
    """One word for where a partner's order stands."""
    over = {Status.SHIPPED: "shipped", Status.DECLINED: "refused", Status.CANCELLED: "cancelled"}
    if work.status in over:
        return over[Status(work.status)]
    if work.order.hold:
        return "on_hold"
    if work.status == Status.ACCEPTED:
        return "confirmed"
    return "acknowledged" if hasattr(work, "partner_order") else "new"


def shown_partner_work(work: QuerySet[FulfillmentOrder]) -> QuerySet[FulfillmentOrder]:
    """With everything that `DropshipOrderSerializer` tells: five queries."""
    lines = FulfillmentLine.objects.select_related("order_line", "variant", "confirmation").order_by("pk")
    inside = ShipmentLine.objects.select_related("fulfillment_line__order_line").order_by("pk")
    parcels = Shipment.objects.real().order_by("pk").prefetch_related(Prefetch("lines", inside, to_attr="shown_lines"))
    return work.select_related("order", "location__partner", "partner_order").prefetch_related(
        Prefetch("lines", queryset=lines.prefetch_related("variant__barcodes"), to_attr="shown_lines"),
        Prefetch("shipments", queryset=parcels, to_attr="shown_shipments"),
    )


def partner_actions(work: FulfillmentOrder) -> list[str]:
    """Of `ACTS`, those that are open now."""
    if work.order.hold or work.status not in (Status.RELEASED, Status.ACCEPTED):
        return []
    lines: list[FulfillmentLine] = work.shown_lines  # type: ignore[attr-defined]
    confirmed = work.status == Status.ACCEPTED or any(confirmed_quantity(line) for line in lines)
    legal = {
        "acknowledge": not hasattr(work, "partner_order"),
        "confirm": True,
        "withdraw_confirmation": confirmed and not any(line.issued_quantity for line in lines),
        "refuse": True,
        "ship": True,
    }
    return [act for act in ACTS if legal[act]]
