"""A location as a shop shows it."""

from functools import cache
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory.models import Location
from omni.core.api import PageQuery

EXAMPLE = {
    "code": "1004",
    "name": "Oak Street",
    "kind": "store",
    "group": "twin-cities",
    "address": {
        "line1": "12 Oak Street",
        "line2": "",
        "city": "Minneapolis",
        "region": "MN",
        "postal_code": "55401",
        "country": "US",
    },
    "coordinates": {"latitude": 44.98, "longitude": -93.27},
    "timezone": "America/Chicago",
    "weekly_hours": {"mon": [["10:00", "21:00"]]},
    "closures": [{"starts_on": "2026-07-04", "ends_on": "2026-07-04"}],
    "last_order_at": "19:30:00",
    "preparation_minutes": 60,
    "can_ship": True,
    "can_pick_up": True,
    "can_return": True,
    "is_active": True,
    "paused_until": None,
}


class LocationQuery(PageQuery):
    """Filters of the list."""

    kind = serializers.ChoiceField(choices=Location.Kind.choices, required=False)
    method = serializers.ChoiceField(choices=["pickup", "ship"], required=False)


class AddressSerializer(serializers.Serializer[Location]):
    """Where it is."""

    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()


class CoordinatesSerializer(serializers.Serializer[Location]):
    """Degrees."""

    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class ClosedDaysSerializer(serializers.Serializer[Any]):
    """Days on which it does not open, both included."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


@extend_schema_serializer(examples=[OpenApiExample("A store", value=EXAMPLE)])
class LocationSerializer(serializers.ModelSerializer[Location]):
    """A store, a distribution center or a dropship vendor."""

    group = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    address = AddressSerializer(source="*")
    coordinates = serializers.SerializerMethodField()
    weekly_hours = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.CharField())),
        help_text="Local times; a missing day is closed.",
    )
    closures = ClosedDaysSerializer(many=True, source="closure_rows")

    class Meta:
        model = Location
        fields = [
            "code", "name", "kind", "group", "address", "coordinates", "timezone", "weekly_hours", "closures",
            "last_order_at", "preparation_minutes", "can_ship", "can_pick_up", "can_return", "is_active",
            "paused_until",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CoordinatesSerializer(allow_null=True))
    def get_coordinates(self, place: Location) -> dict[str, float | None] | None:
        """Null where nobody knows."""
        return None if place.point is None else {"latitude": place.latitude, "longitude": place.longitude}


@cache
def location_serializer() -> LocationSerializer:
    """Made once: building all fields anew takes longer than telling a location. It keeps nothing of what it tells."""
    return LocationSerializer()
