"""Every scope that some door of the API asks for; a key cannot be given anything else."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLResolver, get_resolver


@cache
def known_scopes() -> tuple[str, ...]:
    """The scopes in the views' `required_scopes`, sorted."""
    return tuple(sorted({scope for view in _views(get_resolver()) for scope in _scopes(view)}))


def _views(resolver: URLResolver) -> Iterator[Any]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _views(entry)
        else:
            yield getattr(entry.callback, "cls", entry.callback)


def _scopes(view: Any) -> list[str]:
    needed = getattr(view, "required_scopes", None)
    return list(needed.values()) if isinstance(needed, dict) else []
