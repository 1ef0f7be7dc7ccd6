"""Sources hand in what happened on their shelves as files, and read what became of them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from inventory.api.serializers.movement_files import (
    MovementFileQuery,
    MovementFileSerializer,
    MovementProblemSerializer,
)
from inventory.api.views.snapshots import ByLine, NewestFirst, feed_of, file_name
from inventory.models import MovementFile, MovementProblem
from inventory.operations.receive_movement_file import receive_movement_file
from omni.core.actors import Actor
from omni.core.api import (
    ConditionalReads,
    CsvUpload,
    NdjsonUpload,
    PageQuery,
    api_key,
    idempotency_key,
    idempotent_by_itself,
    uploaded,
)


class MovementFiles(ConditionalReads, GenericAPIView[MovementFile]):
    """What this key's source handed in."""

    required_scopes = {"GET": "inventory:read", "POST": "inventory:write"}
    serializer_class = MovementFileSerializer
    parser_classes = [CsvUpload, NdjsonUpload]
    pagination_class = NewestFirst
    filter_backends: list[Any] = []
    queryset = MovementFile.objects.none()

    @extend_schema(operation_id="movement_files_list", tags=["inventory"], parameters=[PageQuery],
                   responses=MovementFileSerializer(many=True))  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        PageQuery.read(request)
        page = self.paginate_queryset(_mine(request))
        return self.get_paginated_response(MovementFileSerializer(page, many=True).data)

    @extend_schema(
        operation_id="movement_files_create",
        tags=["inventory"],
        parameters=[MovementFileQuery],
        request={"text/csv": OpenApiTypes.BINARY, "application/x-ndjson": OpenApiTypes.BINARY},
        responses={202: MovementFileSerializer},
    )
    @idempotent_by_itself
    def post(self, request: Request) -> Response:
        """Hand in a file of `sku`, `location`, `kind`, `quantity` and `occurred_at`, with `event_id` and `reason` where
        there are any.

        Good rows are booked, bad ones told by line. The Idempotency-Key is the file's own: sent again it answers the
        same file; `Content-Encoding: gzip` is read.
        """
        asked = MovementFileQuery.read(request)
        file = receive_movement_file(
            feed=feed_of(request), chunks=uploaded(request), name=file_name("movements", request),
            location_code=asked.get("location", ""), key=idempotency_key(request), by=Actor.of_key(api_key(request)),
            now=timezone.now(),
        )  # fmt: skip
        file.refresh_from_db(fields=["public_id"])
        at = reverse("api-movement-file", args=[file.public_id])
        return Response(MovementFileSerializer(file).data, status=status.HTTP_202_ACCEPTED, headers={"Location": at})


class OneMovementFile(ConditionalReads, GenericAPIView[MovementFile]):
    """One of them."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(operation_id="movement_files_retrieve", tags=["inventory"], responses=MovementFileSerializer)
    def get(self, request: Request, file_id: UUID) -> Response:
        """How far it is, and what came of it."""
        return Response(MovementFileSerializer(get_object_or_404(_mine(request), public_id=file_id)).data)


class MovementProblems(ConditionalReads, GenericAPIView[MovementProblem]):
    """Rows that could not be booked."""

    required_scopes = {"GET": "inventory:read"}
    serializer_class = MovementProblemSerializer
    pagination_class = ByLine
    filter_backends: list[Any] = []
    queryset = MovementProblem.objects.none()

    @extend_schema(operation_id="movement_files_problems", tags=["inventory"], parameters=[PageQuery],
                   responses=MovementProblemSerializer(many=True))  # fmt: skip
    def get(self, request: Request, file_id: UUID) -> Response:
        """With their line and the reason."""
        PageQuery.read(request)
        page = self.paginate_queryset(get_object_or_404(_mine(request), public_id=file_id).problems.all())
        return self.get_paginated_response(MovementProblemSerializer(page, many=True).data)


def _mine(request: Request) -> QuerySet[MovementFile]:
    return MovementFile.objects.filter(feed__api_key__lineage=api_key(request).lineage)
