"""Thirty-two associates pick the same queue over HTTP: no unit is picked twice, and no scan is lost."""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count, F, Sum
from django.middleware.csrf import _get_new_csrf_string

from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.floor_pages import fill_queue
from omni.bench.scale import FIRST_LOCATION
from omni.bench.shop import shop
from omni.core.models import Grant, User
from omni.core.web import LOCATION_IN_SESSION
from omni.embedded.place import CHECKOUT
from orders.models import FulfillmentLine, PickScan

ASSOCIATES, PROCESSES = 32, 2
LOCATION = FIRST_LOCATION + 2
MINUTES = 2
ORDERS = 6_000  # more than they manage
BACKEND = "django.contrib.auth.backends.ModelBackend"


def measure(chain: Chain) -> list[Subject]:
    """Two minutes of picking by everybody at one location."""
    chain.tell(f"{ASSOCIATES} associates pick one queue for {MINUTES} minutes ...")
    fill_queue(chain, ORDERS, LOCATION)
    sessions = [_session(n) for n in range(ASSOCIATES)]
    before = _scans()
    with shop("web", tell=chain.tell) as running:
        seen = _pick(running.port, sessions)
    return [_told(seen, before)]


def _told(seen: dict[str, Any], before: int) -> Subject:
    answers: Counter[str] = seen["answers"]
    subject = Subject(f"{ASSOCIATES} associates pick the same queue over HTTP for {MINUTES} minutes, 2 x 8 threads")
    subject.add("scans answered", answers["scanned"])
    subject.add("scans kept", _scans() - before)
    subject.add("lost scans", answers["scanned"] - (_scans() - before))
    subject.add("sent twice on purpose, counted once", answers["sent twice"])
    subject.add("units picked twice", _picked_twice())
    subject.add("orders staged", answers["staged"])
    expected = {"scanned", "sent twice", "staged", "page 200"}
    subject.add("other answers", sum(count for name, count in answers.items() if name not in expected))
    subject.add("scans per second", answers["scanned"] / seen["took"], digits=1)
    subject.add_times("answer to a scan", seen["seconds"])
    return subject


def _scans() -> int:
    return PickScan.objects.aggregate(units=Sum("quantity", default=0))["units"]


def _picked_twice() -> int:
    """Lines with more units than wanted, or whose scans say something else than they do."""
    lines = FulfillmentLine.objects.filter(fulfillment_order__location=LOCATION, picked_quantity__gt=0)
    over = lines.filter(picked_quantity__gt=F("quantity")).count()
    told = lines.annotate(units=Sum("scans__quantity"), times=Count("scans")).exclude(units=F("picked_quantity"))
    return over + told.count()


def _session(number: int) -> str:
    """Somebody who signed in at the location."""
    user = User.objects.create(username=f"bench-{number}", password=make_password(None))
    Grant.objects.create(user=user, role="associate", scope=f"location:{LOCATION}")
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[LOCATION_IN_SESSION] = str(LOCATION)
    session.create()
    return str(session.session_key)


def _pick(port: int, sessions: list[str]) -> dict[str, Any]:
    each = len(sessions) // PROCESSES
    shares = [sessions[n * each : (n + 1) * each] for n in range(PROCESSES)]
    running = [_start(port, share, n * each) for n, share in enumerate(shares)]
    seen: dict[str, Any] = {"took": 0.0, "seconds": [], "answers": Counter(), "trouble": ""}
    for process in running:
        output, _nothing = process.communicate()
        if process.returncode:
            raise RuntimeError(f"The associates' process ended with {process.returncode}.")
        answer = json.loads(output)
        seen["took"] = max(seen["took"], answer["took"])
        seen["seconds"] += answer["seconds"]
        seen["answers"].update(answer["answers"])
        seen["trouble"] = seen["trouble"] or answer["trouble"]
    if not seen["answers"]["scanned"]:
        raise RuntimeError(f"Nobody scanned anything: {dict(seen['answers'])} {seen['trouble']}")
    return seen


def _start(port: int, sessions: list[str], first: int) -> "subprocess.Popen[str]":
    told = {"port": port, "sessions": sessions, "first": first, "for_seconds": MINUTES * 60, "seed": 5,
            "csrf": _get_new_csrf_string()}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "omni.bench.pickers"], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps(told))
    process.stdin.close()
    process.stdin = None
    return process
