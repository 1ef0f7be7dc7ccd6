"""What may be done with a return that was announced."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.actors import Actor
from omni.core.api import api_key, idempotent
from returns.api.serializers.bodies import ReceiptBody, ReturnCancellationBody
from returns.api.serializers.shown import ReturnSerializer
from returns.api.views.returns import place_named, visible_return
from returns.models import ReturnOrder
from returns.models.return_unit import UnitStatus
from returns.operations.give_up import cancel_return
from returns.operations.pay_back import asks, pay_back, received_units
from returns.operations.receive import Looked, receive


class Receipt(APIView):
    """What arrived."""

    required_scopes = {"POST": "returns:write"}

    @extend_schema(
        operation_id="returns_receive", tags=["returns"], request=ReceiptBody, responses={200: ReturnSerializer}
    )
    @idempotent
    def post(self, request: Request, rma_number: int) -> Response:
        """Book the units in where they are, and give their money back unless somebody has to approve it."""
        said = ReceiptBody.accept(request.data)
        found = visible_return(request, rma_number)
        key, now = api_key(request), timezone.now()
        place = place_named(said["location"], key)
        assert place is not None
        by = Actor.of_key(key)
        receive(rma_number=rma_number, looked=_looked(found, said), location=place, by=by, now=now)
        if said["refund"]:
            _pay(rma_number, by, now)
        return Response(ReturnSerializer(visible_return(request, rma_number)).data)


class Cancellation(APIView):
    """What will not come."""

    required_scopes = {"POST": "returns:write"}

    @extend_schema(
        operation_id="returns_cancel", tags=["returns"], request=ReturnCancellationBody,
        responses={200: ReturnSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request, rma_number: int) -> Response:
        """Nothing more is expected; what arrived before stays received."""
        said = ReturnCancellationBody.accept(request.data)
        visible_return(request, rma_number)
        cancel_return(rma_number=rma_number, reason=said["reason"], by=Actor.of_key(api_key(request)),
                      now=timezone.now())  # fmt: skip
        return Response(ReturnSerializer(visible_return(request, rma_number)).data)


def _looked(found: Any, said: dict[str, Any]) -> dict[int, Looked]:
    if "units" not in said:
        return {unit.pk: Looked() for unit in found.shown_units if unit.status == UnitStatus.AUTHORIZED}
    return {
        each["id"]: Looked(grade=each["grade"], disposition=each.get("disposition", ""), reason=each["reason"],
                           serial=each["serial"])
        for each in said["units"]
    }  # fmt: skip


def _pay(rma_number: int, by: Actor, now: Any) -> None:
    """A machine is nobody's second person: what needs one stays received, and waits in the store's list."""
    found = ReturnOrder.objects.lock(rma_number)
    if not asks(found, received_units(found), now=now):
        pay_back(rma_number=rma_number, by=by, now=now)
