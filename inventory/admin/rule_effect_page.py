"""What an availability rule does to shelves: in pictures, location by location, and as a table to take away."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from inventory.models import AvailabilityRule, Location
from inventory.rule_effect import PAGE, Effect, TooLarge, all_shelves, channels_of, effect, in_reach, shelves_of
from omni.core.channels import Channel
from omni.core.hq.show import moment
from omni.core.ui.words import signed

Status = AvailabilityRule.Status
PICTURED = 12
SHELVES = ("location", "sku", "title", "on hand", "reserved", "available", "available with the change", "difference",
           "decided by now", "decided by then")  # fmt: skip


def shown_effect(request: HttpRequest, rule: AvailabilityRule) -> dict[str, Any]:
    """What a rule that is not retired would change or gives back, over all locations or in one."""
    channels = channels_of(rule)
    channel = request.GET.get("channel", channels[0])
    if channel not in channels:
        raise Http404
    shown = {
        "channel": str(Channel(channel).label), "verb": rule.status,
        "channels": [(Channel(each).label, f"?channel={each}", each == channel) for each in channels],
    }  # fmt: skip
    if code := request.GET.get("at"):
        place = next((each for each in in_reach(rule) if each.code == code), None)
        if place is None:
            raise Http404
        return shown | _at(request, rule, place, channel)
    try:
        found = effect(rule, channel=channel)
    except TooLarge:
        return shown | {"too_large": True}
    changed = sorted((each for each in found.places if each.changed), key=lambda each: each.difference)
    page = Paginator(changed, PAGE).get_page(request.GET.get("page"))
    return shown | {
        "effect": found, "page": page, "page_url": f"?channel={channel}&page=", "bars": _bars(found, channel),
        "most": max((abs(each.difference) for each in found.places), default=0), "as_of": moment(timezone.now()),
        "download_url": _download_url(rule, channel), "difference": signed(found.becomes - found.was),
        "tone": "warn" if found.becomes < found.was else "done",
        "rows": [
            (each, f"?{urlencode({'channel': channel, 'at': each.location.code})}") for each in page.object_list
        ],
    }  # fmt: skip


def _download_url(rule: AvailabilityRule, channel: str) -> str:
    url = reverse("admin:inventory_availabilityrule_download", args=[rule.pk])
    return f"{url}?{urlencode({'channel': channel})}"


def _at(request: HttpRequest, rule: AvailabilityRule, place: Location, channel: str) -> dict[str, Any]:
    """One location, item by item; one more is read than shown, to know whether there is another page."""
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdigit() and len(number) < 6 else 1
    try:
        found = shelves_of(rule, place, channel=channel, limit=PAGE + 1, offset=(page - 1) * PAGE)
    except TooLarge:
        return {"too_large": True}
    url = f"?{urlencode({'channel': channel, 'at': place.code})}&page="
    return {
        "place": place, "shelves": found[:PAGE], "back_url": f"?{urlencode({'channel': channel})}",
        "earlier": f"{url}{page - 1}" if page > 1 else "", "later": f"{url}{page + 1}" if len(found) > PAGE else "",
    }  # fmt: skip


def _bars(found: Effect, channel: str) -> list[dict[str, Any]]:
    """Where it changes most."""
    most = sorted((each for each in found.places if each.changed), key=lambda each: -abs(each.difference))[:PICTURED]
    return [
        {
            "label": f"{each.location.code} {each.location.name}", "value": abs(each.difference),
            "shown": _("%(was)s → %(becomes)s") % {"was": f"{each.was:,}", "becomes": f"{each.becomes:,}"},
            "tone": "warn" if each.difference < 0 else "done",
            "url": f"?{urlencode({'channel': channel, 'at': each.location.code})}",
        }
        for each in most
    ]  # fmt: skip


def changed_shelves(rule: AvailabilityRule, channel: str) -> Iterator[tuple[Any, ...]]:
    names = dict(AvailabilityRule.objects.exclude(status=Status.RETIRED).values_list("pk", "name"))
    own = _("the location's safety stock")
    for place, each in all_shelves(rule, channel=channel):
        by = (names.get(each.before, own) if each.before else own, names.get(each.after, own) if each.after else own)
        yield (place.code, each.sku, each.title, each.on_hand, each.reserved, each.was, each.becomes,
               each.becomes - each.was, *by)  # fmt: skip
