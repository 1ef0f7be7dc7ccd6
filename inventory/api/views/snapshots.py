"""Sources hand in what lies on their shelves, and read what became of it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from inventory.api.serializers.snapshots import (
    DifferenceQuery,
    DifferenceSerializer,
    ProblemRowSerializer,
    SnapshotQuery,
    SnapshotSerializer,
)
from inventory.models import Feed, Snapshot, SnapshotProblem, SnapshotRow
from inventory.operations.receive_snapshot import receive_snapshot
from omni.core.actors import Actor
from omni.core.api import (
    ConditionalReads,
    CsvUpload,
    CursorPages,
    NdjsonUpload,
    PageQuery,
    api_key,
    idempotency_key,
    idempotent_by_itself,
    uploaded,
)
from omni.core.refusals import Refusal


class NewestFirst(CursorPages):
    """The last one is what people ask for."""

    ordering = ("-id",)


class ByLine(CursorPages):
    """In the order of the file."""

    ordering = ("line", "id")


class Snapshots(ConditionalReads, GenericAPIView[Snapshot]):
    """What this key's source handed in."""

    required_scopes = {"GET": "inventory:read", "POST": "inventory:write"}
    serializer_class = SnapshotSerializer
    parser_classes = [CsvUpload, NdjsonUpload]
    pagination_class = NewestFirst
    filter_backends: list[Any] = []
    queryset = Snapshot.objects.none()

    @extend_schema(operation_id="snapshots_list", tags=["inventory"], parameters=[PageQuery],
                   responses=SnapshotSerializer(many=True))  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        PageQuery.read(request)
        page = self.paginate_queryset(_mine(request))
        return self.get_paginated_response(SnapshotSerializer(page, many=True).data)

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
        key = api_key(request)
        snapshot = receive_snapshot(
            feed=feed_of(request), chunks=uploaded(request), name=file_name("snapshot", request), as_of=asked["as_of"],
            location_code=asked.get("location", ""), key=idempotency_key(request), by=Actor.of_key(key),
            now=timezone.now(),
        )  # fmt: skip
        snapshot.refresh_from_db(fields=["public_id"])
        at = reverse("api-snapshot", args=[snapshot.public_id])
        return Response(SnapshotSerializer(snapshot).data, status=status.HTTP_202_ACCEPTED, headers={"Location": at})


class OneSnapshot(ConditionalReads, GenericAPIView[Snapshot]):
    """One of them."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(operation_id="snapshots_retrieve", tags=["inventory"], responses=SnapshotSerializer)
    def get(self, request: Request, snapshot_id: UUID) -> Response:
        """How far it is, and what came of it."""
        return Response(SnapshotSerializer(get_object_or_404(_mine(request), public_id=snapshot_id)).data)


class Differences(ConditionalReads, GenericAPIView[SnapshotRow]):
    """Rows that are not as expected."""

    required_scopes = {"GET": "inventory:read"}
    serializer_class = DifferenceSerializer
    pagination_class = ByLine
    filter_backends: list[Any] = []
    queryset = SnapshotRow.objects.none()

    @extend_schema(operation_id="snapshots_differences", tags=["inventory"], parameters=[DifferenceQuery],
                   responses=DifferenceSerializer(many=True))  # fmt: skip
    def get(self, request: Request, snapshot_id: UUID) -> Response:
        """In the order of the file; what it left out stands first, with line 0."""
        asked = DifferenceQuery.read(request)
        snapshot = get_object_or_404(_mine(request), public_id=snapshot_id)
        rows = snapshot.rows.exclude(outcome="").select_related("variant", "location")
        if "outcome" in asked:
            rows = rows.filter(outcome=asked["outcome"])
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(DifferenceSerializer(page, many=True).data)


class ProblemRows(ConditionalReads, GenericAPIView[SnapshotProblem]):
    """Rows that could not be used."""

    required_scopes = {"GET": "inventory:read"}
    serializer_class = ProblemRowSerializer
    pagination_class = ByLine
    filter_backends: list[Any] = []
    queryset = SnapshotProblem.objects.none()

    @extend_schema(operation_id="snapshots_problems", tags=["inventory"], parameters=[PageQuery],
                   responses=ProblemRowSerializer(many=True))  # fmt: skip
    def get(self, request: Request, snapshot_id: UUID) -> Response:
        """With their line and the reason."""
        PageQuery.read(request)
        snapshot = get_object_or_404(_mine(request), public_id=snapshot_id)
        page = self.paginate_queryset(snapshot.problems.all())
        return self.get_paginated_response(ProblemRowSerializer(page, many=True).data)


def feed_of(request: Request) -> Feed:
    """The source that this key speaks for."""
    feed = Feed.objects.of_key(api_key(request))
    if feed is None:
        raise Refusal("no_source", _("This key belongs to no source. HQ registers sources under Stock feeds."))
    return feed


def file_name(what: str, request: Request) -> str:
    """What was sent, named by what its headers say of it."""
    form = "csv" if CsvUpload.media_type in request.content_type else "ndjson"
    return f"{what}.{form}{'.gz' if request.headers.get('Content-Encoding', '') == 'gzip' else ''}"


def _mine(request: Request) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(feed__api_key__lineage=api_key(request).lineage)
