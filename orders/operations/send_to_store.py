"""Pickups whose store lacks units: who may send them there, which are taken, and when the order can be ready."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from inventory.atp import Site, open_for_work, sites
from inventory.models import Location
from omni.core.settings_store import setting
from orders import preferences
from orders.models.order_line import Method
from orders.operations.day_capacity import Due, due
from orders.routing import simple

# Who could send what to a store, the nearest first.
Senders = Callable[[Location, Collection[int]], Sequence[Site]]


def may_be_sent(channel: str) -> bool:
    """Whether HQ lets pickups of this channel be sent to their store from elsewhere."""
    said = {each.strip() for each in setting(preferences.SHIP_TO_STORE_CHANNELS).split(",")}
    return "*" in said or channel in said


def may_send(place: Location, store: Location) -> bool:
    """A location that packs its own goods, other than the store itself."""
    return place.pk != store.pk and place.can_ship and place.kind != Location.Kind.DROPSHIP


def senders_for(channel: str, now: datetime) -> Senders:
    """Read from the shelves, one query for each store."""

    def read(store: Location, variants: Collection[int]) -> list[Site]:
        return sites(
            places=Location.objects.none(), variants=sorted(variants), channel=channel, near=store.point,
            nearest_of=open_for_work(_senders(store), now), count=setting(preferences.SEARCH_SITES),
        )  # fmt: skip

    return read


def _senders(store: Location) -> QuerySet[Location]:
    """`may_send` as a query."""
    return Location.objects.exclude(pk=store.pk).exclude(kind=Location.Kind.DROPSHIP).filter(can_ship=True)


def plan_sent(
    wants: Sequence[simple.Want], found: Sequence[Site], without: Collection[tuple[int, int]] = ()
) -> simple.Plan:
    """As few senders as possible, the nearest first; `without` are (variant, location) shelves known to be short."""
    return simple.plan(wants, [
        simple.Site(pk, {variant: units for variant, units in site.available.items() if (variant, pk) not in without})
        for site in found for pk in [site.location.pk]
    ])  # fmt: skip


def sent_units(found: Sequence[Site]) -> Mapping[int, int]:
    """variant -> how many units these senders could send of it."""
    units: dict[int, int] = {}
    for site in found:
        for variant, available in site.available.items():
            units[variant] = units.get(variant, 0) + available
    return units


def there(now: datetime) -> datetime:
    """When units that are sent now should be at their store."""
    return now + timedelta(days=setting(preferences.SHIP_TO_STORE_DAYS))


def ready_when_sent(store: Location, now: datetime) -> Due | None:
    """When a pickup can be ready whose units are sent to its store first."""
    return due(store, Method.PICKUP, there(now))
