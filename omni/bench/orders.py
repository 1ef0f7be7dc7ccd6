"""Orders placed per second over HTTP, beside the same SQL through pgbench on the same server in the same run."""

from collections import Counter
from collections.abc import Iterable
from random import Random
from statistics import median

from django.apps import apps
from django.db import connections

from omni.bench.bodies import PICKUP_LINES, SHORT
from omni.bench.buyers import CREATED, Bought, Shopping, shop_for
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.order_script import OrderScript
from omni.bench.pgbench import Run, pgbench
from omni.bench.recording import Site, counted
from omni.bench.shop import shop
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


def _rates(chain: Chain, seconds: int) -> Subject:
    script = same_work(chain)
    each = max(1, seconds // ROUNDS)
    taken: list[Bought] = []
    plain: list[Run] = []
    with shop("web", tell=chain.tell) as port:
        _buy(chain, port, WARM_UP_SECONDS)
        for number in range(1, ROUNDS + 1):
            chain.tell(f"Orders over HTTP, then through pgbench, {each} s each (round {number} of {ROUNDS}) ...")
            taken.append(_buy(chain, port, each))
            plain.append(pgbench(script, clients=CLIENTS, seconds=each))
    return _told(taken, plain, each)


def _told(taken: list[Bought], plain: list[Run], each: int) -> Subject:
    subject = Subject(
        f"Orders of {SHORT} lines ({PICKUP_LINES} collected at one store, the others shipped), {CLIENTS} clients, "
        f"{ROUNDS} rounds of {each} s, 2 x 8 threads of gunicorn and the clients on the same machine"
    )
    subject.add("placed per second over HTTP", median(each.rate for each in taken), digits=1)
    subject.add_times("answer", [took for each in taken for took in each.seconds])
    subject.add("same SQL through pgbench, per second", median(run.rate for run in plain), digits=1)
    subject.add("pgbench, mean", median(run.latency for run in plain) * 1000, "ms", digits=1)
    ratios = [here.rate / there.rate for here, there in zip(taken, plain, strict=True)]
    subject.add("ratio (aim: 0.25)", median(ratios), digits=3)
    return subject


def _buy(chain: Chain, port: int, seconds: int) -> Bought:
    bought = shop_for(
        Shopping(
            port=port, token=chain.token, buyers=CLIENTS, for_seconds=seconds, locations=chain.locations,
            postal_codes=chain.postal_codes,
        )
    )  # fmt: skip
    if set(bought.answers) != {CREATED}:
        raise RuntimeError(f"Not every order was taken: {dict(bought.answers)} {bought.trouble}")
    return bought


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
