"""The kernel's own resources: the feed, and who is told of it."""

import json

import pytest
from django.db import transaction

from omni.core import relay, webhooks
from omni.core.events import emit
from omni.core.models import Event, WebhookDelivery, WebhookEndpoint

pytestmark = pytest.mark.django_db
NEW = {"url": "https://shop.example.com/hook", "topics": ["orders.*"]}


@pytest.fixture
def five(subscribers):
    for n in range(5):
        emit("orders.placed" if n % 2 == 0 else "orders.cancelled", aggregate=("order", str(n)), payload={"n": n})
    relay.stamp()


def post(client, path, body, key="k-1"):
    return client.post(f"/api/v1/{path}", body, headers={"Idempotency-Key": key})


def test_the_feed_is_read_to_its_end_page_by_page(api, five):
    seen, url = [], "/api/v1/events?after=0&limit=2"
    while url:
        page = api.get(url).json()
        seen += [event["data"]["n"] for event in page["results"]]
        url = page["next"]
    assert seen == [0, 1, 2, 3, 4]
    end = api.get(f"/api/v1/events?after={page['last_position']}").json()
    assert end == {"results": [], "next": None, "last_position": page["last_position"]}


def test_an_event_in_the_feed_is_the_one_that_webhooks_carry(api, five):
    shown = api.get("/api/v1/events?limit=1").json()["results"][0]
    position = shown.pop("position")
    assert json.loads(webhooks.message(Event.objects.get(position=position))) == shown


def test_what_is_not_stamped_is_not_shown(api, five):
    with transaction.atomic():
        emit("orders.placed", aggregate=("order", "9"), payload={})
    assert len(api.get("/api/v1/events").json()["results"]) == 5


def test_one_topic_alone(api, five):
    page = api.get("/api/v1/events?type=orders.cancelled").json()
    assert [event["data"]["n"] for event in page["results"]] == [1, 3]


def test_a_reader_that_has_the_newest_copy_is_told_so(api, five):
    first = api.get("/api/v1/events")
    again = api.get("/api/v1/events", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    emit("orders.placed", aggregate=("order", "9"), payload={})
    relay.stamp()
    assert api.get("/api/v1/events", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_endpoint_is_made_shown_and_retired(api):
    made = post(api, "webhook-endpoints", NEW | {"description": "Web shop"})
    assert made.status_code == 201
    body = made.json()
    secret = body.pop("secret")
    assert secret.startswith("whsec_")
    shown = api.get(f"/api/v1/webhook-endpoints/{body['id']}")
    assert shown.json() == body
    assert api.get("/api/v1/webhook-endpoints").json() == {"results": [body], "next": None}
    assert secret not in api.get("/api/v1/webhook-endpoints").content.decode()
    assert api.delete(f"/api/v1/webhook-endpoints/{body['id']}").status_code == 204
    assert api.get(f"/api/v1/webhook-endpoints/{body['id']}").status_code == 404
    assert api.delete(f"/api/v1/webhook-endpoints/{body['id']}").status_code == 404
    assert WebhookEndpoint.objects.get().actor == "key:shop"


def test_the_same_request_makes_one_endpoint_and_shows_the_same_secret(api):
    assert post(api, "webhook-endpoints", NEW).json() == post(api, "webhook-endpoints", NEW).json()
    assert WebhookEndpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"url": "http://shop.example.com/"}, 422, "/url"),
        ({"url": "https://10.0.0.1/"}, 422, "/url"),
        ({"url": 5}, 400, "/url"),
        ({"topics": []}, 400, "/topics"),
        ({"topics": ["%"]}, 422, "/topics/0"),
        ({"topics": "orders.*"}, 400, "/topics"),
        ({"secret": "mine"}, 400, "/secret"),
        ({"description": "x" * 201}, 400, "/description"),
    ],
)
def test_an_endpoint_that_cannot_be_told(api, change, status, pointer):
    answer = post(api, "webhook-endpoints", NEW | change)
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not WebhookEndpoint.objects.exists()


def test_the_delivery_log_shows_the_newest_first_and_replay_fills_it(api, five):
    endpoint = post(api, "webhook-endpoints", NEW).json()["id"]
    answer = post(api, f"webhook-endpoints/{endpoint}/replay", {"after": 0}, key="k-2")
    assert answer.status_code == 202
    last = Event.objects.order_by("-position")[0].position
    assert answer.json() == {"queued": 5, "last_position": last}
    log = api.get(f"/api/v1/webhook-endpoints/{endpoint}/deliveries?limit=2").json()
    assert [line["position"] for line in log["results"]] == [last, last - 1]
    assert log["results"][0]["status"] == "pending"
    rest = api.get(log["next"]).json()
    assert [line["position"] for line in rest["results"]] == [last - 2, last - 3]
    assert WebhookDelivery.objects.count() == 5


def test_a_new_secret_is_shown_once(api):
    made = post(api, "webhook-endpoints", NEW).json()
    answer = post(api, f"webhook-endpoints/{made['id']}/secret", {}, key="k-2")
    assert answer.status_code == 201
    assert answer.json()["secret"] != made["secret"]
    assert WebhookEndpoint.objects.get().previous_secret == made["secret"]
