"""The API's answer to how likely a picker finds a unit."""

import pytest
from django.utils import timezone

from inventory.models import ShelfSign
from tests.factories import LocationFactory, stocked
from tests.factories.confidence import model_in_force

pytestmark = pytest.mark.django_db
URL = "/inventory/confidence"


def test_each_shelf_is_told_with_what_is_known_of_it(site, store):
    other, tee, cap = LocationFactory(), stocked(store, 5), stocked(store, 5)
    stocked(other, 5, variant=tee)
    missed_at = timezone.now()
    ShelfSign.objects.create(variant=tee, location=store, missed=1, missed_at=missed_at)
    model_in_force(3.0, missed=-4.0)
    answer = site.get(URL, sku=[tee.sku, cap.sku], location=[store.code, other.code])
    assert answer.status_code == 200, answer.content
    rows = {(row["sku"], row["location"]): row for row in answer.json()["results"]}
    assert len(rows) == 3, "a shelf that was never opened is left out"
    assert (rows[tee.sku, store.code]["confidence"], rows[tee.sku, store.code]["level"]) == (0.2689, "unlikely")
    assert rows[tee.sku, store.code]["not_found_at"].startswith(missed_at.strftime("%Y-%m-%dT%H:%M"))
    assert (rows[cap.sku, store.code]["confidence"], rows[cap.sku, store.code]["level"]) == (0.9526, "likely")
    assert rows[cap.sku, store.code]["counted_at"] is None


def test_while_no_model_is_in_force_nothing_is_said(site, store):
    assert site.get(URL, sku=stocked(store, 5).sku, location=store.code).json() == {"results": []}


def test_many_shelves_cost_no_more_queries_than_one(site, store, django_assert_max_num_queries):
    model_in_force()
    variants = [stocked(store, 4) for _ in range(5)]
    site.get(URL, sku=variants[0].sku, location=store.code)
    with django_assert_max_num_queries(12):
        assert len(site.get(URL, sku=[each.sku for each in variants], location=store.code).json()["results"]) == 5


@pytest.mark.parametrize(("change", "code"), [({"sku": "NO"}, "unknown_sku"), ({"location": "NO"}, "unknown_location")])
def test_what_nobody_knows_is_refused(site, store, change, code):
    answer = site.get(URL, **{"sku": stocked(store, 1).sku, "location": store.code} | change)
    assert (answer.status_code, code in answer.content.decode()) == (422, True)
