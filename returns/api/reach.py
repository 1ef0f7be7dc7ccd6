"""What a key may see of returns: those of its channels' orders, at its locations or on their way to any."""

from django.db.models import Q, QuerySet

from inventory.models import Location
from omni.core.models import ApiKey
from orders.models import Order
from returns.models import ReturnOrder


def returns_of(key: ApiKey) -> QuerySet[ReturnOrder]:
    """A key of some channels sees no return without a receipt: nobody knows whose it was."""
    returns: QuerySet[ReturnOrder] = ReturnOrder.objects.all()
    if key.channels:
        returns = returns.filter(order__channel__in=key.channels)
    if key.location_scopes is None:
        return returns
    return returns.filter(Q(location__in=Location.objects.within(key.location_scopes)) | Q(location=None))


def orders_to_return(key: ApiKey) -> QuerySet[Order]:
    """Orders of the key's channels: what was bought anywhere may come back anywhere."""
    return Order.objects.filter(channel__in=key.channels) if key.channels else Order.objects.all()
