"""Sources hand in what happened on their shelves as files, and read what became of them."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.serializers.movement_files import (
    MovementFileQuery,
    MovementFileSerializer,
    MovementProblemSerializer,
)
from inventory.api.views.feed_files import FilesOfSource, RowsOfFile, feed_of, file_name, mine
from inventory.models import MovementFile, MovementProblem
from inventory.operations.receive_movement_file import receive_movement_file
from omni.core.actors import Actor
from omni.core.api import (
    ConditionalReads,
    PageQuery,
    api_key,
    idempotency_key,
    idempotent_by_itself,
    uploaded,
)


class MovementFiles(FilesOfSource):
    """What this key's source handed in."""

    serializer_class = MovementFileSerializer
    queryset = MovementFile.objects.none()

    @extend_schema(operation_id="movement_files_list", tags=["inventory"], parameters=[PageQuery],
                   responses=MovementFileSerializer(many=True))  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        return self.newest(MovementFile, request)

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
        return self.taken(file, "api-movement-file")


class OneMovementFile(ConditionalReads, GenericAPIView[MovementFile]):
    """One of them."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(operation_id="movement_files_retrieve", tags=["inventory"], responses=MovementFileSerializer)
    def get(self, request: Request, file_id: UUID) -> Response:
        """How far it is, and what came of it."""
        return Response(MovementFileSerializer(get_object_or_404(mine(MovementFile, request), public_id=file_id)).data)


class MovementProblems(RowsOfFile):
    """Rows that could not be booked."""

    serializer_class = MovementProblemSerializer
    queryset = MovementProblem.objects.none()

    @extend_schema(operation_id="movement_files_problems", tags=["inventory"], parameters=[PageQuery],
                   responses=MovementProblemSerializer(many=True))  # fmt: skip
    def get(self, request: Request, file_id: UUID) -> Response:
        """With their line and the reason."""
        PageQuery.read(request)
        return self.listed(get_object_or_404(mine(MovementFile, request), public_id=file_id).problems.all())
