"""The wake-up call is a courtesy: it makes work sooner, and never a request slow."""

import json
import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerAway

from omni import celery


@pytest.fixture(autouse=True)
def rested(monkeypatch):
    celery._breaker.reset()
    monkeypatch.setattr(celery, "_last_hint", 0.0)
    yield
    celery._breaker.reset()


@pytest.fixture
def sent(monkeypatch):
    calls = []
    monkeypatch.setattr(celery.app, "send_task", lambda name, **options: calls.append((name, options)))
    return calls


def test_many_commits_in_one_moment_are_one_call(sent, monkeypatch):
    for _ in range(20):
        celery.hint()
    assert [name for name, _options in sent] == ["core.deliver_events"]
    assert sent[0][1]["retry"] is False
    monkeypatch.setattr(celery, "_last_hint", time.monotonic() - 1)
    celery.hint()
    assert len(sent) == 2


def test_a_broker_that_is_away_is_left_alone_for_a_while(monkeypatch):
    calls = []

    def away(*args, **kwargs):
        calls.append(1)
        raise BrokerAway("connection refused")

    monkeypatch.setattr(celery.app, "send_task", away)
    for _ in range(10):
        monkeypatch.setattr(celery, "_last_hint", 0.0)
        celery.hint()
    assert len(calls) == 1
    assert celery._breaker.is_open


def test_the_next_try_comes_by_itself(monkeypatch, sent):
    celery._breaker.failed()
    celery.hint()
    assert sent == []
    later = time.monotonic() + celery._breaker.rest + 0.1
    monkeypatch.setattr("omni.core.breaker.time.monotonic", lambda: later)
    celery.hint()
    assert len(sent) == 1


PUBLISHER = """
import json, os, socket, sys, threading, time
import django
from urllib.parse import urlsplit

real, case = urlsplit(os.environ["OMNI_REDIS_URL"]), sys.argv[1]
frozen = threading.Event()
if case == "frozen":
    frozen.set()
door = socket.create_server(("127.0.0.1", 0))

def pump(source, target):
    while (data := source.recv(65536)):
        while frozen.is_set():
            time.sleep(0.05)
        target.sendall(data)

def serve():
    while True:
        client, _ = door.accept()
        server = socket.create_connection((real.hostname, real.port))
        for pair in ((client, server), (server, client)):
            threading.Thread(target=pump, args=pair, daemon=True).start()

threading.Thread(target=serve, daemon=True).start()
port = 1 if case == "refused" else door.getsockname()[1]
os.environ["OMNI_REDIS_URL"] = real._replace(netloc=real.netloc.replace(str(real.port), str(port))).geturl()
django.setup()
from omni import celery

def publish():
    celery._last_hint = 0
    began = time.monotonic()
    celery.hint()
    return time.monotonic() - began

before = publish() if case == "freezes" else None
heard = not celery._breaker.is_open
if case == "freezes":
    frozen.set()
first, is_open = publish(), celery._breaker.is_open
rest = sum(publish() for _ in range(100))
print(json.dumps({"heard": heard, "first": first, "open": is_open, "rest": rest}))
os._exit(0)
"""


@pytest.mark.parametrize(("case", "at_most"), [("refused", 1), ("frozen", 2), ("freezes", 2)])
def test_a_real_broker_that_is_away_costs_at_most_two_seconds_once(case, at_most):
    """Refused, silent from the beginning, and frozen in the middle of a working day."""
    environment = {**os.environ, "OMNI_PROCESS": "web", "DJANGO_SETTINGS_MODULE": "omni.settings"}
    process = subprocess.run(
        [sys.executable, "-c", PUBLISHER, case],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    took = json.loads(process.stdout)
    assert took["heard"] is True
    assert took["open"] is True
    assert took["first"] < at_most
    assert took["rest"] < 0.5
