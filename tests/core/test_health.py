"""Those who watch over the processes get honest answers."""

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from redis.exceptions import TimeoutError as ValkeyFrozen


def test_live_asks_no_database(client):
    """Without the django_db mark a query would fail the test."""
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_the_database_answers(client):
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_not_ready_without_the_database(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(CursorWrapper, "execute", away)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert answer.json()["parts"]["database"] is False


@pytest.mark.django_db
def test_without_valkey_the_shop_goes_on_and_says_so(client, monkeypatch):
    def frozen(*args, **kwargs):
        raise ValkeyFrozen("timed out")

    monkeypatch.setattr(type(caches["shared"]), "get", frozen)
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "parts": {"database": True, "wake_ups": False}}


@pytest.mark.django_db
def test_a_probe_over_http_is_not_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/ready").status_code == 200
    assert client.get("/sign-in/").status_code == 301


def test_live_asks_no_database_for_somebody_who_brings_a_session_either(client):
    client.cookies["sessionid"] = "abcdefghijklmnopqrstuvwxyz012345"
    assert client.get("/health/live").status_code == 200
