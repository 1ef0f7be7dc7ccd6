"""Orders come in, are read back and listed."""

from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.models import Customer
from inventory.models import Location
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, ProblemSerializer, api_key, idempotent
from omni.core.models import ApiKey
from omni.core.problems import CONTENT_TYPE
from omni.core.refusals import NotAllowed, Refusal
from omni.core.sqlstates import violated
from orders.api.reach import orders_of, touching
from orders.api.serializers import examples
from orders.api.serializers.order import OrderQuery, OrderSerializer, order_serializer, shown, shown_new
from orders.api.serializers.place import OrderBody
from orders.models import Order
from orders.operations.place import place_whole
from orders.operations.request import OrderRequest

ONCE_PER_REFERENCE = "one_order_per_channel_reference"
SHORT = OpenApiResponse(
    ProblemSerializer,
    "Not enough stock, with what each line could have and where.",
    [OpenApiExample("Not enough", value=examples.SHORTAGE, media_type=CONTENT_TYPE, status_codes=["409"])],
)


class NotPlaced(Exception):
    """The order could not be taken; perhaps because it was taken before."""

    def __init__(self, asked: OrderRequest, reason: Refusal | IntegrityError) -> None:
        super().__init__(str(reason))
        self.asked = asked
        self.reason = reason


class LatestChangeLast(CursorPages):
    """Whoever reads again from their last `updated_at` finds what changed since."""

    ordering = ("updated_at", "id")


def order_answer(order: Order, key: ApiKey) -> dict[str, Any]:
    """An order loaded by `shown`, as this key may read it."""
    return order_serializer(may_write=key.has_scope("orders:write")).to_representation(order)


def visible_order(request: Request, number: int) -> Order:
    """The order with everything that is told of it; 404 for what the key may not see."""
    return get_object_or_404(shown(orders_of(api_key(request))), number=number)


class Orders(ConditionalReads, GenericAPIView[Order]):
    """All orders of the key's channels."""

    required_scopes = {"GET": "orders:read", "POST": "orders:write"}
    serializer_class = OrderSerializer
    pagination_class = LatestChangeLast
    filter_backends: list[Any] = []
    queryset = Order.objects.none()

    @extend_schema(
        operation_id="orders_list", tags=["orders"], parameters=[OrderQuery], responses=OrderSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Latest change last."""
        key = api_key(request)
        orders = _filtered(orders_of(key), OrderQuery.read(request), key)
        page = self.paginate_queryset(shown(orders))
        return self.get_paginated_response([order_answer(order, key) for order in page or ()])

    @extend_schema(
        operation_id="orders_place",
        tags=["orders"],
        request=OrderBody,
        responses={
            201: OrderSerializer,
            200: OpenApiResponse(OrderSerializer, "The order that this key placed under the same reference before."),
            (409, CONTENT_TYPE): SHORT,
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Take an order: every unit is promised, or the answer says what could be had instead."""
        try:
            return self._place(request)
        except NotPlaced as outcome:
            return self._placed_before(request, outcome)

    # What the schema and the tests look for; each of the two ways below is wrapped by itself, so that the first one's
    # transaction is gone before the second looks.
    post.is_idempotent = True  # type: ignore[attr-defined]

    @idempotent
    def _place(self, request: Request) -> Response:
        asked, key = OrderBody.asked(OrderBody.accept(request.data)), api_key(request)
        _require_offered(asked, key)
        places = Location.objects.within(key.location_scopes)
        try:
            placed = place_whole(request=asked, places=places, by=Actor.of_key(key), now=timezone.now())
        except Refusal as refusal:
            raise NotPlaced(asked, refusal) from refusal
        except IntegrityError as error:
            if violated(error) != ONCE_PER_REFERENCE:
                raise
            raise NotPlaced(asked, error) from error
        answer = order_answer(shown_new(placed), key)
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": answer["links"]["self"]})

    @idempotent
    def _placed_before(self, request: Request, outcome: NotPlaced) -> Response:
        """The second net: a lost answer must not become a second order, nor a refusal of what was taken."""
        key = api_key(request)
        asked = outcome.asked
        known = Order.objects.filter(channel=asked.channel, channel_reference=asked.channel_reference)
        order = shown(known).first()
        if order is None:
            raise outcome.reason
        if order.placed_by != Actor.of_key(key).label:
            problem = {"pointer": "/channel_reference", "code": "reference_taken", "detail": _("Use another one.")}
            raise Refusal("reference_taken", _("Another caller placed an order with this reference."), errors=[problem])
        return Response(order_answer(order, key), status=status.HTTP_200_OK)


class OneOrder(ConditionalReads, APIView):
    """One order."""

    required_scopes = {"GET": "orders:read"}

    @extend_schema(operation_id="orders_retrieve", tags=["orders"], responses=OrderSerializer)
    def get(self, request: Request, number: int) -> Response:
        """Where each unit is, and what may be done."""
        return Response(order_answer(visible_order(request, number), api_key(request)))


def _filtered(orders: QuerySet[Order], asked: dict[str, Any], key: ApiKey) -> QuerySet[Order]:
    columns = {"updated_after": "updated_at__gt"}
    same = ("updated_after", "status", "channel", "channel_reference")
    orders = orders.filter(**{columns.get(name, name): asked[name] for name in same if name in asked})
    if "customer" in asked:
        orders = orders.filter(customer__in=Customer.objects.family_of(asked["customer"]))
    if "location" in asked:
        orders = orders.filter(touching(Location.objects.within(key.location_scopes).filter(code=asked["location"])))
    return orders


def _require_offered(asked: OrderRequest, key: ApiKey) -> None:
    if not key.allows_channel(asked.channel):
        problem = {"pointer": "/channel", "code": "channel_not_allowed", "detail": _("Not a channel of this key.")}
        raise NotAllowed("channel_not_allowed", _("This key may not place orders of this channel."), errors=[problem])
