"""A million customers with names as common and as rare as names are, written by the database itself."""

from random import Random

from django.db import connection

from omni.bench.words import made_up
from omni.demo.names import FIRST as GIVEN
from omni.demo.names import LAST as FAMILY

FIRST = 900_000_000
AT_ONCE = 100_000
RARE_GIVEN, RARE_FAMILY = 1_500, 40_000
# Every third has a rare given name, and every second a rare family name; of the known ones the first are the commonest.
CROWD = """
INSERT INTO customers_customer (id, external_id, name, email, phone, loyalty_code, is_active, created_at)
SELECT n, 'crowd-' || n, name,
       translate(lower(name), ' ''', '.') || n %% 1000 || '@example.' || (ARRAY['org', 'com', 'net'])[n %% 3 + 1],
       CASE WHEN n %% 5 > 0 THEN '+1' || 2010000000 + (n * 7919) %% 7989999999 ELSE '' END,
       CASE WHEN n %% 2 = 0 THEN 'L' || nine || luhn END, true, now()
  FROM (SELECT n, lpad((n * 999983 %% 1000000000)::text, 9, '0') AS nine,
               CASE WHEN n %% 3 = 0 THEN %(rare_given)s::text[] ELSE %(given)s::text[] END AS firsts,
               CASE WHEN n %% 2 = 0 THEN %(rare_family)s::text[] ELSE %(family)s::text[] END AS lasts,
               hashint8(n)::bigint + 2147483648 AS one, hashint8(n + 1000000)::bigint + 2147483648 AS two
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) them,
       LATERAL (SELECT firsts[1 + floor(cardinality(firsts) * (one / 4294967296.0) ^ 2)::int] || ' ' ||
                       lasts[1 + floor(cardinality(lasts) * (two / 4294967296.0) ^ 2)::int] AS name) called,
       LATERAL (SELECT (10 - sum(CASE WHEN at %% 2 = 1 THEN d * 2 / 10 + d * 2 %% 10 ELSE d END) %% 10) %% 10 AS luhn
                  FROM (SELECT at, substr(nine, at, 1)::int AS d FROM generate_series(1, 9) at) digits) checked
"""
SLOW_TO_KEEP = """
SELECT indexname, indexdef FROM pg_indexes
 WHERE schemaname = current_schema() AND tablename = 'customers_customer' AND indexdef ~ 'USING gin'
"""


def fill(people: int) -> None:
    """So many customers more. Indexes over words are made again afterwards, as the shop's migrations made them."""
    rng = Random(8)
    words = made_up(rng)
    names = {
        "given": GIVEN, "family": FAMILY, "rare_given": [next(words).title() for _ in range(RARE_GIVEN)],
        "rare_family": [next(words).title() for _ in range(RARE_FAMILY)],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SLOW_TO_KEEP)
        slow = cursor.fetchall()
        for name, _made_by in slow:
            cursor.execute(f"DROP INDEX {name}")
        for first in range(FIRST, FIRST + people, AT_ONCE):
            last = min(first + AT_ONCE, FIRST + people) - 1
            cursor.execute(CROWD, names | {"first": first, "last": last})
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, made_by in slow:
            cursor.execute(made_by)
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("VACUUM ANALYZE customers_customer")
