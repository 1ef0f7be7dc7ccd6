"""The addresses that the resolver really has."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

APP_LABELS = re.compile(r"<app_label>[a-z|]+")  # Django lists the apps in the order of their registration


def routes() -> dict[str, URLPattern]:
    """Pattern -> route, such as "pick/<int:number>/scan/"."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        text = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, text)
        else:
            yield APP_LABELS.sub("<app_label>.+", text), entry


def address(pattern: str, args: dict[str, object]) -> str:
    """The path of a pattern with its parts filled in."""
    path = pattern
    for name, value in args.items():
        for kind in ("int", "str", "uuid", "path", "slug"):
            path = path.replace(f"<{kind}:{name}>", str(value))
    return f"/{path}"
