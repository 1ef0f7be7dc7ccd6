"""What a key may see: its channels, its locations, and nothing else."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.models import ApiKey
from orders.models import FulfillmentOrder, Order, OrderLine


def orders_of(key: ApiKey) -> QuerySet[Order]:
    """Orders of the key's channels; for a key of some locations, those it placed or that touch one of them."""
    orders: QuerySet[Order] = Order.objects.filter(channel__in=key.channels) if key.channels else Order.objects.all()
    if key.location_scopes is None:
        return orders
    placed_here = Q(placed_by=Actor.of_key(key).label)
    return orders.filter(placed_here | touching(Location.objects.within(key.location_scopes)))


def work_of(key: ApiKey) -> QuerySet[FulfillmentOrder]:
    """Fulfillment orders at the key's locations, for orders of its channels."""
    work: QuerySet[FulfillmentOrder] = FulfillmentOrder.objects.all()
    if key.channels:
        work = work.filter(order__channel__in=key.channels)
    if key.location_scopes is None:
        return work
    return work.filter(location__in=Location.objects.within(key.location_scopes))


def touching(places: QuerySet[Location]) -> Q:
    """Orders that are collected at or were sold by one of these places, or have or had work there."""
    ids = places.values("pk")
    here = Q(pickup_location__in=ids) | Q(selling_location__in=ids)
    lines = OrderLine.objects.filter(here, order=OuterRef("pk"))
    work = FulfillmentOrder.objects.filter(order=OuterRef("pk"), location__in=ids)
    return Q(Exists(lines)) | Q(Exists(work))
