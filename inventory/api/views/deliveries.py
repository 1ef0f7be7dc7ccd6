"""Deliveries: announced with their cartons or not at all, scanned, and finished with a decision on each difference."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

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

from inventory.api.serializers.supply import (
    BeginReceiptRequest,
    CompletionRequest,
    ReceiptResultsSerializer,
    ReceiptsRequest,
    ShipNoticeRequest,
    ShipNoticeSerializer,
    SupplyQuery,
)
from inventory.api.supply_reach import (
    READ,
    WRITE,
    NewestFirst,
    deliveries_of,
    invalid,
    only_asked,
    orders_of,
    place_named,
    variants_named,
)
from inventory.models import Delivery
from inventory.operations.announce import Packed, announce_delivery, begin_delivery
from inventory.operations.finish_delivery import finish_delivery, undecided
from inventory.operations.receive_scans import receive
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, api_key, idempotency_key, idempotent


class ShipNotices(ConditionalReads, GenericAPIView[Delivery]):
    """Deliveries: announced, being received, received."""

    required_scopes = {"GET": READ, "POST": WRITE}
    serializer_class = ShipNoticeSerializer
    pagination_class = NewestFirst
    filter_backends: list[Any] = []
    queryset = Delivery.objects.none()

    @extend_schema(operation_id="ship_notices_list", tags=["supply"], parameters=[SupplyQuery],
                   responses=ShipNoticeSerializer(many=True))  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        page = self.paginate_queryset(only_asked(deliveries_of(request), SupplyQuery.read(request)))
        return self.get_paginated_response(ShipNoticeSerializer(page, many=True).data)

    @extend_schema(operation_id="ship_notices_create", tags=["supply"], request=ShipNoticeRequest,
                   responses={201: ShipNoticeSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Announce a delivery with its cartons; the store sees it at once."""
        said = ShipNoticeRequest.accept(request.data)
        cartons, loose = said.get("cartons", []), said.get("loose", [])
        ids = variants_named([*loose, *(each for carton in cartons for each in carton["contents"])])
        order = None
        if "purchase_order" in said:
            order = orders_of(request).filter(number=said["purchase_order"]).first()
            if order is None:
                raise invalid("purchase_order", "unknown_order", _("No purchase order has this number."))
        delivery = announce_delivery(
            number=said["number"], supplier=said["supplier"], location=place_named(request, said["location"]),
            expected_on=said["expected_on"], purchase_order=order, loose=_units(loose, ids),
            cartons=[Packed(each["code"], _units(each["contents"], ids)) for each in cartons],
            by=Actor.of_key(api_key(request)), now=timezone.now(),
        )  # fmt: skip
        return _created(request, delivery)


class OneShipNotice(ConditionalReads, APIView):
    """One of them."""

    required_scopes = {"GET": READ}

    @extend_schema(operation_id="ship_notices_retrieve", tags=["supply"], responses=ShipNoticeSerializer)
    def get(self, request: Request, number: str) -> Response:
        """What came of it."""
        return _delivery(request, number)


class Receipts(APIView):
    """Deliveries without a notice."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="receipts_create", tags=["supply"], request=BeginReceiptRequest,
                   responses={201: ShipNoticeSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Begin to receive what is open of an order, or whatever stands there; its scans follow under its number."""
        said, key = BeginReceiptRequest.accept(request.data), api_key(request)
        place = place_named(request, said["location"])
        if said["purchase_order"] and not orders_of(request).filter(number=said["purchase_order"]).exists():
            raise invalid("purchase_order", "unknown_order", _("No purchase order has this number."))
        delivery = begin_delivery(
            location=place, purchase_order_number=said["purchase_order"], supplier=said["supplier"],
            key=hashlib.sha256(f"{key.lineage}:{idempotency_key(request)}".encode()).hexdigest(),
            by=Actor.of_key(key), now=timezone.now(),
        )  # fmt: skip
        return _created(request, delivery)


class ReceiptScans(APIView):
    """What was scanned of a delivery."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="receipts_scan", tags=["supply"], request=ReceiptsRequest,
                   responses=ReceiptResultsSerializer)  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Each scan's key counts once, a carton once until it is taken back; the units can be sold at once."""
        delivery = get_object_or_404(deliveries_of(request), number=number)
        by, now, results = Actor.of_key(api_key(request)), timezone.now(), []
        for scan in ReceiptsRequest.accept(request.data)["scans"]:
            done = receive(
                delivery_id=delivery.pk, code=scan["code"], units=scan.get("quantity"), is_damaged=scan["is_damaged"],
                at=scan.get("at"), key=scan["key"], by=by, now=now,
            )  # fmt: skip
            results.append({"key": scan["key"], "result": "repeat" if done.is_repeat else "received"})
        return Response(ReceiptResultsSerializer({"results": results}).data)


class ReceiptCompletion(APIView):
    """The end of a delivery."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="receipts_complete", tags=["supply"], request=CompletionRequest,
                   responses=ShipNoticeSerializer)  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Finish it with a decision about each difference (409 `undecided` counts those without)."""
        delivery = get_object_or_404(deliveries_of(request), number=number)
        said = CompletionRequest.accept(request.data)
        wanted = {each["sku"]: each["decision"] for each in said.get("decisions", [])}
        decisions = {line.pk: wanted.get(line.variant.sku, "") for line in undecided(delivery)}
        by = Actor.of_key(api_key(request))
        finish_delivery(delivery_id=delivery.pk, decisions=decisions, reason=said["reason"], by=by, now=timezone.now())
        return _delivery(request, number)


def _delivery(request: Request, number: str, **more: Any) -> Response:
    return Response(ShipNoticeSerializer(get_object_or_404(deliveries_of(request), number=number)).data, **more)


def _created(request: Request, delivery: Delivery) -> Response:
    at = reverse("api-ship-notice", args=[delivery.number])
    return _delivery(request, delivery.number, status=status.HTTP_201_CREATED, headers={"Location": at})


def _units(contents: Iterable[Mapping[str, Any]], ids: Mapping[str, int]) -> dict[int, int]:
    units: Counter[int] = Counter()
    for each in contents:
        units[ids[each["sku"]]] += each["quantity"]
    return units
