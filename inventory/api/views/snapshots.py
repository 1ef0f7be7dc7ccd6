"""Sources hand in what lies on their shelves, and read what became of it."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.serializers.snapshots import (
    DifferenceQuery,
    DifferenceSerializer,
    ProblemRowSerializer,
    SnapshotQuery,
    SnapshotSerializer,
)
from inventory.api.views.feed_files import FilesOfSource, RowsOfFile, feed_of, file_name, mine
from inventory.models import Snapshot, SnapshotProblem, SnapshotRow
from inventory.operations.receive_snapshot import receive_snapshot
from omni.core.actors import Actor
from omni.core.api import (
    ConditionalReads,
    PageQuery,
    api_key,
    idempotency_key,
    idempotent_by_itself,
    uploaded,
)


class Snapshots(FilesOfSource):
    """What this key's source handed in."""

    serializer_class = SnapshotSerializer
    queryset = Snapshot.objects.none()

    @extend_schema(operation_id="snapshots_list", tags=["inventory"], parameters=[PageQuery],
                   responses=SnapshotSerializer(many=True))  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        return self.newest(Snapshot, request)

    @extend_schema(
        operation_id="snapshots_create",
        tags=["inventory"],
        parameters=[SnapshotQuery],
        request={"text/csv": OpenApiTypes.BINARY, "application/x-ndjson": OpenApiTypes.BINARY},
        responses={202: SnapshotSerializer},
    )
    @idempotent_by_itself
    def post(self, request: Request) -> Response:
        """Hand in a file of `sku`, `location` and `quantity`: absolute numbers of one moment.

        The columns may have the names that HQ wrote down for this source; `Content-Encoding: gzip` is read. The
        Idempotency-Key is the snapshot's own: sent again it answers the same snapshot. Comparing follows by itself.
        """
        asked = SnapshotQuery.read(request)
        snapshot = receive_snapshot(
            feed=feed_of(request), chunks=uploaded(request), name=file_name("snapshot", request), as_of=asked["as_of"],
            location_code=asked.get("location", ""), key=idempotency_key(request), by=Actor.of_key(api_key(request)),
            now=timezone.now(),
        )  # fmt: skip
        return self.taken(snapshot, "api-snapshot")


class OneSnapshot(ConditionalReads, GenericAPIView[Snapshot]):
    """One of them."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(operation_id="snapshots_retrieve", tags=["inventory"], responses=SnapshotSerializer)
    def get(self, request: Request, snapshot_id: UUID) -> Response:
        """How far it is, and what came of it."""
        return Response(SnapshotSerializer(get_object_or_404(mine(Snapshot, request), public_id=snapshot_id)).data)


class Differences(RowsOfFile):
    """Rows that are not as expected."""

    serializer_class = DifferenceSerializer
    queryset = SnapshotRow.objects.none()

    @extend_schema(operation_id="snapshots_differences", tags=["inventory"], parameters=[DifferenceQuery],
                   responses=DifferenceSerializer(many=True))  # fmt: skip
    def get(self, request: Request, snapshot_id: UUID) -> Response:
        """In the order of the file; what it left out stands first, with line 0."""
        asked = DifferenceQuery.read(request)
        snapshot = get_object_or_404(mine(Snapshot, request), public_id=snapshot_id)
        rows = snapshot.rows.exclude(outcome="").select_related("variant", "location")
        if "outcome" in asked:
            rows = rows.filter(outcome=asked["outcome"])
        return self.listed(rows)


class ProblemRows(RowsOfFile):
    """Rows that could not be used."""

    serializer_class = ProblemRowSerializer
    queryset = SnapshotProblem.objects.none()

    @extend_schema(operation_id="snapshots_problems", tags=["inventory"], parameters=[PageQuery],
                   responses=ProblemRowSerializer(many=True))  # fmt: skip
    def get(self, request: Request, snapshot_id: UUID) -> Response:
        """With their line and the reason."""
        PageQuery.read(request)
        return self.listed(get_object_or_404(mine(Snapshot, request), public_id=snapshot_id).problems.all())
