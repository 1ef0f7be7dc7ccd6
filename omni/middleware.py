"""What happens to every request on its way in and every answer on its way out."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from omni.core import device_session, kept, practice
from omni.core.models import PracticeStore
from omni.core.problems import CONTENT_TYPE
from omni.core.refusals import Refusal
from omni.core.sqlstates import is_away
from omni.core.views.errors import API_PREFIX, error_answer, unavailable
from omni.core.web import LOCATION_IN_SESSION, show_refusal

log = structlog.get_logger(__name__)

Next = Callable[[HttpRequest], HttpResponse]
MACHINES = {"application/json", CONTENT_TYPE}
GIVEN_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestContext:
    """Every log line of a request carries its id, and so does the answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if not request.path.startswith("/health/"):
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - began) * 1000, 1),
            )
        return response


class WrittenPolicy(CSPMiddleware):
    """What a page may load is the same for every answer but for a page's nonce: the rest is written out once."""

    def __init__(self, get_response: Next) -> None:
        super().__init__(get_response)
        self._written = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """A machine's answer has no nonce, and no view of the API says anything of its own about what is loaded."""
        if request.path.startswith(API_PREFIX) and response.get("Content-Type", "") in MACHINES:
            response.setdefault(HEADER, self._written)
            return response
        return super().process_response(request, response)


class CleanInput:
    """PostgreSQL keeps no NUL in text, so an address or a form that holds one cannot mean anything here."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "\0" in query or "%00" in query:
            return error_answer(request, 400, "nul_character", _("The address holds a NUL character."))
        if request.content_type == "application/x-www-form-urlencoded" and b"%00" in request.body:
            return error_answer(request, 400, "nul_character", _("The form holds a NUL character."))
        return self.get_response(request)


class SharedDevice:
    """A revoked device opens nothing; one that lay idle is locked, whatever was asked."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Machines and probes bring no session; looking for one would cost them a query.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith((API_PREFIX, "/health/")):
            device_session.look(request, timezone.now())
        return self.get_response(request)


class PrivatePages:
    """What a signed-in person or a key saw is kept by no cache, so that nothing stays on a shared device."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._is_private(request, response):
            response["Cache-Control"] = "private, no-store"
        self._name_person(request, response)
        if kept.WAITING in request.COOKIES and "Clear-Site-Data" in response:
            response["Clear-Site-Data"] = '"cache"'  # the worker drops the pages; what waits stays for its person
        return response

    @staticmethod
    def _name_person(request: HttpRequest, response: HttpResponse) -> None:
        """The device's worker drops what it kept for somebody else as soon as it reads another key here."""
        session = getattr(request, "session", None)
        if session is not None and session.accessed and not request.path.startswith(API_PREFIX):
            user_id = session.get(SESSION_KEY)
            response[kept.PERSON] = kept.person_key(user_id) if user_id else kept.NOBODY

    @staticmethod
    def _is_private(request: HttpRequest, response: HttpResponse) -> bool:
        if "Cache-Control" in response:
            return False
        if request.path.startswith(API_PREFIX):
            return "Authorization" in request.headers
        session = getattr(request, "session", None)
        # A page that never looked at the session knows nobody; looking now would cost it a query.
        return bool(session is not None and session.accessed and SESSION_KEY in session)


class KeptActs:
    """An act that waited on its device is done only for who did it, in the store where it was done, or not at all.

    The device wants to know one thing of each: done, not now (it keeps it), or refused (it tells the person why).
    """

    SAME_ROOM = ("/pick/", "/counts/", "/put-back/")

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not kept.is_kept_act(request):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self._not_now("signed_out", _("Sign in again: what this device kept is sent then."), 401)
        if not kept.is_by(request, request.user.pk):
            return self._not_now("other_person", _("A colleague did this. It waits until they sign in."), 403)
        if request.headers.get(kept.KEPT_AT) != str(request.session.get(LOCATION_IN_SESSION, "")):
            return self._not_now("other_store", _("This was done in another store. Choose that store to send it."), 403)
        response = self.get_response(request)
        if response.status_code >= 400:
            return response
        to = response.get("Location") or response.get("HX-Redirect") or ""
        if to and not to.startswith(self.SAME_ROOM):
            return self._not_now("elsewhere", _("Open the list again: what this device kept is sent then."), 403)
        return JsonResponse({"done": True})

    @staticmethod
    def _not_now(code: str, message: str, status: int) -> HttpResponse:
        return JsonResponse({"code": code, "message": message, "keep": True}, status=status)


class PracticeWorld:
    """Whoever chose their practice store works in the practice world, with the same views and operations."""

    REAL = ("/api/", "/hq/", "/health/", "/static/", "/sw.js", "/manifest.webmanifest", "/switch/", "/lock/", "/pin/",
            "/second-step/")  # fmt: skip

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        location = self._location(request)
        if location is None:
            return self.get_response(request)
        with practice.inside(location):
            response = self.get_response(request)
            if request.method == "POST":
                self._follow_up(response)
        return response

    def _location(self, request: HttpRequest) -> int | None:
        """The practice location of the session, while it is this person's."""
        if request.path.startswith(self.REAL) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        chosen = request.session.get(LOCATION_IN_SESSION, "")
        if not practice.is_practice_id(chosen) or not request.user.is_authenticated:
            return None
        mine = PracticeStore.objects.filter(user=request.user, location_id=int(chosen))
        return int(chosen) if mine.exists() else None

    @staticmethod
    def _follow_up(response: HttpResponse) -> None:
        """What workers do in the real world; the act itself stands, whatever becomes of this."""
        try:
            practice.follow_up(timezone.now())
        except Exception:
            log.exception("practice follow-up failed")
        told = response.get("HX-Trigger", "")
        if not told.startswith("{"):
            response["HX-Trigger"] = ", ".join(filter(None, [told, "practiced"]))


class HonestAnswers:
    """An operation's no becomes a sentence; a database that is away becomes a 503 that says when to come back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called for what a view let through; API views have answered by themselves before."""
        if isinstance(exception, Refusal):
            return show_refusal(request, exception)
        if is_away(exception):
            log.warning("database unavailable", error=type(exception).__name__, detail=str(exception)[:200])
            response = unavailable(request)
            add_never_cache_headers(response)
            return response
        return None
