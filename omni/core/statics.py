"""The address of an asset says which version it is, so that a device may keep it for good."""

import functools
import hashlib
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class VersionedStatics(StaticFilesStorage):
    """`/static/js/scan.js?v=1f0c...`: a new file has a new address, and the old one is still the old file's."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        version = _version(name or "")
        return f"{address}?v={version}" if version else address


class KeptStatics(WhiteNoiseMiddleware):
    """Whoever asks for the version that we have never asks for it again; any other answer is asked for each time.

    Only the very version: during an upgrade a page of the new one may ask a process of the old one.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """The file, with how long it may be kept."""
        response: HttpResponse = WhiteNoiseMiddleware.serve(static_file, request)
        asked = request.GET.get("v")
        name = request.path_info.removeprefix(f"/{settings.STATIC_URL.strip('/')}/")
        if asked and response.status_code < HTTPStatus.BAD_REQUEST and asked == _version(name):
            response["Cache-Control"] = "max-age=31536000, public, immutable"
        return response


def _version(name: str) -> str:
    return _hash(name) if settings.DEBUG else _known(name)


def _hash(name: str) -> str:
    """Empty for what is no file, such as a folder whose files a library names by itself."""
    found = finders.find(name)
    path = Path(found) if isinstance(found, str) else None
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path and path.is_file() else ""


_known = functools.cache(_hash)
