"""What a buyer sends: one order as the site's JSON. Without Django, for buyers are programs of their own."""

from dataclasses import dataclass
from random import Random
from typing import Any

from omni.bench.scale import STOCKED, code, sku, stocked

PRICE = "19.99"
SHORT, PICKUP_LINES = 5, 3  # the usual order: three lines collected at one store, two shipped


@dataclass(frozen=True)
class Wish:
    """One order of a buyer: at which location it is picked up, where it is shipped to, and which variants."""

    reference: int
    shopper: int
    location: int
    postal_code: str
    pickup: tuple[int, ...]
    ship: tuple[int, ...] = ()


def wish(
    rng: Random, *, reference: int, shopper: int, location: int, postal_code: str, lines: int, pickup_lines: int
) -> Wish:
    """Variants that the location stocks, each line from its own part of the assortment, so that none repeats."""
    part = STOCKED // lines
    variants = [stocked(location, nth * part + rng.randrange(part)) for nth in range(lines)]
    return Wish(
        reference=reference,
        shopper=shopper,
        location=location,
        postal_code=postal_code,
        pickup=tuple(variants[:pickup_lines]),
        ship=tuple(variants[pickup_lines:]),
    )


def body(wish: Wish) -> dict[str, Any]:
    """The request as the site sends it."""
    pickup = {"method": "pickup", "location": code(wish.location)}
    ways = [(variant, pickup) for variant in wish.pickup] + [(variant, {"method": "ship"}) for variant in wish.ship]
    lines = [
        {"reference": str(n), "sku": sku(variant), "quantity": 1, "unit_price": PRICE, "fulfillment": way}
        for n, (variant, way) in enumerate(ways, start=1)
    ]
    return {
        "channel": "web",
        "channel_reference": f"WEB-{wish.reference}",
        "currency": "USD",
        "customer": {"external_id": f"shopper-{wish.shopper}", "name": "Ada Byron", "email": "ada@example.org"},
        "lines": lines,
        "shipping_address": _address(wish) if wish.ship else None,
        "payments": [{"method": "card", "reference": "psp_1", "amount": PRICE, "status": "authorized"}],
    }


def _address(wish: Wish) -> dict[str, str]:
    return {
        "name": "Ada Byron",
        "line1": "1 Main St",
        "city": "Springfield",
        "region": "MN",
        "postal_code": wish.postal_code,
        "country": "US",
    }
