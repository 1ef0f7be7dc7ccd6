"""Nobody takes the whole house for themselves; and without Valkey everybody passes."""

import time

import pytest
from django.core.cache import caches
from django.test import override_settings
from redis.exceptions import ConnectionError as ValkeyAway

from omni.core.models import ApiKey
from omni.core.rest import throttle
from tests.core.conftest import client_with

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.trial")]
URL = "/api/v1/trial"


@pytest.fixture
def slow(time_machine):
    """A key for three requests a minute, ten seconds into a minute."""
    time_machine.move_to("2026-05-01T12:00:10Z")
    return client_with(ApiKey.issue(name="slow", scopes=["trial:read"], rate_per_minute=3)[1])


def test_the_fourth_of_three_is_told_to_wait(slow):
    assert [slow.get(URL).status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = slow.get(URL)
    assert answer.json()["code"] == "throttled"
    assert answer["Content-Type"] == "application/problem+json"
    assert 48 <= int(answer["Retry-After"]) <= 51


def test_the_next_minute_is_a_new_one_and_another_key_counts_for_itself(slow, time_machine):
    for _ in range(4):
        slow.get(URL)
    other = client_with(ApiKey.issue(name="other", scopes=["trial:read"], rate_per_minute=3)[1])
    assert other.get(URL).status_code == 200
    time_machine.move_to("2026-05-01T12:01:00Z")
    assert slow.get(URL).status_code == 200


def test_without_valkey_everybody_passes_and_it_is_not_asked_again_at_once(slow, monkeypatch):
    asked = []

    def away(*args, **kwargs):
        asked.append(1)
        raise ValkeyAway("connection refused")

    monkeypatch.setattr(type(caches["shared"]), "count", away)
    assert [slow.get(URL).status_code for _ in range(10)] == [200] * 10
    assert asked == [1]
    throttle.breaker.reset()
    slow.get(URL)
    assert asked == [1, 1]


def test_a_server_that_answers_nobody_costs_a_blink(slow):
    """Port 1 refuses; a frozen server is waited for a quarter of a second, once."""
    nowhere = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "shared": {
            "BACKEND": "omni.core.counters.Counters",
            "LOCATION": "redis://127.0.0.1:1/1",
            "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25, "retry": None},
        },
    }
    with override_settings(CACHES=nowhere):
        began = time.perf_counter()
        assert [slow.get(URL).status_code for _ in range(20)] == [200] * 20
        assert time.perf_counter() - began < 3


def test_a_count_is_gone_two_minutes_after_its_minute_began(slow):
    slow.get(URL)
    slow.get(URL)
    counters = caches["shared"]
    client = counters._cache.get_client()
    (counted,) = client.keys("*rate:*")
    assert client.get(counted) == b"2"
    assert 0 < client.ttl(counted) <= 120
