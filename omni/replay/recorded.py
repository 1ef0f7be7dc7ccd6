"""An order of a recorded stream: what a client sends, and which store it falls to."""

import csv
import gzip
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Recorded:
    """`body` is the request of POST /orders; `store` is the location whose stream this order belongs to."""

    at: str
    store: str
    body: dict[str, Any]

    @property
    def reference(self) -> str:
        reference: str = self.body["channel_reference"]
        return reference


def rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def spread(orders: Sequence[T], limit: int) -> list[T]:
    """`limit` of them, evenly over the whole stream, in their order."""
    if limit >= len(orders):
        return list(orders)
    return [orders[n * len(orders) // limit] for n in range(limit)]


def chance(reference: str, purpose: str) -> float:
    """A number from 0 to 1 that belongs to an order for ever: the same stream decides the same way each time."""
    digest = hashlib.sha256(f"{purpose}:{reference}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def demand(stream: Iterable[Recorded]) -> Counter[tuple[str, str]]:
    """(store, SKU) -> units that the stream will ask for."""
    wanted: Counter[tuple[str, str]] = Counter()
    for order in stream:
        for line in order.body["lines"]:
            wanted[order.store, line["sku"]] += line["quantity"]
    return wanted


def address(name: str, postal_code: str, city: str, region: str) -> dict[str, str]:
    return {
        "name": name, "line1": "1 Main St", "city": city, "region": region, "postal_code": postal_code, "country": "US",
    }  # fmt: skip
