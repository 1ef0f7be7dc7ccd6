"""A source hands in a day as a file over the API, follows it, and reads back which rows could not be booked."""

import gzip
import json
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from inventory.models import Feed, MovementFile
from inventory.operations.reconcile import book_files
from omni.core.models import ApiKey, Event
from tests.factories import LocationFactory, stocked
from tests.factories.feeds import movements_of
from tests.shop import audit, level

pytestmark = pytest.mark.django_db
FILES = "/api/v1/inventory/movement-files"


class Source:
    """A chain of tills with a key and a source of its own."""

    def __init__(self, code: str = "tills", **more) -> None:
        self.key, token = ApiKey.issue(name=code, scopes=["inventory:read", "inventory:write"])
        self.feed = Feed.objects.create(code=code, name="Tills", kind="pos", api_key=self.key, **more)
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def send(self, body: bytes, *, kind="text/csv", key=None, query="", **headers):
        return self.client.post(f"{FILES}{query}", data=body, content_type=kind,
                                headers={"Idempotency-Key": key or uuid.uuid4().hex, **headers})  # fmt: skip

    def get(self, path: str = ""):
        return self.client.get(path if path.startswith("/api") else f"{FILES}{path}")


@pytest.fixture
def source(store) -> Source:
    return Source()


def test_a_day_is_handed_in_booked_and_read_back(source, store):
    tee, now = stocked(store, 10), timezone.now()
    body = movements_of(("a", tee, store, "pos_sale", 3, now), ("b", tee, store, "pos_return", 1, now),
                        ("a", tee, store, "pos_sale", 3, now),
                        f"c,NOPE,{store.code},pos_sale,1,{now.isoformat()},")  # fmt: skip
    sent = source.send(body, key="day-1")
    assert sent.status_code == 202, sent.content
    assert (sent.json()["status"], sent.json()["percent"]) == ("booking", 0)
    book_files(now=timezone.now())
    done = source.get(sent["Location"]).json()
    assert {name: done[name] for name in ("key", "status", "percent", "booked", "known_before", "bad_rows")} == {
        "key": "day-1", "status": "done", "percent": 100, "booked": 2, "known_before": 1, "bad_rows": 1,
    }  # fmt: skip
    assert source.get(f"/{done['id']}/problems").json()["results"] == [
        {
            "line": 5,
            "reason": "No variant has the SKU NOPE.",
            "row": {
                "sku": "NOPE", "location": store.code, "kind": "pos_sale", "quantity": "1", "event_id": "c",
                "occurred_at": str(now), "reason": "",
            },
        },
    ]  # fmt: skip
    assert [row["id"] for row in source.get().json()["results"]] == [done["id"]]
    assert level(tee, store)[0] == 8
    told = Event.objects.filter(topic__startswith="inventory.movements_").order_by("pk")
    assert list(told.values_list("topic", flat=True)) == ["inventory.movements_received", "inventory.movements_booked"]
    assert audit() == {}


def test_the_same_key_answers_the_same_file_and_another_content_is_refused(source, store):
    tee, now = stocked(store, 10), timezone.now()
    body = movements_of(("a", tee, store, "pos_sale", 1, now))
    first, again = source.send(body, key="day-1"), source.send(body, key="day-1")
    assert first.json()["id"] == again.json()["id"]
    other = source.send(movements_of(("b", tee, store, "pos_sale", 1, now)), key="day-1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert MovementFile.objects.count() == 1


def test_json_lines_packed_and_with_the_sources_own_names(source, store):
    Feed.objects.update(columns={"sku": "item", "event_id": "receipt"})
    tee = stocked(store, 10)
    rows = [
        {"item": tee.sku, "receipt": f"r{n}", "kind": "pos_sale", "quantity": n, "occurred_at": "2026-05-01T10:00:00Z"}
        for n in (1, 2)
    ]
    body = gzip.compress("\n".join(json.dumps(row) for row in rows).encode())
    sent = source.send(
        body, kind="application/x-ndjson", query=f"?location={store.code}", **{"Content-Encoding": "gzip"}
    )
    assert sent.status_code == 202, sent.content
    book_files(now=timezone.now())
    assert source.get(sent["Location"]).json()["booked"] == 2
    assert level(tee, store)[0] == 7


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "application/json"}, 415, "unsupported_media_type"),
        ({"query": "?location=nowhere"}, 422, "unknown_location"),
        ({"query": "?where=here"}, 400, "unknown_parameter"),
        ({"key": "not visible"}, 400, "idempotency_key_invalid"),
        ({"body": b""}, 411, "length_required"),
        ({"body": b"no gzip", "Content-Encoding": "gzip"}, 422, "broken_file"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(source, change, status, code):
    answer = source.send(change.get("body", movements_of()), **{k: v for k, v in change.items() if k != "body"})
    found = answer.json()
    assert answer.status_code == status, found
    assert code in {found["code"], *(error["code"] for error in found.get("errors", []))}
    assert not MovementFile.objects.exists()


def test_a_key_of_one_store_moves_nothing_elsewhere_and_reads_only_its_own_files(source, store):
    elsewhere, now = LocationFactory(), timezone.now()
    here, there = stocked(store, 10), stocked(elsewhere, 10)
    ApiKey.objects.filter(pk=source.key.pk).update(locations=[store.scope])
    sent = source.send(
        movements_of(("a", here, store, "pos_sale", 1, now), ("b", there, elsewhere, "pos_sale", 1, now))
    )
    book_files(now=timezone.now())
    assert (level(here, store)[0], level(there, elsewhere)[0]) == (9, 10)
    (told,) = source.get(f"/{sent.json()['id']}/problems").json()["results"]
    assert told["reason"] == f"No location has the code {elsewhere.code}."
    stranger = Source("other")
    for path in (sent["Location"], f"/{sent.json()['id']}/problems"):
        assert stranger.get(path).status_code == 404
    assert stranger.get().json()["results"] == []
