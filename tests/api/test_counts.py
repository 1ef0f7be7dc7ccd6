"""A count by a machine: begun, filled, ended, read and booked, while people's rules hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import CountScan, CountSession, CycleCount
from tests.factories import LocationFactory, stocked
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def tolerant(settings_decided):
    for name, value in (("tolerated_units", 5), ("tolerated_amount", 10_000), ("approved_amount", 10_000),
                        ("slack_seconds", 0)):  # fmt: skip
        settings_decided(f"inventory.count_{name}", value)


def begun(site, store, **more):
    answer = site.post("/counts", {"location": store.code, **more})
    assert answer.status_code == 201, answer.content
    return answer.json()


def scans(site, count, *rows, area="Aisle A"):
    return site.post(f"/counts/{count['id']}/scans", {"area": area, "scans": list(rows)})


def test_a_count_is_begun_filled_ended_and_booked(site, store, tolerant):
    tee, cap = stocked(store, 5), stocked(store, 4)
    count = begun(site, store, areas=["Stockroom"])
    assert (count["status"], [area["name"] for area in count["areas"]]) == ("open", ["Aisle A", "Stockroom"])
    answer = scans(site, count, {"key": "1", "code": tee.sku, "units": 4}, {"key": "2", "code": cap.sku},
                   {"key": "3", "code": cap.sku, "units": 3})  # fmt: skip
    assert [row["quantity"] for row in answer.json()["results"]] == [4, 1, 3]
    assert site.get(f"/counts/{count['id']}").json()["areas"][0]["units"] == 8
    closed = site.post(f"/counts/{count['id']}/closing", {}).json()
    assert (closed["status"], closed["items"]) == ("review", {"matches": 1, "ready": 1})
    assert level(tee, store)[0] == 5, "nothing is booked yet"
    booked = site.post(f"/counts/{count['id']}/booking", {}).json()
    assert (booked["settled"], booked["count"]["status"]) == (2, "booked")
    assert (level(tee, store)[0], level(cap, store)[0]) == (4, 4)
    lines = {row["sku"]: row for row in site.get(f"/counts/{count['id']}/lines").json()["results"]}
    assert [lines[tee.sku][name] for name in ("state", "counted", "expected", "difference")] == ["booked", 4, 5, -1]
    assert [row["sku"] for row in site.get(f"/counts/{count['id']}/lines", state="matches").json()["results"]] == [
        cap.sku
    ]
    assert audit() == {}


@pytest.mark.django_db(transaction=True)
def test_a_batch_sent_again_changes_nothing_and_a_bad_scan_leaves_the_others(site, store, tolerant):
    tee = stocked(store, 5)
    count = begun(site, store)
    rows = [
        {"key": "1", "code": tee.sku, "units": 2},
        {"key": "2", "code": "no-such-code"},
        {"key": "3", "code": tee.sku},
    ]
    for _ in range(2):
        answer = scans(site, count, *rows)
        assert answer.status_code == 200, answer.content
        results = answer.json()["results"]
        assert [(row["key"], row["quantity"]) for row in results] == [("1", 2), ("2", None), ("3", 1)]
        assert results[1]["code"]
    assert sum(CountScan.objects.values_list("quantity", flat=True)) == 3


def test_a_scan_that_waited_counts_for_the_moment_it_was_made(site, store, tolerant):
    tee = stocked(store, 5)
    count = begun(site, store)
    began = CountSession.objects.get().started_at
    scans(site, count, {"key": "1", "code": tee.sku, "scanned_at": (timezone.now() + timedelta(days=1)).isoformat()},
          {"key": "2", "code": tee.sku, "scanned_at": (began - timedelta(days=1)).isoformat()})  # fmt: skip
    moments = list(CountScan.objects.order_by("key").values_list("scanned_at", flat=True))
    assert moments[0] <= timezone.now()
    assert moments[1] == began


def test_what_comes_after_the_booking_asks_for_another_count(site, store, tolerant):
    tee = stocked(store, 1)
    count = begun(site, store)
    scans(site, count, {"key": "1", "code": tee.sku})
    for act in ("closing", "booking"):
        site.post(f"/counts/{count['id']}/{act}", {})
    (row,) = scans(site, count, {"key": "2", "code": tee.sku}).json()["results"]
    assert row["is_late"]
    assert CycleCount.objects.get().variant == tee
    assert level(tee, store)[0] == 1


def test_what_needs_a_person_waits_for_one(site, store, settings_decided):
    settings_decided("inventory.count_tolerated_units", 1)
    settings_decided("inventory.count_slack_seconds", 0)
    tee = stocked(store, 9)
    count = begun(site, store)
    scans(site, count, {"key": "1", "code": tee.sku})
    site.post(f"/counts/{count['id']}/closing", {})
    booked = site.post(f"/counts/{count['id']}/booking", {}).json()
    assert (booked["settled"], booked["count"]["status"], booked["count"]["items"]) == (0, "review", {"recount": 1})
    assert level(tee, store)[0] == 9


def test_tags_count_as_a_set(site, store, tolerant):
    stocked(store, 1)
    count = begun(site, store)
    read = site.post(f"/counts/{count['id']}/tags", {"area": "Aisle A", "epcs": ["not-a-tag"]}).json()
    assert (read["counted"], read["known"], read["problems"][0]["line"]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [({"location": "NO"}, "unknown_location"), ({"department": "No such thing"}, "unknown_department")],
)
def test_what_cannot_be_counted_is_refused(site, store, body, code):
    stocked(store, 1)
    answer = site.post("/counts", {"location": store.code} | body)
    assert (answer.status_code, code in answer.content.decode()) == (422, True)
    assert not CountSession.objects.exists()


def test_an_area_that_it_has_not_is_refused(site, store):
    tee = stocked(store, 1)
    answer = scans(site, begun(site, store), {"key": "1", "code": tee.sku}, area="Moon")
    assert (answer.status_code, "unknown_area" in answer.content.decode()) == (422, True)


def test_a_key_of_one_store_sees_and_counts_only_there(site, new_site, store):
    other = LocationFactory()
    stocked(other, 1)
    foreign = begun(site, other)
    local = new_site(locations=[store.scope])
    assert local.get("/counts").json()["results"] == []
    assert local.get(f"/counts/{foreign['id']}").status_code == 404
    assert local.post("/counts", {"location": other.code}).status_code == 422
