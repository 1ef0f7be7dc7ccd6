"""Work that is shipped: in its tote, packed, labelled."""

from django.utils import timezone

from omni.core.actors import Actor
from orders.models import Carton, FulfillmentOrder
from orders.operations.buy_label import buy_label
from orders.operations.leave import hand_parcel_over
from orders.operations.pack import Box, pack
from orders.operations.release import release_due
from tests.factories.catalog import stocked
from tests.factories.floor import staged
from tests.factories.people import person
from tests.factories.requests import ADDRESS, line, placed

MEDIUM = {"name": "Medium box", "length_mm": 400, "width_mm": 300, "height_mm": 200, "weight_g": 200}


def carton(code: str = "M", **more) -> Carton:
    return Carton.objects.update_or_create(code=code, defaults=MEDIUM | more)[0]


def to_pack(location, *, quantity: int = 2, by=None, shelf: str = "T-1", address: dict | None = None, **more):
    """A ship order of one store, picked into its tote."""
    by = by or person("associate", at=location)
    variant = stocked(location, quantity + 5)
    variant.weight_g, variant.length_mm, variant.width_mm, variant.height_mm = 400, 250, 200, 40
    variant.save()
    order = placed(line(variant, quantity, **more), shipping_address=ADDRESS | (address or {}))
    FulfillmentOrder.objects.filter(order=order).update(release_at=timezone.now())
    release_due(now=timezone.now())
    return staged(order.fulfillment_orders.get(), by=by, shelf=shelf)


def packed(location, *, by=None, **more):
    """One parcel with everything of a new order."""
    carton()
    by = by or person("associate", at=location)
    work = to_pack(location, by=by, **more)
    return pack(number=work.number, box=Box(carton="M"), by=Actor.of(by), now=timezone.now())


def labelled(location, *, by=None, service: str = "SimPost/Ground", **more):
    """The same with a label bought from the simulator."""
    by = by or person("associate", at=location)
    parcel = packed(location, by=by, **more)
    buy_label(number=parcel.number, service=service, by=Actor.of(by), now=timezone.now())
    parcel.refresh_from_db()
    return parcel


def handed_over(location, *, by=None, **more):
    """The same, gone with the carrier."""
    by = by or person("associate", at=location)
    parcel = labelled(location, by=by, **more)
    hand_parcel_over(number=parcel.number, by=Actor.of(by), now=timezone.now())
    parcel.refresh_from_db()
    return parcel
