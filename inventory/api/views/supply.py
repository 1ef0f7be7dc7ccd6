"""Orders to suppliers and their ship notices come in; what was received of them is written and read."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
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
    ClosingRequest,
    CompletionRequest,
    LinesRequest,
    PurchaseOrderRequest,
    PurchaseOrderSerializer,
    ReceiptResultsSerializer,
    ReceiptsRequest,
    ShipNoticeRequest,
    ShipNoticeSerializer,
    SupplyQuery,
)
from inventory.models import Delivery, Location, PurchaseOrder, Variant
from inventory.operations.announce import Packed, announce_delivery, begin_delivery
from inventory.operations.finish_delivery import finish_delivery, undecided
from inventory.operations.order_supply import (
    Ordered,
    change_purchase_order,
    close_purchase_order,
    place_purchase_order,
)
from inventory.operations.receive_scans import receive
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, api_key, idempotency_key, idempotent
from omni.core.refusals import Invalid

READ, WRITE = "supply:read", "supply:write"


class NewestFirst(CursorPages):
    """What was ordered or announced last."""

    ordering = ("-id",)


class PurchaseOrders(ConditionalReads, GenericAPIView[PurchaseOrder]):
    """What is ordered from suppliers."""

    required_scopes = {"GET": READ, "POST": WRITE}
    serializer_class = PurchaseOrderSerializer
    pagination_class = NewestFirst
    filter_backends: list[Any] = []
    queryset = PurchaseOrder.objects.none()

    @extend_schema(operation_id="purchase_orders_list", tags=["supply"], parameters=[SupplyQuery],
                   responses=PurchaseOrderSerializer(many=True))  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        page = self.paginate_queryset(_asked(_orders(request), SupplyQuery.read(request)))
        return self.get_paginated_response(PurchaseOrderSerializer(page, many=True).data)

    @extend_schema(operation_id="purchase_orders_create", tags=["supply"], request=PurchaseOrderRequest,
                   responses={201: PurchaseOrderSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Write down an order; its number is taken once (409 `number_taken`)."""
        said = _read(PurchaseOrderRequest, request)
        order = place_purchase_order(
            number=said["number"], supplier=said["supplier"], location=_place(request, said["location"]),
            lines=_ordered(said), by=Actor.of_key(api_key(request)), now=timezone.now(),
        )  # fmt: skip
        at = reverse("api-purchase-order", args=[order.number])
        return _order(request, order.number, status=status.HTTP_201_CREATED, headers={"Location": at})


class OnePurchaseOrder(ConditionalReads, APIView):
    """One of them."""

    required_scopes = {"GET": READ}

    @extend_schema(operation_id="purchase_orders_retrieve", tags=["supply"], responses=PurchaseOrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        """How much of it came."""
        return _order(request, number)


class PurchaseOrderLines(APIView):
    """What of it is wanted when."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="purchase_orders_change", tags=["supply"], request=LinesRequest,
                   responses=PurchaseOrderSerializer)  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """These items have these quantities and days from now on. No fewer than came (409 `already_received`)."""
        get_object_or_404(_orders(request), number=number)
        said = _read(LinesRequest, request)
        by = Actor.of_key(api_key(request))
        change_purchase_order(number=number, lines=_ordered(said), reason=said["reason"], by=by)
        return _order(request, number)


class PurchaseOrderClosing(APIView):
    """Its end."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="purchase_orders_close", tags=["supply"], request=ClosingRequest,
                   responses=PurchaseOrderSerializer)  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """What has not come does not come any more."""
        get_object_or_404(_orders(request), number=number)
        reason, by = _read(ClosingRequest, request)["reason"], Actor.of_key(api_key(request))
        close_purchase_order(number=number, reason=reason, by=by, now=timezone.now())
        return _order(request, number)


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
        page = self.paginate_queryset(_asked(_deliveries(request), SupplyQuery.read(request)))
        return self.get_paginated_response(ShipNoticeSerializer(page, many=True).data)

    @extend_schema(operation_id="ship_notices_create", tags=["supply"], request=ShipNoticeRequest,
                   responses={201: ShipNoticeSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Announce a delivery with its cartons; the store sees it at once."""
        said = _read(ShipNoticeRequest, request)
        cartons, loose = said.get("cartons", []), said.get("loose", [])
        ids = _variants([*loose, *(each for carton in cartons for each in carton["contents"])])
        order = None
        if "purchase_order" in said:
            order = _orders(request).filter(number=said["purchase_order"]).first()
            if order is None:
                raise _invalid("purchase_order", "unknown_order", _("No purchase order has this number."))
        delivery = announce_delivery(
            number=said["number"], supplier=said["supplier"], location=_place(request, said["location"]),
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
        said, key = _read(BeginReceiptRequest, request), api_key(request)
        place = _place(request, said["location"])
        if said["purchase_order"] and not _orders(request).filter(number=said["purchase_order"]).exists():
            raise _invalid("purchase_order", "unknown_order", _("No purchase order has this number."))
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
        delivery = get_object_or_404(_deliveries(request), number=number)
        by, now, results = Actor.of_key(api_key(request)), timezone.now(), []
        for scan in _read(ReceiptsRequest, request)["scans"]:
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
        delivery = get_object_or_404(_deliveries(request), number=number)
        said = _read(CompletionRequest, request)
        wanted = {each["sku"]: each["decision"] for each in said.get("decisions", [])}
        decisions = {line.pk: wanted.get(line.variant.sku, "") for line in undecided(delivery)}
        by = Actor.of_key(api_key(request))
        finish_delivery(delivery_id=delivery.pk, decisions=decisions, reason=said["reason"], by=by, now=timezone.now())
        return _delivery(request, number)


def _read(shape: Any, request: Request) -> dict[str, Any]:
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    return body.validated_data


def _orders(request: Request) -> QuerySet[PurchaseOrder]:
    places = Location.objects.within(api_key(request).location_scopes)
    return (
        PurchaseOrder.objects.filter(location__in=places).select_related("location").prefetch_related("lines__variant")
    )


def _deliveries(request: Request) -> QuerySet[Delivery]:
    places = Location.objects.within(api_key(request).location_scopes)
    rows = Delivery.objects.filter(location__in=places).select_related("location", "purchase_order")
    return rows.prefetch_related("lines__variant", "cartons__scans")


def _asked(rows: QuerySet[Any], asked: Mapping[str, Any]) -> QuerySet[Any]:
    if "location" in asked:
        rows = rows.filter(location__code=asked["location"])
    return rows.filter(status=asked["status"]) if "status" in asked else rows


def _order(request: Request, number: str, **more: Any) -> Response:
    return Response(PurchaseOrderSerializer(get_object_or_404(_orders(request), number=number)).data, **more)


def _delivery(request: Request, number: str, **more: Any) -> Response:
    return Response(ShipNoticeSerializer(get_object_or_404(_deliveries(request), number=number)).data, **more)


def _created(request: Request, delivery: Delivery) -> Response:
    at = reverse("api-ship-notice", args=[delivery.number])
    return _delivery(request, delivery.number, status=status.HTTP_201_CREATED, headers={"Location": at})


def _place(request: Request, code: str) -> Location:
    place = Location.objects.within(api_key(request).location_scopes).filter(code=code).first()
    if place is None:
        raise _invalid("location", "unknown_location", _("No location has the code %s.") % code)
    return place


def _ordered(said: Mapping[str, Any]) -> list[Ordered]:
    ids = _variants(said["lines"])
    return [
        Ordered(ids[line["sku"]], line["quantity"], line.get("expected_on", said["expected_on"]))
        for line in said["lines"]
    ]


def _variants(lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    skus = {line["sku"] for line in lines}
    ids = dict(Variant.objects.filter(sku__in=skus).values_list("sku", "pk"))
    if missing := sorted(skus - set(ids)):
        raise _invalid("lines", "unknown_sku", _("No variant has the SKU %s.") % missing[0])
    return ids


def _units(contents: Iterable[Mapping[str, Any]], ids: Mapping[str, int]) -> dict[int, int]:
    units: Counter[int] = Counter()
    for each in contents:
        units[ids[each["sku"]]] += each["quantity"]
    return units


def _invalid(name: str, code: str, detail: str) -> Invalid:
    return Invalid(code, detail, errors=[{"pointer": f"/{name}", "code": code, "detail": detail}])
