"""The kernel's own resources."""

from django.urls import path

from omni.core import api_views

ENDPOINT = "webhook-endpoints/<uuid:endpoint_id>"

urlpatterns = [
    path("events", api_views.Events.as_view(), name="api-events"),
    path("webhook-endpoints", api_views.Endpoints.as_view(), name="api-webhook-endpoints"),
    path(ENDPOINT, api_views.Endpoint.as_view(), name="api-webhook-endpoint"),
    path(f"{ENDPOINT}/secret", api_views.EndpointSecret.as_view(), name="api-webhook-secret"),
    path(f"{ENDPOINT}/replay", api_views.EndpointReplay.as_view(), name="api-webhook-replay"),
    path(f"{ENDPOINT}/deliveries", api_views.EndpointDeliveries.as_view(), name="api-webhook-deliveries"),
]
