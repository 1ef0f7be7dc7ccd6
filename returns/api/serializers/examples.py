"""Ada sends the mug of her order back."""

from typing import Any

REQUEST: dict[str, Any] = {
    "order": "10000001", "channel": "mail", "lines": [{"reference": "2", "quantity": 1, "reason": "not-as-described"}],
}  # fmt: skip
BLIND: dict[str, Any] = {
    "channel": "unannounced", "location": "DC-1", "lines": [{"sku": "MUG-01", "quantity": 1}],
}  # fmt: skip
RETURN: dict[str, Any] = {
    "rma": "50000001", "order": "10000001", "channel": "mail", "status": "authorized", "location": None,
    "currency": "USD",
    "units": [
        {
            "id": 1, "reference": "2", "sku": "MUG-01", "title": "Mug", "status": "authorized",
            "reason": "not-as-described", "grade": "A", "disposition": "", "serial": "", "paid": "12.49",
            "fee": "0.00", "refund": "12.49", "refund_to": "original", "against": [],
        }
    ],
    "refunds": [],
    "label": {"status": "bought", "carrier": "omni parcel", "tracking_number": "OM123456789US"},
    "approval": [], "opened_at": "2026-05-03T09:00:00Z", "received_at": None, "closed_at": None,
    "actions": ["receive", "cancel"],
    "links": {"self": "/api/v1/returns/50000001", "order": "/api/v1/orders/10000001",
              "label": "/api/v1/returns/50000001/label"},
}  # fmt: skip
REFUSED: dict[str, Any] = {
    "type": "about:blank", "title": "Conflict", "status": 409, "code": "not_returnable",
    "detail": "Only 1 of Mug can come back.",
    "errors": [{"pointer": "/lines/0", "code": "over_return", "detail": "Only 1 of Mug can come back.",
                "available": 1}],
}  # fmt: skip
RECEIPT: dict[str, Any] = {"location": "1004", "units": [{"id": 1, "grade": "A"}]}
