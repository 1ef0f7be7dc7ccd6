"""What a location's own system, or a desk that is not ours, may do with its work.

Picking and staging are not among them: a pick list belongs to a person, and a system that picks by itself reports
the shipment.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.actors import Actor
from omni.core.api import api_key, idempotent
from omni.core.refusals import Invalid
from orders.api.serializers.acts import AcceptanceBody, ArrivalBody, DeclineBody, HandOverBody, PackBody, ShipmentBody
from orders.api.serializers.work import WorkSerializer
from orders.api.views.work import visible_work
from orders.models import FulfillmentOrder
from orders.operations.accept import accept
from orders.operations.arrive import Car, arrive, call_off, on_my_way
from orders.operations.decline import decline
from orders.operations.hand_over import AgeCheck, Collector, hand_over
from orders.operations.pack import Box, pack
from orders.operations.ship import ship

TAGS = ["fulfillment orders"]


class Acceptance(APIView):
    """A location's yes."""

    required_scopes = {"POST": "fulfillment:write"}

    @extend_schema(
        operation_id="fulfillment_orders_accept", tags=TAGS, request=AcceptanceBody, responses={200: WorkSerializer}
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Confirm released work; of a store's, parcels only. What is not accepted by `confirm_by` goes elsewhere."""
        _said(AcceptanceBody, request)
        visible_work(request, number)
        accept(number=number, by=Actor.of_key(api_key(request)), now=timezone.now())
        return _after(request, number)


class Decline(APIView):
    """A location's no."""

    required_scopes = {"POST": "fulfillment:write"}

    @extend_schema(
        operation_id="fulfillment_orders_decline", tags=TAGS, request=DeclineBody, responses={200: WorkSerializer}
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Parcels are promised from elsewhere at once; the customer of a pickup is asked."""
        said = _said(DeclineBody, request)
        visible_work(request, number)
        decline(number=number, reason=said["reason"], by=Actor.of_key(api_key(request)), now=timezone.now())
        return _after(request, number)


class Pack(APIView):
    """Parcels of a picked order."""

    required_scopes = {"POST": "fulfillment:write"}

    @extend_schema(operation_id="fulfillment_orders_pack", tags=TAGS, request=PackBody, responses={200: WorkSerializer})
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Close parcels of work that is staged; their labels are bought or noted when they leave."""
        said = _said(PackBody, request)
        work = visible_work(request, number)
        by, now = Actor.of_key(api_key(request)), timezone.now()
        for n, parcel in enumerate(said["parcels"]):
            units = _units(work, parcel["lines"], at=f"/parcels/{n}") if "lines" in parcel else None
            length_width_height = tuple(parcel["size_mm"]) if "size_mm" in parcel else None
            box = Box(parcel.get("carton", ""), length_width_height, parcel.get("weight_g"))
            pack(number=number, box=box, units=units, by=by, now=now)
        return _after(request, number)


class Shipment(APIView):
    """A parcel that left."""

    required_scopes = {"POST": "fulfillment:write"}

    @extend_schema(
        operation_id="fulfillment_orders_ship", tags=TAGS, request=ShipmentBody, responses={200: WorkSerializer}
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Parcels that left with a carrier; stock and money follow each. A partner's shipment confirms its work too."""
        said = _said(ShipmentBody, request)
        work = visible_work(request, number)
        by, now = Actor.of_key(api_key(request)), timezone.now()
        for n, parcel in enumerate(said.get("parcels") or [{**said, "service": ""}]):
            units = _units(work, parcel["lines"], at=f"/parcels/{n}") if "lines" in parcel else None
            ship(
                number=number, carrier=parcel["carrier"], tracking_number=parcel["tracking_number"],
                service=parcel["service"], weight_g=parcel.get("weight_g"), units=units,
                shipment=parcel.get("shipment"), by=by, now=now,
            )  # fmt: skip
        return _after(request, number)


class HandOver(APIView):
    """Ready items given to their collector."""

    required_scopes = {"POST": "fulfillment:write"}

    @extend_schema(
        operation_id="fulfillment_orders_hand_over", tags=TAGS, request=HandOverBody, responses={200: WorkSerializer}
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """By the customer's code, or a photo ID checked by name; all of it or some, the rest stays ready."""
        said = _said(HandOverBody, request)
        work = visible_work(request, number)
        hand_over(
            number=number,
            collector=Collector(check=said["check"], code=said["code"], name=said["name"], note=said["note"]),
            units=_units(work, said["lines"]) if "lines" in said else None,
            cancel_remaining=said["cancel_remaining"],
            ship_remaining_to=said.get("ship_remaining_to"),
            age=AgeCheck(**said["age_check"]) if "age_check" in said else None,
            by=Actor.of_key(api_key(request)),
            now=timezone.now(),
        )
        return _after(request, number)


class Arrival(APIView):
    """A customer comes for a pickup."""

    required_scopes = {"POST": "fulfillment:write"}

    @extend_schema(
        operation_id="fulfillment_orders_arrival", tags=TAGS, request=ArrivalBody, responses={200: WorkSerializer}
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """On the way, there with bay and car, or not after all; legal before it is ready."""
        said = _said(ArrivalBody, request)
        visible_work(request, number)
        by, now = Actor.of_key(api_key(request)), timezone.now()
        looks = said.get("car", {})
        car = Car(bay=said.get("bay"), car=looks.get("model"), color=looks.get("color"))
        if said["state"] == "called_off":
            call_off(number=number, by=by, now=now)
        elif said["state"] == "arrived":
            arrive(number=number, car=car, by=by, now=now, at=said.get("arrived_at"))
        else:
            on_my_way(number=number, car=car, by=by, now=now)
        return _after(request, number)


def _said(body: Any, request: Request) -> dict[str, Any]:
    serializer = body(data=request.data)
    serializer.is_valid(raise_exception=True)
    accepted: dict[str, Any] = serializer.validated_data
    return accepted


def _units(work: FulfillmentOrder, lines: list[dict[str, Any]], at: str = "") -> dict[int, int]:
    """References of the order's lines as the ids that the act knows."""
    ids = {line.order_line.reference: line.pk for line in work.shown_lines}  # type: ignore[attr-defined]
    units: dict[int, int] = {}
    problems = []
    for n, line in enumerate(lines):
        reference = line["reference"]
        if reference not in ids:
            detail = _("This work has no line %s.") % reference
            problems.append({"pointer": f"{at}/lines/{n}/reference", "code": "unknown_line", "detail": detail})
        elif ids[reference] in units:
            detail = _("Name each line once.")
            problems.append({"pointer": f"{at}/lines/{n}/reference", "code": "repeated", "detail": detail})
        else:
            units[ids[reference]] = line["quantity"]
    if problems:
        raise Invalid("invalid_lines", _("This cannot be done as asked."), errors=problems)
    return units


def _after(request: Request, number: str) -> Response:
    return Response(WorkSerializer(visible_work(request, number)).data)
