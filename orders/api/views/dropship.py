"""Orders out to dropship partners, and their answers."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, api_key, idempotent
from omni.core.refusals import Invalid
from orders.api.reach import work_of
from orders.api.serializers.dropship import (
    AcknowledgementBody,
    ConfirmationBody,
    DropshipOrderSerializer,
    DropshipQuery,
    DropshipShipmentBody,
    RefusalBody,
)
from orders.models import FulfillmentLine, FulfillmentOrder
from orders.operations.acknowledge import acknowledge
from orders.operations.confirm import confirm, withdraw_confirmation
from orders.operations.refuse_units import refuse_units
from orders.operations.ship_parcels import Left, ship_parcels
from orders.partner_orders import in_state, shown_partner_work

TAGS = ["dropship orders"]
ANSWER = {200: DropshipOrderSerializer}


def partner_work(request: Request) -> QuerySet[FulfillmentOrder]:
    """What partners got, within what the key may see."""
    return work_of(api_key(request)).of_partners()  # type: ignore[attr-defined]


def visible(request: Request, number: str) -> FulfillmentOrder:
    """404 for another partner's."""
    return get_object_or_404(shown_partner_work(partner_work(request)), number=number)


class DropshipOrders(ConditionalReads, GenericAPIView[FulfillmentOrder]):
    """All orders that the key's partners got."""

    required_scopes = {"GET": "dropship:read"}
    serializer_class = DropshipOrderSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = FulfillmentOrder.objects.none()

    @extend_schema(
        operation_id="dropship_orders_list", tags=TAGS, parameters=[DropshipQuery],
        responses=DropshipOrderSerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Oldest first; a partner's system asks for `state=new`."""
        asked = DropshipQuery.read(request)
        work = partner_work(request)
        if "location" in asked:
            work = work.filter(location__code=asked["location"])
        if "state" in asked:
            work = in_state(work, asked["state"])
        page = self.paginate_queryset(shown_partner_work(work))
        return self.get_paginated_response(DropshipOrderSerializer(page, many=True).data)


class OneDropshipOrder(ConditionalReads, APIView):
    """One order for a partner."""

    required_scopes = {"GET": "dropship:read"}

    @extend_schema(operation_id="dropship_orders_retrieve", tags=TAGS, responses=DropshipOrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        """What to ship where and by when."""
        return Response(DropshipOrderSerializer(visible(request, number)).data)


class Acknowledgement(APIView):
    """A partner's system has it."""

    required_scopes = {"POST": "dropship:write"}

    @extend_schema(operation_id="dropship_orders_acknowledge", tags=TAGS, request=AcknowledgementBody, responses=ANSWER)
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Not a promise yet; said again it changes nothing."""
        said = _said(AcknowledgementBody, request)
        visible(request, number)
        acknowledge(number=number, reference=said["reference"], by=_by(request), now=timezone.now())
        return _after(request, number)


class PartnerConfirmation(APIView):
    """A partner's word."""

    required_scopes = {"POST": "dropship:write", "DELETE": "dropship:write"}

    @extend_schema(operation_id="dropship_orders_confirm", tags=TAGS, request=ConfirmationBody, responses=ANSWER)
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Units that will leave, per line with their day; a later day than promised is told to the customer."""
        said = _said(ConfirmationBody, request)
        lines = _lines(visible(request, number), said.get("lines"))
        units = {line.pk: each.get("quantity", line.open_quantity) for line, each in lines}
        days = {line.pk: each["ships_on"] for line, each in lines if "ships_on" in each}
        confirm(
            number=number, units=units if "lines" in said else None, ships_on=said.get("ships_on"), days=days,
            by=_by(request), now=timezone.now(),
        )  # fmt: skip
        return _after(request, number)

    @extend_schema(operation_id="dropship_orders_withdraw_confirmation", tags=TAGS, responses=ANSWER)
    @idempotent
    def delete(self, request: Request, number: str) -> Response:
        """Take it back, until a parcel has left."""
        visible(request, number)
        withdraw_confirmation(number=number, by=_by(request), now=timezone.now())
        return _after(request, number)


class PartnerRefusal(APIView):
    """A partner's no."""

    required_scopes = {"POST": "dropship:write"}

    @extend_schema(operation_id="dropship_orders_refuse", tags=TAGS, request=RefusalBody, responses=ANSWER)
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Units that cannot leave; others are asked for them at once."""
        said = _said(RefusalBody, request)
        lines = _lines(visible(request, number), said.get("lines"))
        units = {line.pk: each.get("quantity", line.open_quantity) for line, each in lines}
        refuse_units(
            number=number, reason_code=said["reason"], units=units if "lines" in said else None, by=_by(request),
            now=timezone.now(),
        )  # fmt: skip
        return _after(request, number)


class PartnerShipments(APIView):
    """Parcels that left."""

    required_scopes = {"POST": "dropship:write"}

    @extend_schema(operation_id="dropship_orders_ship", tags=TAGS, request=DropshipShipmentBody, responses=ANSWER)
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """All of them are booked or none; one that was told before changes nothing. Shipping confirms, too."""
        said = _said(DropshipShipmentBody, request)
        work = visible(request, number)
        parcels = []
        for n, parcel in enumerate(said["parcels"]):
            lines = _lines(work, parcel.get("lines"), at=f"/parcels/{n}")
            units = {line.pk: each.get("quantity") for line, each in lines}
            parcels.append(Left(
                carrier=parcel["carrier"], tracking_number=parcel["tracking_number"], service=parcel["service"],
                weight_g=parcel.get("weight_g"), reference=parcel.get("reference", ""),
                units=units if "lines" in parcel else None,
            ))  # fmt: skip
        ship_parcels(number=number, parcels=parcels, by=_by(request), now=timezone.now())
        return _after(request, number)


def _said(body: Any, request: Request) -> dict[str, Any]:
    serializer = body(data=request.data)
    serializer.is_valid(raise_exception=True)
    accepted: dict[str, Any] = serializer.validated_data
    return accepted


def _lines(
    work: FulfillmentOrder, said: list[dict[str, Any]] | None, at: str = ""
) -> list[tuple[FulfillmentLine, dict[str, Any]]]:
    """What is said of which line; raises Invalid with a pointer to each that is unknown or named twice."""
    known = {line.order_line.reference: line for line in work.shown_lines}  # type: ignore[attr-defined]
    problems, seen = [], set()
    for n, each in enumerate(said or ()):
        pointer, reference = f"{at}/lines/{n}/reference", each["reference"]
        if reference not in known:
            detail = _("This order has no line %s.") % reference
            problems.append({"pointer": pointer, "code": "unknown_line", "detail": detail})
        elif reference in seen:
            problems.append({"pointer": pointer, "code": "repeated", "detail": _("Name each line once.")})
        seen.add(reference)
    if problems:
        raise Invalid("invalid_lines", _("This cannot be done as asked."), errors=problems)
    return [(known[each["reference"]], each) for each in said or ()]


def _by(request: Request) -> Actor:
    return Actor.of_key(api_key(request))


def _after(request: Request, number: str) -> Response:
    return Response(DropshipOrderSerializer(visible(request, number)).data)
