"""The prices that count for a decision now, read once by each process.

Whatever is wrong with them, there is a plan: without prices, which says why.
"""

import hashlib
import logging
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from orders.models import PriceSet
from orders.routing.batch import Ints

logger = logging.getLogger(__name__)

NUMBER = np.dtype("<i8")


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


@dataclass(frozen=True)
class KnownPrices:
    """Of one price set; `weight` in thousandths. Without a key there are none, and `trouble` says why where something
    is wrong."""

    key: int = 0
    weight: int = 0
    kept: Kept | None = None
    shelves: Mapping[tuple[int, int], int] = field(default_factory=dict)
    slots: Mapping[int, int] = field(default_factory=dict)
    trouble: str = ""


NO_PRICES = KnownPrices()


def known_prices(found: tuple[int, int, str, str] | None) -> KnownPrices:
    """Of the newest set: key, weight, checksum, and what is known to be broken about it."""
    if found is None:
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


def broken_words(key: int, trouble: Exception) -> str:
    """Why decisions are made without the prices of this set."""
    return f"Price set {key} cannot be read: {trouble}"[:200]


@lru_cache(maxsize=4)
def _read(key: int, digest: str) -> tuple[Kept, dict[tuple[int, int], int], dict[int, int]]:
    kept = unpacked(bytes(PriceSet.objects.values_list("prices", flat=True).get(pk=key)), digest)
    shelves = dict(zip(zip(kept.variant.tolist(), kept.place.tolist(), strict=True), kept.price.tolist(), strict=True))
    return kept, shelves, dict(zip(kept.slot_place.tolist(), kept.slot_price.tolist(), strict=True))


def digest_of(packed: bytes) -> str:
    """The checksum that is kept beside."""
    return hashlib.sha256(packed).hexdigest()


def unpacked(packed: bytes, digest: str) -> Kept:
    """The prices again. Raises ValueError where they are not what was written."""
    if digest_of(packed) != digest:
        raise ValueError("the checksum differs")
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
