"""Keep units for a cart, and give them back."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from inventory.api.reach import channel_of
from inventory.api.serializers.holds import HoldRequest, HoldSerializer
from inventory.models import Hold, Location
from inventory.operations.hold import release_hold
from inventory.operations.hold_cart import CartLine, hold_cart
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, api_key, idempotent
from omni.core.refusals import Refusal


class Holds(APIView):
    """Carts that keep their units."""

    required_scopes = {"POST": "orders:write"}

    @extend_schema(operation_id="holds_create", tags=["holds"], request=HoldRequest, responses={201: HoldSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Keep all lines, or none (409 names what there is)."""
        body = HoldRequest(data=request.data)
        body.is_valid(raise_exception=True)
        key = api_key(request)
        hold = hold_cart(
            lines=[CartLine(**line) for line in body.validated_data["lines"]],
            places=Location.objects.within(key.location_scopes),
            channel=channel_of(key, body.validated_data),
            expires_in=body.validated_data["expires_in"],
            owner=Actor.of_key(key).label,
            now=timezone.now(),
        )
        at = reverse("api-hold", args=[hold.pk])
        return Response(HoldSerializer(hold).data, status=status.HTTP_201_CREATED, headers={"Location": at})


class OneHold(ConditionalReads, APIView):
    """One cart's units."""

    required_scopes = {"GET": "orders:read", "DELETE": "orders:write"}

    @extend_schema(operation_id="holds_retrieve", tags=["holds"], responses=HoldSerializer)
    def get(self, request: Request, hold_id: UUID) -> Response:
        """What is kept, and until when."""
        return Response(HoldSerializer(_mine(request, hold_id)).data)

    @extend_schema(operation_id="holds_release", tags=["holds"], request=None, responses={204: None})
    @idempotent
    def delete(self, request: Request, hold_id: UUID) -> Response:
        """Give the units back; a hold that ended by itself is no error, one that became an order is (409)."""
        by = Actor.of_key(api_key(request))
        hold = release_hold(hold_id=_mine(request, hold_id).pk, by=by, now=timezone.now())
        if hold.status == Hold.Status.USED:
            raise Refusal("hold_used", _("An order took these units. Cancel the order instead."))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _mine(request: Request, hold_id: UUID) -> Hold:
    return get_object_or_404(Hold, pk=hold_id, owner=Actor.of_key(api_key(request)).label)
