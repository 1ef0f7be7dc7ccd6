"""Counts by machines: robots, handhelds of another make, radio readers. What needs a person waits for one."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet, Sum, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from inventory.api.serializers.counts import (
    CountBookedSerializer,
    CountedScansSerializer,
    CountedTagsSerializer,
    CountLineQuery,
    CountLineSerializer,
    CountListedSerializer,
    CountQuery,
    CountRequest,
    CountScansRequest,
    CountSerializer,
    CountTagsRequest,
)
from inventory.models import CountArea, CountLine, CountSession, Location
from inventory.operations.count_scans import scan_item
from inventory.operations.count_session import end_counting, start_count
from inventory.operations.count_tags import count_tags
from inventory.operations.decide_count import book_count
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, api_key, idempotency_key, idempotent, idempotent_by_itself
from omni.core.refusals import Invalid, Refusal

READ, WRITE = "inventory:read", "inventory:write"


class NewestCounts(CursorPages):
    ordering = ("-id",)


class ByItem(CursorPages):
    ordering = ("id",)


class Counts(ConditionalReads, GenericAPIView[CountSession]):
    """What is and was counted."""

    required_scopes = {"GET": READ, "POST": WRITE}
    serializer_class = CountListedSerializer
    pagination_class = NewestCounts
    filter_backends: list[Any] = []
    queryset = CountSession.objects.none()

    @extend_schema(operation_id="counts_list", tags=["counts"], parameters=[CountQuery],
                   responses=CountListedSerializer(many=True))  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        asked = CountQuery.read(request)
        found = _mine(request)
        if "location" in asked:
            found = found.filter(location=get_object_or_404(_places(request), code=asked["location"]))
        if "status" in asked:
            found = found.filter(status=asked["status"])
        page = self.paginate_queryset(found)
        return self.get_paginated_response(CountListedSerializer(page, many=True).data)

    @extend_schema(operation_id="counts_create", tags=["counts"], request=CountRequest,
                   responses={201: CountSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Begin a count. Selling and picking go on; people can join it on their own devices."""
        said = CountRequest.accept(request.data)
        place = _places(request).filter(code=said["location"], is_active=True).first()
        if place is None:
            detail = _("No location has the code %s.") % said["location"]
            problem = {"pointer": "/location", "code": "unknown_location", "detail": detail}
            raise Invalid("unknown_location", detail, errors=[problem])
        session = start_count(
            location=place, category=said["department"], aisles=said["aisles"], areas=said["areas"],
            by=Actor.of_key(api_key(request)), now=timezone.now(),
        )  # fmt: skip
        session.refresh_from_db(fields=["public_id"])
        at = reverse("api-count", args=[session.public_id])
        return Response(_told(session), status=status.HTTP_201_CREATED, headers={"Location": at})


class OneCount(ConditionalReads, APIView):
    """One of them."""

    required_scopes = {"GET": READ}

    @extend_schema(operation_id="counts_retrieve", tags=["counts"], responses=CountSerializer)
    def get(self, request: Request, count_id: UUID) -> Response:
        """How far each area is, and how many items are in which state."""
        return Response(_told(_one(request, count_id)))


class CountScans(APIView):
    """Scans of an area."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="counts_scan", tags=["counts"], request=CountScansRequest,
                   responses={200: CountedScansSerializer})  # fmt: skip
    @idempotent_by_itself
    def post(self, request: Request, count_id: UUID) -> Response:
        """Add up to 200 scans, each on its own and once by its key: a batch sent again changes nothing."""
        idempotency_key(request)
        said = CountScansRequest.accept(request.data)
        area = _area(_one(request, count_id), said["area"])
        by = Actor.of_key(api_key(request))
        results = [_scanned(area, scan, by) for scan in said["scans"]]
        return Response(CountedScansSerializer({"results": results}).data)


class CountTags(APIView):
    """Radio tags of an area."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="counts_tags", tags=["counts"], request=CountTagsRequest,
                   responses={200: CountedTagsSerializer})  # fmt: skip
    @idempotent_by_itself
    def post(self, request: Request, count_id: UUID) -> Response:
        """Add tags as a set: each counts once in the whole count, wherever it is read again."""
        idempotency_key(request)
        said = CountTagsRequest.accept(request.data)
        area = _area(_one(request, count_id), said["area"])
        read = count_tags(area_id=area.pk, epcs=said["epcs"], by=Actor.of_key(api_key(request)), now=timezone.now())
        problems = [{"line": line, "epc": epc, "detail": why} for line, epc, why in read.problems]
        told = {"counted": read.counted, "known": read.known, "problems": problems}
        return Response(CountedTagsSerializer(told).data)


class CountClosing(APIView):
    """The end of counting."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="counts_close", tags=["counts"], request=None, responses={200: CountSerializer})
    @idempotent_by_itself
    def post(self, request: Request, count_id: UUID) -> Response:
        """Compare what was counted with what should have been there; nothing is booked yet. Again changes nothing."""
        idempotency_key(request)
        session = _one(request, count_id)
        end_counting(session_id=session.pk, by=Actor.of_key(api_key(request)), now=timezone.now())
        return Response(_told(_one(request, count_id)))


class CountBooking(APIView):
    """What of it is sure enough."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="counts_book", tags=["counts"], request=None, responses={200: CountBookedSerializer})
    @idempotent_by_itself
    def post(self, request: Request, count_id: UUID) -> Response:
        """Book what is within tolerance. What has to be counted again, approved or decided waits for a person."""
        idempotency_key(request)
        session = _one(request, count_id)
        settled = book_count(session_id=session.pk, by=Actor.of_key(api_key(request)), now=timezone.now())
        told = {"settled": settled, "count": _with_states(_one(request, count_id))}
        return Response(CountBookedSerializer(told).data)


class CountLines(ConditionalReads, GenericAPIView[CountLine]):
    """The result, item by item."""

    required_scopes = {"GET": READ}
    serializer_class = CountLineSerializer
    pagination_class = ByItem
    filter_backends: list[Any] = []
    queryset = CountLine.objects.none()

    @extend_schema(operation_id="counts_lines", tags=["counts"], parameters=[CountLineQuery],
                   responses=CountLineSerializer(many=True))  # fmt: skip
    def get(self, request: Request, count_id: UUID) -> Response:
        """What was counted, expected and booked; empty until counting is ended."""
        asked = CountLineQuery.read(request)
        lines = _one(request, count_id).lines.select_related("variant")
        if "state" in asked:
            lines = lines.filter(state=asked["state"])
        page = self.paginate_queryset(lines)
        return self.get_paginated_response(CountLineSerializer(page, many=True).data)


def _scanned(area: CountArea, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    try:
        done = scan_item(
            area_id=area.pk, code=said["code"], units=said.get("units"), by=by, now=timezone.now(),
            at=said.get("scanned_at"), key=said["key"],
        )  # fmt: skip
    except Refusal as refusal:
        return {"key": said["key"], "sku": None, "quantity": None, "is_late": False, "code": refusal.code,
                "detail": str(refusal.message)}  # fmt: skip
    return {"key": said["key"], "sku": done.scan.variant.sku, "quantity": done.scan.quantity, "is_late": done.is_late,
            "code": "", "detail": ""}  # fmt: skip


def _places(request: Request) -> QuerySet[Location]:
    return Location.objects.within(api_key(request).location_scopes)


def _mine(request: Request) -> QuerySet[CountSession]:
    return CountSession.objects.filter(location__in=_places(request).values("pk")).select_related("location")


def _one(request: Request, count_id: UUID) -> CountSession:
    return get_object_or_404(_mine(request), public_id=count_id)


def _area(session: CountSession, name: str) -> CountArea:
    found = session.areas.filter(name=name).first()
    if found is None:
        detail = _("This count has no area called %s.") % name
        problem = {"pointer": "/area", "code": "unknown_area", "detail": detail}
        raise Invalid("unknown_area", detail, errors=[problem])
    return found


def _told(session: CountSession) -> dict[str, Any]:
    return dict(CountSerializer(_with_states(session)).data)


def _with_states(session: CountSession) -> CountSession:
    """With its areas as they stand, and how many items are in which state."""
    session.states = dict(session.lines.order_by("state").values_list("state").annotate(n=Count("pk")))  # type: ignore[attr-defined]
    areas = CountArea.objects.annotate(units=Sum("scans__quantity", default=0)).order_by("pk")
    prefetch_related_objects([session], Prefetch("areas", areas))
    return session
