"""Every address of the house."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from omni.core.views import errors, schema

api: list[URLPattern | URLResolver] = [
    path("schema/", schema.openapi, name="schema"),
    path("", include("omni.core.api_urls")),
    path("", include("inventory.api.urls")),
    path("", include("customers.api.urls")),
    path("", include("orders.api.urls")),
    path("", include("returns.api.urls")),
]
urlpatterns = [
    path("api/v1/", include(api)),
    path("api/docs/", schema.docs, name="docs"),
    path("hq/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("omni.core.urls")),
    path("", include("inventory.urls")),
    path("", include("customers.urls")),
    path("", include("orders.urls")),
    path("", include("returns.urls")),
]
handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.server_error
