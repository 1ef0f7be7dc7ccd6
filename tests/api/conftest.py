"""A site that comes in over HTTP with its key, as every test of the API does."""

from itertools import count

import pytest
from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

from omni.core.models import ApiKey
from tests.shop import open_shop

SITE = ["orders:read", "orders:write", "inventory:read", "inventory:write", "catalog:read", "fulfillment:read",
        "fulfillment:write", "events:read", "returns:read", "returns:write", "customers:read",
        "customers:write"]  # fmt: skip
_numbers = count(1)


class Site:
    """A client with a key; each changing call gets an Idempotency-Key of its own unless told otherwise."""

    def __init__(self, key: ApiKey, token: str) -> None:
        self.key = key
        self.client = APIClient(raise_request_exception=False)
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def get(self, path: str, **query):
        headers = query.pop("headers", {})
        return self.client.get(f"/api/v1{path}", query, headers=headers)

    def post(self, path: str, body=None, *, key: str | None = None, **more):
        headers = {"Idempotency-Key": key or f"key-{next(_numbers)}"}
        return self.client.post(f"/api/v1{path}", {} if body is None else body, headers=headers, **more)

    def put(self, path: str, body=None, *, key: str | None = None):
        headers = {"Idempotency-Key": key or f"key-{next(_numbers)}"}
        return self.client.put(f"/api/v1{path}", {} if body is None else body, headers=headers)

    def delete(self, path: str, *, key: str | None = None):
        return self.client.delete(f"/api/v1{path}", headers={"Idempotency-Key": key or f"key-{next(_numbers)}"})


@pytest.fixture
def new_site(db):
    """`new_site(scopes=[...], channels=[...], locations=[...])`: another caller."""

    def make(**limits) -> Site:
        limits.setdefault("scopes", SITE)
        return Site(*ApiKey.issue(name=limits.pop("name", f"site {next(_numbers)}"), **limits))

    return make


@pytest.fixture
def site(new_site) -> Site:
    """The web shop."""
    return new_site(name="web shop")


def order_body(*lines: dict, **more) -> dict:
    return {
        "channel": "web", "channel_reference": f"WEB-{next(_numbers)}", "currency": "USD",
        "customer": {"external_id": "c-7", "name": "Ada Byron", "email": "ada@example.org", "phone": "+16125550100"},
        "lines": list(lines), "shipping_address": ADDRESS, **more,
    }  # fmt: skip


def pickup(variant, place, quantity: int = 1, **more) -> dict:
    fulfillment = {"method": "pickup", "location": place.code}
    return {
        "reference": f"r{next(_numbers)}",
        "sku": variant.sku,
        "quantity": quantity,
        "fulfillment": fulfillment,
    } | more


def ship(variant, quantity: int = 1, **more) -> dict:
    reference = f"r{next(_numbers)}"
    return {"reference": reference, "sku": variant.sku, "quantity": quantity, "fulfillment": {"method": "ship"}} | more


def carry_out(variant, place, quantity: int = 1, **more) -> dict:
    return pickup(variant, place, quantity, **more) | {"fulfillment": {"method": "carry_out", "location": place.code}}


ADDRESS = {"name": "Ada Byron", "line1": "1 Main St", "city": "Minneapolis", "region": "MN", "postal_code": "55401",
           "country": "US"}  # fmt: skip

# What a refused request must leave as it was; sessions and the like are not its business.
COUNTED = ("core.IdempotencyKey", "core.Event", "core.StateChange", "customers.Customer", "orders.Order",
           "orders.OrderLine", "orders.FulfillmentOrder", "orders.FulfillmentLine", "orders.Payment",
           "orders.OrderException", "inventory.Reservation", "inventory.StockMovement", "inventory.Hold",
           "inventory.AppliedEvent", "inventory.LocationDay")  # fmt: skip


def rows() -> dict[str, int]:
    tables = [apps.get_model(name)._meta.db_table for name in COUNTED]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables))
        return dict(zip(COUNTED, cursor.fetchone(), strict=True))


@pytest.fixture
def shop(db):
    """One store and its picker."""
    return open_shop(name="Oak Street")


@pytest.fixture
def store(shop):
    return shop.store
