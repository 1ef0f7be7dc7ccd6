"""Locations' systems ask for units, send and receive them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
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

from inventory.api.serializers.transfers import (
    TransferQuery,
    TransferReasonRequest,
    TransferReceiptRequest,
    TransferRequest,
    TransferSerializer,
    TransferUnitsRequest,
)
from inventory.models import Location, Transfer, TransferLine, Variant
from inventory.operations.answer_transfer import approve_transfer, cancel_transfer, decline_transfer
from inventory.operations.pick_transfer import ship_transfer
from inventory.operations.receive_transfer import finish_receiving, receive_scan
from inventory.operations.request_transfer import request_transfer
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, api_key, idempotent
from omni.core.operation import operation
from omni.core.refusals import Invalid

SENDER, RECEIVER = "from_location", "to_location"
TAGS = ["transfers"]


class Transfers(ConditionalReads, GenericAPIView[Transfer]):
    """Transfers from or to the key's locations."""

    required_scopes = {"GET": "inventory:read", "POST": "inventory:write"}
    serializer_class = TransferSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = Transfer.objects.none()

    @extend_schema(operation_id="transfers_list", tags=TAGS, parameters=[TransferQuery],
                   responses=TransferSerializer(many=True))  # fmt: skip
    def get(self, request: Request) -> Response:
        """Oldest first."""
        asked = TransferQuery.read(request)
        names = {"status": "status", "sender": "from_location__code", "receiver": "to_location__code"}
        found = _shown(_mine(request).filter(**{names[name]: asked[name] for name in names if name in asked}))
        page: Any = self.paginate_queryset(found)
        return self.get_paginated_response(TransferSerializer(page, many=True).data)

    @extend_schema(operation_id="transfers_create", tags=TAGS, request=TransferRequest,
                   responses={201: TransferSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask one location for units for another; nothing is kept until the sender approves."""
        said = TransferRequest.accept(request.data)
        places = Location.objects.filter(is_active=True)
        sender = _place(places, said["sender"], "/sender")
        receiver = _place(places.within(api_key(request).location_scopes), said["receiver"], "/receiver")
        units: dict[int, int] = {}
        for variant, line in zip(_variants(said["lines"]), said["lines"], strict=True):
            units[variant.pk] = units.get(variant.pk, 0) + line["quantity"]
        made = request_transfer(
            from_location_id=sender.pk, to_location_id=receiver.pk, units=units, note=said["note"], by=_by(request)
        )
        shown = _one(request, made.number)
        at = reverse("api-transfer", args=[made.number])
        return Response(TransferSerializer(shown).data, status=status.HTTP_201_CREATED, headers={"Location": at})


class OneTransfer(ConditionalReads, APIView):
    """One of them."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(operation_id="transfers_retrieve", tags=TAGS, responses=TransferSerializer)
    def get(self, request: Request, number: str) -> Response:
        """Where its units are."""
        return Response(TransferSerializer(_one(request, number)).data)


class Approval(APIView):
    """The sender's yes."""

    required_scopes = {"POST": "inventory:write"}

    @extend_schema(operation_id="transfers_approve", tags=TAGS, request=TransferUnitsRequest,
                   responses={200: TransferSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Keep the units at the sender: all, or of each line so many. 409 `insufficient_stock` says what there is."""
        said, found = TransferUnitsRequest.accept(request.data), _one(request, number, SENDER)
        units = _by_line(found, said["lines"]) if "lines" in said else None
        approve_transfer(number=number, units=units, by=_by(request), now=timezone.now())
        return _after(request, number)


class TransferDecline(APIView):
    """The sender's no."""

    required_scopes = {"POST": "inventory:write"}

    @extend_schema(operation_id="transfers_decline", tags=TAGS, request=TransferReasonRequest,
                   responses={200: TransferSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """With the reason."""
        said = TransferReasonRequest.accept(request.data)
        _one(request, number, SENDER)
        decline_transfer(number=number, reason=said["reason"], by=_by(request), now=timezone.now())
        return _after(request, number)


class TransferCancellation(APIView):
    """Called off before it left, from either end."""

    required_scopes = {"POST": "inventory:write"}

    @extend_schema(operation_id="transfers_cancel", tags=TAGS, request=TransferReasonRequest,
                   responses={200: TransferSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """What was kept is free again."""
        said = TransferReasonRequest.accept(request.data)
        _one(request, number)
        cancel_transfer(number=number, reason=said["reason"], by=_by(request), now=timezone.now())
        return _after(request, number)


class TransferShipment(APIView):
    """It left."""

    required_scopes = {"POST": "inventory:write"}

    @extend_schema(operation_id="transfers_ship", tags=TAGS, request=TransferUnitsRequest,
                   responses={200: TransferSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """All that was approved, or of each line so many; the rest is free again at the sender."""
        said, found = TransferUnitsRequest.accept(request.data), _one(request, number, SENDER)
        everything = {line.pk: line.approved_quantity for line in found.shown_lines}  # type: ignore[attr-defined]
        units = _by_line(found, said["lines"]) if "lines" in said else everything
        ship_transfer(number=number, units=units, by=_by(request), now=timezone.now())
        return _after(request, number)


class TransferReceipt(APIView):
    """It arrived, or some of it."""

    required_scopes = {"POST": "inventory:write"}

    @extend_schema(operation_id="transfers_receive", tags=TAGS, request=TransferReceiptRequest,
                   responses={200: TransferSerializer})  # fmt: skip
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Book what came, all lines or none; `rest` says that nothing more is scanned, and what of the missing."""
        said = TransferReceiptRequest.accept(request.data)
        _one(request, number, RECEIVER)
        _receive(number, said, _by(request))
        return _after(request, number)


@operation
def _receive(number: str, said: dict[str, Any], by: Actor) -> None:
    now = timezone.now()
    for variant, line in zip(_variants(said["lines"]), said["lines"], strict=True):
        receive_scan(number=number, code=variant.sku, units=line["quantity"], kind=line["kind"], by=by, now=now)
    if "rest" in said:
        finish_receiving(number=number, is_rest_lost=said["rest"] == "lost", by=by, now=now)


def _by(request: Request) -> Actor:
    return Actor.of_key(api_key(request))


def _mine(request: Request) -> QuerySet[Transfer]:
    scopes = api_key(request).location_scopes
    if scopes is None:
        return Transfer.objects.all()
    places = Location.objects.within(scopes).values("pk")
    return Transfer.objects.filter(Q(from_location__in=places) | Q(to_location__in=places))


def _shown(found: QuerySet[Transfer]) -> QuerySet[Transfer]:
    lines = TransferLine.objects.select_related("variant").order_by("pk")
    return found.select_related("from_location", "to_location").prefetch_related(
        Prefetch("lines", queryset=lines, to_attr="shown_lines")
    )


def _one(request: Request, number: str, end: str = "") -> Transfer:
    """404 for what the key may not see; with an `end` its location has to be the key's."""
    found = _shown(_mine(request))
    scopes = api_key(request).location_scopes
    if end and scopes is not None:
        found = found.filter(**{f"{end}__in": Location.objects.within(scopes).values("pk")})
    return get_object_or_404(found, number=number)


def _after(request: Request, number: str) -> Response:
    return Response(TransferSerializer(_one(request, number)).data)


def _place(places: QuerySet[Location], code: str, pointer: str) -> Location:
    place = places.filter(code=code).first()
    if place is None:
        problem = {"pointer": pointer, "code": "unknown_location", "detail": _("No location of this key: %s.") % code}
        raise Invalid("unknown_location", _("A location is not known."), errors=[problem])
    return place


def _variants(lines: Sequence[dict[str, Any]]) -> list[Variant]:
    found = {variant.sku: variant for variant in Variant.objects.filter(sku__in=[line["sku"] for line in lines])}
    problems = [
        {"pointer": f"/lines/{n}/sku", "code": "unknown_sku", "detail": _("No item has the SKU %s.") % line["sku"]}
        for n, line in enumerate(lines) if line["sku"] not in found
    ]  # fmt: skip
    if problems:
        raise Invalid("unknown_sku", _("Some items are not known."), errors=problems)
    return [found[line["sku"]] for line in lines]


def _by_line(found: Transfer, lines: Sequence[dict[str, Any]]) -> dict[int, int]:
    """SKUs as the ids that the act knows; what nobody names is none."""
    ids = {line.variant.sku: line.pk for line in found.shown_lines}  # type: ignore[attr-defined]
    problems = [
        {"pointer": f"/lines/{n}/sku", "code": "unknown_line", "detail": _("This transfer has no %s.") % line["sku"]}
        for n, line in enumerate(lines) if line["sku"] not in ids
    ]  # fmt: skip
    if problems:
        raise Invalid("invalid_lines", _("This cannot be done as asked."), errors=problems)
    return {ids[line["sku"]]: line["quantity"] for line in lines}
