"""What needs a person at HQ now; each app says it of its own things, the first page shows it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Tile:
    """One number to act on, and the way to the rows behind it."""

    value: Any
    label: Any
    url: str
    tone: str = ""
    note: Any = ""


Source = Callable[[HttpRequest], Iterable[Tile]]
_sources: dict[str, tuple[int, Source]] = {}


def needs_person(order: int) -> Callable[[Source], Source]:
    """Register a function that looks for what needs a person; it limits itself to what this person may see."""

    def register(source: Source) -> Source:
        _sources[f"{source.__module__}.{source.__qualname__}"] = (order, source)
        return source

    return register


def tiles(request: HttpRequest) -> list[Tile]:
    """All tiles in the order in which people should look at them."""
    sources = sorted(_sources.values(), key=lambda entry: entry[0])
    return [tile for _order, source in sources for tile in source(request)]
