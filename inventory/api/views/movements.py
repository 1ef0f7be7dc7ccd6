"""Stock changes from outside come in; the ledger can be read back."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer

from inventory.api.serializers.movements import (
    MOST,
    LedgerQuery,
    LedgerSerializer,
    MovementRequest,
    MovementResultsSerializer,
)
from inventory.models import Location, StockMovement, Variant
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.hear_feed import note_heard
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, api_key, idempotent


class OldestFirst(CursorPages):
    """A ledger is read from its beginning; the index of a shelf is by time of record."""

    ordering = ("recorded_at", "id")


class Movements(ConditionalReads, GenericAPIView[StockMovement]):
    """The ledger of a shelf, and what is added to it."""

    required_scopes = {"GET": "inventory:read", "POST": "inventory:write"}
    serializer_class = LedgerSerializer
    pagination_class = OldestFirst
    filter_backends: list[Any] = []
    queryset = StockMovement.objects.none()

    @extend_schema(
        operation_id="movements_list",
        tags=["inventory"],
        parameters=[LedgerQuery],
        responses=LedgerSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Why a shelf holds what it holds, oldest first."""
        asked = LedgerQuery.read(request)
        place = get_object_or_404(_mine(request), code=asked["location"])
        variant = get_object_or_404(Variant, sku=asked["sku"])
        rows = StockMovement.objects.filter(variant=variant, location=place).select_related("variant", "location")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(LedgerSerializer(page, many=True).data)

    @extend_schema(
        operation_id="movements_create",
        tags=["inventory"],
        request=MovementRequest(many=True),
        responses={200: MovementResultsSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Book up to 500 changes, all or none; each event once, whatever it does to promises."""
        body: ListSerializer[Any] = ListSerializer(
            child=MovementRequest(), data=request.data, allow_empty=False, max_length=MOST
        )
        body.is_valid(raise_exception=True)
        key = api_key(request)
        note_heard(key=key, now=timezone.now())
        outcome = apply_movements(
            reported=[Reported(**row) for row in body.validated_data],
            # A key's successor shares its lineage, so that an event sent again after a rotation is known.
            source=f"key:{key.lineage}",
            locations=_mine(request),
            by=Actor.of_key(key),
            now=timezone.now(),
        )
        results = [{"event_id": event_id, "result": result} for event_id, result in outcome.items()]
        return Response(MovementResultsSerializer({"results": results}).data)


def _mine(request: Request) -> QuerySet[Location]:
    return Location.objects.within(api_key(request).location_scopes)
