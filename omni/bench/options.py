"""What a shop waits for that asks how a cart could be had: `POST /fulfillment-options` over HTTP, one by one."""

import http.client
import json
import time
from random import Random
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from omni.bench.chain import Chain
from omni.bench.figures import Subject, percentile
from omni.bench.processor_time import of_database, of_family
from omni.bench.scale import FIRST_LOCATION, code, sku, stocked
from omni.bench.shop import Shop, shop
from orders.operations.ship_options import SERVICES

ASKED = 1_000
WARM_UP = 100
AIM = 25  # ms
SIZES = {"one line": (1, 1), "two to five lines": (2, 5)}
SALES = """
INSERT INTO inventory_salesrate (variant_id, location_id, units, daily_rate, learned_at)
SELECT variant_id, location_id, 30, 1 + (variant_id + location_id) % 5, now() FROM inventory_stocklevel
 WHERE (variant_id / 10 + location_id) % 3 = 0
"""
REFERENCE = "SELECT variant_id, location_id, on_hand - reserved FROM inventory_stocklevel WHERE variant_id = %s"


def measure(chain: Chain) -> list[Subject]:
    """Carts of one line and of several, all services and stores for pickup at once; beside them two references."""
    chain.tell("Fulfillment options: what sells where ...")
    with connection.cursor() as cursor:
        cursor.execute(SALES)
        cursor.execute("VACUUM ANALYZE")
    with shop("web", tell=chain.tell) as running:
        http_shop = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        subjects = [_asked(chain, http_shop, running, name, *lines) for name, lines in SIZES.items()]
        subjects.append(_references(chain, http_shop))
        http_shop.close()
    for subject in subjects:  # the audit of what was filled takes much longer than all of this
        chain.tell("\n".join([subject.title, *(f"  {each.name}: {each.told}" for each in subject.figures)]))
    return subjects


def _asked(
    chain: Chain, http_shop: http.client.HTTPConnection, running: Shop, name: str, least: int, most: int
) -> Subject:
    chain.tell(f"Fulfillment options: {name} ...")
    rng = Random(11)
    for _n in range(WARM_UP):
        _ask(chain, http_shop, _cart(chain, rng, least, most))
    before = of_family(running.web), of_database()
    seconds = [_ask(chain, http_shop, _cart(chain, rng, least, most)) for _n in range(ASKED)]
    web, database = of_family(running.web) - before[0], of_database() - before[1]
    subject = Subject(
        f"POST /fulfillment-options, {name}, {len(SERVICES)} services and pickup, {chain.locations:,} locations, "
        f"{ASKED:,} carts one after the other (aim: p99 {AIM} ms)"
    )
    _add(subject, "over HTTP", seconds)
    subject.add("processor time, Python", web / ASKED * 1000, "ms", digits=1)
    subject.add("processor time, PostgreSQL", database / ASKED * 1000, "ms", digits=1)
    return subject


def _references(chain: Chain, http_shop: http.client.HTTPConnection) -> Subject:
    """What the same server takes for an answer of one row, and the database for one item's shelves."""
    subject = Subject("Reference in the same run")
    rng = Random(12)
    _add(subject, "GET one location over HTTP", [
        _send(chain, http_shop, "GET", f"/api/v1/locations/{code(FIRST_LOCATION + rng.randrange(chain.locations))}")
        for _n in range(ASKED)
    ])  # fmt: skip
    with connection.cursor() as cursor:
        _add(subject, "plain SQL: one item's shelves", [_shelves(cursor, rng) for _n in range(ASKED)])
    return subject


def _add(subject: Subject, name: str, seconds: list[float]) -> None:
    for percent in (50, 99):
        subject.add(f"{name}, p{percent}", percentile(seconds, percent) * 1000, "ms", digits=1)


def _cart(chain: Chain, rng: Random, least: int, most: int) -> dict[str, Any]:
    """Items that one tenth of the locations stock."""
    group = rng.randrange(10)
    variants = rng.sample(range(400), rng.randint(least, most))
    return {
        "lines": [{"reference": str(n), "sku": sku(stocked(FIRST_LOCATION + group, each)),
                   "quantity": rng.randint(1, 2)} for n, each in enumerate(variants)],
        "ship_to": {"postal_code": rng.choice(chain.postal_codes)},
    }  # fmt: skip


def _ask(chain: Chain, http_shop: http.client.HTTPConnection, cart: dict[str, Any]) -> float:
    return _send(chain, http_shop, "POST", "/api/v1/fulfillment-options", json.dumps(cart))


def _send(chain: Chain, http_shop: http.client.HTTPConnection, method: str, path: str, sent: str = "") -> float:
    headers = {"Authorization": f"Bearer {chain.token}", "Content-Type": "application/json"}
    began = time.perf_counter()
    http_shop.request(method, path, sent or None, headers)
    answer = http_shop.getresponse()
    text = answer.read()
    took = time.perf_counter() - began
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{answer.status} for {path}: {text[:300]!r}")
    return took


def _shelves(cursor: CursorWrapper, rng: Random) -> float:
    began = time.perf_counter()
    cursor.execute(REFERENCE, [stocked(FIRST_LOCATION + rng.randrange(10), rng.randrange(400))])
    cursor.fetchall()
    return time.perf_counter() - began
