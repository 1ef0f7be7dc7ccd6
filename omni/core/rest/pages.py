"""Long lists come in pages that stay right while rows are added."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response


class CursorPages(CursorPagination):
    """`{"results": [...], "next": "https://..."}`, newest last unless the view orders otherwise."""

    ordering: str | tuple[str, ...] = "id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """One page; a cursor that nobody handed out is refused (400)."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as error:
            raise _invalid_cursor() from error

    def decode_cursor(self, request: Request) -> Any:
        """The place that the cursor names."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise _invalid_cursor() from error

    def get_paginated_response(self, data: Any) -> Response:
        """The page and where the next one is."""
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same for the schema."""
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "The next page, or null.",
                    "example": None,
                },
            },
        }


def _invalid_cursor() -> ParseError:
    return ParseError(_("This cursor is not one of ours. Begin without one."), code="invalid_cursor")
