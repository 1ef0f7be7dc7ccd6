"""Returned units that are kept apart here: what they are, why, and what becomes of each."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import at_location
from returns.forms import RegradeForm
from returns.models import Disposition, Regrade, ReturnUnit
from returns.models.disposition import HELD
from returns.operations.regrade import regrade

SHOWN = 200


@at_location
@require_safe
def held(request: StoreRequest) -> HttpResponse:
    """The longest waiting first; chips show one way at a time."""
    here = ReturnUnit.objects.held_at(request.location)
    way = request.GET.get("way", "")
    counts: dict[str, int] = {}
    for disposition in here.order_by().values_list("disposition", flat=True):
        counts[disposition] = counts.get(disposition, 0) + 1
    chips = [{"label": _("All"), "url": "?", "count": sum(counts.values()), "current": way not in HELD}]
    chips += [
        {"label": each.label, "url": f"?way={each}", "count": counts[each], "current": way == each}
        for each in Disposition if counts.get(each)
    ]  # fmt: skip
    shown = here.filter(disposition=way) if way in HELD else here
    units = list(shown.select_related("variant__product", "return_order__order", "reason")[:SHOWN])
    return render(request, "returns/held.html", {"units": units, "chips": chips, "total": sum(counts.values())})


def _way(change: Regrade) -> str:
    way = f"{change.get_from_disposition_display()} → {change.get_to_disposition_display()}"
    return f"{way} · {change.note}" if change.note else way


@at_location
@require_http_methods(["GET", "POST"])
def regrade_unit(request: StoreRequest, unit_id: int) -> HttpResponse:
    """Look again: another grade, another way; stock and worth follow."""
    units = ReturnUnit.objects.filter(location=request.location).select_related(
        "variant__product", "return_order__order", "reason"
    )
    unit = get_object_or_404(units, pk=unit_id)
    form = RegradeForm(request.POST or None, initial={"grade": unit.grade, "disposition": unit.disposition})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                regrade(unit_id=unit.pk, by=Actor.of(request.user), now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Graded anew. Stock and worth moved with it."))
            return redirect("returns:held")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    history = unit.regrades.select_related("by").order_by("-pk")
    entries = [
        {"title": f"{each.get_from_grade_display()} → {each.get_to_grade_display()}",
         "note": _way(each),
         "at": each.at, "by": each.by.shown_name if each.by else "", "tone": "info"}
        for each in history
    ]  # fmt: skip
    return render(request, "returns/regrade.html", {
        "unit": unit, "form": form, "entries": entries, "is_held": unit.disposition in HELD, "clock": request.location,
    }, status=422 if form.errors else 200)  # fmt: skip
