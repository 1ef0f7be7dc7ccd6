"""`manage.py seed_demo`: a fictional chain in an empty database, so that every screen has something to show."""

import gc
import json
import os
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core import relay
from omni.demo.chain import Size, make_chain

SEED = 20250611


class Command(BaseCommand):
    help = "Make the demo chain: stores, catalog, stock, people, and orders in every state. For an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are locations already")
        parser.add_argument("--seed", type=int, default=SEED, help="another seed makes another chain")
        for name, most in (("stores", 60), ("products", 1200), ("customers", 300), ("orders", 200)):
            parser.add_argument(f"--{name}", type=int, default=most, help=f"default {most}")

    def handle(self, *args: Any, **options: Any) -> None:
        if Location.everywhere.exists():
            if options["if_empty"]:
                return
            raise CommandError(_("There are locations already; the demo chain is for an empty database."))
        began = time.monotonic()
        size = Size(*(options[name] for name in ("stores", "products", "customers", "orders")))
        with nothing_to_collect():
            demo = make_chain(
                seed=options["seed"], size=size, now=timezone.now(),
                tell=lambda message: self._tell(f"{time.monotonic() - began:5.1f} s  {message}"),
            )  # fmt: skip
        write_private(Path(settings.VAR) / "demo.json", json.dumps(demo, indent=2))
        self._deliver()
        self._tell(_("The demo chain is ready after %(seconds).1f s.") % {"seconds": time.monotonic() - began})

    def _deliver(self) -> None:
        """Let everybody in the house hear of it, as the relay would. Nobody of the demo has a mailbox
        or a phone."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        settings.SMS_SENDER = "orders.sms.nobody.NobodySender"
        while relay.run_once():
            pass

    def _tell(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()


@contextmanager
def nothing_to_collect() -> Iterator[None]:
    """A chain keeps what it makes until it is done: looking for garbage meanwhile takes a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def write_private(path: Path, text: str) -> None:
    """For this user's eyes only, from the first byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
