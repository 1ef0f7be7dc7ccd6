"""One story told through every example: Ada orders a tee for pickup and a mug by parcel."""

from typing import Any

ADDRESS = {
    "name": "Ada Byron",
    "line1": "1 Main St",
    "line2": "",
    "city": "Minneapolis",
    "region": "MN",
    "postal_code": "55401",
    "country": "US",
}
CUSTOMER = {"external_id": "c-7", "name": "Ada Byron", "email": "ada@example.org", "phone": "+16125550100"}

SMALL_ORDER_REQUEST: dict[str, Any] = {
    "channel": "web",
    "channel_reference": "WEB-10002",
    "currency": "USD",
    "lines": [
        {
            "reference": "1",
            "sku": "TEE-RED-M",
            "quantity": 1,
            "fulfillment": {"method": "pickup", "location": "1004"},
        }
    ],
}
ORDER_REQUEST: dict[str, Any] = {
    "channel": "web",
    "channel_reference": "WEB-10001",
    "currency": "USD",
    "customer": CUSTOMER,
    "lines": [
        {
            "reference": "1",
            "sku": "TEE-RED-M",
            "quantity": 2,
            "unit_price": "19.99",
            "fulfillment": {"method": "pickup", "location": "1004"},
        },
        {
            "reference": "2",
            "sku": "MUG-01",
            "quantity": 1,
            "unit_price": "12.99",
            "discounts": [{"code": "MAY10", "amount": "1.30"}],
            "taxes": [{"name": "MN", "rate": "0.06875", "amount": "0.80"}],
            "gift_message": "Happy birthday",
            "fulfillment": {"method": "ship", "service": "standard"},
        },
    ],
    "shipping_charge": "4.95",
    "shipping_address": ADDRESS,
    "collector": {"name": "Bea"},
    "payments": [{"method": "card", "reference": "psp_123", "amount": "57.42", "status": "authorized"}],
    "tags": ["vip"],
    "metadata": {"basket": "b-99"},
    "on_shortage": "refuse",
}
ORDER: dict[str, Any] = {
    "number": "10000001",
    "channel": "web",
    "channel_reference": "WEB-10001",
    "status": "open",
    "currency": "USD",
    "customer": CUSTOMER,
    "collector": {"name": "Bea"},
    "lines": [
        {
            "reference": "1",
            "sku": "TEE-RED-M",
            "title": "Red tee, M",
            "quantity": 2,
            "cancelled_quantity": 0,
            "fulfilled_quantity": 0,
            "waiting_quantity": 0,
            "expected_on": None,
            "status": "planned",
            "unit_price": "19.99",
            "discounts": [],
            "taxes": [],
            "total": "39.98",
            "gift_message": "",
            "fulfillment": {"method": "pickup", "location": "1004", "service": "", "deliver_by": None},
            "fulfillments": [
                {
                    "number": "10000001-1",
                    "location": "1004",
                    "quantity": 2,
                    "status": "planned",
                    "promise": {"ready_by": "2026-05-01T11:30:00-05:00"},
                }
            ],
        },
        {
            "reference": "2",
            "sku": "MUG-01",
            "title": "Mug",
            "quantity": 1,
            "cancelled_quantity": 0,
            "fulfilled_quantity": 0,
            "waiting_quantity": 0,
            "expected_on": None,
            "status": "planned",
            "unit_price": "12.99",
            "discounts": [{"code": "MAY10", "amount": "1.30"}],
            "taxes": [{"name": "MN", "rate": "0.06875", "amount": "0.80"}],
            "total": "12.49",
            "gift_message": "Happy birthday",
            "fulfillment": {"method": "ship", "location": None, "service": "standard", "deliver_by": None},
            "fulfillments": [
                {
                    "number": "10000001-2",
                    "location": "DC-1",
                    "quantity": 1,
                    "status": "planned",
                    "promise": {"ship_by": "2026-05-01T17:00:00-05:00"},
                }
            ],
        },
    ],
    "totals": {
        "goods": "52.97",
        "discounts": "1.30",
        "taxes": "0.80",
        "shipping": "4.95",
        "shipping_taxes": "0.00",
        "total": "57.42",
    },
    "prices_include_tax": False,
    "shipping_address": ADDRESS,
    "payments": [
        {
            "method": "card",
            "reference": "psp_123",
            "brand": "Visa",
            "last4": "4242",
            "authorized": "57.42",
            "captured": "0.00",
            "refunded": "0.00",
            "released": False,
        }
    ],
    "refunds": [],
    "on_shortage": "refuse",
    "hold": None,
    "tags": ["vip"],
    "metadata": {"basket": "b-99"},
    "placed_at": "2026-05-01T15:30:00Z",
    "updated_at": "2026-05-01T15:30:00Z",
    "pickup": {"code": "7K3QX2MD"},
    "actions": ["cancel", "hold"],
    "links": {"self": "/api/v1/orders/10000001", "fulfillment_orders": "/api/v1/fulfillment-orders?order=10000001"},
}
SHORTAGE: dict[str, Any] = {
    "type": "about:blank",
    "title": "Conflict",
    "status": 409,
    "detail": "There is not enough stock for this order.",
    "code": "insufficient_stock",
    "errors": [
        {
            "pointer": "/lines/0",
            "code": "insufficient_stock",
            "detail": "Only 1 of 3 × TEE-RED-M can be promised.",
            "wanted": 3,
            "available": 1,
            "alternatives": [
                {
                    "location": "1007",
                    "name": "Lake Street",
                    "available": 5,
                    "distance_km": 7.2,
                    "ready_by": "2026-05-01T11:30:00-05:00",
                }
            ],
        }
    ],
}
WORK: dict[str, Any] = {
    "number": "10000001-2",
    "order": "10000001",
    "channel": "web",
    "method": "ship",
    "status": "released",
    "location": "DC-1",
    "lines": [
        {
            "reference": "2",
            "sku": "MUG-01",
            "title": "Mug",
            "quantity": 1,
            "picked_quantity": 0,
            "short_quantity": 0,
            "cancelled_quantity": 0,
            "packed_quantity": 0,
            "issued_quantity": 0,
            "gift_message": "Happy birthday",
            "is_age_restricted": False,
            "serials": [],
        }
    ],
    "promise": {"ship_by": "2026-05-01T17:00:00-05:00"},
    "contact": {"name": "Ada Byron", "email": "ada@example.org", "phone": "+16125550100"},
    "collector": {"name": "Bea"},
    "shipping_address": ADDRESS,
    "hold": None,
    "begin_by": "2026-05-01T16:15:00-05:00",
    "cutoff_at": "2026-05-01T22:00:00Z",
    "offered": True,
    "released_at": "2026-05-01T16:00:00Z",
    "confirm_by": "2026-05-01T20:00:00Z",
    "accepted_at": None,
    "staged_at": None,
    "collect_by": None,
    "closed_at": None,
    "tracking": None,
    "arrival": None,
    "shipments": [],
    "actions": ["accept", "decline", "ship"],
    "links": {"self": "/api/v1/fulfillment-orders/10000001-2", "order": "/api/v1/orders/10000001"},
}

QUOTE_REQUEST: dict[str, Any] = {
    "channel": "web",
    "currency": "USD",
    "lines": [{"reference": "1", "sku": "MUG-01", "quantity": 3}],
    "codes": ["MAY10"],
    "ship_to": {"country": "US", "region": "MN", "postal_code": "55401"},
}
QUOTE: dict[str, Any] = {
    "id": "0f3c2a52-6b0e-4a39-9a77-0b5f6f1d2c11.Yk0xq3",
    "expires_at": "2026-05-01T16:00:00Z",
    "channel": "web",
    "currency": "USD",
    "prices_include_tax": False,
    "lines": [
        {
            "reference": "1",
            "sku": "MUG-01",
            "quantity": 3,
            "unit_price": "12.99",
            "discounts": [{"code": "MAY10", "amount": "3.90"}],
            "taxes": [{"name": "MN", "rate": "0.06875", "amount": "2.41"}],
            "total": "37.48",
            "units": [
                {
                    "quantity": 1,
                    "discounts": [{"code": "MAY10", "amount": "1.30"}],
                    "taxes": [{"name": "MN", "amount": "0.81"}],
                    "total": "12.50",
                },
                {
                    "quantity": 2,
                    "discounts": [{"code": "MAY10", "amount": "1.30"}],
                    "taxes": [{"name": "MN", "amount": "0.80"}],
                    "total": "12.49",
                },
            ],
        }
    ],
    "totals": {"goods": "38.97", "discounts": "3.90", "taxes": "2.41", "total": "37.48"},
}
SHIPMENT: dict[str, Any] = {
    "number": "10000001-2-P1",
    "order": "10000001",
    "fulfillment_order": "10000001-2",
    "location": "1004",
    "status": "in_transit",
    "carrier": "UPS",
    "service": "Ground",
    "tracking_number": "1Z999AA10123456784",
    "lines": [{"reference": "2", "sku": "MUG-01", "quantity": 1}],
    "carton": "S",
    "size_mm": [230, 180, 110],
    "weight_g": 520,
    "packed_at": "2026-05-01T18:02:00Z",
    "handed_over_at": "2026-05-01T21:30:00Z",
    "deliver_by": "2026-05-04T01:00:00Z",
    "delivered_at": None,
    "is_late": False,
    "links": {
        "self": "/api/v1/shipments/10000001-2-P1",
        "order": "/api/v1/orders/10000001",
        "fulfillment_order": "/api/v1/fulfillment-orders/10000001-2",
    },
}
TRACKING: list[dict[str, Any]] = [
    {"status": "in_transit", "occurred_at": "2026-05-02T03:10:00Z", "message": "Departed", "place": "Eagan, MN"}
]
DROPSHIP_ORDER: dict[str, Any] = {
    "number": "10000001-2",
    "location": "V1",
    "state": "new",
    "reference": "",
    "acknowledged_at": None,
    "released_at": "2026-05-01T15:00:00Z",
    "confirm_by": "2026-05-01T19:00:00Z",
    "ship_by": "2026-05-04T17:00:00-05:00",
    "packs_as_us": True,
    "ship_to": {
        "name": "Ada Byron",
        "line1": "1 Main St",
        "line2": "",
        "city": "Minneapolis",
        "region": "MN",
        "postal_code": "55401",
        "country": "US",
    },
    "lines": [
        {
            "reference": "2",
            "sku": "MUG-01",
            "barcode": "04006381333931",
            "title": "Mug",
            "gift_message": "",
            "ordered_quantity": 2,
            "refused_quantity": 0,
            "cancelled_quantity": 0,
            "shipped_quantity": 0,
            "open_quantity": 2,
            "confirmed_quantity": 0,
            "ships_on": None,
        }
    ],
    "shipments": [],
    "actions": ["acknowledge", "confirm", "refuse", "ship"],
    "links": {"self": "/api/v1/dropship-orders/10000001-2"},
}

OPTIONS_REQUEST = {
    "channel": "web",
    "lines": [{"reference": "1", "sku": "4006381333931", "quantity": 2}],
    "ship_to": {"country": "US", "postal_code": "55401"},
    "services": ["standard", "next_day"],
}

OPTIONS = {
    "ship": [
        {
            "service": "standard", "arrives_on": "2026-05-07", "missing": [], "later": None,
            "parcels": [
                {
                    "location": "1004", "name": "Oak Street", "ships_on": "2026-05-04", "arrives_on": "2026-05-07",
                    "is_late": False, "lines": [{"reference": "1", "quantity": 2}], "split_kits": [],
                }
            ],
        },
        {
            "service": "next_day", "arrives_on": "2026-05-05", "missing": [], "later": None,
            "parcels": [
                {
                    "location": "1004", "name": "Oak Street", "ships_on": "2026-05-04", "arrives_on": "2026-05-05",
                    "is_late": False, "lines": [{"reference": "1", "quantity": 2}], "split_kits": [],
                }
            ],
        },
    ],
    "pickup": [{"location": "1004", "name": "Oak Street", "distance_km": 3.2, "ready_by": "2026-05-04T17:00:00Z"}],
    "pickup_later": [
        {
            "location": "1011", "name": "Lake Street", "distance_km": 5.8, "ready_by": "2026-05-07T16:00:00Z",
            "expected_on": None, "on_shortage": "refuse",
            "lines": [
                {"reference": "1", "quantity": 1, "how": "stock", "order_kind": None, "expected_on": None},
                {"reference": "1", "quantity": 1, "how": "transfer", "order_kind": None, "expected_on": None},
            ],
        },
        {
            "location": "1015", "name": "Mill Street", "distance_km": 9.1, "ready_by": None,
            "expected_on": "2026-05-12", "on_shortage": "supply",
            "lines": [
                {"reference": "1", "quantity": 2, "how": "supply", "order_kind": "backorder",
                 "expected_on": "2026-05-12"},
            ],
        },
    ],
}  # fmt: skip
