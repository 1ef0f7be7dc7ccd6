"""The prices that count for a decision now, read once by each process.

Whatever is wrong with them, there is a plan: without prices, which says why.
"""

import hashlib
import logging
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from omni.core.settings_store import setting
from orders import preferences
from orders.models import PriceSet
from orders.routing.batch import Ints

logger = logging.getLogger(__name__)

NUMBER = np.dtype("<i8")
NONE = np.zeros(0, np.int64)
ANOTHER_CHECKSUM = "the checksum differs"
PLACES = 32  # bits of a shelf's key that are its place


@dataclass(frozen=True)
class Kept:
    """Prices by shelf (variants and places, sorted by both) and by place, hundredths of a cent."""

    variant: Ints
    place: Ints
    price: Ints
    slot_place: Ints
    slot_price: Ints

    def to_bytes(self) -> bytes:
        sizes = np.array([len(self.price), len(self.slot_price)])
        parts = (sizes, self.variant, self.place, self.price, self.slot_place, self.slot_price)
        return zlib.compress(np.concatenate(parts).astype(NUMBER).tobytes(), 6)


NOTHING = Kept(NONE, NONE, NONE, NONE, NONE)


@dataclass(frozen=True)
class Sorted:
    """Prices by sorted keys, looked up by halving; a dictionary of as many shelves is twenty times as large."""

    keys: Ints = field(default_factory=lambda: NONE)
    values: Ints = field(default_factory=lambda: NONE)

    def get(self, key: int, default: int = 0) -> int:
        at = int(self.keys.searchsorted(key))
        return int(self.values[at]) if at < len(self.keys) and self.keys[at] == key else default

    def has_any(self, keys: Any) -> bool:
        """Whether one of these has a price."""
        at = self.keys.searchsorted(keys)
        found = self.keys[np.minimum(at, len(self.keys) - 1)] == keys if len(self.keys) else np.zeros(0, bool)
        return bool((self.values[at[found]] > 0).any()) if found.any() else False


@dataclass(frozen=True)
class ByShelf:
    """Prices by variant and place."""

    found: Sorted = field(default_factory=Sorted)

    def get(self, key: tuple[int, int], default: int = 0) -> int:
        return self.found.get(key[0] << PLACES | key[1], default)

    def has_any(self, variant: int, places: Ints) -> bool:
        """Whether this item has a price at one of these places."""
        return self.found.has_any((variant << PLACES) + places)


@dataclass(frozen=True)
class KnownPrices:
    """Of one price set; `weight` in thousandths. Without a key there are none, and `trouble` says why where something
    is wrong."""

    key: int = 0
    weight: int = 0
    kept: Kept | None = None
    shelves: ByShelf = field(default_factory=ByShelf)
    slots: Sorted = field(default_factory=Sorted)
    trouble: str = ""


NO_PRICES = KnownPrices()


def known_prices(found: tuple[int, int, str, str] | None) -> KnownPrices:
    """Of the newest set: key, weight, checksum, and what is known to be broken about it. Nothing of it counts where HQ
    wants none."""
    if found is None or not setting(preferences.PRICE_HOURS):
        return NO_PRICES
    key, weight, digest, broken = found
    if broken:
        return KnownPrices(trouble=broken)
    if not weight:
        return NO_PRICES
    try:
        kept, shelves, slots = _read(key, digest)
    except (PriceSet.DoesNotExist, ValueError) as trouble:
        logger.exception("Routing is degraded: price set %s cannot be read", key)
        return KnownPrices(trouble=broken_words(key, trouble))
    return KnownPrices(key, weight, kept, shelves, slots)


def broken_words(key: int, trouble: Exception | str) -> str:
    """Why decisions are made without the prices of this set."""
    return f"Price set {key} cannot be read: {trouble}"[:200]


def trouble_of(found: PriceSet) -> str:
    """What is broken about one of `checked`: as it was noticed, or else as its checksum tells; nothing where all is
    well, or where HQ retired it. Decisions notice it at once, the worker that writes it down within a minute."""
    if found.broken_because or found.is_whole or found.retired_at:  # type: ignore[attr-defined]
        return found.broken_because
    return broken_words(found.pk, ANOTHER_CHECKSUM)


@lru_cache(maxsize=1)
def _read(key: int, digest: str) -> tuple[Kept, ByShelf, Sorted]:
    kept = unpacked(bytes(PriceSet.objects.values_list("prices", flat=True).get(pk=key)), digest)
    shelves = ByShelf(_sorted((kept.variant << PLACES) + kept.place, kept.price))
    return kept, shelves, _sorted(kept.slot_place, kept.slot_price)


def _sorted(keys: Ints, values: Ints) -> Sorted:
    order = np.argsort(keys, kind="stable")
    return Sorted(keys[order], values[order])


def digest_of(packed: bytes) -> str:
    """The checksum that is kept beside."""
    return hashlib.sha256(packed).hexdigest()


def unpacked(packed: bytes, digest: str) -> Kept:
    """The prices again. Raises ValueError where they are not what was written."""
    if digest_of(packed) != digest:
        raise ValueError(ANOTHER_CHECKSUM)
    try:
        numbers = np.frombuffer(zlib.decompress(packed), NUMBER).astype(np.int64)
        rows, slots = numbers[:2].tolist()
        if min(rows, slots) < 0 or len(numbers) != 2 + 3 * rows + 2 * slots:
            raise ValueError("it has not as many numbers as it says")
    except zlib.error as trouble:
        raise ValueError("it is not packed as it should be") from trouble
    kept = Kept(*np.split(numbers[2:], [rows, 2 * rows, 3 * rows, 3 * rows + slots]))
    if min(kept.price.min(initial=0), kept.slot_price.min(initial=0)) < 0:
        raise ValueError("a price is below nothing")
    return kept
