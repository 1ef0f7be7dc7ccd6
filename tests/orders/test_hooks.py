"""The door for carriers: only signed, only fresh, each message once; the relay does the rest."""

import hashlib
import hmac
import json
import unicodedata
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from omni.core.inbound import secret_of, sign_standard
from omni.core.models import Event, InboundMessage
from orders import events
from orders.models import TrackingEvent
from orders.subscribers import read_hook
from tests.factories import LocationFactory
from tests.factories.parcels import handed_over

pytestmark = pytest.mark.django_db
NOW = timezone.now


def send(body: dict, *, identity: str = "msg-1", age: int = 0, secret: str = ""):
    raw = json.dumps(body).encode()
    stamp = str(int((NOW() - timedelta(seconds=age)).timestamp()))
    signature = sign_standard(identity, stamp, raw, secret or secret_of("simulator"))
    headers = {"webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}
    return Client().post("/hooks/simulator/", raw, content_type="application/json", headers=headers)


def news(number: str, status: str = "delivered", event_id: str = "e-1") -> dict:
    return {"events": [
        {"id": event_id, "tracking_number": number, "status": status, "occurred_at": NOW().isoformat()}
    ]}  # fmt: skip


def relay() -> None:
    """As the relay would: each stored message once."""
    for event in Event.objects.filter(topic="hooks.received").order_by("pk"):
        read_hook(event)


def test_a_signed_message_is_stored_answered_and_then_moves_its_parcel():
    parcel = handed_over(LocationFactory(postal_code="55401"))
    answer = send(news(parcel.tracking_number))
    assert (answer.status_code, answer.json()) == (202, {"status": "accepted"})
    parcel.refresh_from_db()
    assert parcel.status == "handed_over", "the sender does not wait for the work"
    relay()
    parcel.refresh_from_db()
    assert (parcel.status, InboundMessage.objects.get().handled_at is not None) == ("delivered", True)


def test_the_same_message_twice_is_taken_once():
    parcel = handed_over(LocationFactory(postal_code="55401"))
    assert [send(news(parcel.tracking_number)).json()["status"] for _ in range(2)] == ["accepted", "known"]
    relay()
    relay()
    assert (TrackingEvent.objects.count(), Event.objects.filter(topic=events.DELIVERED).count()) == (1, 1)


@pytest.mark.parametrize("changed", [{"secret": "wrong"}, {"age": 301}, {"age": -301}])
def test_a_wrong_or_old_signature_is_refused_and_nothing_is_stored(changed, time_machine):
    time_machine.move_to(NOW().replace(microsecond=0), tick=False)  # stamps are whole seconds
    assert send(news("1Z"), **changed).status_code == 401
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("age", [300, -300])
def test_five_minutes_either_way_are_still_fresh(age, time_machine):
    time_machine.move_to(NOW().replace(microsecond=0), tick=False)  # stamps are whole seconds
    assert send(news("1Z"), age=age).status_code == 202


def test_unsigned_unreadable_unknown_and_wrong_method_are_refused():
    client = Client()
    assert client.post("/hooks/simulator/", b"{}", content_type="application/json").status_code == 401
    assert client.post("/hooks/nobody/", b"{}", content_type="application/json").status_code == 404
    assert client.post("/hooks/easypost/", b"{}", content_type="application/json").status_code == 404, "no secret yet"
    assert client.get("/hooks/simulator/").status_code == 405
    assert send([1]).status_code == 400


def test_a_message_that_means_nothing_is_marked_and_left_alone():
    for n, body in enumerate(({"events": [{"id": "x"}]}, {"events": []}, news("1Z", status="teleported"))):
        assert send(body, identity=f"m-{n}").status_code == 202
    relay()
    assert all(InboundMessage.objects.values_list("problem", flat=True))
    assert not TrackingEvent.objects.exists()


TRACKER = {
    "id": "evt_1", "object": "Event", "description": "tracker.updated",
    "result": {
        "object": "Tracker", "tracking_code": "", "status": "in_transit", "carrier": "USPS",
        "tracking_details": [
            {"status": "pre_transit", "datetime": "2026-11-20T10:00:00Z", "message": "Label", "tracking_location": {}},
            {"status": "in_transit", "datetime": "2026-11-20T18:00:00Z", "message": "Accepted",
             "tracking_location": {"city": "SAINT PAUL", "state": "MN"}},
        ],
    },
}  # fmt: skip


def test_easyposts_tracker_is_read_with_its_own_signature(settings):
    settings.HOOK_SECRETS = {"easypost": "sécret"}
    parcel = handed_over(LocationFactory(postal_code="55401"))
    body = json.dumps(TRACKER | {"result": TRACKER["result"] | {"tracking_code": parcel.tracking_number}}).encode()
    key = unicodedata.normalize("NFKD", "sécret").encode()
    good = "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    post = lambda signature: Client().post(  # noqa: E731
        "/hooks/easypost/", body, content_type="application/json", headers={"X-Hmac-Signature": signature}
    )
    assert [post(good).status_code, post(good).json()["status"], post("hmac-sha256-hex=0").status_code] == [
        202, "known", 401,
    ]  # fmt: skip
    relay()
    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_events.count()) == ("in_transit", 2)
    assert parcel.tracking_events.latest("occurred_at").place == "SAINT PAUL, MN"
