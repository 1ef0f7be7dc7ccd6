"""The pick queue's page with many open orders at the location, and with few."""

import time
from collections.abc import Callable
from datetime import timedelta
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
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.orders import same_work
from omni.bench.pgbench import pgbench
from omni.bench.scale import FIRST_LOCATION
from omni.core.models import Grant, User
from orders.models import FulfillmentOrder
from orders.operations.release import release_due

FEW, MANY = 100, 10_000
LOADS = 50
CLIENTS = 4
DAY_MINUTES = 480


def measure(chain: Chain) -> list[Subject]:
    """Page and poll, first with few and then with many open orders."""
    lead = User.objects.create(username="bench", password=make_password(None))
    Grant.objects.create(user=lead, role="lead")
    return [_measured(chain, lead, orders, FIRST_LOCATION + n) for n, orders in enumerate((FEW, MANY))]


def _measured(chain: Chain, lead: User, orders: int, location: int) -> Subject:
    chain.tell(f"Pick queue: placing {orders:,} orders at one location ...")
    _fill(chain, orders, location)
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    _choose(browser, location)
    page = reverse("orders:queue")
    first = browser.get(page)
    waiting = FulfillmentOrder.objects.filter(location=location).queue().count()
    if first.status_code != HTTPStatus.OK or waiting != orders:
        raise RuntimeError(f"The queue answers {first.status_code}, and {waiting} orders wait, not {orders}.")
    poll = {"HX-Request": "true", "If-None-Match": first["ETag"]}
    subject = Subject(f"Pick queue page with {orders:,} open orders at the location, {LOADS} loads in one process")
    _load(subject, "page", lambda: browser.get(page), HTTPStatus.OK)
    _load(subject, "poll without a change", lambda: browser.get(page, headers=poll), HTTPStatus.NOT_MODIFIED)
    return subject


def _load(subject: Subject, name: str, ask: Callable[[], Any], status: int) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    queries = len(asked)  # the next request forgets them
    if answer.status_code != status:
        raise RuntimeError(f"{name}: {answer.status_code} instead of {status}")
    took = []
    for _ in range(LOADS):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    subject.add_times(name, took)
    subject.add(f"{name}, queries", queries)
    subject.add(f"{name}, size", len(answer.content) / 1024, "KB", digits=1)


def _fill(chain: Chain, orders: int, location: int) -> None:
    """Through the recorded statements of a real order: thousands come in seconds, and the audit stays clean."""
    script = same_work(chain, at=location, lines=3, pickup_lines=3)
    here = FulfillmentOrder.objects.filter(location=location)
    missing = orders - here.count()
    pgbench(script, clients=CLIENTS, transactions=missing // CLIENTS)
    if missing % CLIENTS:
        pgbench(script, clients=1, transactions=missing % CLIENTS)
    while release_due(now=timezone.now()):
        pass
    # They were promised for one moment, which no real day does.
    start = timezone.now() - timedelta(minutes=DAY_MINUTES // 8)
    here.update(due_at=start + F("id") % DAY_MINUTES * timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _choose(browser: Client, location: int) -> None:
    answer = browser.post(reverse("inventory:choose_store"), {"store": location})
    if answer.status_code != HTTPStatus.FOUND:
        raise RuntimeError(f"{Location.objects.get(pk=location)} cannot be chosen: {answer.status_code}")
