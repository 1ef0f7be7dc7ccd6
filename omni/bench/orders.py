"""Orders placed per second over HTTP, beside the same SQL through pgbench on the same server in the same run."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from statistics import median

from django.apps import apps
from django.db import connections

from omni.bench import processor_time
from omni.bench.bodies import PICKUP_LINES, SHORT
from omni.bench.buyers import COME_AGAIN, CREATED, Shopping, shop_for
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.order_script import OrderScript
from omni.bench.pgbench import pgbench
from omni.bench.recording import Site, counted
from omni.bench.shop import Shop, shop
from omni.embedded.trouble import ServerTrouble

CLIENTS = 8
ROUNDS = 2  # both sides in turns, so that whatever else the machine does touches both
WARM_UP_SECONDS = 3
LENGTHS = {1: 1, SHORT: PICKUP_LINES, 100: 60}  # lines of an order: how many of them are collected
WRITTEN = ("core.IdempotencyKey", "core.Event", "orders.Order", "orders.OrderLine", "orders.Payment",
           "orders.FulfillmentOrder", "orders.FulfillmentLine", "inventory.Reservation")  # fmt: skip


def measure(chain: Chain, *, seconds: int) -> list[Subject]:
    """Statements per order, orders per second over HTTP and through pgbench, and the ratio of the two."""
    return [_statements(chain), _rates(chain, seconds)]


def _statements(chain: Chain) -> Subject:
    site, rng = Site(chain.token), Random(2)
    site.order(chain.wish(rng))
    subject = Subject("Statements of one order beside BEGIN and COMMIT, the key's look-up included")
    for lines, pickup_lines in LENGTHS.items():
        said = site.said(chain.wish(rng, lines=lines, pickup_lines=pickup_lines))
        subject.add(f"{lines} lines, {pickup_lines} of them collected", counted(said))
    return subject


@dataclass(frozen=True)
class Turn:
    """What one side did in its turn: orders per second, how long each took, and processor seconds for one order."""

    rate: float
    took: list[float]
    web: float
    database: float
    come_again: int = 0

    @property
    def work(self) -> float:
        return self.web + self.database


def _rates(chain: Chain, seconds: int) -> Subject:
    script = same_work(chain)
    each = max(1, seconds // ROUNDS)
    ours: list[Turn] = []
    plain: list[Turn] = []
    with shop("web", tell=chain.tell) as running:
        _buy(chain, running, WARM_UP_SECONDS)
        for number in range(1, ROUNDS + 1):
            chain.tell(f"Orders over HTTP, then through pgbench, {each} s each (round {number} of {ROUNDS}) ...")
            ours.append(_buy(chain, running, each))
            plain.append(_run(script, each))
    return _told(ours, plain, each)


def _told(ours: list[Turn], plain: list[Turn], each: int) -> Subject:
    subject = Subject(
        f"Orders of {SHORT} lines ({PICKUP_LINES} collected at one store, the others shipped), {CLIENTS} clients, "
        f"{ROUNDS} rounds of {each} s, 2 x 8 threads of gunicorn and the clients on the same machine"
    )
    subject.add("placed per second over HTTP", median(turn.rate for turn in ours), digits=1)
    subject.add_times("answer", [took for turn in ours for took in turn.took])
    subject.add("asked to come again (503)", sum(turn.come_again for turn in ours))
    subject.add("same SQL through pgbench, per second", median(turn.rate for turn in plain), digits=1)
    subject.add("pgbench, mean", median(turn.took[0] for turn in plain) * 1000, "ms", digits=1)
    pairs = list(zip(ours, plain, strict=True))
    subject.add("ratio (aim: 0.25)", median(here.rate / there.rate for here, there in pairs), digits=3)
    subject.add("processor time of one order: web", median(turn.web for turn in ours) * 1000, "ms", digits=2)
    subject.add("  and PostgreSQL", median(turn.database for turn in ours) * 1000, "ms", digits=2)
    subject.add("  PostgreSQL alone, through pgbench", median(turn.work for turn in plain) * 1000, "ms", digits=2)
    subject.add("ratio of processor time", median(there.work / here.work for here, there in pairs), digits=3)
    return subject


def _run(script: str, seconds: int) -> Turn:
    before = processor_time.of_database()
    run = pgbench(script, clients=CLIENTS, seconds=seconds)
    spent = processor_time.of_database() - before
    return Turn(run.rate, [run.latency], web=0.0, database=spent / (run.rate * seconds))


def _buy(chain: Chain, running: Shop, seconds: int) -> Turn:
    web, database = processor_time.of_family(running.web), processor_time.of_database()
    bought = shop_for(
        Shopping(
            port=running.port, token=chain.token, buyers=CLIENTS, for_seconds=seconds, locations=chain.locations,
            postal_codes=chain.postal_codes,
        )
    )  # fmt: skip
    if not set(bought.answers) <= {CREATED, COME_AGAIN}:
        raise RuntimeError(f"Not every order was taken: {dict(bought.answers)} {bought.trouble}")
    web, database = processor_time.of_family(running.web) - web, processor_time.of_database() - database
    orders = bought.answers[CREATED]
    return Turn(
        bought.rate, bought.seconds, web=web / orders, database=database / orders, come_again=bought.answers[COME_AGAIN]
    )


def same_work(chain: Chain, *, at: int | None = None, lines: int = SHORT, pickup_lines: int = PICKUP_LINES) -> str:
    """The script, tried: it writes the rows that the site writes, or the comparison would be a lie."""
    site, rng = Site(chain.token), Random(3)
    script = OrderScript(site, locations=chain.locations, lines=lines, pickup_lines=pickup_lines, at=at)
    text = script.text(postal_code=chain.postal_codes[0])
    before = _rows(WRITTEN)
    site.order(chain.wish(rng, location=at, lines=lines, pickup_lines=pickup_lines))
    between = _rows(WRITTEN)
    connections.close_all()
    pgbench(text, clients=1, transactions=1)
    if _rows(WRITTEN) - between != between - before:
        raise ServerTrouble(f"The script writes other rows than the site:\n{text}")
    return text


def _rows(names: Iterable[str]) -> Counter[str]:
    return Counter({name: apps.get_model(name)._base_manager.count() for name in names})
