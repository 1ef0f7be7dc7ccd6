"""What a browser and its session know of a shared device: which one it is, who works on it, whether it is locked."""

import time
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from omni.core import preferences
from omni.core.models import Device, User
from omni.core.settings_store import setting

COOKIE, SALT = "device", "omni.core.device"
COOKIE_AGE = 400 * 24 * 3600  # the longest a browser keeps one
BACKEND = "django.contrib.auth.backends.ModelBackend"
# In the session: the device it was opened on, when it was last used, and while locked, where its person was.
DEVICE, SEEN, LOCKED, WHERE, HELD = "device", "seen", "locked", "where", "held_scan"
SEEN_IS_KEPT_EVERY = 5  # seconds; it locks so much earlier at most
LOCK_PAGE = "inventory:lock"
SECOND_STEP = "otp_device_id"  # django-otp's own key
NOTHING_KEPT = '"cache", "storage"'


def device_of(request: HttpRequest) -> Device | None:
    """The enrolled device that this browser is; one query per request, none without its cookie."""
    if not hasattr(request, "_device"):
        token = request.get_signed_cookie(COOKIE, default=None, salt=SALT) if COOKIE in request.COOKIES else None
        request._device = Device.objects.for_token(token) if token else None  # type: ignore[attr-defined]
    return request._device  # type: ignore[attr-defined]


def keep_on(response: HttpResponse, token: str) -> None:
    """Let this browser be the device from now on; no script can read it."""
    response.set_signed_cookie(
        COOKIE, token, salt=SALT, max_age=COOKIE_AGE, httponly=True, samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip


def lock_seconds(device: Device) -> int:
    """How long this kind of device may lie idle."""
    till = device.kind == Device.Kind.TILL
    seconds: int = setting(preferences.LOCK_SECONDS_TILL if till else preferences.LOCK_SECONDS_HANDHELD)
    return seconds


def is_locked(request: HttpRequest) -> bool:
    return bool(getattr(request, "is_locked", False))


def locked_person(request: HttpRequest) -> User | None:
    """Whose session this is while it is locked; nobody is signed in meanwhile."""
    if not is_locked(request):
        return None
    return User.objects.filter(pk=request.session.get(SESSION_KEY), is_active=True).first()


def lock(request: HttpRequest) -> None:
    """Nobody is signed in until the PIN is given; the second step of HQ is forgotten."""
    session = request.session
    if not session.get(LOCKED):
        session[LOCKED], session[WHERE] = True, page_of(request)
        session.pop(SECOND_STEP, None)
    if request.method == "POST" and request.POST.get("code"):
        session[HELD] = request.POST["code"][:100]
    request.user = AnonymousUser()
    request.is_locked = True  # type: ignore[attr-defined]


def unlock(request: HttpRequest, user: User) -> tuple[str, str]:
    """The same person goes on, under a new session key; where they were, and a scan that came while it was locked."""
    session = request.session
    where, held = session.pop(WHERE, "") or "/", session.pop(HELD, "")
    session.pop(LOCKED, None)
    login(request, user, backend=BACKEND)
    session.cycle_key()
    session[SEEN] = int(time.time())
    ours = url_has_allowed_host_and_scheme(where, {request.get_host()}, require_https=request.is_secure())
    return (where if ours else "/"), held


def begin(request: HttpRequest, user: User, device: Device, *, location_key: str) -> None:
    """A session that has nothing of whoever was here before."""
    request.session.flush()
    login(request, user, backend=BACKEND)
    request.session[location_key] = device.location_id
    bind(request, device)


def bind(request: HttpRequest, device: Device) -> None:
    """The session belongs to this device, and is of no use in another browser."""
    request.session[DEVICE], request.session[SEEN] = str(device.uid), int(time.time())


def look(request: HttpRequest, now: datetime) -> None:
    """End a session whose device was revoked, lock one that lay idle, and note that it was used."""
    session = request.session
    if SESSION_KEY not in session:
        return
    bound, device = session.get(DEVICE), device_of(request)
    if bound and (device is None or str(device.uid) != bound):
        session.flush()
        request.user = AnonymousUser()
        return
    if device is None:
        return
    if not bound:
        bind(request, device)
    idle = int(time.time()) - session.get(SEEN, 0)
    if session.get(LOCKED) or idle >= lock_seconds(device):
        lock(request)
    elif idle >= SEEN_IS_KEPT_EVERY and not is_poll(request):
        session[SEEN] = int(time.time())
        device.note_seen(now)


def is_poll(request: HttpRequest) -> bool:
    """A question that the page asks by itself: nobody touched anything."""
    return request.method in {"GET", "HEAD"} and request.headers.get("X-Poll") == "1"


def leave_nothing(response: HttpResponse) -> None:
    """The browser forgets pages, drafts and workers of the person before."""
    response["Clear-Site-Data"] = NOTHING_KEPT


def page_of(request: HttpRequest) -> str:
    """The page that was open, whatever was asked from it."""
    asked: Any = request.headers.get("HX-Current-URL") if request.headers.get("HX-Request") else None
    if asked is None and request.method in {"GET", "HEAD"} and request.path != resolve_url(LOCK_PAGE):
        return request.get_full_path()
    page = urlsplit(asked or request.headers.get("Referer", ""))
    if page.netloc and page.netloc != request.get_host():
        return "/"
    return f"{page.path or '/'}{'?' + page.query if page.query else ''}"
