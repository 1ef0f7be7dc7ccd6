"""The address of an asset says which version it is, so that a device may keep it for good."""

import functools
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStatics(StaticFilesStorage):
    """`/static/js/scan.js?v=1f0c...`: a new file has a new address, and the old one is still the old file's."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        version = _version(name or "")
        return f"{address}?v={version}" if version else address


def _version(name: str) -> str:
    return _hash(name) if settings.DEBUG else _known(name)


def _hash(name: str) -> str:
    """Empty for what is no file, such as a folder whose files a library names by itself."""
    found = finders.find(name)
    path = Path(found) if isinstance(found, str) else None
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path and path.is_file() else ""


_known = functools.cache(_hash)
