"""Set shelves to numbers, where they still hold what the writer believes."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer
from rest_framework.views import APIView

from inventory.api.serializers.snapshots import MOST, LevelsSerializer, WantedLevelRequest
from inventory.models import Location
from inventory.operations.compare_and_set import Wanted, compare_and_set
from inventory.operations.hear_feed import note_heard
from omni.core.actors import Actor
from omni.core.api import api_key, idempotent


class Levels(APIView):
    """Compare and set."""

    required_scopes = {"POST": "inventory:write"}

    @extend_schema(
        operation_id="levels_set",
        tags=["inventory"],
        request=WantedLevelRequest(many=True),
        responses={200: LevelsSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Set up to 500 shelves, all or none; 409 `changed_meanwhile` says what each differing shelf holds by now."""
        body: ListSerializer[Any] = ListSerializer(
            child=WantedLevelRequest(), data=request.data, allow_empty=False, max_length=MOST
        )
        body.is_valid(raise_exception=True)
        key = api_key(request)
        note_heard(key=key, now=timezone.now())
        levels = compare_and_set(
            wanted=[Wanted(**row) for row in body.validated_data],
            source=f"key:{key.lineage}",
            locations=Location.objects.within(key.location_scopes),
            by=Actor.of_key(key),
            now=timezone.now(),
        )
        rows = [
            {
                "sku": sku,
                "location": place,
                "on_hand": row.on_hand,
                "reserved": row.reserved,
                "available": row.available,
            }
            for (sku, place), row in levels.items()
        ]
        return Response(LevelsSerializer({"levels": rows}).data)
