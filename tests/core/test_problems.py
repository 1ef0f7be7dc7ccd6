"""Whatever is sent, the answer is a clear problem, never a 500, and nothing is left behind."""

import json

import psycopg
import pytest
from django.db import InternalError, OperationalError
from rest_framework.test import APIClient

from omni.core.api import MoneyField
from omni.core.models import ApiKey, Event, IdempotencyKey, Job
from tests.core.conftest import client_with
from tests.core.doors import Acts

pytestmark = [pytest.mark.urls("tests.core.trial"), pytest.mark.django_db]
URL = "/api/v1/trial"
GOOD = {"name": "a"}


def post(client, body, **extra):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    extra.setdefault("content_type", "application/json")
    return client.generic("POST", URL, content, HTTP_IDEMPOTENCY_KEY="k-1", **extra)


def nested(depth):
    return b'{"name":"a","metadata":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


HOSTILE_BODIES = {
    "empty": (b"", 400, "invalid_request", "/name"),
    "not JSON": (b"{name: a}", 400, "malformed_json", None),
    "cut short": (b'{"name": "a"', 400, "malformed_json", None),
    "two documents": (b'{"name":"a"}{"name":"b"}', 400, "malformed_json", None),
    "a list": (b"[]", 400, "invalid_request", ""),
    "a text": (b'"a"', 400, "invalid_request", ""),
    "null": (b"null", 400, "invalid_request", ""),
    "a number": (b"1", 400, "invalid_request", ""),
    "nested 33 deep": (nested(33), 400, "too_deep", None),
    "nested 100,000 deep": (nested(100_000), 400, "too_deep", None),
    "100,000 open brackets": (b"[" * 100_000, 400, "too_deep", None),
    "NaN": (b'{"name":"a","quantity":NaN}', 400, "not_a_number", None),
    "Infinity": (b'{"name":"a","quantity":-Infinity}', 400, "not_a_number", None),
    "a float beyond all": (b'{"name":"a","metadata":{"x":1e999}}', 400, "not_a_number", None),
    "5,000 digits": (b'{"name":"a","quantity":' + b"9" * 5000 + b"}", 400, "malformed_json", None),
    "a NUL in a value": (b'{"name":"a\\u0000"}', 400, "nul_character", None),
    "a NUL in a key": (b'{"name":"a","metadata":{"\\u0000":1}}', 400, "nul_character", None),
    "a raw NUL": (b'{"name":"a\x00"}', 400, "malformed_json", None),
    "half a surrogate": (b'{"name":"\\ud800"}', 400, "not_utf8", None),
    "not UTF-8": (b'{"name":"\xff\xfe"}', 400, "not_utf8", None),
    "a field twice": (b'{"name":"a","name":"b"}', 400, "duplicate_field", None),
    "over a megabyte": (b'{"name":"' + b"x" * 1_100_000 + b'"}', 413, "too_large", None),
    "a megabyte of name": (b'{"name":"' + b"x" * 1_000_000 + b'"}', 400, "invalid_request", "/name"),
    "a missing field": ({}, 400, "invalid_request", "/name"),
    "an unknown field": ({"name": "a", "nmae": "b"}, 400, "invalid_request", "/nmae"),
    "an unknown field with a slash": ({"name": "a", "a/b~c": 1}, 400, "invalid_request", "/a~1b~0c"),
    "an unknown field inside": (
        {"name": "a", "lines": [{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 1, "color": "red"}]},
        400,
        "invalid_request",
        "/lines/1/color",
    ),
    "a wrong line": (
        {"name": "a", "lines": [{"sku": "A", "quantity": 0}]},
        400,
        "invalid_request",
        "/lines/0/quantity",
    ),
    "lines that are no list": ({"name": "a", "lines": {"sku": "A"}}, 400, "invalid_request", "/lines"),
    "a line that is no object": ({"name": "a", "lines": ["A"]}, 400, "invalid_request", "/lines/0"),
    "a number as name": ({"name": 5}, 400, "invalid_request", "/name"),
    "true as name": ({"name": True}, 400, "invalid_request", "/name"),
    "null as name": ({"name": None}, 400, "invalid_request", "/name"),
    "an empty name": ({"name": ""}, 400, "invalid_request", "/name"),
    "a text as quantity": ({"name": "a", "quantity": "3"}, 400, "invalid_request", "/quantity"),
    "true as quantity": ({"name": "a", "quantity": True}, 400, "invalid_request", "/quantity"),
    "3.0 as quantity": ({"name": "a", "quantity": 3.0}, 400, "invalid_request", "/quantity"),
    "quantity 0": ({"name": "a", "quantity": 0}, 400, "invalid_request", "/quantity"),
    "a negative quantity": ({"name": "a", "quantity": -1}, 400, "invalid_request", "/quantity"),
    "a huge quantity": ({"name": "a", "quantity": 10**18}, 400, "invalid_request", "/quantity"),
    "an amount as number": ({"name": "a", "amount": 19.99}, 400, "invalid_request", "/amount"),
    "too many decimals": ({"name": "a", "amount": "1.23456"}, 400, "invalid_request", "/amount"),
    "an amount with a comma": ({"name": "a", "amount": "1,50"}, 400, "invalid_request", "/amount"),
    "a negative amount": ({"name": "a", "amount": "-0.01"}, 400, "invalid_request", "/amount"),
    "an amount in Arabic digits": ({"name": "a", "amount": "١٢"}, 400, "invalid_request", "/amount"),
    "an exponent": ({"name": "a", "amount": "1e3"}, 400, "invalid_request", "/amount"),
    "Infinity as amount": ({"name": "a", "amount": "Infinity"}, 400, "invalid_request", "/amount"),
    "an amount with a newline": ({"name": "a", "amount": "1.00\n"}, 400, "invalid_request", "/amount"),
    "a time without offset": ({"name": "a", "at": "2026-05-01T10:00:00"}, 400, "invalid_request", "/at"),
    "a day that does not exist": ({"name": "a", "at": "2026-02-30T10:00:00Z"}, 400, "invalid_request", "/at"),
    "an offset that does not exist": ({"name": "a", "at": "2026-02-03T10:00:00+99:99"}, 400, "invalid_request", "/at"),
    "a time as number": ({"name": "a", "at": 1777629600}, 400, "invalid_request", "/at"),
    "a date": ({"name": "a", "at": "2026-05-01"}, 400, "invalid_request", "/at"),
    "yes": ({"name": "a", "gift": "yes"}, 400, "invalid_request", "/gift"),
    "metadata as text": ({"name": "a", "metadata": "x"}, 400, "invalid_request", "/metadata"),
    "too much metadata": ({"name": "a", "metadata": {"x": "y" * 20_000}}, 400, "invalid_request", "/metadata"),
}


@pytest.mark.parametrize(("body", "status", "code", "pointer"), HOSTILE_BODIES.values(), ids=HOSTILE_BODIES)
def test_a_body_that_cannot_be_accepted(api, body, status, code, pointer):
    answer = post(api, body)
    assert answer.status_code == status, answer.content
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, "about:blank")
    assert problem["title"]
    assert problem["detail"]
    assert [error["pointer"] for error in problem["errors"]] == ([] if pointer is None else [pointer])
    assert all(error["code"] and error["detail"] for error in problem["errors"])
    assert (Job.objects.count(), Event.objects.count(), IdempotencyKey.objects.count()) == (0, 0, 0)
    assert post(api, GOOD).status_code == 201


def test_everything_wrong_is_told_at_once(api):
    problem = post(api, {"quantity": 0, "color": "red", "lines": [{"sku": 1, "quantity": 1}]}).json()
    told = {(error["pointer"], error["code"]) for error in problem["errors"]}
    assert told == {
        ("/name", "required"),
        ("/quantity", "min_value"),
        ("/color", "unknown_field"),
        ("/lines/0/sku", "not_text"),
    }


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"content_type": "text/plain"}, 415, "unsupported_media_type"),
        ({"content_type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
        ({"content_type": "multipart/form-data"}, 415, "unsupported_media_type"),
        ({"HTTP_ACCEPT": "text/html"}, 406, "not_acceptable"),
    ],
)
def test_another_format_is_refused(api, change, status, code):
    answer = post(api, GOOD, **change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", URL, 405, "method_not_allowed"),
        ("GET", "/api/v1/nothing-here", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api/v1/trial/", 404, "not_found"),
        ("GET", "/api/v1/webhook-endpoints/not-a-uuid", 404, "not_found"),
        ("GET", "/api/v1/webhook-endpoints/01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c11", 404, "not_found"),
        ("GET", "/api/v1/tri%00al", 400, "nul_character"),
        ("GET", "/api/v1/events?after=%00", 400, "nul_character"),
        ("GET", "/api/v1/events?after=-1", 400, "invalid_request"),
        ("GET", "/api/v1/events?after=9999999999999999999999", 400, "invalid_request"),
        ("GET", "/api/v1/events?after=abc", 400, "invalid_request"),
        ("GET", "/api/v1/events?limit=0", 400, "invalid_request"),
        ("GET", "/api/v1/webhook-endpoints?cursor=garbage", 400, "invalid_cursor"),
        ("GET", "/api/v1/events?type=%FF%FE", 200, None),
    ],
)
def test_another_method_or_address(api, method, path, status, code):
    answer = api.generic(method, path, HTTP_IDEMPOTENCY_KEY="k")
    assert answer.status_code == status, answer.content
    if code:
        assert answer.json()["code"] == code
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer omni_wrong",
        "Bearer omni_" + "x" * 40,
        "Basic dXNlcjpwYXNz",
        "Bearer a b c",
        "Bearer \x00",
        "Bearer \xff\xfe",
        "bearer",
    ],
)
def test_who_shows_no_good_key_is_told_to_bring_one(authorization):
    client = APIClient(raise_request_exception=False)
    extra = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
    answer = post(client, GOOD, **extra)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="omni"'
    assert answer.json()["code"] in {"unknown_key", "not_authenticated"}
    assert Job.objects.count() == 0


@pytest.mark.parametrize("change", [{"revoked_at": "2020-01-01T00:00Z"}, {"expires_at": "2020-01-01T00:00Z"}])
def test_a_revoked_or_expired_key_opens_nothing(api, key, change):
    ApiKey.objects.update(**change)
    assert post(api, GOOD).status_code == 401
    assert Job.objects.count() == 0


def test_a_key_without_the_scope_is_refused(key):
    _key, token = ApiKey.issue(name="reader", scopes=["trial:read"])
    answer = post(client_with(token), GOOD)
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert client_with(token).get(URL).status_code == 200


def test_a_view_that_names_no_scope_is_closed(api):
    assert api.get("/api/v1/closed").status_code == 403


def test_a_limited_key_does_not_read_everybodys_events():
    _key, token = ApiKey.issue(name="one store", scopes=["events:read"], locations=["location:1"])
    answer = client_with(token).get("/api/v1/events")
    assert (answer.status_code, answer.json()["code"]) == (403, "limited_key")


def test_a_refusal_brings_its_sentence_code_and_places(api):
    problem = post(api, {"name": "refuse"}).json()
    assert problem == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Only 1 left.",
        "code": "short_stock",
        "errors": [{"pointer": "/lines/0", "code": "short_stock"}],
    }


def test_a_bug_is_a_500_that_tells_nothing(api):
    answer = post(api, {"name": "crash"})
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert b"a bug" not in answer.content


@pytest.mark.parametrize("error", [OperationalError("the connection is lost"), OperationalError("pool timeout")])
def test_a_database_that_is_away_is_a_503_that_says_when_to_come_back(api, monkeypatch, error):
    def away(*args, **kwargs):
        raise error

    monkeypatch.setattr(Job.objects, "values_list", away)
    monkeypatch.setattr(Acts, "get", away)
    answer = api.get(URL)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "2")
    assert b"connection" not in answer.content


@pytest.mark.parametrize("cause", [psycopg.errors.TransactionTimeout, psycopg.errors.IdleInTransactionSessionTimeout])
def test_a_transaction_that_the_server_gave_up_is_a_503_too(api, monkeypatch, cause):
    def slow(*args, **kwargs):
        raise InternalError("terminating connection") from cause("terminating connection")

    monkeypatch.setattr(Acts, "get", slow)
    answer = api.get(URL)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "2")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_database_that_is_away_at_the_door_is_a_503_too(api, monkeypatch, method):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr("omni.core.rest.keys.ApiKey.objects.for_token", away)
    answer = api.generic(method, URL)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(
    ("text", "amount"), [("19.99", "19.99"), ("0", "0.00"), ("1250", "1250.00"), ("0.0625", "0.0625"), ("1.50", "1.50")]
)
def test_money_comes_back_with_at_least_two_decimals(text, amount):
    field = MoneyField()
    assert field.to_representation(field.to_internal_value(text)) == amount


def test_metadata_is_kept_as_it_came(api):
    notes = {"gift": {"from": "Ada", "unknown/field": [1, 2.5, None, True]}}
    assert post(api, {"name": "a", "metadata": notes}).status_code == 201
    assert Event.objects.get().payload["metadata"] == notes
