"""The kernel's own resources: the event feed, and who is told of it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, HasScope, api_key, idempotent
from omni.core.api_serializers import (
    DeliverySerializer,
    EndpointSerializer,
    EndpointWithSecretSerializer,
    EventPageSerializer,
    EventSerializer,
    FeedQuery,
    NewEndpointSerializer,
    ReplayedSerializer,
    ReplaySerializer,
)
from omni.core.events import kept_inside
from omni.core.models import ApiKey, Event, WebhookDelivery, WebhookEndpoint
from omni.core.operations.webhook_endpoints import create_endpoint, replay_events, retire_endpoint, rotate_secret


class WholeHouse(BasePermission):
    """Events tell of every store and channel, so a key that is limited to some may not read them."""

    message = _("This key is limited to channels or locations; events tell of all.")
    code = "limited_key"

    def has_permission(self, request: Request, view: Any) -> bool:
        """True for a key without limits."""
        return isinstance(request.auth, ApiKey) and not request.auth.is_limited


class Events(ConditionalReads, APIView):
    """The feed of all events, in the order in which they became known."""

    permission_classes = [HasScope, WholeHouse]
    required_scopes = {"GET": "events:read"}

    @extend_schema(operation_id="events_list", parameters=[FeedQuery], responses=EventPageSerializer)
    def get(self, request: Request) -> Response:
        """Events after a position. Positions never appear out of order; those of the house's own notes are left out."""
        asked = FeedQuery.read(request)
        events = Event.objects.stamped().after(asked["after"]).exclude(topic__in=kept_inside())
        if "type" in asked:
            events = events.filter(topic=asked["type"])
        found = list(events[: asked["limit"] + 1])
        page = found[: asked["limit"]]
        last = int(page[-1].position or 0) if page else asked["after"]
        return Response(
            {
                "results": [EventSerializer(event).data for event in page],
                "next": self._next(request, last) if len(found) > len(page) else None,
                "last_position": last,
            }
        )

    @staticmethod
    def _next(request: Request, after: int) -> str:
        query = request.query_params.copy()
        query["after"] = str(after)
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


class Endpoints(ConditionalReads, GenericAPIView[WebhookEndpoint]):
    """The addresses that are told of events."""

    permission_classes = [HasScope, WholeHouse]
    required_scopes = {"GET": "webhooks:read", "POST": "webhooks:write"}
    serializer_class = EndpointSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        """Those that are told now."""
        return WebhookEndpoint.objects.filter(is_active=True)

    @extend_schema(operation_id="webhook_endpoints_list", responses=EndpointSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All addresses, oldest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(EndpointSerializer(page, many=True).data)

    @extend_schema(
        operation_id="webhook_endpoints_create",
        request=NewEndpointSerializer,
        responses={201: EndpointWithSecretSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Tell a new address; the answer shows the signing secret once."""
        body = NewEndpointSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        endpoint = create_endpoint(**body.validated_data, by=Actor.of_key(api_key(request)))
        return Response(EndpointWithSecretSerializer(endpoint).data, status=status.HTTP_201_CREATED)


class Endpoint(ConditionalReads, APIView):
    """One address."""

    permission_classes = [HasScope, WholeHouse]
    required_scopes = {"GET": "webhooks:read", "DELETE": "webhooks:write"}

    @extend_schema(operation_id="webhook_endpoints_retrieve", responses=EndpointSerializer)
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """The address and its topics, without the secret."""
        return Response(EndpointSerializer(_active(endpoint_id)).data)

    @extend_schema(operation_id="webhook_endpoints_delete", responses={204: None})
    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        """Tell it nothing more."""
        retire_endpoint(_active(endpoint_id), by=Actor.of_key(api_key(request)))
        return Response(status=status.HTTP_204_NO_CONTENT)


class EndpointSecret(APIView):
    """The signing secret."""

    permission_classes = [HasScope, WholeHouse]
    required_scopes = {"POST": "webhooks:write"}

    @extend_schema(
        operation_id="webhook_endpoints_rotate_secret", request=None, responses={201: EndpointWithSecretSerializer}
    )
    @idempotent
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """A new secret, shown once; for 24 hours messages carry both signatures."""
        endpoint = rotate_secret(_active(endpoint_id))
        return Response(EndpointWithSecretSerializer(endpoint).data, status=status.HTTP_201_CREATED)


class EndpointReplay(APIView):
    """Sending again."""

    permission_classes = [HasScope, WholeHouse]
    required_scopes = {"POST": "webhooks:write"}

    @extend_schema(
        operation_id="webhook_endpoints_replay", request=ReplaySerializer, responses={202: ReplayedSerializer}
    )
    @idempotent
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Queue again what came after a position; the ids stay the same, so the receiver can tell repetitions."""
        body = ReplaySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        queued, last = replay_events(_active(endpoint_id), after=body.validated_data["after"])
        return Response({"queued": queued, "last_position": last}, status=status.HTTP_202_ACCEPTED)


class NewestFirst(CursorPages):
    """A log is read from its end."""

    ordering = "-position"


class EndpointDeliveries(ConditionalReads, ListAPIView[WebhookDelivery]):
    """The delivery log of one address."""

    permission_classes = [HasScope, WholeHouse]
    required_scopes = {"GET": "webhooks:read"}
    serializer_class = DeliverySerializer
    pagination_class = NewestFirst
    filter_backends: list[Any] = []
    queryset = WebhookDelivery.objects.none()

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        """The log, newest first."""
        endpoint = _active(self.kwargs["endpoint_id"])
        return WebhookDelivery.objects.filter(endpoint=endpoint).select_related("event")

    @extend_schema(operation_id="webhook_endpoints_deliveries")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What was sent, what was answered, and when it is tried again."""
        return self.list(request, *args, **kwargs)


def _active(endpoint_id: UUID) -> WebhookEndpoint:
    return get_object_or_404(WebhookEndpoint, pk=endpoint_id, is_active=True)
