"""The shape of every error that a machine gets to read: RFC 9457."""

import json
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"


def problem(
    status: int, code: str, detail: Any, *, errors: list[dict[str, Any]] | None = None, **extra: Any
) -> dict[str, Any]:
    """The body of one error answer; `errors` name the places in the request by JSON pointer."""
    return {
        **extra,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "code": code,
        "errors": errors or [],
    }


def problem_response(status: int, code: str, detail: Any, *, retry_after: int | None = None) -> HttpResponse:
    """The same as a response, for what never reaches a view of the API."""
    body = json.dumps(problem(status, code, detail), cls=DjangoJSONEncoder)
    response = HttpResponse(body, status=status, content_type=CONTENT_TYPE)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
