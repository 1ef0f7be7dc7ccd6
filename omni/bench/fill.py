"""Make the chain that is measured: locations all over the country, a catalog, shelves with their ledger, shoppers."""

from collections.abc import Callable

import zipcodes
from django.db import connection

from inventory.models import Location
from omni.bench import scale
from omni.core.models import ApiKey

ALL_WEEK = {day: [["07:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
NEVER_FULL = 1_000_000_000  # a limit that costs its statement and refuses nobody
SCOPES = ["orders:read", "orders:write", "inventory:read", "catalog:read"]

CATALOG = """
INSERT INTO inventory_product (id, code, title, brand, category, is_active)
SELECT %(first)s + n, 'BENCH-P' || n, 'Linen shirt ' || n, 'House', 'Apparel > Shirts', true
  FROM generate_series(0, %(variants)s / 4 - 1) n;
INSERT INTO inventory_variant (id, product_id, sku, options, tax_category, is_hazmat, is_age_restricted,
                               is_serial_tracked, is_final_sale, may_split, is_active)
SELECT %(first)s + n, %(first)s + n / 4, 'BENCH-' || %(first)s + n,
       jsonb_build_object('size', (ARRAY['S', 'M', 'L', 'XL'])[n %% 4 + 1]), '', false, false, false, false, false, true
  FROM generate_series(0, %(variants)s - 1) n;
INSERT INTO inventory_price (variant_id, currency, amount)
SELECT id, 'USD', 19.99 FROM inventory_variant WHERE id >= %(first)s;
"""
SHELVES = """
INSERT INTO inventory_stocklevel (variant_id, location_id, on_hand, reserved, safety_stock, shortfall, version, aisle,
                                  bin)
SELECT v.id, l.id, %(on_hand)s, 0, 0, 0, 0, chr(65 + (v.id %% 26)::int), to_char(v.id %% 90 + 1, 'FM00') || '-1'
  FROM inventory_location l JOIN inventory_variant v ON v.id %% %(assortments)s = l.id %% %(assortments)s
 WHERE l.id BETWEEN %(from)s AND %(to)s ORDER BY v.id, l.id;
"""
LEDGER = """
INSERT INTO inventory_stockmovement (variant_id, location_id, bucket, kind, quantity, on_hand_after, cause, reason,
                                     actor, source, source_event_id, occurred_at)
SELECT variant_id, location_id, '', 'receipt', on_hand, on_hand, '', '', 'system:bench', '', '', now()
  FROM inventory_stocklevel WHERE location_id BETWEEN %(from)s AND %(to)s;
"""
SHOPPERS = """
INSERT INTO customers_customer (id, external_id, name, email, phone, is_active, created_at)
SELECT %(shopper)s + n, 'shopper-' || %(shopper)s + n, 'Ada Byron', 'ada@example.org', '', true, now()
  FROM generate_series(0, %(shoppers)s - 1) n;
"""


def fill(*, locations: int, tell: Callable[[str], None]) -> str:
    """Fill an empty database; returns the token of an API key for the measured site."""
    tell(f"Filling {locations:,} locations, {scale.VARIANTS:,} variants, {locations * scale.STOCKED:,} shelves ...")
    places = _places(locations)
    Location.objects.bulk_create(places)
    known = {"first": scale.FIRST_VARIANT, "variants": scale.VARIANTS, "on_hand": scale.ON_HAND,
             "assortments": scale.ASSORTMENTS, "shopper": scale.FIRST_SHOPPER, "shoppers": scale.SHOPPERS}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CATALOG, known)
        cursor.execute(SHOPPERS, known)
        for some in range(0, locations, 250):
            of = {"from": scale.FIRST_LOCATION + some, "to": scale.FIRST_LOCATION + some + 249}
            cursor.execute(SHELVES, known | of)
            cursor.execute(LEDGER, of)
            tell(f"  shelves of {min(some + 250, locations):,} locations")
        cursor.execute("VACUUM ANALYZE")
    _key, token = ApiKey.issue(name="bench", scopes=SCOPES, rate_per_minute=100_000_000)
    return token


def addresses(locations: int) -> list[str]:
    """ZIP codes that orders are shipped to."""
    return _postal_codes(locations)[:: scale.EVERY_NTH_ADDRESS]


def _places(locations: int) -> list[Location]:
    centroids = {row["zip_code"]: row for row in zipcodes.list_all()}
    return [
        Location(
            id=scale.FIRST_LOCATION + n, code=scale.code(scale.FIRST_LOCATION + n), name=f"Store {n + 1}",
            city=centroids[postal]["city"], region=centroids[postal]["state"], postal_code=postal,
            latitude=float(centroids[postal]["lat"]), longitude=float(centroids[postal]["long"]),
            weekly_hours=ALL_WEEK, pickup_capacity=NEVER_FULL, ship_capacity=NEVER_FULL,
        )
        for n, postal in enumerate(_postal_codes(locations))
    ]  # fmt: skip


def _postal_codes(locations: int) -> list[str]:
    """So many ZIP codes, evenly taken from all that have a place on the map."""
    known = sorted(row["zip_code"] for row in zipcodes.list_all() if row["lat"] and row["zip_code_type"] == "STANDARD")
    return [known[n * len(known) // locations] for n in range(locations)]
