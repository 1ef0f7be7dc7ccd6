"""Long lists come in pages that stay right while rows are added."""

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class CursorPages(CursorPagination):
    """`{"results": [...], "next": "https://..."}`, newest last unless the view orders otherwise."""

    ordering = "id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"

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
                },
            },
        }
