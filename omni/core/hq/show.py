"""How HQ's lists show states, moments and the way to related rows."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from omni.core.ui import words

NOTHING = "–"


def tag(label: Any, tone: str = "") -> SafeString:
    """A state as a word in its tone; the word says all, the color only repeats it."""
    return format_html('<span class="tag" data-tone="{}">{}</span>', tone, label)


def moment(when: datetime | None, place: Any = None) -> SafeString | str:
    """A time on the clock of its place, which it names; without a place on the server's clock."""
    if when is None:
        return NOTHING
    shown = words.named_words(when, zone=words.zone_of(place), now=timezone.now())
    return format_html('<time class="nowrap" datetime="{}">{}</time>', when.isoformat(), shown)


def age(since: datetime | None) -> SafeString | str:
    """How long something has waited."""
    if since is None:
        return NOTHING
    return format_html(
        '<time class="nowrap" datetime="{}">{}</time>', since.isoformat(), words.ago_words(since, now=timezone.now())
    )


def link(label: Any, url: str) -> SafeString:
    """A way to somewhere else."""
    return format_html('<a href="{}">{}</a>', url, label)


def list_url(model: str, **filters: Any) -> str:
    """HQ's list of a model ("inventory.stockmovement"), filtered."""
    url = reverse(f"admin:{model.replace('.', '_')}_changelist")
    return f"{url}?{urlencode(filters)}" if filters else url


def page_url(model: str, pk: Any) -> str:
    """HQ's page of one row."""
    return reverse(f"admin:{model.replace('.', '_')}_change", args=[pk])


def url_or_none(name: str, *args: Any) -> str | None:
    """The address of a page that another part of the house may or may not have."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None
