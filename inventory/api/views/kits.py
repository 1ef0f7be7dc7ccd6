"""Kits: what they are made of, for whoever keeps the catalog."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.api.serializers.kits import KitQuery, KitRequest, KitSerializer
from inventory.models import KitComponent, Variant
from inventory.operations.define_kit import define_kit
from inventory.operations.end_kit import end_kit
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, api_key, idempotent
from omni.core.refusals import Invalid, NotAllowed

READ, WRITE = "catalog:read", "catalog:write"
TAGS = ["catalog"]


class Kits(ConditionalReads, GenericAPIView[Variant]):
    """All kits."""

    required_scopes = {"GET": READ}
    serializer_class = KitSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = Variant.objects.none()

    @extend_schema(
        operation_id="kits_list", tags=TAGS, parameters=[KitQuery], responses=KitSerializer(many=True)
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """With their parts."""
        asked, kits = KitQuery.read(request), _kits()
        if "component" in asked:
            kits = kits.filter(components__component__sku=asked["component"])
        page: Any = self.paginate_queryset(kits)
        return self.get_paginated_response(KitSerializer(page, many=True).data)


class OneKit(ConditionalReads, APIView):
    """What one kit is made of."""

    required_scopes = {"GET": READ, "PUT": WRITE, "DELETE": WRITE}

    @extend_schema(operation_id="kits_retrieve", tags=TAGS, responses=KitSerializer)
    def get(self, request: Request, sku: str) -> Response:
        """Its parts, and how many units of each; 404 for what is no kit."""
        return Response(KitSerializer(get_object_or_404(_kits(), sku=sku)).data)

    @extend_schema(operation_id="kits_define", tags=TAGS, request=KitRequest,
                   responses={200: KitSerializer, 201: KitSerializer})  # fmt: skip
    @idempotent
    def put(self, request: Request, sku: str) -> Response:
        """Sell a variant as a kit of these parts (201), or change what it is made of (200) for orders from now on.

        409 `has_stock` where units of its own SKU are known or on order; 422 names the part that cannot be one:
        `unknown_sku`, `own_part`, `nested` (a kit of kits) or `duplicate`.
        """
        by = _chain_wide(request)
        get_object_or_404(Variant, sku=sku)
        said = KitRequest.accept(request.data)
        components = _named_once(said["components"])
        is_new = not KitComponent.objects.filter(kit__sku=sku).exists()
        try:
            define_kit(sku=sku, components=components, may_split=said.get("may_split"), by=by)
        except Invalid as refusal:
            raise _pointed(refusal, list(components)) from refusal
        done = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(KitSerializer(_kits().get(sku=sku)).data, status=done)

    @extend_schema(operation_id="kits_end", tags=TAGS, request=None, responses={204: None})
    @idempotent
    def delete(self, request: Request, sku: str) -> Response:
        """No longer a kit: nothing can be had of it. The variant, and what was ordered of it, stay."""
        end_kit(sku=sku, by=_chain_wide(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _kits() -> QuerySet[Variant]:
    parts = KitComponent.objects.select_related("component")
    made = Variant.objects.filter(Exists(KitComponent.objects.filter(kit=OuterRef("pk"))))
    return made.select_related("product").prefetch_related(Prefetch("components", parts))


def _chain_wide(request: Request) -> Actor:
    """Who says so; what is sold is the chain's affair, so a key of some locations only reads it."""
    key = api_key(request)
    if key.locations:
        raise NotAllowed("limited_key", _("This key is limited to some locations; kits belong to the whole chain."))
    return Actor.of_key(key)


def _named_once(components: Sequence[dict[str, Any]]) -> dict[str, int]:
    units: dict[str, int] = {}
    for n, each in enumerate(components):
        if each["sku"] in units:
            raise _invalid("duplicate", _("%s is named twice: say its units once.") % each["sku"], n)
        units[each["sku"]] = each["quantity"]
    return units


def _pointed(refusal: Invalid, skus: list[str]) -> Invalid:
    """With the place of the part that it is about; without one it is about the kit."""
    about = refusal.extra.get("sku")
    return _invalid(refusal.code, str(refusal), skus.index(about) if about in skus else None)


def _invalid(code: str, detail: str, n: int | None) -> Invalid:
    pointer = "/components" if n is None else f"/components/{n}/sku"
    return Invalid(code, detail, errors=[{"pointer": pointer, "code": code, "detail": detail}])
