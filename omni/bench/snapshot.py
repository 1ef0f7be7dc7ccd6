"""A snapshot of a million rows through reconciliation, beside the bare COPY of the same file in the same run."""

import resource
import time
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO

from django.db import connection
from django.utils import timezone

from inventory.models import Feed, Snapshot
from inventory.operations.compare_snapshot import compare_next
from inventory.operations.read_snapshot import read_next
from inventory.operations.receive_snapshot import receive_snapshot
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.scale import ASSORTMENTS, FIRST_LOCATION, FIRST_VARIANT, ON_HAND, VARIANTS, code, sku
from omni.core.actors import Actor

ROWS, BAD = 1_000_000, 2_000
EVERY_SMALL, EVERY_LARGE = 50, 5_000  # of the rows: one unit less, and five hundred
BY = Actor.system("bench")
HEADER = b"sku,location,quantity\n"


def measure(chain: Chain) -> list[Subject]:
    """Read and compared as a worker does it, without the pauses between its turns."""
    chain.tell(f"Snapshot: {ROWS:,} rows, {BAD:,} of them bad ...")
    content = HEADER + b"".join(_lines(chain.locations))
    copied = _bare_copy(content)
    feed = Feed.objects.create(code="bench", name="Bench", kind="wms", tolerance_value=Decimal(10**6))
    now = timezone.now()
    snapshot = receive_snapshot(feed=feed, chunks=[content], name="bench.csv", as_of=now, by=BY, now=now)
    rows = content.count(b"\n") - 1
    del content
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read, compared = _timed(read_next, snapshot, now), _timed(compare_next, snapshot, now)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    snapshot.refresh_from_db()
    return [_told(snapshot, rows, copied, read, compared, max(0, after - before) / 1024)]


def _told(snapshot: Snapshot, rows: int, copied: float, read: float, compared: float, grown: float) -> Subject:
    counts = snapshot.outcome_counts()
    subject = Subject(f"A snapshot of {rows:,} rows reconciled (aim: a third of COPY)")
    subject.add("bare COPY of the same file into a table without indexes", rows / copied, "rows/s")
    subject.add("read, validated and staged", rows / read, "rows/s")
    subject.add("compared and booked", rows / compared, "rows/s")
    subject.add("all of it", rows / (read + compared), "rows/s")
    subject.add("ratio to COPY", copied / (read + compared), digits=2)
    subject.add("memory that the worker grew by", grown, "MB")
    for name in ("same", "booked", "review"):
        subject.add(f"rows: {name}", counts[name])
    subject.add("rows: bad", snapshot.bad_count)
    return subject


def _timed(step, snapshot: Snapshot, now: datetime) -> float:
    began = time.perf_counter()
    while step(snapshot_id=snapshot.pk, now=now):
        pass
    return time.perf_counter() - began


def _lines(locations: int) -> Iterator[bytes]:
    """Every shelf of the chain, then items where none of them lies, up to as many rows as wanted; bad ones between."""
    made, each_bad = 0, ROWS // BAD
    for rest in range(ASSORTMENTS):
        for place in range(FIRST_LOCATION, FIRST_LOCATION + locations):
            for variant in range(FIRST_VARIANT + (place + rest) % ASSORTMENTS, FIRST_VARIANT + VARIANTS, ASSORTMENTS):
                units = 0 if rest else ON_HAND
                if not rest and made % EVERY_LARGE == 1:
                    units -= 500
                elif not rest and made % EVERY_SMALL == 1:
                    units -= 1
                name = f"NONE-{made}" if made % each_bad == 7 else sku(variant)
                yield f"{name},{code(place)},{units}\n".encode()
                made += 1
                if made == ROWS:
                    return


def _bare_copy(content: bytes) -> float:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_copy (sku text, location text, quantity text)")
        began = time.perf_counter()
        with cursor.copy("COPY bench_copy FROM STDIN WITH (FORMAT csv, HEADER)") as copy:
            file = BytesIO(content)
            while chunk := file.read(1024 * 1024):
                copy.write(chunk)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_copy")
    return seconds
