"""Sources hand in absolutes as files, and read back what became of each row."""

import gzip
import json
import uuid
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from inventory.models import Feed, Snapshot
from inventory.operations.reconcile import reconcile
from omni.core.models import ApiKey
from tests.factories import LocationFactory, stocked
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


class Source:
    """A warehouse with a key and a source of its own."""

    def __init__(self) -> None:
        key, token = ApiKey.issue(name="warehouse", scopes=["inventory:read", "inventory:write"])
        Feed.objects.create(code="wms", name="Warehouse", kind="wms", api_key=key)
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def send(self, body: bytes, *, kind="text/csv", as_of=None, key=None, query="", **headers):
        moment = quote((as_of or timezone.now()).isoformat())
        return self.client.post(
            f"/api/v1/inventory/snapshots?as_of={moment}{query}", data=body, content_type=kind,
            headers={"Idempotency-Key": key or uuid.uuid4().hex, **headers},
        )  # fmt: skip

    def get(self, path: str):
        return self.client.get(path if path.startswith("/api") else f"/api/v1/inventory/snapshots{path}")


@pytest.fixture
def source(store) -> Source:
    return Source()


def table(*rows) -> bytes:
    return ("sku,location,quantity\n" + "".join(f"{sku},{place},{units}\n" for sku, place, units in rows)).encode()


def test_a_file_is_taken_compared_and_read_back(source, store):
    tee, mug, lamp = stocked(store, 10), stocked(store, 10), stocked(store, 10)
    sent = source.send(table((tee.sku, store.code, 10), (mug.sku, store.code, 9), (lamp.sku, store.code, 1)))
    assert sent.status_code == 202, sent.content
    assert sent.json()["status"] == "reading"
    reconcile(now=timezone.now())
    done = source.get(sent["Location"]).json()
    assert (done["status"], done["percent"], done["rows"], done["bad_rows"]) == ("done", 100, 3, 0)
    assert done["outcomes"] == {
        "same": 1, "booked": 1, "explained": 0, "review": 1, "approved": 0, "refused": 0, "outdated": 0,
    }  # fmt: skip
    waiting = source.get(f"/{done['id']}/differences?outcome=review").json()["results"]
    assert [(row["sku"], row["reported"], row["expected"], row["difference"], row["cause"]) for row in waiting] == [
        (lamp.sku, 1, 10, -9, "units")
    ]
    assert level(mug, store)[0] == 9
    assert audit() == {}


def test_the_same_key_again_answers_the_same_snapshot(source, store):
    tee, as_of = stocked(store, 10), timezone.now()
    body = table((tee.sku, store.code, 9))
    first, again = (source.send(body, as_of=as_of, key="night-1") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    other = source.send(table((tee.sku, store.code, 8)), as_of=as_of, key="night-1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Snapshot.objects.count() == 1
    assert len(source.get("").json()["results"]) == 1


def test_json_lines_may_come_packed(source, store):
    tee = stocked(store, 10)
    line = json.dumps({"sku": tee.sku, "location": store.code, "quantity": 9}).encode()
    sent = source.send(gzip.compress(line), kind="application/x-ndjson", **{"Content-Encoding": "gzip"})
    assert sent.status_code == 202, sent.content
    reconcile(now=timezone.now())
    assert level(tee, store)[0] == 9


def test_bad_rows_are_told_with_line_and_reason(source, store):
    tee = stocked(store, 10)
    Feed.objects.update(most_bad_percent=60)
    sent = source.send(table((tee.sku, store.code, 9), ("NOPE", store.code, 1))).json()
    reconcile(now=timezone.now())
    assert source.get(f"/{sent['id']}/problems").json()["results"] == [
        {
            "line": 3,
            "reason": "No variant has the SKU NOPE.",
            "row": {"sku": "NOPE", "location": store.code, "quantity": "1"},
        },
    ]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "application/json"}, 415, "unsupported_media_type"),
        ({"as_of": timedelta(hours=1)}, 422, "from_the_future"),
        ({"query": "&location=nowhere"}, 422, "unknown_location"),
        ({"query": "&where=here"}, 400, "unknown_parameter"),
        ({"key": "not visible"}, 400, "idempotency_key_invalid"),
        ({"body": b""}, 411, "length_required"),
        ({"body": b"no gzip", "Content-Encoding": "gzip"}, 422, "broken_file"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(source, change, status, code):
    body = change.get("body", table())
    moment = timezone.now() + change.get("as_of", timedelta())
    answer = source.send(body, as_of=moment, **{k: v for k, v in change.items() if k not in ("body", "as_of")})
    found = answer.json()
    codes = {found["code"], *(error["code"] for error in found.get("errors", []))}
    assert answer.status_code == status, found
    assert code in codes
    assert not Snapshot.objects.exists()


def test_a_key_without_a_source_is_told_where_to_get_one(site, store):
    answer = site.client.post(
        f"/api/v1/inventory/snapshots?as_of={quote(timezone.now().isoformat())}", data=b"x", content_type="text/csv",
        headers={"Idempotency-Key": "k"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (409, "no_source")


def test_a_key_of_one_store_says_nothing_about_another(source, store):
    elsewhere = LocationFactory()
    here, there = stocked(store, 10), stocked(elsewhere, 10)
    ApiKey.objects.filter(name="warehouse").update(locations=[store.scope])
    Feed.objects.update(most_bad_percent=60)
    sent = source.send(table((here.sku, store.code, 9), (there.sku, elsewhere.code, 9))).json()
    reconcile(now=timezone.now())
    assert (level(here, store)[0], level(there, elsewhere)[0]) == (9, 10)
    (told,) = source.get(f"/{sent['id']}/problems").json()["results"]
    assert told["reason"] == f"This source has no location with the code {elsewhere.code}."


def test_nobody_reads_anothers_snapshots(source, store, site):
    sent = source.send(table(("A", store.code, 1))).json()
    assert site.get(f"/inventory/snapshots/{sent['id']}").status_code == 404


def test_a_shelf_is_set_where_it_still_holds_what_the_writer_believes(site, store):
    tee, mug = stocked(store, 10), stocked(store, 4)

    def shelf(variant, expected, on_hand):
        return {"sku": variant.sku, "location": store.code, "expected": expected, "on_hand": on_hand}

    done = site.post("/inventory/levels", [shelf(tee, 10, 8), shelf(mug, 4, 4)])
    assert done.status_code == 200, done.content
    assert [row["on_hand"] for row in done.json()["levels"]] == [8, 4]
    late = site.post("/inventory/levels", [shelf(mug, 4, 5), shelf(tee, 10, 7)])
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert late.json()["shelves"] == [{"sku": tee.sku, "location": store.code, "expected": 10, "on_hand": 8}]
    assert (level(tee, store)[0], level(mug, store)[0]) == (8, 4)
    twice = site.post("/inventory/levels", [shelf(mug, 4, 5), shelf(mug, 4, 5)])
    assert (twice.status_code, twice.json()["code"]) == (422, "invalid_levels")
    assert audit() == {}
