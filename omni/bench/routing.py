"""The router in production form: read ten thousand unreleased orders, decide over them together, move what saves."""

import time
import tracemalloc
from collections import Counter
from datetime import timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from inventory.models import Location, LocationDay, Reservation
from omni.bench import scale
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.processor_time import of_database
from omni.core.settings_store import forget
from orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderLine, RoutingRun
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations import commit_moves, route_batch
from orders.operations.batch_arrays import build
from orders.operations.day_capacity import due
from orders.operations.read_batch import Batch, read_batch
from orders.operations.routing_policy import policies

ORDERS = 10_000
MOST_LINES = 3
HOT = 400  # variants that are ordered
WORSE = 4  # of so many orders one is promised from somewhere else than the nearest
REFERENCE = 1_000  # transactions of one conditional update, for the machine's own speed
LEAVES_SHELVES = """
UPDATE inventory_stocklevel s SET reserved = r.n, version = s.version + 1
  FROM (SELECT variant_id, location_id, sum(quantity)::int AS n FROM inventory_reservation
         WHERE status = 'held' GROUP BY 1, 2) r
 WHERE s.variant_id = r.variant_id AND s.location_id = r.location_id
"""


def measure(chain: Chain) -> list[Subject]:
    """A first run that has much to move, and the ones of the minutes after it."""
    chain.tell(f"Routing: {ORDERS:,} orders, a {WORSE}th of them promised from afar ...")
    commit_moves.LONGEST = 3600.0  # all of it is to be measured, whatever it takes
    now = timezone.now()
    _fill(chain, now)
    subjects = [_read(now)]
    for name in ("the first run", "a minute later", "another minute later"):
        chain.tell(f"Routing: {name} ...")
        forget()
        began = time.process_time(), of_database()
        run = route_batch.route_batch(now=timezone.now())
        assert run is not None and run.status == RoutingRun.Status.DONE, run and run.degraded_reason
        spent = time.process_time() - began[0], of_database() - began[1]
        subjects.append(_told(name, run, *spent))
    subjects.append(_reference())
    for subject in subjects:  # the audit of what the filling told takes much longer than all of this
        chain.tell("\n".join([subject.title, *(f"  {each.name}: {each.told}" for each in subject.figures)]))
    return subjects


def _fill(chain: Chain, now) -> None:
    """Orders as placing leaves them: at the nearest store that stocks them, a part of them farther away."""
    rng = Random(5)
    places = list(Location.objects.with_closures().order_by("pk"))
    by_assortment = [[place for place in places if place.pk % scale.ASSORTMENTS == n] for n in range(scale.ASSORTMENTS)]
    dues = {place.pk: due(place, Method.SHIP, now) for place in places}
    orders, lines, works, shares = [], [], [], []
    for n in range(ORDERS):
        group = by_assortment[n % scale.ASSORTMENTS]
        home = rng.choice(group)
        order = Order(
            channel="web", channel_reference=f"route-{n}", currency="USD", number=90_000_000 + n, placed_at=now,
            updated_at=now, placed_by="bench", fulfillment_count=1,
            shipping_address={"country": "US", "postal_code": home.postal_code},
        )  # fmt: skip
        at = rng.choice(group) if n % WORSE == 0 else home
        then = dues[at.pk]
        assert then is not None
        work = FulfillmentOrder(
            number=f"{order.number}-1", order=order, location=at, method=Method.SHIP, status=Status.PLANNED,
            due_at=then.at, cutoff_at=then.cutoff_at, release_at=now + timedelta(days=1),
            capacity_day=at.schedule.local_day(then.promised_at),
        )  # fmt: skip
        for position, nth in enumerate(rng.sample(range(HOT // scale.ASSORTMENTS), rng.randint(1, MOST_LINES)), 1):
            variant = scale.stocked(at.pk, nth)
            line = OrderLine(
                order=order, position=position, reference=f"{position}", variant_id=variant, sku=scale.sku(variant),
                title="Linen shirt", quantity=rng.randint(1, 2), unit_price_amount="19.99", method=Method.SHIP,
            )  # fmt: skip
            line.allocated_quantity = line.quantity
            lines.append(line)
            shares.append(FulfillmentLine(
                fulfillment_order=work, order_line=line, variant_id=variant, quantity=line.quantity
            ))  # fmt: skip
        order.total_amount = sum(19.99 * each.quantity for each in lines if each.order is order)
        orders.append(order)
        works.append(work)
    _write(orders, lines, works, shares)


def _write(orders, lines, works, shares) -> None:
    with transaction.atomic():
        for rows in (orders, lines, works, shares):
            type(rows[0]).objects.bulk_create(rows, batch_size=2000)
        Reservation.objects.bulk_create(
            [
                Reservation(demand_key=each.demand_key, variant_id=each.variant_id, quantity=each.quantity,
                            location_id=each.fulfillment_order.location_id)
                for each in shares
            ],
            batch_size=2000,
        )  # fmt: skip
        days = Counter((work.location_id, work.capacity_day, work.location.ship_capacity) for work in works)
        LocationDay.objects.bulk_create(
            LocationDay(location_id=place, day=day, kind=Method.SHIP, used=used, cap=cap)
            for (place, day, cap), used in days.items()
        )
        with connection.cursor() as cursor:
            cursor.execute(LEAVES_SHELVES)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _read(now) -> Subject:
    """What is read, and the memory that it takes."""
    subject = Subject("What the router reads, and its memory")
    rules = policies(now=now)
    tracemalloc.start()
    batch = read_batch(now=now)
    read = tracemalloc.get_traced_memory()[0]
    problem = build(batch, policies=rules, now=now)
    subject.add("memory after reading", read / 1e6, "MB", digits=1)
    subject.add("memory at most, arrays included", tracemalloc.get_traced_memory()[1] / 1e6, "MB", digits=1)
    tracemalloc.stop()
    subject.add("orders", len(problem.numbers))
    subject.add("lines", len(problem.lines))
    subject.add("locations", len(problem.places))
    subject.add("shelves", _shelves(batch))
    arrays = [each for part in (problem.net, problem.orders) for each in part]
    subject.add("the engine's arrays", sum(each.nbytes for each in arrays) / 1e6, "MB", digits=1)
    return subject


def _shelves(batch: Batch) -> int:
    return sum(len(found.variant) for found in batch.shelves.values())


def _told(name: str, run: RoutingRun, python: float, database: float) -> Subject:
    subject = Subject(f"Routing {run.orders:,} unreleased orders: {name} (aim: within its minute)")
    subject.add("read and build the arrays", run.read_seconds, "s", digits=2)
    subject.add("decide", run.decide_seconds, "s", digits=2)
    subject.add("commit", run.commit_seconds, "s", digits=2)
    subject.add("the whole", run.seconds, "s", digits=2)
    subject.add("processor time, Python", python, "s", digits=2)
    subject.add("processor time, PostgreSQL", database, "s", digits=2)
    subject.add("orders moved", run.moved)
    if run.moved:
        subject.add("a move", run.commit_seconds / run.moved * 1000, "ms", digits=1)
    subject.add("would save too little", run.too_little)
    subject.add("changed meanwhile", run.conflicts)
    subject.add("saved", float(run.saved_amount), "dollars", digits=2)
    subject.add("cost of the plan", float(run.planned_amount), "dollars", digits=2)
    return subject


def _reference() -> Subject:
    """The machine's own speed: the lines of the same orders fetched plainly, and transactions of one update each."""
    subject = Subject("Reference on the same data")
    began = time.perf_counter()
    list(
        FulfillmentLine.objects.filter(fulfillment_order__status=Status.PLANNED).values_list(
            "pk", "variant", "quantity"
        )
    )
    subject.add("fetch the lines' numbers", (time.perf_counter() - began) * 1000, "ms", digits=1)
    keys = list(FulfillmentOrder.objects.filter(status=Status.PLANNED).values_list("pk", flat=True)[:REFERENCE])
    began = time.perf_counter()
    for key in keys:
        with transaction.atomic():
            FulfillmentOrder.objects.filter(pk=key, status=Status.PLANNED).update(missed_at=None)
    each = (time.perf_counter() - began) / len(keys)
    subject.add(f"a transaction of one update, of {REFERENCE:,}", each * 1000, "ms", digits=2)
    return subject
