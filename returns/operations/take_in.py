"""A parcel arrived that nobody announced, or that came back by itself: it is matched to its purchase, or held."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location, Variant
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from orders.models import Order
from returns.models import Disposition, ReturnOrder
from returns.operations.authorize import Channel, Wanted, authorize
from returns.operations.blind import add_blind_unit, open_blind
from returns.operations.find_purchase import find_purchase
from returns.operations.receive import Looked, receive


def who_sent(*, code: str, here: Location, now: datetime) -> ReturnOrder | Order | Variant | None:
    """What a scan of a parcel or of something in it means: a return that is awaited, a purchase, or an item."""
    tracked = ReturnOrder.objects.open().filter(tracking_number=code.strip()).order_by("-pk").first()
    if tracked and code.strip():
        return tracked
    found = find_purchase(text=code, here=here, now=now)
    if found.returned:
        return found.returned
    if found.orders and found.by in {"receipt", "number", "reference", "serial", "payment"}:
        return found.orders[0]
    return found.item


@operation
def open_unannounced(
    *, order_number: int, wanted: Sequence[Wanted], location: Location, by: Actor, now: datetime
) -> ReturnOrder:
    """The parcel holds these units of a purchase; what the policy leaves to a lead is asked before money moves."""
    return authorize(order_number=order_number, wanted=wanted, channel=Channel.UNANNOUNCED, location=location, by=by,
                     now=now, override=True, note=_("parcel without announcement"))  # fmt: skip


@retried
@operation
def hold_unknown(*, sku: str, location: Location, by: Actor, now: datetime, note: str = "") -> ReturnOrder:
    """Nobody knows whose it is: into quarantine, and no money to anybody until somebody asks for it."""
    opened = open_blind(location=location, id_kind="", id_reference="", by=by, now=now,
                        channel=Channel.UNANNOUNCED, note=note or _("parcel without sender"))  # fmt: skip
    unit = add_blind_unit(rma_number=opened.rma_number, code=sku, by=by, now=now, override=True)
    looked = {unit.pk: Looked(grade="A", disposition=Disposition.QUARANTINE)}
    return receive(rma_number=opened.rma_number, looked=looked, location=location, by=by, now=now)


@operation
def open_sent_back(
    *, order_number: int, lines: Sequence[tuple[str, int]], shipment: str, location: Location | None, by: Actor,
    now: datetime,
) -> ReturnOrder | None:  # fmt: skip
    """A parcel that its carrier brings back to its sender is a return of everything in it; opened once per parcel."""
    key = f"parcel:{shipment}"
    known = ReturnOrder.objects.filter(source_key=key).first()
    if known:
        return known
    order = Order.objects.lock(order_number)
    left = {line.reference: line.fulfilled_quantity - line.returned_quantity for line in order.lines.all()}
    wanted = [
        Wanted(reference=reference, quantity=min(quantity, left[reference]), reason="not-delivered")
        for reference, quantity in lines if left.get(reference)
    ]  # fmt: skip
    if not wanted:
        return None  # its customer brought all of it back already, or it never counted as shipped
    return authorize(
        order_number=order_number, wanted=wanted, channel=Channel.SENT_BACK, location=location, by=by, now=now,
        override=True, source_key=key, note=_("Parcel %s came back") % shipment,
    )  # fmt: skip
