"""Corrections with a reason, and what is set aside."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.serializers.adjustments import AdjustmentRequest, AdjustmentSerializer, AdjustmentsQuery
from inventory.models import Adjustment, Location, Variant
from inventory.models.adjustment import AWAY, SHELF
from inventory.operations.adjust import correct_shelf
from inventory.operations.hold_apart import hold_apart
from omni.core.actors import Actor
from omni.core.api import CursorPages, api_key, idempotent


class NewestFirst(CursorPages):
    """The last correction is what one asks for."""

    ordering = ("-made_at", "-id")


class Adjustments(GenericAPIView[Adjustment]):
    """What was corrected at a location, and one correction more."""

    required_scopes = {"GET": "inventory:read", "POST": "inventory:write"}
    serializer_class = AdjustmentSerializer
    pagination_class = NewestFirst
    filter_backends: list[Any] = []
    queryset = Adjustment.objects.none()

    @extend_schema(
        operation_id="adjustments_list",
        tags=["inventory"],
        parameters=[AdjustmentsQuery],
        responses=AdjustmentSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """By people and machines, newest first."""
        place = get_object_or_404(_mine(request), code=AdjustmentsQuery.read(request)["location"])
        page = self.paginate_queryset(place.adjustments.select_related("variant", "location", "reason"))
        return self.get_paginated_response(AdjustmentSerializer(page, many=True).data)

    @extend_schema(
        operation_id="adjustments_create",
        tags=["inventory"],
        request=AdjustmentRequest,
        responses={201: AdjustmentSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Book one; 409 `more_than_there` where fewer units lie there."""
        body = AdjustmentRequest(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        act = {
            "location_id": get_object_or_404(_mine(request), code=said["location"]).pk,
            "variant_id": get_object_or_404(Variant, sku=said["sku"]).pk, "reason_code": said["reason"],
            "note": said["note"], "by": Actor.of_key(api_key(request)), "now": timezone.now(),
        }  # fmt: skip
        ends = (said["from"], said["to"])
        if ends in ((AWAY, SHELF), (SHELF, AWAY)):
            sign = 1 if ends[0] == AWAY else -1
            made = correct_shelf(quantity=sign * said["quantity"], **act)
        else:
            made = hold_apart(source=ends[0], target=ends[1], quantity=said["quantity"], **act)
        return Response(AdjustmentSerializer(made).data, status=status.HTTP_201_CREATED)


def _mine(request: Request) -> QuerySet[Location]:
    return Location.objects.within(api_key(request).location_scopes)
