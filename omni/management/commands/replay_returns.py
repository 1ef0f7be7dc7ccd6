"""`manage.py replay_returns FOLDER`: the real credit notes of a wholesaler, each to a decision."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from omni.core.checks import run_checks
from omni.replay.returns import replay_returns


class Command(BaseCommand):
    help = "Import sales as delivered, paid orders, and run the recorded returns against the return policy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the data set's folder")
        parser.add_argument("--limit", type=int, default=10_000, help="returns, spread over the whole time")
        parser.add_argument("--most-units", type=int, help="leave out returns of more units than this")

    def handle(self, *args: Any, **options: Any) -> None:
        decided = replay_returns(
            options["folder"], limit=options["limit"], most_units=options["most_units"], tell=self._tell
        )
        for line in decided.lines():
            self.stdout.write(line)
        found = [finding for finding in run_checks() if finding.count]
        for finding in found:
            self.stdout.write(f"{finding.check}: {finding.count} {finding.first}")
        if found or decided.refunded > decided.paid + decided.credit:
            raise CommandError(_("Something does not add up."))

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
