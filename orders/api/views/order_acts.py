"""What the site may do with an order that it placed."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.actors import Actor
from omni.core.api import api_key, idempotent
from orders.api.serializers.acts import CancellationBody, CollectorNameBody, OrderHoldBody
from orders.api.serializers.order import OrderSerializer
from orders.api.serializers.place import AddressBody
from orders.api.views.orders import order_answer, visible_order
from orders.operations.cancel import cancel
from orders.operations.fix_address import fix_address
from orders.operations.hold_order import hold_order, unhold_order
from orders.operations.name_collector import name_collector


class Cancellation(APIView):
    """Units that are not wanted any more."""

    required_scopes = {"POST": "orders:write"}

    @extend_schema(
        operation_id="orders_cancel", tags=["orders"], request=CancellationBody, responses={200: OrderSerializer}
    )
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        """Cancel the named units, or everything that was not handed over or shipped yet."""
        body = CancellationBody(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        lines = [(each["reference"], each["quantity"]) for each in said["lines"]] if "lines" in said else None
        visible_order(request, number)
        by = Actor.of_key(api_key(request))
        cancel(number=number, reason=said["reason"], lines=lines, by=by, now=timezone.now())
        return _after(request, number)


class Collector(APIView):
    """Who comes for the pickups of an order."""

    required_scopes = {"POST": "orders:write"}

    @extend_schema(
        operation_id="orders_collector", tags=["orders"], request=CollectorNameBody, responses={200: OrderSerializer}
    )
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        """Somebody else than the customer, or the customer again; while something is left to collect."""
        body = CollectorNameBody(data=request.data)
        body.is_valid(raise_exception=True)
        visible_order(request, number)
        by = Actor.of_key(api_key(request))
        name_collector(number=number, name=body.validated_data["name"], by=by, now=timezone.now())
        return _after(request, number)


class ShippingAddress(APIView):
    """Where an order is sent instead."""

    required_scopes = {"POST": "orders:write"}

    @extend_schema(
        operation_id="orders_shipping_address", tags=["orders"], request=AddressBody, responses={200: OrderSerializer}
    )
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        """The whole new address. What no location has yet is planned anew in a moment, and `orders.moved` tells where
        it comes from instead; of what is released a person decides."""
        body = AddressBody(data=request.data)
        body.is_valid(raise_exception=True)
        visible_order(request, number)
        by = Actor.of_key(api_key(request))
        fix_address(number=number, address=body.validated_data, by=by, now=timezone.now())
        return _after(request, number)


class Hold(APIView):
    """Payment, fraud or address is looked at; no store gets the order meanwhile, its stock stays promised."""

    required_scopes = {"POST": "orders:write", "DELETE": "orders:write"}

    @extend_schema(operation_id="orders_hold", tags=["orders"], request=OrderHoldBody, responses={200: OrderSerializer})
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        """Keep the order from its stores; work that nobody has begun leaves their queues."""
        body = OrderHoldBody(data=request.data)
        body.is_valid(raise_exception=True)
        visible_order(request, number)
        by = Actor.of_key(api_key(request))
        hold_order(number=number, by=by, now=timezone.now(), **body.validated_data)
        return _after(request, number)

    @extend_schema(operation_id="orders_release_hold", tags=["orders"], request=None, responses={200: OrderSerializer})
    @idempotent
    def delete(self, request: Request, number: int) -> Response:
        """The question is settled: the work goes to its stores."""
        visible_order(request, number)
        unhold_order(number=number, by=Actor.of_key(api_key(request)), now=timezone.now())
        return _after(request, number)


def _after(request: Request, number: int) -> Response:
    return Response(order_answer(visible_order(request, number), api_key(request)))
