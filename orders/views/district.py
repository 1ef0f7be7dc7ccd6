"""Several stores side by side, with the figures of each one's own shift view, sorted by what hurts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.models import Location, LocationGroup
from inventory.models.location import LocationQuerySet
from omni.core.web import needs
from orders.shift import Figures, figures
from orders.views.shift import sla_words

SHOWN = 100

# What a column shows, and how much it hurts: the most first.
SORTS: dict[str, tuple[Any, Any]] = {
    "late": (gettext_lazy("Late"), lambda each: (each.late + each.missed, each.soon)),
    "sla": (gettext_lazy("In time today"), lambda each: (-(100 if each.sla is None else each.sla), each.decided)),
    "offered": (gettext_lazy("To accept"), lambda each: each.offered),
    "declined": (gettext_lazy("Declined"), lambda each: each.declined + each.timed_out),
    "uncollected": (gettext_lazy("Uncollected"), lambda each: each.uncollected),
    "exceptions": (gettext_lazy("Exceptions"), lambda each: each.exceptions),
}


@needs("oversee")
def district(request: HttpRequest) -> HttpResponse:
    """The stores a person oversees, or those of one district."""
    now = timezone.now()
    stores = Location.objects.for_user(request.user, "oversee").active().filter(kind=Location.Kind.STORE)
    groups = list(LocationGroup.objects.filter(pk__in=stores.exclude(group=None).values("group")).order_by("name"))
    chosen = _chosen(request, groups)
    sort = request.GET.get("sort", "late")
    hurts = SORTS.get(sort, SORTS["late"])[1]
    counted = figures(list(_of(stores, chosen).select_related("group")), now)
    rows = sorted(counted.values(), key=lambda each: each.location.name)
    rows.sort(key=hurts, reverse=True)
    context = {
        "rows": [_row(each, now) for each in rows[:SHOWN]], "more": len(rows) - SHOWN, "total": _total(rows),
        "groups": groups if len(groups) > 1 else [], "chosen": chosen, "chips": _chips(sort, chosen), "sort": sort,
    }  # fmt: skip
    return render(request, "orders/district.html", context)


def _chosen(request: HttpRequest, groups: list[LocationGroup]) -> LocationGroup | None:
    wanted = request.GET.get("group", "")
    return next((group for group in groups if str(group.pk) == wanted), None)


def _of(stores: LocationQuerySet, group: LocationGroup | None) -> LocationQuerySet:
    return stores.filter(group=group) if group else stores


def _row(each: Figures, now) -> dict[str, Any]:
    place = each.location
    tone = "" if each.sla is None or each.sla >= 95 else ("warn" if each.sla >= 85 else "stop")
    return {
        "figures": each, "place": place, "tone": tone, "paused": place.is_paused(now),
        "sla": "–" if each.sla is None else sla_words(each),
        "formula": _("%(in_time)d of %(decided)d") % {"in_time": each.in_time, "decided": each.decided},
    }  # fmt: skip


def _total(rows: list[Figures]) -> dict[str, Any]:
    decided, in_time = sum(each.decided for each in rows), sum(each.in_time for each in rows)
    return {
        "stores": len(rows), "late": sum(each.late + each.missed for each in rows),
        "decided": decided, "in_time": in_time, "sla": f"{100 * in_time / decided:.0f} %" if decided else "–",
        "declined": sum(each.declined + each.timed_out for each in rows),
        "exceptions": sum(each.exceptions for each in rows),
    }  # fmt: skip


def _chips(sort: str, chosen: LocationGroup | None) -> list[dict[str, Any]]:
    here = reverse("orders:district")
    group = f"&group={chosen.pk}" if chosen else ""
    return [
        {"label": label, "url": f"{here}?sort={key}{group}", "current": key == sort}
        for key, (label, _hurts) in SORTS.items()
    ]
