"""Orders to suppliers, ship notices and receipts over the API."""

import pytest

from inventory.models import Delivery, PurchaseOrder, ReceiptScan
from tests.factories import LocationFactory, stocked
from tests.shop import audit, held, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def erp(new_site):
    return new_site(name="erp", scopes=["supply:read", "supply:write"])


@pytest.fixture
def store():
    return LocationFactory(code="1004")


@pytest.fixture
def tee(store):
    return stocked(store, 0)


def ordered(erp, tee, **more):
    body = {"number": "PO-1", "supplier": "Acme", "location": "1004", "expected_on": "2026-05-04",
            "lines": [{"sku": tee.sku, "quantity": 24}]} | more  # fmt: skip
    return erp.post("/purchase-orders", body)


def announced(erp, tee):
    return erp.post("/advance-ship-notices", {
        "number": "ASN-1", "location": "1004", "purchase_order": "PO-1", "expected_on": "2026-05-04",
        "cartons": [{"code": "006141411234567890", "contents": [{"sku": tee.sku, "quantity": 12}]}],
        "loose": [{"sku": tee.sku, "quantity": 4}],
    })  # fmt: skip


def test_from_the_order_to_the_shelf(erp, store, tee):
    made = ordered(erp, tee)
    assert (made.status_code, made["Location"]) == (201, "/api/v1/purchase-orders/PO-1")
    assert made.json()["lines"] == [
        {"sku": tee.sku, "quantity": 24, "received": 0, "closed": 0, "open": 24, "expected_on": "2026-05-04"}
    ]
    assert announced(erp, tee).status_code == 201
    scans = {
        "scans": [
            {"key": "1", "code": "(00) 0 0614141 123456789 0"}, {"key": "2", "code": tee.sku, "quantity": 3},
            {"key": "3", "code": tee.sku, "is_damaged": True}, {"key": "1", "code": "006141411234567890"},
        ]
    }  # fmt: skip
    for _ in range(2):
        answer = erp.post("/advance-ship-notices/ASN-1/receipts", scans, key="same")
        assert [row["result"] for row in answer.json()["results"]] == ["received", "received", "received", "repeat"]
    again = erp.post("/advance-ship-notices/ASN-1/receipts", scans)
    assert {row["result"] for row in again.json()["results"]} == {"repeat"}
    assert (level(tee, store)[0], held(tee, store)) == (15, {"damaged": 1})
    done = erp.post("/advance-ship-notices/ASN-1/completion", {})
    assert (done.status_code, done.json()["status"]) == (200, "received")
    assert erp.get("/purchase-orders/PO-1").json()["lines"][0]["open"] == 8
    assert audit() == {}


def test_a_difference_is_decided_over_the_api(erp, store, tee):
    ordered(erp, tee)
    announced(erp, tee)
    erp.post("/advance-ship-notices/ASN-1/receipts", {"scans": [{"key": "1", "code": tee.sku, "quantity": 7}]})
    refused = erp.post("/advance-ship-notices/ASN-1/completion", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "undecided")
    said = {"decisions": [{"sku": tee.sku, "decision": "close"}], "reason": "out of stock"}
    done = erp.post("/advance-ship-notices/ASN-1/completion", said).json()
    assert done["lines"][0] | {"sku": ""} == {
        "sku": "", "expected": 16, "received": 7, "damaged": 0, "difference": "under", "decision": "close",
        "reason": "out of stock",
    }  # fmt: skip
    assert PurchaseOrder.objects.get().status == "closed"


def test_an_order_is_changed_and_closed(erp, store, tee):
    ordered(erp, tee)
    body = {"expected_on": "2026-05-09", "lines": [{"sku": tee.sku, "quantity": 30}]}
    changed = erp.post("/purchase-orders/PO-1/lines", body).json()
    assert (changed["expected_on"], changed["lines"][0]["quantity"]) == ("2026-05-09", 30)
    assert erp.post("/purchase-orders/PO-1/closing", {"reason": "enough"}).json()["status"] == "closed"
    assert erp.post("/purchase-orders/PO-1/lines", body).json()["code"] == "not_open"


@pytest.mark.parametrize(
    ("more", "code"),
    [({"location": "nowhere"}, "unknown_location"), ({"lines": [{"sku": "none", "quantity": 1}]}, "unknown_sku")],
)
def test_what_nobody_knows_is_said(erp, store, tee, more, code):
    answer = ordered(erp, tee, **more)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not PurchaseOrder.objects.exists()


def test_a_number_is_taken_once(erp, store, tee):
    ordered(erp, tee)
    assert ordered(erp, tee).json()["code"] == "number_taken"


def test_a_delivery_without_a_notice(erp, store, tee):
    ordered(erp, tee)
    began = erp.post("/receipts", {"location": "1004", "purchase_order": "PO-1"}, key="k").json()
    assert erp.post("/receipts", {"location": "1004", "purchase_order": "PO-1"}, key="j").json() == began
    assert began["lines"][0]["expected"] == 24
    assert Delivery.objects.count() == 1
    assert erp.post("/receipts", {"location": "1004"}).json()["lines"] == []


def test_a_bad_scan_leaves_all_of_them_out(erp, store, tee):
    ordered(erp, tee)
    announced(erp, tee)
    body = {"scans": [{"key": "1", "code": tee.sku}, {"key": "2", "code": "nobody"}]}
    assert erp.post("/advance-ship-notices/ASN-1/receipts", body).json()["code"] == "unknown_code"
    assert not ReceiptScan.objects.exists()


def test_a_key_of_another_store_finds_nothing(erp, new_site, store, tee):
    ordered(erp, tee)
    announced(erp, tee)
    other = new_site(scopes=["supply:read", "supply:write"], locations=[LocationFactory().scope])
    assert other.get("/purchase-orders").json()["results"] == []
    for path in ("/purchase-orders/PO-1", "/advance-ship-notices/ASN-1"):
        assert other.get(path).status_code == 404
    assert other.post("/advance-ship-notices/ASN-1/receipts", {"scans": [{"key": "1", "code": "x"}]}).status_code == 404
