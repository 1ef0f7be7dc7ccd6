"""Dropship partners, and orders that reached them."""

from typing import Any

from django.utils import timezone

from inventory.models import Location, Variant
from orders.models import FulfillmentOrder, Partner
from orders.operations.release import release_due
from tests.factories.catalog import stocked
from tests.factories.feeds import feed_of
from tests.factories.network import LocationFactory
from tests.factories.requests import line, placed


def vendor(name: str = "Windmill Mugs", *, location: dict[str, Any] | None = None, **agreed: Any) -> Partner:
    """Open around the clock, ships with the next carrier, four hours to confirm."""
    place = LocationFactory(name=name, kind=Location.Kind.DROPSHIP, can_pick_up=False, can_return=False,
                            **(location or {}))  # fmt: skip
    return Partner.objects.create(location=place, **({"ship_days": 0} | agreed))


def with_feed(partner: Partner, **more: Any) -> Partner:
    partner.feed = feed_of(f"stock-{partner.location.code}", kind="partner", location=partner.location, **more)
    partner.save(update_fields=["feed"])
    return partner


def out(partner: Partner, *units: int, variants: list[Variant] | None = None, **order: Any) -> FulfillmentOrder:
    """An order with one line for each number of units, released to the partner that has exactly these."""
    wanted = units or (1,)
    goods = variants or [stocked(partner.location, each) for each in wanted]
    pairs = zip(goods, wanted, strict=True)
    lines = [line(variant, each, reference=str(n)) for n, (variant, each) in enumerate(pairs, start=1)]
    order = placed(*lines, **order)
    FulfillmentOrder.objects.filter(order=order).update(release_at=timezone.now())
    release_due(now=timezone.now())
    return order.fulfillment_orders.get(location=partner.location)
