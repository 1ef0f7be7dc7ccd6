"""What grows when the network does: the same questions at a million and at ten million shelves.

Availability and movements are asked over HTTP of the web server that `make run` starts; the rest where it runs.
"""

import http.client
import json
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from random import Random

from django.core.management import call_command
from django.utils import timezone

from inventory.as_of import changed_last, shelves_as_of
from inventory.models import ShelfNews
from inventory.operations.number_changes import number_changes
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.processor_time import of_database, of_family
from omni.bench.scale import FIRST_LOCATION
from omni.bench.shop import Shop, shop
from omni.core.checks import run_checks
from omni.core.models import ApiKey
from omni.demo.full_size import analyze, stock_up

SMALL, LARGE = 1_000_000, 10_000_000
FIRST_ITEM = 20_000_000
SKUS, QUESTIONS, WARM_UP = 5, 300, 20
BATCH, SENDERS_SECONDS = 500, 20
OK = 200
_events = count(1)


def measure(chain: Chain) -> list[Subject]:
    """At a million shelves, then at ten million, in one run and one database."""
    _key, token = ApiKey.issue(
        name="bench full size",
        scopes=["catalog:read", "inventory:read", "inventory:write"],
        rate_per_minute=100_000_000,
    )
    ShelfNews.objects.all().delete()  # that the chain was filled is not what is measured
    made, subjects = 0, []
    for rows in (SMALL, LARGE):
        began = time.perf_counter()
        items = stock_up(
            rows=rows - made, first_variant=FIRST_ITEM + made, tell=chain.tell,
            locations=range(FIRST_LOCATION, FIRST_LOCATION + chain.locations),
        )  # fmt: skip
        analyze()
        subject = Subject(f"A network of {rows:,} shelves in {chain.locations:,} locations")
        subject.add("shelves made with their ledger", (rows - made) / (time.perf_counter() - began), "rows/s")
        _measure(chain, token, range(FIRST_ITEM + made, FIRST_ITEM + made + items), subject)
        subjects.append(subject)
        made = rows
    return subjects


def _measure(chain: Chain, token: str, items: range, subject: Subject) -> None:
    rng = Random(4)
    with shop("web", tell=chain.tell) as running:
        spent = of_family(running.web), of_database()
        asked = _availability(rng, items, chain.postal_codes)
        subject.add_times(f"availability of {SKUS} SKUs near a ZIP, over HTTP", _answered(running.port, token, asked))
        _add_processor_time(subject, running, spent)
        spent = of_family(running.web), of_database()
        asked = _one_location(rng, chain.locations)
        subject.add_times("reference: GET one location over HTTP", _answered(running.port, token, asked))
        _add_processor_time(subject, running, spent)
        moved, took = _moved(running.port, token, _batches(rng, items, chain.locations))
    subject.add(f"movements over HTTP in batches of {BATCH}", moved / sum(took), "/s")
    subject.add_times("one such batch", took)
    began = time.perf_counter()
    numbered = sum(iter(number_changes, 0))
    subject.add("changes numbered for the feed", numbered / (time.perf_counter() - began), "/s")
    subject.add_times("as of a moment, one shelf", [_as_of(rng, items, chain.locations) for _ in range(QUESTIONS)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = _audit(chain.tell)
    subject.add("audit, all checks", sum(times.values()), "s", digits=1)
    slowest = max(times, key=lambda name: times[name])
    subject.add(f"of them the slowest ({slowest})", times[slowest], "s", digits=1)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    subject.add("memory of the process that audits", after / 1024, "MB")
    subject.add("of it since the audit began", max(0, after - before) / 1024, "MB")


def _availability(rng: Random, items: range, postal_codes: Sequence[str]) -> Iterator[tuple[str, str, None]]:
    for _ in range(WARM_UP + QUESTIONS):
        skus = "&".join(f"sku=FULL-{rng.choice(items)}" for _ in range(SKUS))
        yield "GET", f"/api/v1/availability?{skus}&near={rng.choice(postal_codes)}", None


def _one_location(rng: Random, locations: int) -> Iterator[tuple[str, str, None]]:
    """An answer of one row: what the server and its door take by themselves."""
    for _ in range(WARM_UP + QUESTIONS):
        yield "GET", f"/api/v1/locations/B{FIRST_LOCATION + rng.randrange(locations)}", None


def _add_processor_time(subject: Subject, running: Shop, before: tuple[float, float]) -> None:
    for name, spent in (("Python", of_family(running.web) - before[0]), ("PostgreSQL", of_database() - before[1])):
        subject.add(f"  of it processor time, {name}", spent / (WARM_UP + QUESTIONS) * 1000, "ms", digits=1)


def _batches(rng: Random, items: range, locations: int) -> Iterator[tuple[str, str, str]]:
    """Sales of a few tills each, until the time is over."""
    until = time.perf_counter() + SENDERS_SECONDS
    while time.perf_counter() < until:
        now = timezone.now().isoformat()
        rows = [
            {"event_id": f"full-{next(_events)}", "sku": f"FULL-{rng.choice(items)}", "kind": "pos_sale", "quantity": 1,
             "location": f"B{FIRST_LOCATION + rng.randrange(locations)}", "occurred_at": now}
            for _ in range(BATCH)
        ]  # fmt: skip
        yield "POST", "/api/v1/inventory/movements", json.dumps(rows)


def _moved(port: int, token: str, asked: Iterator[tuple[str, str, str]]) -> tuple[int, list[float]]:
    took = _answered(port, token, asked)
    return BATCH * len(took), took


def _answered(port: int, token: str, asked: Iterator[tuple[str, str, str | None]]) -> list[float]:
    """Seconds of each answer, those of the warm-up left out where it is a question."""
    site = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took = []
    for number, (method, path, body) in enumerate(asked):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if body:
            headers["Idempotency-Key"] = f"full-{next(_events)}"
        began = time.perf_counter()
        site.request(method, path, body, headers)
        answer = site.getresponse()
        said = answer.read()
        seconds = time.perf_counter() - began
        if answer.status != OK:
            raise RuntimeError(f"{method} {path} was answered by {answer.status}: {said[:500]!r}")
        if body or number >= WARM_UP:
            took.append(seconds)
    site.close()
    return took


def _as_of(rng: Random, items: range, locations: int) -> float:
    place, at = FIRST_LOCATION + rng.randrange(locations), timezone.now()
    began = time.perf_counter()
    found = shelves_as_of(variants=[rng.choice(items)], locations=[place], at=at)
    changed_last(found, at)
    return time.perf_counter() - began


def _audit(tell: Callable[[str], None]) -> dict[str, float]:
    """Seconds of each check of the whole audit."""
    call_command("relay", once=True)  # nobody else does here, and on a slow day events would be late
    findings = run_checks()
    if broken := [f"{each.check}: {each.first}" for each in findings if each.count]:
        raise RuntimeError("\n".join(broken))
    times = {each.check: each.seconds for each in findings}
    tell(", ".join(f"{name} {seconds:.1f} s" for name, seconds in sorted(times.items(), key=lambda x: -x[1])[:6]))
    return times
