"""A request sent twice happens once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from omni.core import idempotency
from omni.core.models import ApiKey, Event, IdempotencyKey, Job
from omni.core.operations.rotate_key import rotate
from tests.core.conftest import at_once, client_with
from tests.core.doors import Acts

pytestmark = pytest.mark.urls("tests.core.trial")
URL = "/api/v1/trial"


def send(client, body, key="k-1", **headers):
    return client.post(URL, body, headers={"Idempotency-Key": key, **headers})


def left_behind():
    return IdempotencyKey.objects.count(), Job.objects.count(), Event.objects.count()


@pytest.mark.django_db
def test_the_same_request_gets_the_same_answer_byte_for_byte(api):
    first = send(api, {"name": "a"})
    again = send(api, {"name": "a"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert first["Content-Type"] == again["Content-Type"] == "application/json"
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Acts.calls == 1
    assert left_behind() == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_crash_after_commit_is_answered_from_the_store(api, monkeypatch):
    committed = idempotency._answered

    def crash_after(*args):
        committed(*args)
        raise ConnectionResetError("the worker was killed before it could answer")

    monkeypatch.setattr(idempotency, "_answered", crash_after)
    assert send(api, {"name": "a"}).status_code == 500
    assert left_behind() == (1, 1, 1)
    monkeypatch.setattr(idempotency, "_answered", committed)
    again = send(api, {"name": "a"})
    assert again.status_code == 201
    assert again["Idempotency-Replayed"] == "true"
    assert again.json()["id"] == str(Job.objects.get().pk)
    assert left_behind() == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"body": {"name": "b"}}, {"url": f"{URL}?x=1"}], ids=["another body", "another path"]
)
def test_a_key_used_for_another_request_is_refused(api, change):
    send(api, {"name": "a"})
    answer = api.post(change.get("url", URL), change.get("body", {"name": "a"}), headers={"Idempotency-Key": "k-1"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert left_behind() == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("refuse", 409, "short_stock"),
        ("invalid", 422, "wrong_currency"),
        ("forbid", 403, "not_yours"),
        ("crash", 500, "error"),
        ("x" * 51, 400, "invalid_request"),
    ],
)
def test_only_success_is_kept_and_all_else_leaves_nothing(api, name, status, code):
    answer = send(api, {"name": name})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert left_behind() == (0, 0, 0)
    assert send(api, {"name": "now it fits"}).status_code == 201


@pytest.mark.django_db
def test_an_answer_that_is_no_success_takes_its_effects_back_too(api):
    assert send(api, {"name": "answer 409"}).status_code == 409
    assert left_behind() == (0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "idempotency_key_required"),
        ("", "idempotency_key_invalid"),
        ("x" * 256, "idempotency_key_invalid"),
        ("with space", "idempotency_key_invalid"),
        ("ünicode", "idempotency_key_invalid"),
    ],
    ids=["none", "empty", "too long", "with a space", "not ASCII"],
)
def test_a_key_is_needed_and_must_be_plain(api, given, code):
    headers = {} if given is None else {"Idempotency-Key": given}
    answer = api.post(URL, {"name": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert left_behind() == (0, 0, 0)


@pytest.mark.django_db
def test_two_callers_may_use_the_same_key(api):
    _other, token = ApiKey.issue(name="till", scopes=["trial:write"])
    send(api, {"name": "a"})
    answer = send(client_with(token), {"name": "b"})
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer


@pytest.mark.django_db
def test_a_rotated_key_still_finds_the_old_keys_answers(api, key):
    send(api, {"name": "a"})
    _twin, token = rotate(key[0], overlap=timedelta(hours=1))
    assert send(client_with(token), {"name": "a"})["Idempotency-Replayed"] == "true"
    assert Job.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_twin_in_parallel_waits_and_gets_the_same_answer(key, monkeypatch):
    started, may_end = threading.Event(), threading.Event()
    handle = Acts.post.__wrapped__

    def slow(view, request):
        started.set()
        assert may_end.wait(10)
        return handle(view, request)

    monkeypatch.setattr(Acts, "post", idempotency.idempotent(slow))

    def first():
        return send(client_with(key[1]), {"name": "a"})

    def twin():
        assert started.wait(10)
        threading.Timer(0.3, may_end.set).start()
        return send(client_with(key[1]), {"name": "a"})

    one, two = at_once(first, twin)
    assert one.status_code == two.status_code == 201
    assert one.content == two.content
    assert two["Idempotency-Replayed"] == "true"
    assert left_behind() == (1, 1, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_twin_that_waits_too_long_is_told_to_come_back(key, api):
    with transaction.atomic():
        IdempotencyKey.objects.create(
            principal=key[0].lineage, key="k-1", method="POST", path=URL, body_digest="", created_at="2026-01-01T00:00Z"
        )

        def impatient():
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            return send(client_with(key[1]), {"name": "a"})

        (answer,) = at_once(impatient)
    assert answer.status_code == 409
    assert answer.json()["code"] == "in_progress"
    assert answer["Retry-After"] == "1"
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_kernel_asks_the_database_three_times(api):
    send(api, {"name": "warm"}, key="warm")
    with CaptureQueriesContext(connection) as asked:
        send(api, {"name": "a"})
    statements = [query["sql"] for query in asked if query["sql"] not in {"BEGIN", "COMMIT"}]
    kernel = [sql for sql in statements if "core_job" not in sql and "core_event" not in sql]
    assert [sql.split()[0] for sql in kernel] == ["SELECT", "INSERT", "UPDATE"], kernel
    assert len([sql for sql in statements if "core_event" in sql]) == 1
