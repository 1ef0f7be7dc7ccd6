"""How long HQ's lists take to open with a million rows each: `python -m tests.bench.hq_lists [rows]`.

Fills a scratch database by SQL (never the shop's), analyzes it, and opens each list as HQ does, in this process and
through the whole of Django; prints the median of five, for the first page, a page in the middle, filters and search.
"""

import os
import statistics
import sys
import time
from typing import Any
from urllib.parse import urlencode

import django
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omni.embedded import servers

PROMISED_MS = 300
TRIES = 5
# Sixteen first names, and as many last names as rows: "Ada Gkmopb".
NAME = """(ARRAY['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hana', 'Ivo', 'Jo', 'Kim', 'Lea', 'Max', 'Nia',
'Ole', 'Pia'])[1 + n % 16] || ' ' || initcap(translate(substr(md5(n::text), 1, 7), '0123456789', 'ghijklmnop'))"""
LISTS = [
    ("orders.order", {}, "first page"),
    ("orders.order", {"older": "{middle}"}, "a page in the middle"),
    ("orders.order", {"q": "{number}"}, "search by number"),
    ("orders.order", {"q": "{name}"}, "search by name"),
    ("orders.order", {"q": "p4711@example.org"}, "search by e-mail"),
    ("orders.order", {"status__exact": "open"}, "filter: open"),
    ("orders.order", {"held": "yes"}, "filter: on hold (1 in 1,000)"),
    ("orders.fulfillmentorder", {}, "first page"),
    ("orders.fulfillmentorder", {"at": "L00007"}, "filter: one of 1,000 locations"),
    ("orders.fulfillmentorder", {"at": "L00007", "status__exact": "released"}, "filter: location and status"),
    ("orders.fulfillmentorder", {"time": "late"}, "filter: late"),
    ("orders.fulfillmentorder", {"time": "unconfirmed"}, "filter: confirmation overdue"),
    ("orders.orderexception", {}, "first page (open ones)"),
    ("customers.customer", {}, "first page"),
    ("customers.customer", {"q": "{name}"}, "search by name"),
    ("core.event", {}, "first page"),
    ("core.event", {"about": "orders.placed"}, "filter: topic"),
    ("core.event", {"kind": "order", "which": "4711"}, "filter: one order"),
    ("core.eventdelivery", {}, "first page"),
    ("core.eventdelivery", {"status__exact": "dead"}, "filter: dead letters (20)"),
    ("core.statechange", {}, "first page"),
    ("inventory.stocklevel", {}, "first page"),
    ("inventory.stocklevel", {"at": "L00007"}, "filter: one of 1,000 locations"),
    ("inventory.stocklevel", {"short": "yes"}, "filter: short"),
    ("inventory.stockmovement", {}, "first page"),
    ("inventory.stockmovement", {"at": "L00007"}, "filter: one of 1,000 locations"),
    ("inventory.stockmovement", {"at": "L00007", "sku": "V00007"}, "filter: one shelf"),
    ("inventory.reservation", {}, "first page"),
]


def main(rows: int) -> int:
    """Print the times; the number of lists over the promise is the exit code."""
    began = time.perf_counter()
    fill_all(rows)
    tell(f"{rows:,} rows in each of nine tables after {time.perf_counter() - began:.0f} s; median of {TRIES}, in ms")
    user = apps.get_model("core.user").objects.create(username="bench")
    user.grants.create(role="hq")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    name = apps.get_model("customers.customer").objects.get(pk=4711).name
    known = {"name": name, "middle": str(10_000_000 + rows // 2), "number": str(10_000_000 + rows // 3)}
    slow = 0
    for path, label in [("/hq/", "the first page of HQ"), *((url(m, f, known), f"{m}: {w}") for m, f, w in LISTS)]:
        took = measure(client, path)
        slow += took > PROMISED_MS
        tell(f"{took:8.1f}  {label}{'   <-- over ' + str(PROMISED_MS) if took > PROMISED_MS else ''}")
    return slow


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def url(model: str, filters: dict[str, str], known: dict[str, str]) -> str:
    path = reverse(f"admin:{model.replace('.', '_')}_changelist")
    return f"{path}?{urlencode({name: value.format(**known) for name, value in filters.items()})}"


def measure(client: Client, path: str) -> float:
    """The median time of the page; a page that is not there counts as endless."""
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        if client.get(path).status_code != 200:
            return float("inf")
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def fill_all(rows: int) -> None:
    """A chain of 1,000 locations and 1,000 variants, and a million of everything that grows."""
    model = apps.get_model
    side = max(1, int(rows**0.5))
    fill(model("inventory.location"), side, code="'L' || lpad(n::text, 5, '0')", name="'Store ' || n",
         kind="CASE WHEN n % 50 = 0 THEN 'dc' ELSE 'store' END")  # fmt: skip
    fill(model("inventory.product"), side, code="'P' || n", title="'Linen shirt ' || n")
    fill(model("inventory.variant"), side, product="n", sku="'V' || lpad(n::text, 5, '0')")
    place, item = f"1 + n % {side}", f"1 + (n / {side}) % {side}"
    fill(model("inventory.stocklevel"), side * side, location=f"1 + (n - 1) % {side}", variant=f"1 + (n - 1) / {side}",
         on_hand="10", reserved="CASE WHEN n % 100000 = 0 THEN 12 ELSE 0 END",
         shortfall="CASE WHEN n % 100000 = 0 THEN 2 ELSE 0 END")  # fmt: skip
    fill(model("inventory.stockmovement"), rows, location=place, variant=item, kind="'receipt'", quantity="5",
         on_hand_after="5", actor="'system:bench'")  # fmt: skip
    fill(model("inventory.reservation"), rows, location=place, variant=item, demand_key="'fulfillment-line:' || n",
         quantity="1", status="'consumed'", closed_at="now()")  # fmt: skip
    fill(model("customers.customer"), rows, name=NAME, email="'p' || n || '@example.org'")
    fill(model("orders.order"), rows, number="10000000 + n", channel="'web'", channel_reference="'W' || n",
         currency="'USD'", customer="n", contact_name=NAME, contact_email="'p' || n || '@example.org'",
         total_amount="20", status="CASE WHEN n % 20 = 0 THEN 'open' ELSE 'fulfilled' END",
         hold="CASE WHEN n % 1000 = 0 THEN 'payment' ELSE '' END", placed_by="'key:bench'")  # fmt: skip
    fill(model("orders.fulfillmentorder"), rows, number="(10000000 + n) || '-1'", order="n", location=place,
         method="'pickup'", status="CASE WHEN n % 100 = 0 THEN 'released' ELSE 'handed_over' END",
         confirm_by="CASE WHEN n % 100000 = 0 THEN now() - interval '1 hour' END")  # fmt: skip
    fill(model("orders.orderexception"), rows // 10, order="n", kind="'waiting'", detail="'2 units'",
         resolved_at="CASE WHEN n % 1000 = 0 THEN NULL ELSE now() END")  # fmt: skip
    fill(model("core.event"), rows, position="n", sequence="1", topic="'orders.placed'", aggregate_type="'order'",
         aggregate_id="n::text", actor="'key:bench'")  # fmt: skip
    fill(model("core.eventdelivery"), rows, event="n", subscriber="'orders.tell'", lane="'order|' || n", position="n",
         status=f"CASE WHEN n % {max(1, rows // 20)} = 0 THEN 'dead' ELSE 'done' END", finished_at="now()",
         attempts="1")  # fmt: skip
    fill(model("core.statechange"), rows, subject_type="'orders.fulfillmentorder'", subject_id="n::text",
         to_status="'handed_over'", actor="'system:bench'")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill(model: type[models.Model], rows: int, **expressions: str) -> None:
    """`rows` rows in one statement; what has no expression gets the model's own default. `n` counts from 1."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.generated or (field.primary_key and field.name not in expressions):
            continue
        expression = expressions.get(field.name) or plain(field)
        if expression:
            columns.append(f'"{field.column}"')
            values.append(expression)
    statement = (
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) '
        f"SELECT {', '.join(values)} FROM generate_series(1, {rows}) AS n"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def plain(field: Any) -> str:
    """The SQL of a field's default, "" where the database has one."""
    if field.has_db_default():
        return ""
    if field.null:
        return "NULL"
    if isinstance(field, models.DateTimeField):
        return f"'{timezone.now().isoformat()}'"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if isinstance(field, models.JSONField):
        return "'{}'" if field.get_default() == {} else "'[]'"
    value = field.get_default()
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value if value is not None else ''}'"


def run() -> int:
    """On servers of its own variable folder, in a database of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omni.settings")
    with servers():
        django.setup()
        shops = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            return main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
        finally:
            connection.creation.destroy_test_db(shops, verbosity=0)


if __name__ == "__main__":
    sys.exit(run())
