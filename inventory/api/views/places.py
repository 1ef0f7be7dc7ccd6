"""The locations that a key may see."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.serializers.places import LocationQuery, LocationSerializer, location_serializer
from inventory.models import Location
from omni.core.api import ConditionalReads, CursorPages, api_key

SERVICES = {"pickup": "can_pick_up", "ship": "can_ship"}


class Locations(ConditionalReads, GenericAPIView[Location]):
    """All of them."""

    required_scopes = {"GET": "catalog:read"}
    serializer_class = LocationSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = Location.objects.none()

    @extend_schema(
        operation_id="locations_list",
        tags=["locations"],
        parameters=[LocationQuery],
        responses=LocationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Active and inactive ones; inactive ones take no orders."""
        asked = LocationQuery.read(request)
        places = _mine(request)
        if "kind" in asked:
            places = places.filter(kind=asked["kind"])
        if "method" in asked:
            places = places.filter(**{SERVICES[asked["method"]]: True})
        page = self.paginate_queryset(places)
        told = location_serializer()
        return self.get_paginated_response([told.to_representation(place) for place in page or ()])


class OneLocation(ConditionalReads, GenericAPIView[Location]):
    """One of them."""

    required_scopes = {"GET": "catalog:read"}

    @extend_schema(operation_id="locations_retrieve", tags=["locations"], responses=LocationSerializer)
    def get(self, request: Request, code: str) -> Response:
        """Address, hours, closures and services."""
        return Response(location_serializer().to_representation(get_object_or_404(_mine(request), code=code)))


def _mine(request: Request) -> QuerySet[Location]:
    return Location.objects.within(api_key(request).location_scopes).select_related("group").with_closures()
