"""How long it takes from an order's commit until its work is in the store's queue."""

import time
from random import Random

from django.db import connections

from omni.bench.bodies import Wish
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.recording import Site
from omni.bench.shop import shop
from orders.models import FulfillmentOrder

ORDERS = 30
LOOK_EVERY = 0.005
GIVE_UP_AFTER = 30.0
SPREAD = 2.0  # seconds: orders come at any moment of the release's beat


def measure(chain: Chain) -> list[Subject]:
    """Pickup orders without grace, with every process of the shop running."""
    chain.tell(f"From commit to the store's queue: {ORDERS} pickup orders, one after the other ...")
    rng, site = Random(4), Site(chain.token)
    waits = []
    with shop(tell=chain.tell):
        for _ in range(ORDERS):
            time.sleep(rng.uniform(0, SPREAD))
            waits.append(_wait(site, chain.wish(rng, lines=2, pickup_lines=2)))
    subject = Subject(f"From commit to the store's queue: {ORDERS} pickup orders without grace, all processes running")
    subject.add_times("until it is in the queue", waits)
    return [subject]


def _wait(site: Site, wished: Wish) -> float:
    """Seconds from the answer until a fresh look finds the work in the queue."""
    number = int(site.order(wished)["number"])
    committed = time.perf_counter()
    there = FulfillmentOrder.objects.filter(order__number=number).queue()
    while not there.exists():
        if time.perf_counter() - committed > GIVE_UP_AFTER:
            raise RuntimeError(f"Order {number} did not reach its store within {GIVE_UP_AFTER:.0f} s.")
        time.sleep(LOOK_EVERY)
    waited = time.perf_counter() - committed
    connections.close_all()
    return waited
