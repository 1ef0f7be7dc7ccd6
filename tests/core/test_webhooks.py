"""Endpoints outside are told: signed, in order, at least once, and each attempt is written down."""

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.db import transaction

from omni.core import relay, webhooks
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import Event, WebhookDelivery, WebhookEndpoint
from omni.core.operations.webhook_endpoints import create_endpoint, replay_events, retire_endpoint, rotate_secret
from omni.core.refusals import Invalid
from tests.core.receiver import receiver

HQ = Actor.system("hq")


@pytest.fixture
def shop(settings, subscribers):
    with receiver() as running:
        settings.OUTBOUND_ALLOW = frozenset({running.listed})
        yield running


@pytest.fixture
def endpoint(db, shop):
    return create_endpoint(url=shop.url, topics=["orders.*"], by=HQ)


def happened(topic="orders.placed", which="1", **payload):
    with transaction.atomic():
        emit(topic, aggregate=("order", which), payload=payload)


def send_all():
    relay.stamp()
    return webhooks.deliver()


def due_again():
    WebhookDelivery.objects.update(available_at="2020-01-01T00:00Z")
    WebhookEndpoint.objects.update(paused_until=None)


def independently_signed(secret: str, headers: dict[str, str], body: bytes) -> str:
    """HMAC written out as in RFC 2104, from the headers as they arrived."""
    key = base64.b64decode(secret.removeprefix("whsec_")).ljust(64, b"\0")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + signed).digest()
    return base64.b64encode(hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()).decode()


@pytest.mark.django_db
def test_an_event_arrives_signed(endpoint, shop):
    happened(number="100234", note="größer")
    assert send_all() == 1
    ((path, headers, body),) = shop.got
    event = Event.objects.get()
    assert path == "/hook"
    assert json.loads(body) == {
        "type": "orders.placed",
        "timestamp": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "data": {"number": "100234", "note": "größer"},
        "id": f"evt_{event.uid}",
        "sequence": 1,
        "aggregate": {"type": "order", "id": "1"},
    }
    assert headers["webhook-id"] == f"evt_{event.uid}"
    assert abs(int(headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert headers["webhook-signature"] == f"v1,{independently_signed(endpoint.secret, headers, body)}"
    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, delivery.response_status, delivery.response_excerpt) == ("done", 200, "thanks")


def test_the_signature_is_the_one_of_the_standards_own_example():
    """Source: https://github.com/standard-webhooks/standard-webhooks, libraries/python/tests."""
    endpoint = WebhookEndpoint(secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = webhooks.signed_headers(
        endpoint,
        identity="msg_p5jXN8AQM9LWM0D4loKWxJek",
        body=b'{"test": 2432232314}',
        now=datetime.fromtimestamp(1614265330, tz=UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.django_db
def test_while_an_old_secret_is_honored_both_signatures_are_sent(endpoint, shop):
    old = endpoint.secret
    new = rotate_secret(endpoint).secret
    assert new != old
    happened()
    send_all()
    _path, headers, body = shop.got[0]
    expected = [f"v1,{independently_signed(secret, headers, body)}" for secret in (new, old)]
    assert headers["webhook-signature"].split() == expected
    WebhookEndpoint.objects.update(previous_secret_until="2020-01-01T00:00Z")
    happened()
    send_all()
    assert len(shop.got[1][1]["webhook-signature"].split()) == 1


@pytest.mark.django_db
def test_only_wanted_topics_and_living_endpoints_are_told(endpoint, shop):
    happened("returns.received")
    assert send_all() == 0
    retire_endpoint(endpoint, by=HQ)
    happened("orders.placed")
    assert send_all() == 0
    assert shop.got == []


@pytest.mark.django_db
def test_a_failure_is_tried_again_in_order_with_the_same_id(endpoint, shop):
    shop.answers += [(500, {}, b"broken"), (200, {}, b""), (200, {}, b"")]
    happened(n=1)
    happened(n=2)
    assert send_all() == 1
    first = WebhookDelivery.objects.order_by("position").first()
    assert (first.status, first.attempts, first.last_error) == ("pending", 1, "HTTP 500")
    assert (first.response_status, first.response_excerpt) == (500, "broken")
    due_again()
    assert webhooks.deliver() == 2
    sent = [(json.loads(body)["data"]["n"], headers["webhook-id"]) for _path, headers, body in shop.got]
    assert [n for n, _identity in sent] == [1, 1, 2]
    assert sent[0][1] == sent[1][1] != sent[2][1]
    assert set(WebhookDelivery.objects.values_list("status", flat=True)) == {"done"}


@pytest.mark.django_db
def test_an_endpoint_that_fails_is_left_alone_for_a_while_and_holds_up_nobody(endpoint, shop, settings):
    with receiver() as other:
        settings.OUTBOUND_ALLOW |= {other.listed}
        create_endpoint(url=other.url, topics=["*"], by=HQ)
        shop.answers += [(503, {}, b"")] * 9
        for which in range(5):
            happened(which=str(which))
        assert send_all() == 6
    assert (len(shop.got), len(other.got)) == (1, 5)
    endpoint.refresh_from_db()
    assert endpoint.failures == 1
    assert endpoint.paused_until is not None


@pytest.mark.django_db
def test_a_success_ends_the_pause(endpoint, shop):
    shop.answers.append((500, {}, b""))
    happened()
    send_all()
    due_again()
    webhooks.deliver()
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.paused_until) == (0, None)


@pytest.mark.django_db
def test_an_endpoint_that_turned_private_is_not_called(endpoint, shop, settings):
    settings.OUTBOUND_ALLOW = frozenset()
    happened()
    assert send_all() == 1
    assert shop.got == []
    assert WebhookDelivery.objects.get().last_error == "Only https addresses are called."


@pytest.mark.django_db
def test_a_killed_call_is_made_again(endpoint, shop, monkeypatch):
    """At least once: killed after the receiver has it and before the mark."""
    happened()
    relay.stamp()
    with monkeypatch.context() as killed:
        killed.setattr(webhooks, "_answered", lambda *_: None)
        webhooks.deliver(limit=1)
    assert webhooks.deliver() == 0
    WebhookDelivery.objects.update(leased_until="2020-01-01T00:00Z")
    assert webhooks.deliver() == 1
    assert len(shop.got) == 2
    assert shop.got[0][1]["webhook-id"] == shop.got[1][1]["webhook-id"]


@pytest.mark.django_db
def test_replay_sends_again_what_came_after_a_position(endpoint, shop):
    for n in range(4):
        happened("orders.placed", n=n)
    happened("returns.received", n=9)
    send_all()
    before_the_third = Event.objects.get(payload__n=1).position
    late = create_endpoint(url=shop.url, topics=["orders.placed", "returns.*"], by=HQ)
    shop.got.clear()
    assert replay_events(endpoint, after=before_the_third)[0] == 2
    assert replay_events(late, after=0)[0] == 5
    assert webhooks.deliver() == 7
    told = [json.loads(body)["data"]["n"] for _path, _headers, body in shop.got]
    assert sorted(told) == [0, 1, 2, 2, 3, 3, 9]
    assert replay_events(endpoint, after=10**12) == (0, None)


@pytest.mark.django_db
def test_an_endpoint_of_one_place_hears_of_no_other(shop):
    """A partner's endpoint: neither as things happen nor when they are sent again."""
    partners = create_endpoint(url=shop.url, topics=["*"], place="V1", by=HQ)
    happened(n=1, location="V1")
    happened(n=2, location="V2")
    happened(n=3)
    assert send_all() == 1
    assert json.loads(shop.got[0][2])["data"] == {"n": 1, "location": "V1"}
    assert replay_events(partners, after=0)[0] == 1


@pytest.mark.django_db
def test_a_replay_goes_on_from_where_it_stopped(endpoint, shop, monkeypatch):
    monkeypatch.setattr("omni.core.operations.webhook_endpoints.MOST_REPLAYED", 3)
    for n in range(5):
        happened(n=n)
    send_all()
    first, last = replay_events(endpoint, after=0)
    second, end = replay_events(endpoint, after=last)
    assert (first, second, end) == (3, 2, Event.objects.get(payload__n=4).position)


@pytest.mark.django_db
@pytest.mark.parametrize("topic", ["orders.%", "Orders.Placed", "orders.*.x", "", "a b", "orders_"[::-1] + "*"])
def test_a_topic_that_means_nothing_is_refused(topic):
    with pytest.raises(Invalid) as refusal, transaction.atomic():
        create_endpoint(url="https://shop.example.com/", topics=["orders.*", topic], by=HQ)
    assert refusal.value.code == "unknown_topic_pattern"
    assert refusal.value.errors[0]["pointer"] == "/topics/1"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.django_db
def test_underscores_in_topics_are_no_wildcards(endpoint, shop):
    named = create_endpoint(url=shop.url, topics=["fulfillment.handed_over"], by=HQ)
    happened("fulfillment.handed_over")
    happened("fulfillment.handedXover")
    relay.stamp()
    assert replay_events(named, after=0)[0] == 0  # the right one waits already, the other is not wanted
    assert WebhookDelivery.objects.filter(endpoint=named).count() == 1


def test_each_endpoint_has_a_secret_of_its_own():
    secrets = {base64.b64decode(WebhookEndpoint().secret.removeprefix("whsec_")) for _ in range(3)}
    assert [len(secret) for secret in secrets] == [32, 32, 32]
