"""The house's own notes do not leave it."""

import pytest

from inventory import events as inventory_events
from omni.core.events import emit
from omni.core.models import ApiKey, WebhookDelivery, WebhookEndpoint
from omni.core.operations.webhook_endpoints import replay_events
from omni.core.stamping import stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(client):
    """A note of the house, and news for everybody."""
    endpoint = WebhookEndpoint.objects.create(url="https://shop.example.com/hook", topics=["*"])
    emit(inventory_events.STOCK_INCREASED, aggregate=("stock", "1"), payload={"variant_ids": [1]})
    emit("orders.placed", aggregate=("order", "1"), payload={"order": "1"})
    stamp()
    return endpoint


def test_the_feed_leaves_them_out(told, client):
    _key, token = ApiKey.issue(name="site", scopes=["events:read"])
    answer = client.get("/api/v1/events", headers={"Authorization": f"Bearer {token}"})
    assert [event["type"] for event in answer.json()["results"]] == ["orders.placed"]


def test_webhooks_leave_them_out_even_when_sent_again(told):
    assert [each.event.topic for each in WebhookDelivery.objects.all()] == ["orders.placed"]
    WebhookDelivery.objects.all().delete()
    assert replay_events(told, after=0)[0] == 1
