"""Corrections over the API."""

import pytest

from tests.factories import LocationFactory, stocked
from tests.shop import audit, held, level

pytestmark = pytest.mark.django_db


def test_a_machine_sets_aside_writes_off_and_reads_it_back(site):
    store = LocationFactory()
    tee = stocked(store, 9)
    said = {"sku": tee.sku, "location": store.code, "quantity": 2}
    made = site.post("/inventory/adjustments", said | {"from": "shelf", "to": "damaged"})
    assert made.status_code == 201, made.content
    gone = site.post("/inventory/adjustments", said | {"from": "damaged", "to": "away", "reason": "beyond-repair"})
    assert (gone.status_code, gone.json()["from"], gone.json()["to"]) == (201, "damaged", "away")
    found = site.post("/inventory/adjustments", said | {"from": "away", "to": "shelf", "reason": "found"})
    assert found.status_code == 201
    none = site.post("/inventory/adjustments", said | {"from": "damaged", "to": "shelf"})
    assert (none.status_code, none.json()["code"]) == (409, "more_than_there")
    why = site.post("/inventory/adjustments", said | {"from": "shelf", "to": "away"})
    assert why.status_code == 422
    assert (level(tee, store)[0], held(tee, store), audit()) == (9, {}, {})
    listed = site.get("/inventory/adjustments", location=store.code).json()["results"]
    assert [(each["from"], each["to"]) for each in listed] == [
        ("away", "shelf"), ("damaged", "away"), ("shelf", "damaged"),
    ]  # fmt: skip
