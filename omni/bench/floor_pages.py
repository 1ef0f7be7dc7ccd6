"""The pages of a shift with few open orders and no past, and with many open orders and a million old ones."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.models import Location
from omni.bench import past
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.orders import same_work
from omni.bench.pgbench import pgbench
from omni.bench.processor_time import of_database
from omni.bench.scale import FIRST_LOCATION
from omni.core.actors import Actor
from omni.core.models import Grant, User
from orders.models import FulfillmentOrder, PickList
from orders.operations.claim import MAX_WORKS, claim
from orders.operations.release import release_due

FEW, MANY = 100, 10_000
OLD = 1_000_000
STAGED_SHARE = 20  # every so many orders more lie ready for their customers or wait for the carrier ...
STAGED_LEAST = 220  # ... and as many as fill both pages, so that what is compared shows the same
LOADS = 50
CLIENTS = 4
DAY_MINUTES = 480
# Staged as the floor leaves them: picked, off the shelf, and with their history.
STAGE = """
WITH chosen AS (
    SELECT id, order_id, row_number() OVER (ORDER BY id) AS n FROM orders_fulfillmentorder
     WHERE location_id = %(location)s AND status = 'released' ORDER BY id LIMIT %(count)s
), moved AS (
    UPDATE orders_fulfillmentorder w SET status = 'staged', staged_at = now(), shelf_code = 'S-' || n %% 90,
           collect_by = now() + interval '5 days', method = CASE WHEN n %% 2 = 0 THEN 'ship' ELSE 'pickup' END,
           capacity_day = CASE WHEN n %% 2 = 0 THEN NULL ELSE capacity_day END
      FROM chosen WHERE w.id = chosen.id
), told AS (
    INSERT INTO core_statechange (subject_type, subject_id, from_status, to_status, actor, reason)
    SELECT 'orders.fulfillmentorder', id::text, before, after, 'system:bench', ''
      FROM chosen, (VALUES (1, 'released', 'picking'), (2, 'picking', 'staged')) AS steps(step, before, after)
     ORDER BY id, step
), lines AS (
    UPDATE orders_fulfillmentline l SET picked_quantity = quantity FROM chosen WHERE l.fulfillment_order_id = chosen.id
    RETURNING l.id, l.quantity
), off AS (
    UPDATE inventory_reservation r SET off_shelf_quantity = lines.quantity FROM lines
     WHERE r.demand_key = 'fulfillment-line:' || lines.id AND r.status = 'held'
)
UPDATE orders_orderline o SET method = 'ship', pickup_location_id = NULL FROM chosen
 WHERE o.order_id = chosen.order_id AND n %% 2 = 0
"""

# Those that are shipped now take no pickup's place.
RECOUNT = """
UPDATE inventory_locationday d SET used = (
    SELECT count(*) FROM orders_fulfillmentorder w
     WHERE w.location_id = d.location_id AND w.capacity_day = d.day AND w.method = d.kind)
 WHERE location_id = %(location)s
"""


def measure(chain: Chain) -> list[Subject]:
    """Every page first with few and then with many orders; the past comes in between."""
    lead = User.objects.create(username="bench", password=make_password(None))
    Grant.objects.create(user=lead, role="lead")
    few = _measured(chain, lead, FEW, FIRST_LOCATION, "no old ones")
    chain.tell(f"Writing {OLD:,} old orders of the other location ...")
    past.fill(OLD, location=FIRST_LOCATION + 1)
    many = _measured(chain, lead, MANY, FIRST_LOCATION + 1, f"{OLD:,} old ones")
    return [few, many]


def _measured(chain: Chain, lead: User, orders: int, location: int, told: str) -> Subject:
    chain.tell(f"Pages of a shift: placing {orders:,} orders at one location ...")
    staged = max(STAGED_LEAST, orders // STAGED_SHARE)
    fill_queue(chain, orders + staged, location)
    _stage(location, staged)
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    _choose(browser, location)
    subject = Subject(
        f"Pages with {orders:,} orders in the location's queue, {staged:,} staged and {told}, {LOADS} loads of each in "
        "one process"
    )
    wave = _wave(location, lead)
    for name, page in _pages(wave):
        _load(subject, name, partial(browser.get, page), HTTPStatus.OK)
    queue = reverse("orders:queue")
    poll = {"HX-Request": "true", "If-None-Match": browser.get(queue)["ETag"]}
    _load(subject, "queue, poll without a change", lambda: browser.get(queue, headers=poll), HTTPStatus.NOT_MODIFIED)
    return subject


def _pages(wave: PickList) -> list[tuple[str, str]]:
    return [
        ("queue", reverse("orders:queue")),
        (f"wave of {MAX_WORKS} orders", reverse("orders:pick_list", args=[wave.number])),
        ("parcels to pack", reverse("orders:to_ship")),
        ("pickup desk", reverse("orders:desk")),
        ("today", reverse("orders:today")),
    ]


def _load(subject: Subject, name: str, ask: Callable[[], Any], status: int) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    queries = len(asked)  # the next request forgets them
    if answer.status_code != status:
        raise RuntimeError(f"{name}: {answer.status_code} instead of {status}")
    took = []
    spent = time.process_time() + of_database()
    for _ in range(LOADS):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    spent = time.process_time() + of_database() - spent
    subject.add_times(name, took)
    subject.add(f"{name}, processor time, PostgreSQL's included", spent / LOADS * 1000, "ms", digits=1)
    subject.add(f"{name}, queries", queries)
    subject.add(f"{name}, size", len(answer.content) / 1024, "KB", digits=1)


def fill_queue(chain: Chain, orders: int, location: int) -> None:
    """Through the recorded statements of a real order: thousands come in seconds, and the audit stays clean."""
    script = same_work(chain, at=location, lines=3, pickup_lines=3)
    here = FulfillmentOrder.objects.filter(location=location).exclude(closed_at__isnull=False)
    missing = orders - here.count()
    pgbench(script, clients=CLIENTS, transactions=missing // CLIENTS)
    if missing % CLIENTS:
        pgbench(script, clients=1, transactions=missing % CLIENTS)
    here.update(release_at=timezone.now())
    while release_due(now=timezone.now()):
        pass
    # They were promised for one moment, which no real day does.
    start = timezone.now() - timedelta(minutes=DAY_MINUTES // 8)
    here.update(due_at=start + F("id") % DAY_MINUTES * timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    waiting = FulfillmentOrder.objects.filter(location=location).queue().count()
    if waiting != orders:
        raise RuntimeError(f"{waiting} orders wait at the location, not {orders}.")


def _stage(location: int, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STAGE, {"location": location, "count": count})
        cursor.execute(RECOUNT, {"location": location})


def _wave(location: int, lead: User) -> PickList:
    """As many orders as one walk may have."""
    free = FulfillmentOrder.objects.filter(location=location).queue()
    numbers = list(free.filter(status="released").values_list("number", flat=True)[:MAX_WORKS])
    place = Location.objects.get(pk=location)
    return claim(location=place, numbers=numbers, by=Actor.of(lead), now=timezone.now())


def _choose(browser: Client, location: int) -> None:
    answer = browser.post(reverse("inventory:choose_store"), {"store": location})
    if answer.status_code != HTTPStatus.FOUND:
        raise RuntimeError(f"{Location.objects.get(pk=location)} cannot be chosen: {answer.status_code}")
