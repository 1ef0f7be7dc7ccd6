"""Stock, its locations and what is sold, for machines."""

from django.urls import path

from inventory.api.views import availability, catalog, holds, movements, places

urlpatterns = [
    path("availability", availability.Availability.as_view(), name="api-availability"),
    path("holds", holds.Holds.as_view(), name="api-holds"),
    path("holds/<uuid:hold_id>", holds.OneHold.as_view(), name="api-hold"),
    path("inventory/movements", movements.Movements.as_view(), name="api-movements"),
    path("locations", places.Locations.as_view(), name="api-locations"),
    path("locations/<str:code>", places.OneLocation.as_view(), name="api-location"),
    path("products", catalog.Products.as_view(), name="api-products"),
    path("variants", catalog.Variants.as_view(), name="api-variants"),
    path("variants/<path:sku>", catalog.OneVariant.as_view(), name="api-variant"),
]
