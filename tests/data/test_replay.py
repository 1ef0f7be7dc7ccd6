"""Recorded baskets through the API: what a client sends, and what it does when it gets no answer."""

from collections import Counter

import httpx
import pytest

from inventory.models import Location, StockLevel
from omni.core.models import ApiKey, IdempotencyKey
from omni.replay.client import Client
from omni.replay.prepare import prepare
from omni.replay.recorded import Recorded, demand, spread
from omni.replay.replay import Summary, replay
from orders.models import Order, OrderLine
from tests.shop import audit

ORDER = Recorded("2017-01-01T12:00:00", "1", {"channel_reference": "CJ-1", "lines": []})


def answering(monkeypatch, *answers) -> tuple[Client, list[httpx.Request], list[float]]:
    """A client whose server gives these answers, what it was asked, and the pauses."""
    asked: list[httpx.Request] = []
    pauses: list[float] = []
    left = iter(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = Client(url="http://shop.example", key="omni_x", wait=pauses.append)
    client._http._transport = httpx.MockTransport(handle)
    client._http._mounts = {}
    return client, asked, pauses


def test_a_client_asks_again_with_the_same_key_until_there_is_an_answer(monkeypatch):
    client, asked, pauses = answering(
        monkeypatch, httpx.ConnectError("refused"), httpx.Response(503, headers={"Retry-After": "2"}),
        httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(409, json={"code": "in_progress"}),
        httpx.Response(201, json={}),
    )  # fmt: skip
    sent = client.place(ORDER)
    assert (sent.status, sent.tries) == (201, 5)
    assert {request.headers["Idempotency-Key"] for request in asked} == {"replay-CJ-1"}
    assert pauses[1:3] == [2.0, 7.0]


def test_a_refusal_is_an_answer(monkeypatch):
    client, asked, pauses = answering(monkeypatch, httpx.Response(409, json={"code": "insufficient_stock"}))
    sent = client.place(ORDER)
    assert (sent.status, sent.code, len(asked), pauses) == (409, "insufficient_stock", 1, [])


def test_a_server_that_never_answers_is_told(monkeypatch):
    client, asked, _pauses = answering(monkeypatch, *[httpx.ReadTimeout("slow")] * 8)
    assert (client.place(ORDER).status, len(asked)) == (0, 8)


def test_a_summary_counts_what_happened():
    summary = Summary(seconds=2.0)
    client_says = [(201, "", 1, False), (201, "", 2, True), (200, "", 1, False), (409, "insufficient_stock", 1, False)]
    for status, code, tries, is_replay in client_says:
        summary.add(type("Sent", (), {"status": status, "code": code, "tries": tries, "is_replay": is_replay,
                                      "seconds": 0.1})())  # fmt: skip
    assert (summary.placed, summary.replays, summary.known, summary.retried) == (1, 1, 1, 1)
    assert summary.refused == Counter({"409 insufficient_stock": 1})
    assert summary.per_second == 2.0


def test_a_sample_is_spread_over_the_whole_stream():
    assert spread(range(10), 4) == [0, 2, 5, 7]
    assert spread([1, 2], 5) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_fifty_real_baskets_are_placed_over_http_with_too_little_stock(real_data, live_server):
    stream = prepare(kind="completejourney", folder=real_data, limit=50, tell=lambda what, totals: None)
    wanted = demand(stream)
    shelves = StockLevel.objects.filter(on_hand__gt=0)
    stocked = {(shelf.location.code, shelf.variant.sku): shelf.on_hand for shelf in shelves.select_related()}
    assert stocked == {key: (units * 8 + 5) // 10 for key, units in wanted.items() if (units * 8 + 5) // 10}
    assert all(1 <= len(order.body["lines"]) <= 10 for order in stream)
    _key, token = ApiKey.issue(name="replay", scopes=["orders:write"])

    summary = replay(
        stream, workers=2, nervous=10, tell=lambda summary: None,
        new_client=lambda: Client(url=live_server.url, key=token),
    )  # fmt: skip

    assert summary.sent == 55
    assert set(summary.refused) <= {"409 insufficient_stock"}
    assert summary.placed == Order.objects.count() == IdempotencyKey.objects.count()
    assert summary.placed + summary.replays + summary.refused.total() == 55
    assert summary.placed > 30
    assert set(OrderLine.objects.values_list("method", flat=True)) == {"pickup", "ship"}
    assert Location.objects.count() == 1565
    assert audit() == {}


@pytest.mark.django_db
def test_wholesale_orders_are_long_and_shipped(real_data):
    stream = prepare(kind="uci", folder=real_data, limit=60, tell=lambda what, totals: None)
    lines = sorted(len(order.body["lines"]) for order in stream)
    assert lines[-1] == 704
    assert 10 <= lines[30] <= 20
    assert {line["fulfillment"]["method"] for order in stream for line in order.body["lines"]} == {"ship"}
    assert {order.body["currency"] for order in stream} == {"GBP"}
