"""The rooms a person can go to; each app hangs up its own door signs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from omni.core.access import can

Count = Callable[[Any], int]


@dataclass(frozen=True, order=True)
class Tab:
    """One door sign: where it hangs, what it says, where it leads, how much waits behind it."""

    order: int
    url_name: str
    label: Any
    count_fn: Count | None
    capability: str
    alarm_fn: Count | None = None


_tabs: dict[str, Tab] = {}


def register(
    order: int,
    label: Any,
    url_name: str,
    count_fn: Count | None = None,
    capability: str = "work",
    *,
    alarm_fn: Count | None = None,
) -> None:
    """Hang up a door sign; `count_fn(location)` gives the number beside it, `alarm_fn` how many must not wait."""
    _tabs[url_name] = Tab(order, url_name, label, count_fn, capability, alarm_fn)


def shown(request: HttpRequest, location: Any) -> list[dict[str, Any]]:
    """The doors that this person may open, as the tab bar draws them."""
    user = request.user
    return [
        _drawn(tab, request, location)
        for tab in sorted(_tabs.values(), key=lambda tab: tab.order)
        if can(user, tab.capability) and _has_url(tab)
    ]


def _drawn(tab: Tab, request: HttpRequest, location: Any) -> dict[str, Any]:
    url = reverse(tab.url_name)
    return {
        "label": tab.label,
        "url": url,
        "count": tab.count_fn(location) if tab.count_fn and location is not None else None,
        "alarm": tab.alarm_fn(location) if tab.alarm_fn and location is not None else 0,
        "current": request.path == url or (url != "/" and request.path.startswith(url)),
    }


def _has_url(tab: Tab) -> bool:
    try:
        reverse(tab.url_name)
    except NoReverseMatch:
        return False
    return True
