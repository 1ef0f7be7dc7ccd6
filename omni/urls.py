"""Every address of the house."""

from importlib.util import find_spec
from typing import Any

from django.contrib import admin
from django.urls import include, path

from omni.core.views import errors, schema

APPS = ["inventory", "customers", "orders", "returns"]

api: list[Any] = [
    path("schema/", schema.openapi, name="schema"),
    path("", include("omni.core.api_urls")),
    *(path("", include(f"{app}.api.urls")) for app in APPS if find_spec(f"{app}.api.urls")),
]
urlpatterns = [
    path("api/v1/", include(api)),
    path("api/docs/", schema.docs, name="docs"),
    path("hq/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("omni.core.urls")),
    *(path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")),
]
handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.server_error
