"""What is said when a request goes wrong, to a person as a page and to a machine as a problem."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from omni.core.problems import problem_response
from omni.core.sqlstates import is_away

API_PREFIX = "/api/"
RETRY_AFTER = 2  # seconds


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request itself cannot be read."""
    return error_answer(request, 400, "bad_request", _("This request cannot be read."))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Understood, but not for this person."""
    return error_answer(request, 403, "not_allowed", _("You may not do this."))


def foreign_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not drawn by us for this person, or so long ago that it no longer counts."""
    return not_allowed(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing here, or nothing this person may see."""
    return error_answer(request, 404, "not_found", _("There is nothing here, or nothing you may see."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault; where the database was away, say that and when to come back."""
    error = sys.exc_info()[1]
    if error is not None and is_away(error):
        return unavailable(request)
    return error_answer(request, 500, "server_error", _("Something went wrong on our side. It has been written down."))


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away or busy; nothing was done, the same request may be sent again."""
    detail = _("The store system is busy for a moment. Nothing was lost; try again.")
    return error_answer(request, 503, "unavailable", detail, retry_after=RETRY_AFTER)


def error_answer(
    request: HttpRequest, status: int, code: str, detail: str, *, retry_after: int | None = None
) -> HttpResponse:
    """One page for people and one shape for machines; the page asks the database nothing."""
    if request.path.startswith(API_PREFIX):
        return problem_response(status, code, detail, retry_after=retry_after)
    context: dict[str, Any] = {
        "status": status,
        "detail": detail,
        "request_id": getattr(request, "request_id", ""),
    }
    # A page about something missing has the usual frame; while something is broken the frame might break too.
    framed = request if status in {403, 404} else None
    response = HttpResponse(render_to_string("core/error.html", context, framed), status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
