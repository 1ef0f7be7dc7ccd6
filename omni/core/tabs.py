"""The rooms a person can go to; each app hangs up its own door signs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from omni.core.access import can

Waiting = Callable[[Any], QuerySet]


@dataclass(frozen=True, order=True)
class Tab:
    """One door sign: where it hangs, what it says, where it leads, how much waits behind it."""

    order: int
    url_name: str
    label: Any
    count_fn: Waiting | None
    capability: str
    alarm_fn: Waiting | None = None


_tabs: dict[str, Tab] = {}


def register(
    order: int,
    label: Any,
    url_name: str,
    count_fn: Waiting | None = None,
    capability: str = "work",
    *,
    alarm_fn: Waiting | None = None,
) -> None:
    """Hang up a door sign; `count_fn(location)` is what the number beside it counts, `alarm_fn` what must not wait."""
    _tabs[url_name] = Tab(order, url_name, label, count_fn, capability, alarm_fn)


def shown(request: HttpRequest, location: Any) -> list[dict[str, Any]]:
    """The doors that this person may open, as the tab bar draws them; one query counts behind all of them."""
    user = request.user
    doors = [
        tab for tab in sorted(_tabs.values(), key=lambda tab: tab.order) if can(user, tab.capability) and _has_url(tab)
    ]
    counted = {} if location is None else _counted(doors, location)
    here = _here(request.path, [reverse(tab.url_name) for tab in doors])
    return [_drawn(tab, here, counted) for tab in doors]


def _here(path: str, urls: Iterable[str]) -> str:
    """The door one is behind: the closest where one room leads to another."""
    behind = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(behind, key=len, default="")


def _counted(doors: Iterable[Tab], location: Any) -> dict[str, int]:
    """How many wait behind each door, and how many must not, by names such as "orders:desk" and "orders:desk!"."""
    waiting = {tab.url_name: tab.count_fn(location) for tab in doors if tab.count_fn}
    waiting |= {_alarm(tab): tab.alarm_fn(location) for tab in doors if tab.alarm_fn}
    counts = [
        things.order_by().annotate(door=Value(door)).values("door").annotate(n=Count("pk")).values_list("door", "n")
        for door, things in waiting.items()
    ]
    return dict(counts[0].union(*counts[1:], all=True)) if counts else {}


def _drawn(tab: Tab, here: str, counted: Mapping[str, int]) -> dict[str, Any]:
    url = reverse(tab.url_name)
    return {
        "label": tab.label,
        "url": url,
        "count": counted.get(tab.url_name),
        "alarm": counted.get(_alarm(tab), 0),
        "current": url == here,
    }


def _alarm(tab: Tab) -> str:
    return f"{tab.url_name}!"


def _has_url(tab: Tab) -> bool:
    try:
        reverse(tab.url_name)
    except NoReverseMatch:
        return False
    return True
