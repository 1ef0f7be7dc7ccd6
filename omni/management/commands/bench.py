"""manage.py bench: measure what the shop does on this machine, and say what was measured."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from omni.bench import (
    arrival,
    customers,
    floor,
    floor_pages,
    full_size,
    hot_variant,
    hq,
    options,
    orders,
    routing,
    scratch,
    search,
    snapshot,
)
from omni.bench.chain import Chain
from omni.bench.circumstances import circumstances
from omni.bench.figures import Subject, as_json, table
from omni.bench.fill import addresses, fill
from omni.bench.scale import ASSORTMENTS
from omni.core.checks import run_checks

SMALLEST = 100


class Command(BaseCommand):
    """Brings its own servers, so that the shop's data and speed are left alone."""

    help = "Measure orders, the way to the store, pages, people at work and searches, on servers of its own."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to measure, and how long and how large."""
        parser.add_argument(
            "--only",
            action="append",
            choices=list(SUBJECTS),
            help="only this; may be repeated (full, hq, options, routing, search, customers and snapshot only so)",
        )
        parser.add_argument("--seconds", type=int, default=20, help="of ordering on each side (default: 20)")
        parser.add_argument("--locations", type=int, default=1500, help="of the measured chain (default: 1500)")
        parser.add_argument("--titles", type=Path, metavar="FILE", help="titles to search among, one in each line")
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
        parser.add_argument("--keep", action="store_true", help="keep servers' data and logs to look into them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start again with own servers; there fill, measure, audit and tell."""
        locations = options["locations"]
        if locations < SMALLEST or locations % ASSORTMENTS:
            raise CommandError(f"--locations is at least {SMALLEST} and divisible by {ASSORTMENTS}.")
        if options["json"]:
            options["json"] = options["json"].absolute()
        if not scratch.is_inside():
            sys.exit(scratch.run_inside(sys.argv[1:], keep=options["keep"], tell=self._tell))
        scratch.require_scratch()
        self._tell("Migrating an empty database ...")
        call_command("migrate", interactive=False, verbosity=0)
        told = circumstances(command=" ".join(["manage.py", *sys.argv[1:]]), locations=locations)
        token = fill(locations=locations, tell=self._tell)
        chain = Chain(locations, token, addresses(locations), self._tell, _lines(options["titles"]))
        subjects = [
            subject for name in options["only"] or USUAL for subject in SUBJECTS[name](chain, options["seconds"])
        ]
        subjects.append(self._audited())
        self.stdout.write("\n" + table(told, subjects))
        if options["json"]:
            options["json"].write_text(json.dumps(as_json(told, subjects), indent=2))

    def _audited(self) -> Subject:
        """Figures of a shop that does not add up are worth nothing."""
        self._tell("Auditing ...")
        call_command("relay", once=True)
        findings = run_checks()
        broken = [f"{each.check}: {each.count}, such as {each.first[0]}" for each in findings if each.count]
        if broken:
            raise CommandError("The audit found:\n  " + "\n  ".join(broken))
        subject = Subject("Audit afterwards")
        subject.add("checks", len(findings))
        subject.add("violations", 0)
        return subject

    def _tell(self, message: str) -> None:
        self.stderr.write(message)
        self.stderr.flush()


def _lines(file: Path | None) -> list[str]:
    return [line.strip() for line in file.read_text().splitlines() if line.strip()] if file else []


SUBJECTS: dict[str, Callable[[Chain, int], list[Subject]]] = {
    "arrival": lambda chain, _seconds: arrival.measure(chain),
    "hot": lambda chain, _seconds: hot_variant.measure(chain),
    "pages": lambda chain, _seconds: floor_pages.measure(chain),
    "floor": lambda chain, _seconds: floor.measure(chain),
    "orders": lambda chain, seconds: orders.measure(chain, seconds=seconds),
    "options": lambda chain, _seconds: options.measure(chain),
    "routing": lambda chain, _seconds: routing.measure(chain),
    "search": lambda chain, _seconds: search.measure(chain),
    "customers": lambda chain, _seconds: customers.measure(chain),
    "snapshot": lambda chain, _seconds: snapshot.measure(chain),
    "full": lambda chain, _seconds: full_size.measure(chain),
    "hq": lambda chain, _seconds: hq.measure(chain),
}
ASKED_FOR = {
    "full",
    "hq",
    "options",
    "routing",
    "search",
    "customers",
    "snapshot",
}  # they take minutes and gigabytes of their own
USUAL = [name for name in SUBJECTS if name not in ASKED_FOR]
