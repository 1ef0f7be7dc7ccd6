"""What a customer shows or says at the return desk, and which purchase of any channel it means. Reads only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from customers.phone import to_e164
from inventory.models import Location, Variant
from orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderKit, OrderLine, Payment, SerialNumber, Shipment
from orders.operations.serials import clean_serial
from returns.models import ReturnOrder

MOST = 20  # more than a person reads while somebody waits
ITEM_DAYS = 120  # how far back a scanned item looks
RECEIPT = re.compile(r"^R:(\d{1,18})$", re.I)
RMA = re.compile(r"^RMA[\s:#-]*(\d{1,18})$", re.I)
NUMBER = re.compile(r"^#?(\d{5,18})$")
LAST4 = re.compile(r"^(?:[x*•\s]*)(\d{4})$", re.I)


@dataclass(frozen=True)
class Window:
    """What narrows a search that finds too much: the store that sold or handed over, and the days."""

    store: Location | None = None
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return any((self.store, self.since, self.until))


@dataclass(frozen=True)
class Found:
    """Purchases, the newest first; `by` says what found them. A return that was opened before comes instead."""

    orders: Sequence[Order] = ()
    returned: ReturnOrder | None = None
    by: str = ""
    item: Variant | None = None

    @property
    def is_sure(self) -> bool:
        """One purchase, found by something that only this purchase has."""
        return len(self.orders) == 1 and self.by in {"receipt", "number", "reference", "payment", "serial", "parcel"}


@dataclass
class _Search:
    text: str
    window: Window
    now: datetime
    here: Location
    orders: QuerySet[Order] = field(init=False)

    def __post_init__(self) -> None:
        orders = Order.objects.all()
        if self.window.since:
            orders = orders.filter(placed_at__date__gte=self.window.since)
        if self.window.until:
            orders = orders.filter(placed_at__date__lte=self.window.until)
        if self.window.store:
            orders = orders.filter(_touching(self.window.store))
        self.orders = orders


def find_purchase(*, text: str, here: Location, now: datetime, window: Window | None = None) -> Found:
    """The strongest key decides: receipt, return, order number, the channel's or the till's number, parcel, serial,
    item, then e-mail, phone and the last four digits of the card."""
    search = _Search(text.strip(), window or Window(), now, here)
    if match := RMA.match(search.text):
        return Found(returned=ReturnOrder.objects.filter(rma_number=int(match[1])).first(), by="return")
    if match := RECEIPT.match(search.text):
        return Found(orders=_shown(Order.objects.filter(number=int(match[1]))), by="receipt")
    for by, find in _WAYS.items():
        orders = find(search)
        if orders is not None and (found := _shown(orders)):
            return Found(orders=found, by=by, item=_variant(search) if by == "item" else None)
    if match := NUMBER.match(search.text):
        return Found(returned=ReturnOrder.objects.filter(rma_number=int(match[1])).first(), by="return")
    return Found(item=_variant(search))


def _shown(orders: QuerySet[Order]) -> list[Order]:
    """With what a row of the list says of each."""
    newest = orders.order_by("-placed_at", "-pk").select_related("customer")
    return list(newest.annotate(line_count=Count("lines", distinct=True)).prefetch_related(
        "lines__variant__product", "payments"
    )[:MOST])  # fmt: skip


def _touching(place: Location) -> Q:
    works = FulfillmentOrder.objects.filter(order=OuterRef("pk"), location=place)
    lines = OrderLine.objects.filter(order=OuterRef("pk"), pickup_location=place)
    return Q(Exists(works)) | Q(Exists(lines))


def _by_number(search: _Search) -> QuerySet[Order] | None:
    match = NUMBER.match(search.text)
    return Order.objects.filter(number=int(match[1])) if match else None


def _by_reference(search: _Search) -> QuerySet[Order] | None:
    return search.orders.filter(channel_reference=search.text)


def _by_payment(search: _Search) -> QuerySet[Order] | None:
    """The receipt number of the till, or the provider's number on the card slip."""
    if len(search.text) < 5:
        return None
    paid = Payment.objects.filter(order=OuterRef("pk"), reference=search.text)
    return search.orders.filter(Exists(paid))


def _by_parcel(search: _Search) -> QuerySet[Order] | None:
    """What stands on its box or on a pickup's label: the parcel's or the work's number, or the carrier's."""
    if len(search.text) < 5:
        return None
    printed = search.text.upper()
    parcels = Shipment.objects.filter(Q(number=printed) | Q(tracking_number=search.text)).values("fulfillment_order")
    works = FulfillmentOrder.objects.filter(Q(number=printed) | Q(pk__in=parcels))
    return Order.objects.filter(pk__in=works.values("order"))


def _by_serial(search: _Search) -> QuerySet[Order] | None:
    serial = clean_serial(search.text)
    if len(serial) < 5:
        return None
    pieces = SerialNumber.objects.filter(serial=serial, status=SerialNumber.Status.OUT)
    return Order.objects.filter(pk__in=pieces.values("fulfillment_line__fulfillment_order__order"))


def _by_item(search: _Search) -> QuerySet[Order] | None:
    """Who bought this lately, by itself or in a kit, or as a kit: here first, anywhere where nobody did."""
    variant = _variant(search)
    if variant is None:
        return None
    since = search.now - timedelta(days=ITEM_DAYS)
    given = FulfillmentLine.objects.filter(
        fulfillment_order__order=OuterRef("pk"), variant=variant, issued_quantity__gt=0
    )
    as_item = Exists(given)
    if OrderKit.objects.filter(variant=variant).exists():
        kits = OrderKit.objects.filter(order=OuterRef("pk"), variant=variant, lines__fulfilled_quantity__gt=0)
        sold = search.orders.filter(Q(as_item) | Q(Exists(kits)))
    else:
        sold = search.orders.filter(as_item)
    if not search.window.since:
        sold = sold.filter(placed_at__gte=since)
    if search.window.store:
        return sold
    at_home = sold.filter(_touching(search.here))
    return at_home if at_home.exists() else sold


def _by_email(search: _Search) -> QuerySet[Order] | None:
    return search.orders.filter(contact_email=search.text.lower()) if "@" in search.text else None


def _by_phone(search: _Search) -> QuerySet[Order] | None:
    if sum(each.isdigit() for each in search.text) < 7:
        return None
    phone = to_e164(search.text)
    return search.orders.filter(contact_phone=phone) if phone else None


def _by_last4(search: _Search) -> QuerySet[Order] | None:
    match = LAST4.match(search.text)
    if match is None:
        return None
    paid = Payment.objects.filter(order=OuterRef("pk"), last4=match[1])
    return search.orders.filter(Exists(paid))


def _variant(search: _Search) -> Variant | None:
    return Variant.objects.by_code(search.text).select_related("product").first()


_WAYS = {
    "number": _by_number, "reference": _by_reference, "payment": _by_payment, "parcel": _by_parcel,
    "serial": _by_serial, "item": _by_item, "email": _by_email, "phone": _by_phone, "last4": _by_last4,
}  # fmt: skip
