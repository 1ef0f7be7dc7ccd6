"""manage.py relay: what the workers do, without a broker."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from inventory.operations.number_changes import number_changes
from omni.core import periodic_runs, relay, webhooks

log = structlog.get_logger(__name__)

POLL = 0.25  # seconds
LOOK_AT_THE_CLOCK = 1.0
LONGEST_PAUSE = 5.0


class Command(BaseCommand):
    """Stamps and delivers events, numbers stock changes, calls webhooks, and steps in for beat; runs until SIGTERM."""

    help = "Deliver events and webhooks by looking into the database, broker or no broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once, for a cron job or a test."""
        parser.add_argument("--once", action="store_true", help="do what is waiting now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loop until told to stop; what is under way is finished first."""
        stop = threading.Event()
        if options["once"]:
            while number_changes() + relay.run_once() + webhooks.deliver():
                continue
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        loops = [
            ("stock changes", number_changes, POLL),
            ("webhooks", webhooks.deliver, POLL),
            ("periodic jobs", StandIn(), LOOK_AT_THE_CLOCK),
        ]
        threads = [threading.Thread(target=loop, args=(stop, *each), name=each[0]) for each in loops]
        for thread in threads:
            thread.start()
        loop(stop, "events", relay.run_once, POLL)
        for thread in threads:
            thread.join()


def loop(stop: threading.Event, name: str, work: Callable[[], int], pause: float) -> None:
    """Work while there is work, look again after a pause; a database that is away is waited for."""
    failures = 0
    while not stop.is_set():
        try:
            close_old_connections()
            did = work()
            failures = 0
        except (DatabaseError, InterfaceError) as error:
            failures += 1
            log.warning("database away, trying again", loop=name, error=type(error).__name__, failures=failures)
            connections.close_all()
            did = 0
        except Exception:
            failures += 1
            log.exception("round failed, trying again", loop=name)
            did = 0
        if not did:
            stop.wait(min(LONGEST_PAUSE, pause * 2 ** min(failures, 6)))
    connections.close_all()


class StandIn:
    """Runs the periodic jobs that beat should have rung for; patient, counting from its own beginning."""

    def __init__(self) -> None:
        self.since: datetime | None = None

    def __call__(self) -> int:
        if self.since is None:
            self.since = periodic_runs.database_now()
        return periodic_runs.run_overdue(since=self.since)
