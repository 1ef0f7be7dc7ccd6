"""The relay runs without a broker, survives a database restart, and stops when told."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from omni.core import periodic_runs, schedule
from omni.core.events import emit, on
from omni.core.models import JobRun
from omni.management.commands import relay as command
from tests.core.conftest import at_once


@pytest.mark.django_db(transaction=True)
def test_once_does_what_waits_and_ends(subscribers):
    heard = []
    on("orders.placed", name="projection")(lambda event: heard.append(event.topic))
    with transaction.atomic():
        emit("orders.placed", aggregate=("order", "1"), payload={})
    call_command("relay", "--once")
    assert heard == ["orders.placed"]


@pytest.mark.django_db(transaction=True)
def test_a_cut_connection_is_made_anew_and_the_work_goes_on():
    stop, rounds = threading.Event(), []

    def work():
        rounds.append(periodic_runs.database_now())
        if len(rounds) == 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        if len(rounds) == 4:
            stop.set()
        return 1

    at_once(lambda: command.loop(stop, "trial", work, 0.01))
    assert len(rounds) == 4


def test_a_database_that_is_away_is_asked_less_and_less_often(monkeypatch):
    class Waits(threading.Event):
        def wait(self, timeout=None):
            waited.append(timeout)
            if len(waited) == 9:
                self.set()
            return self.is_set()

    def away():
        raise OperationalError("connection refused")

    waited = []
    command.loop(Waits(), "trial", away, 0.25)
    assert waited == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0, 5.0]


def test_a_bug_in_one_round_ends_no_loop():
    stop, rounds = threading.Event(), []

    def buggy():
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()
        raise RuntimeError("a bug")

    command.loop(stop, "trial", buggy, 0.001)
    assert len(rounds) == 2


def test_told_to_stop_it_stops_at_once():
    stop = threading.Event()
    began = time.monotonic()
    threading.Timer(0.05, stop.set).start()
    command.loop(stop, "trial", lambda: 0, 60)
    assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_the_stand_in_counts_from_its_own_beginning(monkeypatch, jobs):
    ran = []
    schedule.periodic("trial", seconds=60)(ran.append)
    stand_in = command.StandIn()
    assert stand_in() == 0
    stand_in.since = stand_in.since.replace(year=2020)
    assert stand_in() == 1
    assert JobRun.objects.get().job == "trial"
    assert len(ran) == 1
