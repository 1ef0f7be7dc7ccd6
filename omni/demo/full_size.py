"""A network of full size, by COPY: millions of shelves with their ledger, to try what a screen or a query costs then.

Everything is computed from ids, so that two networks of one size are equal. What takes long while rows come in
(foreign keys, indexes beside the primary key, the trigger that notes changes) is taken away and made again in the same
transaction: either all of it is there, or nothing was changed.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import zipcodes
from django.db import connection, transaction

from inventory.models import Location

FIRST_LOCATION, FIRST_VARIANT = 1_000_001, 1_000_000
ALL_WEEK = {day: [["07:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
EVERY_NTH_DC = 100  # of the locations, one ships only
SIZES = ("S", "M", "L", "XL")
CATEGORIES = ("Apparel > Shirts", "Apparel > Trousers", "Home > Kitchen", "Home > Garden", "Toys > Outdoor")
AISLES, BINS = 26, 90
MOST_UNITS, EMPTY = 14, 3  # three of seventeen shelves are empty, others hold up to fourteen units

CATALOG = """
INSERT INTO inventory_product (id, code, title, brand, category, is_active)
SELECT %(first)s + n, 'FULL-P' || %(first)s + n, 'Article ' || %(first)s + n, 'House',
       (%(categories)s::text[])[n %% cardinality(%(categories)s::text[]) + 1], true
  FROM generate_series(0, (%(count)s - 1) / 4) n;
INSERT INTO inventory_variant (id, product_id, sku, options, unit_cost, tax_category, is_hazmat, is_age_restricted,
                               is_serial_tracked, is_final_sale, may_split, is_active)
SELECT %(first)s + n, %(first)s + n / 4, 'FULL-' || %(first)s + n,
       jsonb_build_object('size', (%(sizes)s::text[])[n %% 4 + 1]), 2 + n %% 40, '', false, false, false, false, false,
       true
  FROM generate_series(0, %(count)s - 1) n;
INSERT INTO inventory_price (variant_id, currency, amount)
SELECT id, 'USD', 5 + id %% 90 FROM inventory_variant WHERE id >= %(first)s AND id < %(first)s + %(count)s;
"""
SHELVES = """
COPY inventory_stocklevel (variant_id, location_id, on_hand, reserved, safety_stock, shortfall, version, aisle, bin)
FROM STDIN
"""
LEDGER = """
COPY inventory_stockmovement (variant_id, location_id, bucket, kind, quantity, on_hand_after, cause, reason, actor,
                              source, source_event_id, occurred_at)
FROM STDIN
"""

CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = %s::regclass AND contype IN ('f', 'u') AND conparentid = 0 ORDER BY contype DESC
"""
INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = %s::regclass AND NOT i.indisprimary
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""

Tell = Callable[[str], None]


def places(count: int) -> list[Location]:
    """So many locations, spread over the country as its ZIP codes are."""
    known = sorted(
        (row for row in zipcodes.list_all() if row["lat"] and row["zip_code_type"] == "STANDARD"),
        key=lambda row: row["zip_code"],
    )
    chosen = [known[n * len(known) // count] for n in range(count)]
    return [
        Location(
            id=FIRST_LOCATION + n, code=str(FIRST_LOCATION + n), city=at["city"], region=at["state"],
            kind=Location.Kind.DC if n % EVERY_NTH_DC == 0 else Location.Kind.STORE,
            name=f"DC {at['city']}" if n % EVERY_NTH_DC == 0 else f"{at['city']} {at['zip_code']}",
            postal_code=at["zip_code"], latitude=float(at["lat"]), longitude=float(at["long"]), weekly_hours=ALL_WEEK,
            can_pick_up=n % EVERY_NTH_DC != 0,
        )
        for n, at in enumerate(chosen)
    ]  # fmt: skip


@transaction.atomic
def stock_up(*, rows: int, locations: Sequence[int], first_variant: int, tell: Tell) -> int:
    """Give these locations about `rows` shelves more, of items numbered from `first_variant` on; returns how many.

    Each location stocks all of them. The numbers must be free.
    """
    count = max(1, round(rows / len(locations)))
    variants = range(first_variant, first_variant + count)
    with connection.cursor() as cursor:
        cursor.execute(CATALOG, {"first": first_variant, "count": count, "categories": list(CATEGORIES),
                                 "sizes": list(SIZES)})  # fmt: skip
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL maintenance_work_mem = '512MB'")
    tell(f"{count:,} items; {count * len(locations):,} shelves ...")
    with _unhindered("inventory_stocklevel", "shelves_opened"):
        _copy(SHELVES, (_shelves(place, variants) for place in locations))
    tell("the ledger ...")
    with _unhindered("inventory_stockmovement"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            at = cursor.fetchone()[0].isoformat()
        _copy(LEDGER, (_ledger(place, variants, at) for place in locations))
    tell("indexes stand again")
    return count


def analyze() -> None:
    """So that the planner knows what is there."""
    with connection.cursor() as cursor:
        for name in ("stocklevel", "stockmovement", "variant", "price", "product", "location"):
            cursor.execute(f"VACUUM ANALYZE inventory_{name}")


def _units(variant: int, place: int) -> int:
    return max(0, (variant * 7919 + place * 104729) % (MOST_UNITS + EMPTY) - EMPTY + 1)


def _shelves(place: int, variants: range) -> str:
    return "".join(
        f"{v}\t{place}\t{_units(v, place)}\t0\t{v % 7 == 0:d}\t0\t0\t{chr(65 + v % AISLES)}\t{v % BINS}\n"
        for v in variants
    )


def _ledger(place: int, variants: range, at: str) -> str:
    held = ((v, _units(v, place)) for v in variants)
    return "".join(f"{v}\t{place}\t\topening\t{n}\t{n}\t\t\tsystem:seed\t\t\t{at}\n" for v, n in held if n)


def _copy(statement: str, blocks: Iterator[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in blocks:
            copy.write(block)


@contextmanager
def _unhindered(table: str, *triggers: str) -> Iterator[None]:
    """Without foreign keys, indexes and these triggers for the time of the block, which is one transaction's."""
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(CONSTRAINTS, [table])
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, [table])
        indexes = cursor.fetchall()
        for name, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quoted(name)}")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {quoted(name)}")
        for name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {quoted(name)}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition.replace(" ON ONLY ", " ON "))  # of the partitions as well
        for name, definition in reversed(constraints):
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {quoted(name)} {definition}")
        for name in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {quoted(name)}")
