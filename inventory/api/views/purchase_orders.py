"""Orders to suppliers: written down, changed, closed, and read with what came of them."""

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from inventory.api.serializers.supply import (
    ClosingRequest,
    LinesRequest,
    PurchaseOrderRequest,
    PurchaseOrderSerializer,
    SupplyQuery,
)
from inventory.api.supply_reach import READ, WRITE, NewestFirst, only_asked, orders_of, place_named, variants_named
from inventory.models import PurchaseOrder
from inventory.operations.order_supply import (
    Ordered,
    change_purchase_order,
    close_purchase_order,
    place_purchase_order,
)
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, api_key, idempotent


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
        page = self.paginate_queryset(only_asked(orders_of(request), SupplyQuery.read(request)))
        return self.get_paginated_response(PurchaseOrderSerializer(page, many=True).data)

    @extend_schema(operation_id="purchase_orders_create", tags=["supply"], request=PurchaseOrderRequest,
                   responses={201: PurchaseOrderSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Write down an order; its number is taken once (409 `number_taken`)."""
        said = PurchaseOrderRequest.accept(request.data)
        order = place_purchase_order(
            number=said["number"], supplier=said["supplier"], location=place_named(request, said["location"]),
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
        get_object_or_404(orders_of(request), number=number)
        said = LinesRequest.accept(request.data)
        by = Actor.of_key(api_key(request))
        change_purchase_order(number=number, lines=_ordered(said), reason=said["reason"], by=by, now=timezone.now())
        return _order(request, number)


class PurchaseOrderClosing(APIView):
    """Its end."""

    required_scopes = {"POST": WRITE}

    @extend_schema(operation_id="purchase_orders_close", tags=["supply"], request=ClosingRequest,
                   responses=PurchaseOrderSerializer)  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """What has not come does not come any more."""
        get_object_or_404(orders_of(request), number=number)
        reason, by = ClosingRequest.accept(request.data)["reason"], Actor.of_key(api_key(request))
        close_purchase_order(number=number, reason=reason, by=by, now=timezone.now())
        return _order(request, number)


def _order(request: Request, number: str, **more: Any) -> Response:
    return Response(PurchaseOrderSerializer(get_object_or_404(orders_of(request), number=number)).data, **more)


def _ordered(said: Mapping[str, Any]) -> list[Ordered]:
    ids = variants_named(said["lines"])
    return [
        Ordered(ids[line["sku"]], line["quantity"], line.get("expected_on", said["expected_on"]))
        for line in said["lines"]
    ]
