"""Returns are announced, read back and listed."""

import base64
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, ProblemSerializer, api_key, idempotent
from omni.core.models import ApiKey
from omni.core.problems import CONTENT_TYPE
from omni.core.refusals import Invalid
from returns.api.reach import orders_to_return, returns_of
from returns.api.serializers import examples
from returns.api.serializers.bodies import ReturnBody
from returns.api.serializers.shown import LabelSerializer, ReturnQuery, ReturnSerializer, shown
from returns.models import ReturnLabel, ReturnOrder
from returns.operations.authorize import Wanted, authorize
from returns.operations.blind import add_blind_unit, open_blind

REFUSED = OpenApiResponse(
    ProblemSerializer, "Something cannot come back, with the reason for each line.",
    [OpenApiExample("Too many", value=examples.REFUSED, media_type=CONTENT_TYPE, status_codes=["409"])],
)  # fmt: skip
Channel = ReturnOrder.Channel


def visible_return(request: Request, rma_number: int) -> ReturnOrder:
    """The return with everything that is told of it; 404 for what the key may not see."""
    return get_object_or_404(shown(returns_of(api_key(request))), rma_number=rma_number)


def place_named(code: str | None, key: ApiKey, pointer: str = "/location") -> Location | None:
    """A location that the key may use."""
    if not code:
        return None
    place = Location.objects.within(key.location_scopes).active().filter(code=code).first()
    if place is None:
        problem = {"pointer": pointer, "code": "unknown_location", "detail": _("There is no such location.")}
        raise Invalid("unknown_location", _("There is no location %s.") % code, errors=[problem])
    return place


class Returns(ConditionalReads, GenericAPIView[ReturnOrder]):
    """All returns that the key may see."""

    required_scopes = {"GET": "returns:read", "POST": "returns:write"}
    serializer_class = ReturnSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = ReturnOrder.objects.none()

    @extend_schema(
        operation_id="returns_list", tags=["returns"], parameters=[ReturnQuery], responses=ReturnSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Oldest first."""
        asked = ReturnQuery.read(request)
        returns = returns_of(api_key(request))
        columns = {"order": "order__number", "location": "location__code", "status": "status"}
        returns = returns.filter(**{columns[name]: asked[name] for name in columns if name in asked})
        page = self.paginate_queryset(shown(returns))
        return self.get_paginated_response(ReturnSerializer(page or (), many=True).data)

    @extend_schema(
        operation_id="returns_announce", tags=["returns"], request=ReturnBody,
        responses={201: ReturnSerializer, (409, CONTENT_TYPE): REFUSED},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Announce a return; by mail it gets a label within moments. What a lead must decide on waits for them."""
        said = ReturnBody.accept(request.data)
        key = api_key(request)
        place = place_named(said.get("location"), key)
        opened = _of_order(said, key, place) if "order" in said else _of_nobody(said, key, place)
        answer = ReturnSerializer(visible_return(request, opened.rma_number)).data
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": answer["links"]["self"]})


class OneReturn(ConditionalReads, APIView):
    """One return."""

    required_scopes = {"GET": "returns:read"}

    @extend_schema(operation_id="returns_retrieve", tags=["returns"], responses=ReturnSerializer)
    def get(self, request: Request, rma_number: int) -> Response:
        """How far each unit is, and its money."""
        return Response(ReturnSerializer(visible_return(request, rma_number)).data)


class Label(APIView):
    """The label of a mail return."""

    required_scopes = {"GET": "returns:read"}

    @extend_schema(operation_id="returns_label", tags=["returns"], responses=LabelSerializer)
    def get(self, request: Request, rma_number: int) -> Response:
        """404 until the carrier has made it."""
        found = visible_return(request, rma_number)
        label = get_object_or_404(ReturnLabel, return_order=found, status=ReturnLabel.Status.BOUGHT)
        pdf = base64.b64encode(bytes(label.pdf or b"")).decode()
        return Response({
            "status": label.status, "carrier": label.carrier, "service": label.service,
            "tracking_number": label.tracking_number, "pdf": pdf, "zpl": label.zpl,
        })  # fmt: skip


def _of_order(said: dict[str, Any], key: ApiKey, place: Location | None) -> ReturnOrder:
    order = orders_to_return(key).filter(number=int(said["order"])).first()
    if order is None:
        raise _problem("/order", "unknown_order", _("There is no such order."))
    if said["channel"] != Channel.MAIL and place is None:
        raise _problem("/location", "location_required", _("Say where it is received."))
    for n, line in enumerate(said["lines"]):
        if "reference" not in line:
            raise _problem(f"/lines/{n}/reference", "required", _("Name the line of the order."))
    wanted = [
        Wanted(reference=line["reference"], quantity=line["quantity"], reason=line["reason"], serial=line["serial"])
        for line in said["lines"]
    ]
    return authorize(
        order_number=order.number, wanted=wanted, channel=said["channel"], location=place, note=said["note"],
        override=True, by=Actor.of_key(key), now=timezone.now(),
    )  # fmt: skip


def _of_nobody(said: dict[str, Any], key: ApiKey, place: Location | None) -> ReturnOrder:
    """A parcel whose purchase nobody knows; at a desk an ID is needed, and that is not the API's work."""
    if said["channel"] != Channel.UNANNOUNCED:
        raise _problem("/order", "order_required", _("Without an order only an unannounced parcel can be taken in."))
    if place is None:
        raise _problem("/location", "location_required", _("Say where it is received."))
    by, now = Actor.of_key(key), timezone.now()
    opened = open_blind(location=place, id_kind="", id_reference="", by=by, now=now, note=said["note"],
                        channel=Channel.UNANNOUNCED)  # fmt: skip
    for n, line in enumerate(said["lines"]):
        if "sku" not in line:
            raise _problem(f"/lines/{n}/sku", "required", _("Name the item."))
        for _unit in range(line["quantity"]):
            add_blind_unit(rma_number=opened.rma_number, code=line["sku"], reason=line["reason"], override=True, by=by,
                           now=now)  # fmt: skip
    return opened


def _problem(pointer: str, code: str, detail: str) -> Invalid:
    return Invalid("invalid_return", detail, errors=[{"pointer": pointer, "code": code, "detail": detail}])
