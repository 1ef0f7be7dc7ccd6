"""Parcels, for shops that tell their customers and partners that look after them."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.api import ConditionalReads, CursorPages, api_key
from orders.api.reach import work_of
from orders.api.serializers.shipment import (
    OneShipmentSerializer,
    ShipmentQuery,
    ShipmentSerializer,
    shown_shipments,
)
from orders.models import Shipment

COLUMNS = {
    "location": "fulfillment_order__location__code", "order": "fulfillment_order__order__number",
    "fulfillment_order": "fulfillment_order__number",
}  # fmt: skip


def visible_shipments(request: Request) -> Any:
    """Parcels of the work that the key may see."""
    return shown_shipments(Shipment.objects.filter(fulfillment_order__in=work_of(api_key(request))))


class Shipments(ConditionalReads, GenericAPIView[Shipment]):
    """All parcels of the key's locations."""

    required_scopes = {"GET": "fulfillment:read"}
    serializer_class = ShipmentSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = Shipment.objects.none()

    @extend_schema(
        operation_id="shipments_list",
        tags=["shipments"],
        parameters=[ShipmentQuery],
        responses=ShipmentSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Oldest first; those that were unpacked again are told as `unpacked`."""
        asked = ShipmentQuery.read(request)
        filters = ("location", "status", "order", "fulfillment_order", "tracking_number")
        given = {COLUMNS.get(name, name): asked[name] for name in filters if name in asked}
        page = self.paginate_queryset(visible_shipments(request).filter(**given))
        return self.get_paginated_response(ShipmentSerializer(page, many=True).data)


class OneShipment(ConditionalReads, APIView):
    """One parcel."""

    required_scopes = {"GET": "fulfillment:read"}

    @extend_schema(operation_id="shipments_retrieve", tags=["shipments"], responses=OneShipmentSerializer)
    def get(self, request: Request, number: str) -> Response:
        """What is in it, and all that its carrier told."""
        return Response(OneShipmentSerializer(get_object_or_404(visible_shipments(request), number=number)).data)
