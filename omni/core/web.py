"""HTTP in, HTTP out: one URL that answers htmx with a fragment and everybody else with a page."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from omni.core import practice, screen_help, tabs
from omni.core.access import can, is_partner, role_words
from omni.core.device_session import device_of, is_locked, is_poll, lock_seconds
from omni.core.kept import is_kept_act, person_key
from omni.core.refusals import NotAllowed, Refusal

__all__ = [
    "answer",
    "at_location",
    "choose_location",
    "fragment",
    "frame",
    "needs",
    "refusals_shown",
    "set_location_resolver",
    "show_refusal",
    "signed_in",
    "tabs",
]

View = Callable[..., HttpResponse]
LocationResolver = Callable[[Any, str, Any], Any]

LOCATION_IN_SESSION = "location_id"
CHOOSE_STORE = "inventory:choose_store"
LOCK = "inventory:lock"
NOTICES = "#notices"
THEMES = ("light", "dark")

_find_location: LocationResolver | None = None


def fragment(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, page: Any, status: int = 200
) -> HttpResponse:
    """Answer an act: htmx gets the named part of the template, a plain request goes back to `page`.

    With a 4xx a plain request gets the whole page instead, so that what was typed is kept; the context must
    then hold all that the page needs. `page` is a URL, a URL name, or an object with `get_absolute_url`.
    """
    if _is_htmx(request):
        response = render(request, template, dict(context), status=status)
    elif status < 400:
        response = redirect(resolve_url(page))
    else:
        response = render(request, template.partition("#")[0], dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def answer(request: HttpRequest, page: Any) -> HttpResponse:
    """Go to another page after an act, from htmx too."""
    url = resolve_url(page)
    return HttpResponseClientRedirect(url) if _is_htmx(request) else HttpResponseRedirect(url)


def signed_in(view: View) -> View:
    """Only for people of the house who signed in; everybody else signs in first and comes back."""

    @_signed_in
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_partner(request.user):
            return show_refusal(request, _not_yours())
        return view(request, *args, **kwargs)

    return guarded


def _signed_in(view: View) -> View:
    """Whatever they may do; the capability is asked next."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def needs(capability: str) -> Callable[[View], View]:
    """Only for people who hold the capability somewhere; others read that they may not."""

    def decorate(view: View) -> View:
        @_signed_in
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not can(request.user, capability):
                return show_refusal(request, _not_yours())
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def at_location(view: View | None = None, *, capability: str = "work") -> Any:
    """Only at a store where the person may do this; `request.location` is that store.

    The store comes from the session and is looked up within what the person may see, so a store taken away by
    HQ is gone at the next click. Without one the person chooses first.
    """

    def decorate(inner: View) -> View:
        @_signed_in
        @functools.wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            location = _location(request, capability)
            if location is None:
                return _without_location(request, capability)
            request.location = location  # type: ignore[attr-defined]
            return inner(request, *args, **kwargs)

        return guarded

    return decorate if view is None else decorate(view)


def set_location_resolver(find: LocationResolver) -> None:
    """Inventory lends `find(user, capability, location_id) -> Location | None`; the kernel knows no stores."""
    global _find_location  # noqa: PLW0603 - one resolver per process, set once when inventory is ready
    _find_location = find


def choose_location(request: HttpRequest, location_id: Any) -> None:
    """Keep the chosen store in the session; the caller has looked it up within what the person may see."""
    request.session[LOCATION_IN_SESSION] = str(location_id)


def refusals_shown(view: View) -> View:
    """Turn an operation's no into a notice on the page it was asked from."""

    @functools.wraps(view)
    def patient(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return show_refusal(request, refusal)

    return patient


def show_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The sentence of a refusal: into the notices of the open page, or on the page the person came from."""
    if is_kept_act(request):
        return JsonResponse({"code": refusal.code, "message": str(refusal.message)}, status=refusal.status)
    if _is_htmx(request):
        notice = {"text": str(refusal.message), "tone": "stop", "sound": "bad"}
        response = render(request, "components/notice.html", notice, status=refusal.status)
        response["HX-Retarget"] = NOTICES
        response["HX-Reswap"] = "innerHTML"
        return response
    if request.method in {"GET", "HEAD"}:
        return render(request, "core/refused.html", {"refusal": refusal}, status=refusal.status)
    messages.error(request, str(refusal.message))
    return redirect(_came_from(request))


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page needs around its content; the tabs count only where they are drawn."""
    location = getattr(request, "location", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "location": location,
        "place": getattr(location, "sign", None),
        "role": functools.cache(lambda: role_words(request.user)),
        "is_partner": functools.cache(lambda: is_partner(request.user) if getattr(request, "user", None) else False),
        "theme": theme if theme in THEMES else "",
        "tabs": functools.cache(lambda: _tabs(request, location)),
        "help_sentence": functools.cache(lambda: screen_help.sentence(request)),
        "request_id": getattr(request, "request_id", ""),
        "is_fetched_unseen": is_poll(request) and not _is_htmx(request),
        "person": functools.cache(lambda: _person(request)),
        "practicing": practice.is_on(),
        "practice_guide": functools.cache(lambda: practice.guide(request)),
        "shared_device": functools.cache(lambda: _device(request)),
    }


def _device(request: HttpRequest) -> dict[str, Any] | None:
    """The enrolled device that somebody works on, and how long it may lie idle."""
    user = getattr(request, "user", None)
    device = device_of(request) if user is not None and user.is_authenticated else None
    return {"name": device.name, "lock_seconds": lock_seconds(device)} if device else None


def _person(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return person_key(user.pk) if user is not None and user.is_authenticated else ""


def _tabs(request: HttpRequest, location: Any) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return tabs.shown(request, location)


def _location(request: HttpRequest, capability: str) -> Any:
    chosen = request.session.get(LOCATION_IN_SESSION)
    if chosen is None or _find_location is None:
        return None
    return _find_location(request.user, capability, chosen)


def _without_location(request: HttpRequest, capability: str) -> HttpResponse:
    """Someone who may do this nowhere reads so; someone who may not here, or has no store yet, chooses one."""
    if not can(request.user, capability) or _location(request, "work") is not None:
        return show_refusal(request, _not_yours())
    return answer(request, f"{resolve_url(CHOOSE_STORE)}?next={request.path}")


def _not_yours() -> NotAllowed:
    return NotAllowed("not_allowed", _("Your role does not allow this here. Ask a store lead."))


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if is_locked(request):
        return answer(request, LOCK)
    if _is_htmx(request):
        return HttpResponseClientRedirect(resolve_url("sign-in"))
    return redirect_to_login(request.get_full_path(), resolve_url("sign-in"))


def _came_from(request: HttpRequest) -> str:
    """The page before, where it is ours; a foreign Referer leads home."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if ours and referer else "/"


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
