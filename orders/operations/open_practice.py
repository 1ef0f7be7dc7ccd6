"""A practice store for one person: made on demand, reset by one tap, with a story's orders when it begins.

Everything but the note who practices where happens in the practice world (`omni.core.practice`).
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from inventory.models import Barcode, Location, Price, Product, Variant
from inventory.operations.set_level import Level, set_levels
from omni.core import practice, practice_tables
from omni.core.actors import Actor
from omni.core.models import PracticeStore
from omni.core.operation import operation
from omni.core.refusals import Invalid
from orders.models import FulfillmentOrder, Order
from orders.models.order_line import AT_A_STORE
from orders.operations.place import place
from orders.operations.release import release_due
from orders.operations.request import Contact, LineRequest, OrderRequest, PaymentRequest
from orders.practice.goods import BY_SKU, GOODS, UNITS
from orders.practice.play import Wish, reference
from orders.practice.stories import stories

BY = Actor.system("practice")
NOBODY = 0  # the practice world before the store is there
ONE_BUILDER = 0x70726163  # "prac"
NEIGHBOR = "PRACTICE-NEIGHBOR"
KEPT = timedelta(hours=13)  # longer than a session
LONGEST = timedelta(days=7)
ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
ADDRESS = {"line1": "1 Practice Lane", "city": "Minneapolis", "region": "MN", "postal_code": "55401", "country": "US"}
POINT = (44.985, -93.27)


def open_practice(*, user_id: int, zone: str, now: datetime) -> int:
    """The practice location of this person, made with the first story's orders where there is none."""
    store = PracticeStore.objects.filter(user_id=user_id).exclude(location_id=None).first()
    return store.location_id if store and store.location_id else reset_practice(user_id=user_id, zone=zone, now=now)


def reset_practice(*, user_id: int, zone: str, now: datetime) -> int:
    """Begin anew: another location in the practice world; the one before is left behind for the sweep."""
    with practice.inside(NOBODY), transaction.atomic():
        location = _build(user_id, zone, now)
        PracticeStore.objects.update_or_create(user_id=user_id, defaults={"location_id": location.pk, "opened_at": now})
    begin_story(location_id=location.pk, key=stories()[0].key, now=now)
    return location.pk


def begin_story(*, location_id: int, key: str, now: datetime) -> list[Order]:
    """The orders of a story arrive, and are in the store's queue at once."""
    story = next((each for each in stories() if each.key == key), None)
    if story is None:
        raise Invalid("unknown_story", _("Choose one of the stories."))
    with practice.inside(location_id), transaction.atomic():
        location = Location.everywhere.get(pk=location_id)
        telling = Order.objects.filter(channel_reference__startswith=f"practice:{location.pk}:").count() + 1
        begins = reference(location, key, telling)
        placed = [_place(wish, f"{begins}{n}", location, now) for n, wish in enumerate(story.wishes)]
        FulfillmentOrder.objects.filter(order__in=placed).update(release_at=now)
        release_due(now=now)
    return placed


@operation
def sweep(*, now: datetime) -> bool:
    """Throw away what was practiced once nobody practices any more, and at least once a week."""
    stores = PracticeStore.objects.exclude(location_id=None)
    if not stores.exists():
        return False
    is_old = stores.filter(opened_at__lt=now - LONGEST).exists()
    if stores.filter(opened_at__gte=now - KEPT).exists() and not is_old:
        return False
    practice_tables.empty()
    return True


def _build(user_id: int, zone: str, now: datetime) -> Location:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_BUILDER])
    variants = _catalog()
    neighbor, is_new = Location.everywhere.get_or_create(
        code=NEIGHBOR, defaults=_place_of(_("Neighbor store"), zone, away=0.3) | {"is_practice": False}
    )
    if is_new:
        _stock(neighbor, variants, now)
    number = Location.everywhere.count()
    location = Location.everywhere.create(
        code=f"PRACTICE-{user_id}-{number}", is_practice=True, **_place_of(_("Practice store"), zone)
    )
    _stock(location, variants, now)
    return location


def _place_of(name: str, zone: str, *, away: float = 0) -> dict:
    return {
        "name": name, "timezone": zone, "weekly_hours": ALL_DAY, "preparation_minutes": 60,
        "latitude": POINT[0] + away, "longitude": POINT[1], **ADDRESS,
    }  # fmt: skip


def _catalog() -> dict[str, Variant]:
    known = {variant.sku: variant for variant in Variant.objects.filter(sku__in=BY_SKU)}
    for good in GOODS:
        if good.sku in known:
            continue
        product, _new = Product.objects.get_or_create(
            code=good.product or good.sku, defaults={"title": good.title, "category": good.category}
        )
        variant = Variant.objects.create(
            product=product, sku=good.sku, options=good.options, weight_g=good.weight_g, length_mm=250, width_mm=180,
            height_mm=80,
        )  # fmt: skip
        Barcode.objects.create(variant=variant, code=good.barcode.zfill(14))
        Price.objects.create(variant=variant, currency="USD", amount=good.price)
        known[good.sku] = variant
    return known


def _stock(location: Location, variants: dict[str, Variant], now: datetime) -> None:
    levels = [
        Level(variants[good.sku].pk, location.pk, UNITS, safety_stock=0, aisle=good.aisle, bin=good.bin)
        for good in GOODS
        if good.is_here or not location.is_practice
    ]
    set_levels(levels=levels, reason="practice", by=BY, now=now)


def _place(wish: Wish, channel_reference: str, location: Location, now: datetime) -> Order:
    total = sum((good.price * units for good, units in wish.goods), Decimal(0))
    request = OrderRequest(
        channel="web", channel_reference=channel_reference, currency="USD",
        lines=[
            LineRequest(reference=str(n), sku=good.sku, quantity=units, method=wish.method,
                        location=location.code if wish.method in AT_A_STORE else None)
            for n, (good, units) in enumerate(wish.goods, start=1)
        ],
        # The top-level domain "invalid" leads nowhere (RFC 2606): a second lock behind the first.
        contact=Contact(name=wish.customer, email=f"{wish.customer.split()[0].lower()}@practice.invalid"),
        shipping_address=ADDRESS | {"name": wish.customer, "line2": ""},
        payments=[PaymentRequest(wish.tender, f"practice-{channel_reference}", total)],
    )  # fmt: skip
    return place(request=request, places=Location.everywhere.filter(pk=location.pk), by=BY, now=now)
