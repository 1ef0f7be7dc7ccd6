"""Work of locations, for the systems that do it."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.api import ConditionalReads, CursorPages, api_key
from orders.api.reach import work_of
from orders.api.serializers.work import WorkQuery, WorkSerializer, shown_work
from orders.models import FulfillmentOrder

COLUMNS = {"location": "location__code", "kind": "location__kind", "order": "order__number"}


def visible_work(request: Request, number: str) -> FulfillmentOrder:
    """The work with everything that is told of it; 404 for what the key may not see."""
    return get_object_or_404(shown_work(work_of(api_key(request))), number=number)


class FulfillmentOrders(ConditionalReads, GenericAPIView[FulfillmentOrder]):
    """All work of the key's locations."""

    required_scopes = {"GET": "fulfillment:read"}
    serializer_class = WorkSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = FulfillmentOrder.objects.none()

    @extend_schema(
        operation_id="fulfillment_orders_list",
        tags=["fulfillment orders"],
        parameters=[WorkQuery],
        responses=WorkSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Oldest first; a partner's system asks for `status=released`."""
        asked = WorkQuery.read(request)
        filters = ("location", "status", "kind", "method", "order")
        given = {COLUMNS.get(name, name): asked[name] for name in filters if name in asked}
        work: QuerySet[FulfillmentOrder] = shown_work(work_of(api_key(request)).filter(**given))
        page = self.paginate_queryset(work)
        return self.get_paginated_response(WorkSerializer(page, many=True).data)


class OneFulfillmentOrder(ConditionalReads, APIView):
    """One piece of work."""

    required_scopes = {"GET": "fulfillment:read"}

    @extend_schema(operation_id="fulfillment_orders_retrieve", tags=["fulfillment orders"], responses=WorkSerializer)
    def get(self, request: Request, number: str) -> Response:
        """What to do, for whom and by when."""
        return Response(WorkSerializer(visible_work(request, number)).data)
