"""A shopper's basket, filled as an associate fills it."""

from itertools import count

from django.utils import timezone

from omni.core.actors import Actor
from orders.models import Basket
from orders.operations.change_basket import add_to_basket, open_basket

_keys = count(1)


def basket_of(user, location, now=None) -> Basket:
    return open_basket(location=location, by=Actor.of(user), now=now or timezone.now())


def add(basket: Basket, variant, method: str = "carry_out", *, at=None, quantity: int = 1, key: str = "", now=None):
    """By whoever serves it."""
    return add_to_basket(
        basket_id=basket.pk, sku=variant.sku, method=method, place=at.code if at else None, quantity=quantity,
        key=key or f"press-{next(_keys)}", by=Actor.of(basket.associate), now=now or timezone.now(),
    )  # fmt: skip
