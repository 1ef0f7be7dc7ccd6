"""The API's answer to what lay where at a moment, and who changed it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import LocationFactory, stocked
from tests.ledger import booked_at

pytestmark = pytest.mark.django_db


def asked(site, at, variants, places):
    skus, codes = [each.sku for each in variants], [each.code for each in places]
    return site.get("/inventory/levels/as-of", sku=skus, location=codes, at=at.isoformat())


def test_each_shelf_is_told_with_who_changed_it_last(site, store):
    now = timezone.now()
    tee, cap = stocked(store, 0), stocked(store, 4)
    booked_at(tee, store, "receipt", 12, now - timedelta(hours=5), by="key:warehouse")
    booked_at(tee, store, "pos_sale", -3, now - timedelta(hours=1), happened=now - timedelta(hours=4))
    answer = asked(site, now - timedelta(hours=3), [tee, cap], [store])
    assert answer.status_code == 200, answer.content
    rows = {row["sku"]: row for row in answer.json()["results"]}
    assert [rows[tee.sku][name] for name in ("booked", "known", "now")] == [12, 9, 9]
    assert rows[tee.sku]["last_change"]["actor"] == "key:warehouse"
    assert (rows[cap.sku]["booked"], rows[cap.sku]["last_change"]) == (0, None)


def test_two_shelves_ask_the_database_no_more_than_one(site, store, django_assert_max_num_queries):
    other = LocationFactory()
    variants = [stocked(store, 4) for _ in range(5)]
    for each in variants:
        stocked(other, 2, variant=each)
    at = timezone.now()
    asked(site, at, variants[:1], [store])
    with django_assert_max_num_queries(12):
        assert len(asked(site, at, variants, [store, other]).json()["results"]) == 10


@pytest.mark.parametrize(
    ("change", "code"),
    [({"at": "2098-01-01T00:00:00Z"}, "in_the_future"), ({"sku": "NO"}, "unknown_sku"),
     ({"location": "NO"}, "unknown_location"), ({"at": "noon"}, None)],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(site, store, change, code):
    tee = stocked(store, 1)
    query = {"sku": tee.sku, "location": store.code, "at": timezone.now().isoformat()} | change
    answer = site.get("/inventory/levels/as-of", **query)
    assert answer.status_code == (422 if code else 400)
    assert code is None or code in answer.content.decode()
