"""HQ's lists with a million rows in each table; fills a database of its own beside the measured chain."""

import re
import subprocess
import sys

from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.embedded.place import CHECKOUT
from omni.embedded.trouble import ServerTrouble

ROWS = 1_000_000
MEASURED = re.compile(r"^ *([0-9.]+)  (.*?)(?:   <--.*)?$")


def measure(chain: Chain) -> list[Subject]:
    """The median of five loads of each list, through the whole of Django."""
    chain.tell(f"HQ's lists with {ROWS:,} rows in each table; filling takes minutes ...")
    done = subprocess.run(  # noqa: S603 - a script of this repository
        [sys.executable, "-m", "tests.bench.hq_lists", str(ROWS)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    subject = Subject(f"HQ's lists with {ROWS:,} rows in each table, median of five loads in one process (aim: 300 ms)")
    for found in filter(None, map(MEASURED.match, done.stdout.splitlines())):
        subject.add(found.group(2), float(found.group(1)), "ms", digits=1)
    if not subject.figures:
        raise ServerTrouble(f"HQ's lists could not be measured:\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}")
    return [subject]
