"""Demo only, behind a setting: distribution centers and vendors confirm and ship by themselves."""

from datetime import datetime, timedelta

from omni.core.actors import Actor
from omni.core.settings_store import setting
from orders import preferences
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.operations.accept import accept
from orders.operations.ship import ship

BY = Actor.system("demo partner")
PACKING = timedelta(seconds=30)
STEP = 20
FORGOTTEN = "demo-forgotten"  # orders with this tag are left lying, so that HQ has something overdue to look at


def play(*, now: datetime) -> None:
    """Confirm what was released, ship what has been accepted for a while; does nothing unless HQ switched it on."""
    if not setting(preferences.DEMO_PARTNERS):
        return
    theirs = (
        FulfillmentOrder.objects.exclude(location__kind="store").filter(order__hold="", method="ship")
        .exclude(order__tags__contains=[FORGOTTEN])
    )  # fmt: skip
    for number in theirs.filter(status=Status.ACCEPTED, released_at__lte=now - PACKING).values_list(
        "number", flat=True
    )[:STEP]:
        ship(number=number, carrier="Demo Parcel", tracking_number=f"DEMO{number.replace('-', '')}", by=BY, now=now)
    for number in theirs.filter(status=Status.RELEASED).values_list("number", flat=True)[:STEP]:
        accept(number=number, by=BY, now=now)
