"""The chain that is measured: numbers only, so that buyers without Django and pgbench can compute with them."""

FIRST_LOCATION = 3_000_001
FIRST_VARIANT = 5_000_000
VARIANTS = 4_000
# A location stocks the variants whose number leaves the same rest as its own: a tenth of the catalog.
ASSORTMENTS = 10
STOCKED = VARIANTS // ASSORTMENTS
ON_HAND = 10_000
FIRST_SHOPPER = 7_000_001
SHOPPERS = 50_000
# A tenth of the places' ZIP codes, as addresses to ship to.
EVERY_NTH_ADDRESS = 10


def sku(variant_id: int) -> str:
    return f"BENCH-{variant_id}"


def code(location_id: int) -> str:
    return f"B{location_id}"


def stocked(location_id: int, nth: int) -> int:
    """The id of the nth variant (0 to STOCKED - 1) that this location stocks."""
    return FIRST_VARIANT + nth * ASSORTMENTS + location_id % ASSORTMENTS
