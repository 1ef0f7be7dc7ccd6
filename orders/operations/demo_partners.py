"""Demo only, behind a setting: partners and stores without people say yes, and carriers deliver."""

from datetime import datetime, timedelta

from django.db.models import Q

from omni.core.actors import Actor
from omni.core.models import Grant
from omni.core.settings_store import setting
from orders import preferences
from orders.carriers.port import News
from orders.models import FulfillmentOrder, Shipment
from orders.models.fulfillment_order import Status
from orders.operations.accept import accept
from orders.operations.follow import record_news
from orders.operations.ship import ship

BY = Actor.system("demo partner")
PACKING = timedelta(seconds=30)
DRIVING, ARRIVING, OVER = timedelta(minutes=1), timedelta(minutes=6), timedelta(hours=1)
STEP = 20
LAST_MOMENT = timedelta(minutes=2)
UNUSABLE = "!"  # how Django marks a password that nobody can type
FORGOTTEN = "demo-forgotten"  # orders with this tag are left lying, so that HQ has something overdue to look at


def play(*, now: datetime) -> None:
    """Confirm what was released, ship what has been accepted for a while; does nothing unless HQ switched it on."""
    if not setting(preferences.DEMO_PARTNERS):
        return
    _deliver(now)
    theirs = (
        FulfillmentOrder.objects.exclude(location__kind="store").filter(order__hold="", method="ship")
        .exclude(order__tags__contains=[FORGOTTEN]).exclude(location__in=_manned())
    )  # fmt: skip
    for number in theirs.filter(status=Status.ACCEPTED, released_at__lte=now - PACKING).values_list(
        "number", flat=True
    )[:STEP]:
        ship(number=number, carrier="Demo Parcel", tracking_number=f"DEMO{number.replace('-', '')}", by=BY, now=now)
    for number in theirs.filter(status=Status.RELEASED).values_list("number", flat=True)[:STEP]:
        accept(number=number, by=BY, now=now)
    _answer_offers(now)
    _deliver(now)


def _answer_offers(now: datetime) -> None:
    """Stores in which nobody can sign in accept at the last moment; elsewhere offers run out."""
    ending = FulfillmentOrder.objects.offered().filter(confirm_by__lte=now + LAST_MOMENT, order__hold="")
    for number in ending.exclude(location__in=_manned()).values_list("number", flat=True)[:STEP]:
        accept(number=number, by=BY, now=now)


def _manned() -> list[int]:
    """Locations in which somebody can sign in: there people answer."""
    manned = Grant.objects.filter(scope__startswith="location:").exclude(user__password__startswith=UNUSABLE)
    return [int(scope.partition(":")[2]) for scope in manned.values_list("scope", flat=True).distinct() if scope]


def _deliver(now: datetime) -> None:
    """Parcels that left within the hour are on their way after a minute and arrive some minutes later."""
    fresh = Shipment.objects.on_the_way().filter(handed_over_at__gt=now - OVER).exclude(tracking_number="")
    due = Q(status=Shipment.Status.HANDED_OVER, handed_over_at__lte=now - DRIVING)
    due |= Q(status=Shipment.Status.IN_TRANSIT, handed_over_at__lte=now - ARRIVING)
    for parcel in fresh.filter(due).order_by("pk")[:STEP]:
        status = "in_transit" if parcel.status == Shipment.Status.HANDED_OVER else "delivered"
        news = News(f"{parcel.number}-{status}", parcel.tracking_number, status, now, carrier=parcel.carrier)
        record_news(news=news, source="demo", now=now)
