"""`manage.py seed_scale`: a network of full size in an empty database, by COPY, in minutes."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.demo.full_size import FIRST_VARIANT, analyze, places, stock_up


class Command(BaseCommand):
    help = "Make so many locations and shelves, with their ledger, to try the shop at full size. For an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--locations", type=int, default=1500, help="default 1500")
        parser.add_argument("--rows", type=int, default=10_000_000, help="shelves, default 10,000,000")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["locations"] <= options["rows"]:
            raise CommandError(_("At least one location, and at least one shelf for each."))
        if Location.everywhere.exists():
            raise CommandError(_("There are locations already; a network of full size is for an empty database."))
        began = time.monotonic()

        def tell(message: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:6.1f} s  {message}")
            self.stdout.flush()

        with transaction.atomic():
            made = Location.objects.bulk_create(places(options["locations"]))
            stock_up(
                rows=options["rows"], locations=[place.pk for place in made], first_variant=FIRST_VARIANT, tell=tell
            )
        analyze()
        tell(_("%d locations are ready.") % len(made))
