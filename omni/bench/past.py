"""Old orders that were collected long ago, written row by row as the shop would have left them."""

from django.db import connection

from omni.bench.scale import FIRST_SHOPPER, FIRST_VARIANT, SHOPPERS, sku

FIRST = 500_000_000
AT_ONCE = 100_000
TABLES = ("orders_order", "orders_orderline", "orders_fulfillmentorder", "orders_fulfillmentline", "orders_handover")
KNOWN = {
    "orders_order": {
        "id": "n", "number": "n", "channel": "'web'", "channel_reference": "'OLD-' || n", "currency": "'USD'",
        "customer_id": f"{FIRST_SHOPPER} + n %% {SHOPPERS}", "contact_name": "'Ada Byron'", "total_amount": "19.99",
        "status": "'fulfilled'", "on_shortage": "'refuse'", "placed_by": "'key:bench'", "fulfillment_count": "1",
        "code_seed": "gen_random_uuid()", "placed_at": "now() - interval '30 days'",
        "updated_at": "now() - interval '30 days'",
    },
    "orders_orderline": {
        "id": "n", "order_id": "n", "position": "1", "reference": "'1'", "variant_id": str(FIRST_VARIANT),
        "sku": f"'{sku(FIRST_VARIANT)}'", "title": "'Linen shirt'", "quantity": "1", "unit_price_amount": "19.99",
        "method": "'pickup'", "pickup_location_id": "%(location)s", "fulfilled_quantity": "1",
        "settled_quantity": "1",
    },
    "orders_fulfillmentorder": {
        "id": "n", "number": "n || '-1'", "order_id": "n", "location_id": "%(location)s", "method": "'pickup'",
        "status": "'handed_over'", "due_at": "now() - interval '30 days'",
        "release_at": "now() - interval '30 days'", "released_at": "now() - interval '30 days'",
        "staged_at": "now() - interval '30 days'", "closed_at": "now() - interval '29 days'",
    },
    "orders_fulfillmentline": {
        "id": "n", "fulfillment_order_id": "n", "order_line_id": "n", "variant_id": str(FIRST_VARIANT),
        "quantity": "1", "picked_quantity": "1", "issued_quantity": "1",
    },
    "orders_handover": {
        "id": "n", "fulfillment_order_id": "n", "check_kind": "'code'", "lines": "jsonb_build_object(n::text, 1)",
        "reservation_ids": "'[]'::jsonb", "handed_over_at": "now() - interval '29 days'",
        "undo_until": "now() - interval '29 days'", "finalized_at": "now() - interval '29 days'",
    },
}  # fmt: skip
COLUMNS = """
SELECT column_name, data_type, is_nullable FROM information_schema.columns
 WHERE table_name = %s AND table_schema = current_schema() AND is_generated = 'NEVER' AND column_default IS NULL
   AND is_identity = 'NO'
"""
PLAIN = {"character varying": "''", "text": "''", "boolean": "false", "jsonb": "'[]'::jsonb"}


def fill(orders: int, *, location: int) -> None:
    """So many old orders of one line at the location; what a table has beside that is empty or nothing."""
    for table in TABLES:
        for first in range(FIRST, FIRST + orders, AT_ONCE):
            _write(table, first, min(first + AT_ONCE, FIRST + orders) - 1, location)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _write(table: str, first: int, last: int, location: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [table])
        values = dict(KNOWN[table])
        for name, kind, nullable in cursor.fetchall():
            if name not in values and nullable == "NO":
                values[name] = PLAIN.get(kind, "0")
        # Table and column names come from the catalog, never from a user.
        columns, selected = ", ".join(values), ", ".join(values.values())
        statement = f"""
            INSERT INTO {table} ({columns})
            SELECT {selected} FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
        """  # noqa: S608
        cursor.execute(statement, {"first": first, "last": last, "location": location})
