"""Opening stock: what each house of the chain carries, where it lies, and how much of it there is."""

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random

from inventory.models import Location, ShelfNews
from inventory.operations.set_level import Level, set_levels
from omni.core.actors import Actor
from omni.demo.catalog import Item
from omni.demo.network import Network

BATCH = 5000
EVERY = 3  # of the vendors' things, each third is the partner's and lies nowhere else
NOWHERE = 12  # variants that are announced but not there yet: orders for them wait

BY = Actor.system("demo")


def stock_shelves(
    *, rng: Random, network: Network, items: list[Item], now: datetime, tell: Callable[[int, int], None]
) -> dict[int, dict[int, int]]:
    """Set opening stock through the ledger; returns location id -> variant id -> units. `tell` hears of progress."""
    announced = {item.variant.pk for item in sold_out(items)}
    made = [item for item in items if item.family.from_vendor][::EVERY]
    elsewhere = announced | {item.variant.pk for item in made}
    there = [item for item in items if item.variant.pk not in elsewhere]
    levels = [
        level for place in network.all
        for level in _levels(place, network, made if place == network.partner else there, rng)
    ]  # fmt: skip
    for start in range(0, len(levels), BATCH):
        set_levels(levels=levels[start : start + BATCH], reason="opening stock", by=BY, now=now)
        tell(min(start + BATCH, len(levels)), len(levels))
    ShelfNews.objects.all().delete()  # what lay there from the first day is news to nobody
    stock: dict[int, dict[int, int]] = {}
    for level in levels:
        stock.setdefault(level.location_id, {})[level.variant_id] = level.on_hand
    return stock


def sold_out(items: list[Item]) -> list[Item]:
    """The variants that no shelf holds."""
    return [item for item in items if not item.family.from_vendor][-NOWHERE:]


def _levels(place: Location, network: Network, items: list[Item], rng: Random) -> Iterator[Level]:
    if place == network.partner:
        carried, units = items, (20, 60)
    elif place == network.vendor:
        carried, units = [item for item in items if item.family.from_vendor], (5, 60)
    elif place in network.centers:
        carried, units = items, (20, 240)
    else:
        inside = [item for item in items if not item.family.from_vendor]
        carried, units = rng.sample(inside, int(len(inside) * (0.5 if place == network.home else 0.16))), (0, 18)
    for item in carried:
        on_hand = rng.randrange(*units)
        yield Level(
            item.variant.pk, place.pk, on_hand, safety_stock=1 if place.picks_by_hand and on_hand > 9 else 0,
            aisle=_aisle(item) if place.picks_by_hand else "", bin=_bin(item, place) if place.picks_by_hand else "",
        )  # fmt: skip


def _aisle(item: Item) -> str:
    """Products of one family stand together, each in one aisle of its own."""
    aisles = item.family.aisles
    return aisles[item.variant.product_id % len(aisles)]


def _bin(item: Item, place: Location) -> str:
    """Bay and shelf: variants of one product lie side by side; stores are not built alike."""
    bay = (item.variant.product_id * 7 + place.pk) % 24 + 1
    return f"{bay:02}-{item.variant.pk % 5 + 1}"
