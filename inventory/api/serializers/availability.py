"""What may be asked about stock, and how the answer looks."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.geo import Point, zip_centroid
from omni.core.api import StrictQuery, ZonedTimeField
from omni.core.channels import Channel
from omni.core.refusals import Invalid

CHANNEL_HELP = (
    "For whom: rules keep units back from some channels. Default: the key's, where it has one; otherwise only the "
    "rules for every channel are seen."
)
STATES = ["in_stock", "low", "out"]
EXAMPLE = {
    "sku": "TEE-RED-M",
    "total": 42,
    "available_now": 42,
    "available_to_order": 24,
    "order_kind": "backorder",
    "promise_date": "2026-05-05",
    "state": "in_stock",
    "locations": [
        {
            "location": "1004",
            "name": "Oak Street",
            "available": 3,
            "state": "low",
            "distance_km": 2.4,
            "ready_by": "2026-05-01T11:30:00-05:00",
            "ship_by": "2026-05-01T11:30:00-05:00",
        }
    ],
}


class AvailabilityQuery(StrictQuery):
    """Which items, for whom, how."""

    sku = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=50, help_text="May be repeated."
    )
    location = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=50,
        required=False,
        help_text="Only these locations, also where their shelf is empty. May be repeated.",
    )
    near = serializers.CharField(
        max_length=60, required=False, help_text='A US ZIP code ("55401") or "latitude,longitude" ("44.98,-93.27").'
    )
    method = serializers.ChoiceField(choices=["pickup", "ship"], required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, help_text=CHANNEL_HELP)
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20, help_text="Locations listed per SKU.")


def point(text: str) -> Point:
    """The place that `near` means; Invalid (422) where it means none."""
    found = _coordinates(text) if "," in text else zip_centroid(text)
    if found is None:
        problem = {"pointer": "/near", "code": "unknown_place", "detail": _("Neither a ZIP code nor coordinates.")}
        raise Invalid("unknown_place", _("Nobody knows where this is."), errors=[problem])
    return found


def _coordinates(text: str) -> Point | None:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    # Comparisons with NaN are false, so it is refused too.
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


class ShelfSerializer(serializers.Serializer[Any]):
    """One item at one location."""

    location = serializers.CharField(help_text="Its code.")
    name = serializers.CharField()
    available = serializers.IntegerField()
    state = serializers.ChoiceField(choices=STATES)
    distance_km = serializers.FloatField(allow_null=True)
    ready_by = ZonedTimeField(allow_null=True, help_text="Ready for pickup, on the store's clock; null: no pickup.")
    ship_by = ZonedTimeField(allow_null=True, help_text="Leaves the location; null: does not ship.")


@extend_schema_serializer(examples=[OpenApiExample("Near downtown", value=EXAMPLE)])
class ItemSerializer(serializers.Serializer[Any]):
    """One item: what there is of it in all, and where."""

    sku = serializers.CharField()
    total = serializers.IntegerField(help_text="Over all locations that could give it, not only those listed.")
    available_now = serializers.IntegerField(help_text="The same as `total`.")
    available_to_order = serializers.IntegerField(
        help_text="What suppliers will bring to these locations on top of it and nobody bought yet, where HQ allows to "
        "sell it before it is here. `POST /orders` takes it with `on_shortage` `supply` or `backorder`."
    )
    order_kind = serializers.ChoiceField(
        choices=["backorder", "preorder"], allow_null=True, help_text="How it is sold before it is here."
    )
    promise_date = serializers.DateField(
        allow_null=True, help_text="The day on which what `quantity` lacks now is expected; null: nobody knows."
    )
    state = serializers.ChoiceField(choices=STATES)
    locations = ShelfSerializer(many=True)


class AvailabilitySerializer(serializers.Serializer[Any]):
    """The items in the order in which they were asked for."""

    results = ItemSerializer(many=True)
