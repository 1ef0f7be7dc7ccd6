"""Ask one kind of question many times, through the page and its function, and beside it the plainest SQL."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omni.bench.figures import Subject
from omni.bench.processor_time import of_database
from omni.core.models import Grant, User

OK = 200
ASKED = 200  # questions of each kind
PLAIN = 40  # of them also asked of the database in the plainest way
WARM_UP = 5


@dataclass(frozen=True)
class Kind:
    """Questions of one kind with the id that each means (None: nothing), and how plain SQL would ask."""

    name: str
    asked: Sequence[tuple[str, int | None]]
    plain: str  # one statement with %(text)s


@dataclass(frozen=True)
class Way:
    """How the shop answers: `find` gives the ids that were found, `page` the screen's answer."""

    find: Callable[[str], Collection[int]]
    page: Callable[[str], Any]


def measure_kind(subject: Subject, kind: Kind, way: Way) -> None:
    """The function's and the page's times, what was found, and the plain SQL's times in the same run."""
    texts = [text for text, _meant in kind.asked]
    for text in texts[:WARM_UP]:
        _page(way, text)
    found = [meant in way.find(text) for text, meant in kind.asked if meant is not None]
    spent = time.process_time() + of_database()
    subject.add_times(kind.name, [_took(way.find, text) for text in texts])
    spent = time.process_time() + of_database() - spent
    subject.add(f"{kind.name}, processor time", spent / len(texts) * 1000, "ms", digits=1)
    subject.add_times(f"{kind.name}, page", [_took(partial(_page, way), text) for text in texts])
    with CaptureQueriesContext(connection) as asked:
        way.page(texts[0])
    subject.add(f"{kind.name}, page, queries", len(asked))
    subject.add_times(f"{kind.name}, plain SQL", [_took(partial(_plain, kind), text) for text in texts[:PLAIN]])
    if found:
        subject.add(f"{kind.name}, meant one among those shown", 100 * sum(found) / len(found), "%", digits=1)


def associate_at(location: int) -> Client:
    """Somebody who signed in and works at the location."""
    user = User.objects.create(username=f"bench-asks-{User.objects.count()}", password=make_password(None))
    Grant.objects.create(user=user, role="associate", scope=f"location:{location}")
    browser = Client(headers={"host": "127.0.0.1", "HX-Request": "true"})
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    browser.post(reverse("inventory:choose_store"), {"store": location})
    return browser


def _took(ask: Callable[[str], Any], text: str) -> float:
    began = time.perf_counter()
    ask(text)
    return time.perf_counter() - began


def _page(way: Way, text: str) -> None:
    answer = way.page(text)
    if answer.status_code != OK:
        raise RuntimeError(f"{answer.status_code} for {text!r}")


def _plain(kind: Kind, text: str) -> None:
    """Through the driver alone, without Django."""
    with connection.connection.cursor() as cursor:
        cursor.execute(kind.plain, {"text": text})
        cursor.fetchall()
