"""What the kernel's tests share."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connections
from rest_framework.test import APIClient

from omni.core import events, schedule
from omni.core.models import ApiKey, User
from omni.core.rest import throttle
from tests.core.doors import Acts


@pytest.fixture
def key(db):
    """A key for the trial door and the kernel's own resources, and its token."""
    scopes = ["trial:read", "trial:write", "events:read", "webhooks:read", "webhooks:write"]
    return ApiKey.issue(name="shop", scopes=scopes)


@pytest.fixture
def api(key):
    """A client that comes in with the key."""
    return client_with(key[1])


@pytest.fixture
def user(db):
    """An associate."""
    return User.objects.create_user("ana", password="pick-and-pack-1", display_name="Ana")


@pytest.fixture(autouse=True)
def fresh():
    """Counters, breakers and call counts of one test are not seen by the next."""
    caches["shared"].clear()
    throttle.breaker.reset()
    Acts.calls = 0


@pytest.fixture
def subscribers(monkeypatch):
    """Nobody is subscribed but whom the test subscribes."""
    mine: dict[str, events.Subscriber] = {}
    monkeypatch.setattr(events, "_subscribers", mine)
    return mine


@pytest.fixture
def jobs(monkeypatch):
    """No periodic job but those of the test."""
    mine: dict[str, schedule.PeriodicJob] = {}
    monkeypatch.setattr(schedule, "_jobs", mine)
    return mine


def client_with(token: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each on a thread and a connection of its own; the results in order."""

    def alone(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))
