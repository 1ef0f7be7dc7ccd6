"""What the API is, for machines and for people; open to everybody."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request


class _Written(NamedTuple):
    content: bytes
    headers: dict[str, str]


_written: dict[tuple[str, ...], _Written] = {}  # by what is served, form and language
KEPT = ("Content-Type", "Content-Disposition")


class OpenApi(SpectacularAPIView):
    """It follows from the code alone, and writing it takes seconds: each process writes it once in each language."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The schema, in the form that was asked for."""
        if request.query_params:  # another version or language of it
            return super().get(request, *args, **kwargs)
        key = settings.ROOT_URLCONF, request.accepted_renderer.media_type, get_language() or ""
        if key in _written:
            return HttpResponse(_written[key].content, headers=_written[key].headers)
        response = super().get(request, *args, **kwargs)
        response.add_post_render_callback(lambda rendered: _keep(key, rendered))
        return response


def _keep(key: tuple[str, ...], rendered: HttpResponse) -> None:
    if rendered.status_code == 200:
        _written[key] = _Written(rendered.content, {name: rendered[name] for name in KEPT if name in rendered})


openapi = OpenApi.as_view()
docs = SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="core/api_docs.html")
