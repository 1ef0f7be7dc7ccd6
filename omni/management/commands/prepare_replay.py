"""`manage.py prepare_replay FOLDER`: stores, products and too little stock for a recorded stream."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from omni.imports.run import Totals
from omni.replay.prepare import prepare
from omni.replay.streams import KINDS


class Command(BaseCommand):
    help = "Import the stores and products of a recorded stream, and stock 80 % of what it will ask for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the data set's folder")
        parser.add_argument("--kind", choices=sorted(KINDS), default="completejourney")
        parser.add_argument("--limit", type=int, default=3000, help="orders of the stream, spread over its time")

    def handle(self, *args: Any, **options: Any) -> None:
        stream = prepare(kind=options["kind"], folder=options["folder"], limit=options["limit"], tell=self._tell)
        self.stdout.write(_("%d orders can be replayed.") % len(stream))

    def _tell(self, what: str, totals: Totals) -> None:
        self.stdout.write(
            _("%(what)s: created %(created)d, changed %(changed)d, unchanged %(unchanged)d, refused %(refused)d")
            % {"what": what, "created": totals.created, "changed": totals.changed, "unchanged": totals.unchanged,
               "refused": totals.refused}
        )  # fmt: skip
        self.stdout.flush()
