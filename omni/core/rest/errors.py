"""Whatever goes wrong in the API is answered in one shape."""

import logging
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions
from rest_framework.response import Response

from omni.core.problems import CONTENT_TYPE, problem
from omni.core.refusals import Refusal
from omni.core.rest.parsers import TooLarge
from omni.core.sqlstates import is_away

logger = logging.getLogger(__name__)

RETRY_AFTER = 2  # seconds


class RefusedRequest(exceptions.APIException):
    """A Refusal on its way through rest_framework."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(detail=str(refusal.message), code=refusal.code)
        self.status_code = refusal.status
        self.refusal = refusal
        self.wait = refusal.extra.get("retry_after")


class Unavailable(exceptions.APIException):
    """The database is away or busy; nothing was done, the same request may be sent again."""

    status_code = 503
    default_code = "unavailable"
    default_detail = _("The store system is busy for a moment. Nothing was done; send the same request again.")
    wait = RETRY_AFTER


class Unacceptable(exceptions.APIException):
    """A value that no column can hold and no serializer caught."""

    status_code = 400
    default_code = "unacceptable_value"
    default_detail = _("A value is outside of what can be kept.")


class ProblemHandler(ExceptionHandler):
    """Give each exception that has a meaning its status."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        """Django's and our own exceptions as rest_framework's."""
        if isinstance(exc, Refusal):
            return RefusedRequest(exc)
        if is_away(exc):
            logger.warning("database unavailable: %s %s", type(exc).__name__, str(exc)[:200])
            return Unavailable()
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, DataError):
            logger.error("a value reached the database that no serializer caught", exc_info=exc)
            return Unacceptable()
        if isinstance(exc, (BadRequest, SuspiciousOperation)):
            return exceptions.ParseError(code="bad_request")
        if isinstance(exc, Http404):
            return exceptions.NotFound()
        return super().convert_known_exceptions(exc)

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        """The problem, under its media type."""
        return Response(data, status=exc.status_code, headers=self.get_headers(exc), content_type=CONTENT_TYPE)


class ProblemFormatter(ExceptionFormatter):
    """rest_framework's details as a problem with JSON pointers."""

    def run(self) -> dict[str, Any]:
        """The body of the answer."""
        exc = self.exc
        if isinstance(exc, RefusedRequest):
            refusal = exc.refusal
            return problem(refusal.status, refusal.code, refusal.message, errors=refusal.errors, **refusal.extra)
        if isinstance(exc, exceptions.ValidationError):
            errors = pointed(exc.detail)
            detail = _("The request has %(count)d field(s) that cannot be accepted.") % {"count": len(errors)}
            return problem(exc.status_code, "invalid_request", detail, errors=errors)
        return problem(exc.status_code, _code(exc), exc.detail if isinstance(exc.detail, str) else exc.default_detail)


def _code(exc: exceptions.APIException) -> str:
    codes = exc.get_codes()
    return codes if isinstance(codes, str) else exc.default_code


def pointed(detail: Any, pointer: str = "") -> list[dict[str, Any]]:
    """Nested errors as a flat list, each with the JSON pointer of what it is about."""
    if isinstance(detail, dict):
        return [
            error
            for name, inner in detail.items()
            for error in pointed(inner, pointer if name == "non_field_errors" else f"{pointer}/{_escaped(name)}")
        ]
    if isinstance(detail, list):
        return [
            error
            for index, inner in enumerate(detail)
            for error in pointed(inner, pointer if isinstance(inner, str) else f"{pointer}/{index}")
        ]
    return [{"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}]


def _escaped(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
