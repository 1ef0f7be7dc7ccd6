"""`manage.py work_floor`: people at work in all stores for some minutes, for a look at a busy chain and for trials."""

import threading
import time
from argparse import ArgumentParser
from collections import Counter
from random import Random
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from omni.replay.floor import Floor, floor_worker

PAUSE = 0.5  # seconds, where there was nothing to do


class Command(BaseCommand):
    help = "Pick, miss, cancel, hand over and count at random in all stores. Not for a shop whose stock is real."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=60)
        parser.add_argument("--people", type=int, default=2)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        people = [
            Floor(floor_worker(str(n)), Random(options["seed"] * 1000 + n)) for n in range(1, options["people"] + 1)
        ]
        until = time.monotonic() + options["seconds"]
        troubles: list[BaseException] = []
        threads = [threading.Thread(target=_shift, args=(person, until, troubles), daemon=True) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._tell(people)
        if troubles:
            raise CommandError(_("%d people met something else than a refusal.") % len(troubles)) from troubles[0]

    def _tell(self, people: list[Floor]) -> None:
        done: Counter[str] = sum((person.done for person in people), Counter())
        refused: Counter[str] = sum((person.refused for person in people), Counter())
        for name, count in done.most_common():
            self.stdout.write(_("done %(count)d: %(name)s") % {"count": count, "name": name})
        for name, count in refused.most_common():
            self.stdout.write(_("refused %(count)d: %(name)s") % {"count": count, "name": name})


def _shift(person: Floor, until: float, troubles: list[BaseException]) -> None:
    try:
        while time.monotonic() < until:
            if not person.act():
                time.sleep(PAUSE / 10)
    except BaseException as trouble:
        troubles.append(trouble)
        raise
    finally:
        connection.close()
