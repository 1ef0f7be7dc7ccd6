"""What makes the site an app on a device: its manifest, its worker, the page for no network, and who is signed in."""

import functools
import hashlib
import json
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from omni.core.kept import NOBODY, person_key
from omni.core.web import LOCATION_IN_SESSION

FOLDERS = {"css": "*.css", "js": "*.js"}
SINGLE = ("icons/sprite.svg", "icons/icon.svg", "django_htmx/htmx-2.min.js")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, icons and shortcuts, in the language of the person."""
    sizes = [("192", "any"), ("512", "any"), ("512", "maskable")]
    icons = [
        {"src": static(f"icons/{kind if kind == 'maskable' else 'app'}-{size}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": kind}
        for size, kind in sizes
    ]  # fmt: skip
    rooms = [(_("Pick"), "orders:queue"), (_("Pickup"), "orders:desk"), (_("Ship"), "orders:to_ship"),
             (_("Practice store"), "orders:practice")]  # fmt: skip
    content = {
        "id": "/", "name": _("Store work"), "short_name": _("Store work"), "start_url": "/", "scope": "/",
        "display": "standalone", "theme_color": "#0b5394", "background_color": "#ffffff", "icons": icons,
        "shortcuts": [{"name": name, "url": reverse(room)} for name, room in rooms],
    }  # fmt: skip
    return JsonResponse(content, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its text changes with any asset, which is how devices learn of a new version."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the worker where a page needs the network; it knows nobody."""
    response = render(request, "core/offline.html")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Who is signed in and where, and a fresh token, for a device that wants to send what it kept."""
    user_id = request.user.pk if request.user.is_authenticated else None
    return JsonResponse({
        "person": person_key(user_id) if user_id else NOBODY,
        "place": str(request.session.get(LOCATION_IN_SESSION, "")), "token": get_token(request),
    })  # fmt: skip


@functools.cache
def _worker() -> str:
    source = Path(str(finders.find("sw.js"))).read_text()
    assets = _assets()
    version = hashlib.sha256("".join(assets).encode()).hexdigest()[:12]
    return f"const VERSION = {json.dumps(version)};\nconst ASSETS = {json.dumps(assets)};\n{source}"


def _assets() -> list[str]:
    """What every page needs."""
    root = Path(str(finders.find("sw.js"))).parent
    own = [f"{folder}/{path.name}" for folder, names in FOLDERS.items() for path in sorted((root / folder).glob(names))]
    return [static(name) for name in (*own, *SINGLE) if not name.endswith("admin.css")]
