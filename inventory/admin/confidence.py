"""What was said of shelves and what pickers found there; the models; and what a threshold would hold back."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin.stock import AT, SKU, STOCK, AtPlaces
from inventory.chances import BINS
from inventory.confidence import percent
from inventory.models import ConfidenceModel, PickVisit
from inventory.models.shelf_sign import SIGNS
from inventory.preferences import LEAST_CONFIDENCE
from inventory.threshold_effect import MOST_SHELVES, PlaceHeld, TooLarge, threshold_effect
from omni.core.access import scopes
from omni.core.channels import Channel
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, moment, page_url, tag
from omni.core.settings_store import setting

THRESHOLDS = gettext_lazy("Confidence of channels")


class SaidFilter(admin.SimpleListFilter):
    """By what was said before, in tenths."""

    title = gettext_lazy("said before")
    parameter_name = "said"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(n), tenth(n)) for n in range(BINS)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if (value := self.value() or "") not in map(str, range(BINS)):
            return queryset
        n = int(value)
        found = queryset.filter(said__gte=n / BINS)
        return found.filter(said__lt=(n + 1) / BINS) if n < BINS - 1 else found


def tenth(n: int) -> str:
    return _("%(from)d–%(to)d %%") % {"from": 100 * n // BINS, "to": 100 * (n + 1) // BINS}


@admin.register(PickVisit)
class PickVisitAdmin(AtPlaces):
    """Each row: a picker at a shelf, and what a model that had not seen it said of it."""

    position = 28
    list_display = ["when", "item", "location", "outcome", "found", "missed", "said_before"]
    list_filter = [SaidFilter, "is_found", AT, SKU]
    fields = ["when", "item", "location", "outcome", "found", "missed", "said_before", "said_by", "path", "known",
              "movements"]  # fmt: skip

    @admin.display(description=gettext_lazy("when"))
    def when(self, visit: PickVisit) -> str:
        return moment(visit.at, visit.location)

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, visit: PickVisit) -> str:
        return tag(_("Found"), "done") if visit.is_found else tag(_("Not found"), "warn")

    @admin.display(description=gettext_lazy("said before"))
    def said_before(self, visit: PickVisit) -> str:
        return NOTHING if visit.said is None else percent(visit.said)

    @admin.display(description=gettext_lazy("known before"))
    def known(self, visit: PickVisit) -> str:
        return " · ".join(f"{name}: {value:.2f}" for name, value in zip(SIGNS, visit.signs, strict=True))


@admin.register(ConfidenceModel)
class ConfidenceModelAdmin(ReadOnlyAdmin):
    """Each day's model, whether it holds or not, with how well it did on what it had not seen."""

    section, position = STOCK, 29
    reads = CONFIGURE
    pages = (("admin:inventory_thresholds", THRESHOLDS),)
    list_display = ["pk", "fitted_at", "state", "tried", "score", "base_score"]
    ordering = ["-pk"]
    fields = [
        "fitted_at", "state", "learned", "calibrated", "tried", "first_at", "calibrated_from", "tried_from",
        "tried_until", "score", "base_score", "share", "weighs", "groups",
    ]  # fmt: skip

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.thresholds_view)
        return [path("thresholds/", view, name="inventory_thresholds"), *super().get_urls()]

    def thresholds_view(self, request: HttpRequest) -> HttpResponse:
        if scopes(request.user, CONFIGURE) is not None:
            raise PermissionDenied
        return thresholds_page(request, self.frame(request))

    @admin.display(description=gettext_lazy("state"))
    def state(self, model: ConfidenceModel) -> str:
        return tag(_("In force"), "done") if model.is_active else tag(_("Not in force"), "")

    @admin.display(description=gettext_lazy("Brier score"))
    def score(self, model: ConfidenceModel) -> str:
        return f"{model.brier:.4f}"

    @admin.display(description=gettext_lazy("Brier score of the share alone"))
    def base_score(self, model: ConfidenceModel) -> str:
        return f"{model.base_brier:.4f}"

    @admin.display(description=gettext_lazy("share found before"))
    def share(self, model: ConfidenceModel) -> str:
        return percent(model.base_rate)

    @admin.display(description=gettext_lazy("weights"))
    def weighs(self, model: ConfidenceModel) -> str:
        return " · ".join(f"{name}: {value:+.2f}" for name, value in zip(SIGNS, model.weights, strict=True))

    @admin.display(description=gettext_lazy("groups that differ most"))
    def groups(self, model: ConfidenceModel) -> str:
        most = sorted(model.effects.all(), key=lambda each: -abs(each.effect))[:12]
        return " · ".join(f"{each.get_kind_display()} {each.key}: {each.effect:+.2f}" for each in most) or NOTHING


class ThresholdForm(forms.Form):
    """Which threshold to try."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    percent = forms.IntegerField(label=gettext_lazy("At least so many percent"), min_value=1, max_value=99)


def thresholds_page(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """What each channel's threshold is, and what another one would hold back: nothing is changed by looking."""
    form = (
        ThresholdForm(request.GET) if request.GET else ThresholdForm(initial={"channel": "marketplace", "percent": 70})
    )
    context = base | {"title": THRESHOLDS, "form": form, "thresholds": _thresholds(),
                      "has_model": ConfidenceModel.objects.filter(is_active=True).exists()}  # fmt: skip
    if form.is_bound and form.is_valid() and context["has_model"]:
        said = form.cleaned_data
        try:
            effect = threshold_effect(channel=said["channel"], percent=said["percent"])
        except TooLarge:
            context["is_too_large"] = True
        else:
            rows = [_row(each) for each in effect.places[:20] if each.shelves]
            context |= {"effect": effect, "rows": rows, "most": MOST_SHELVES,
                        "change_url": _setting_url(LEAST_CONFIDENCE[said["channel"]])}  # fmt: skip
    return render(request, "admin/hq/thresholds.html", context)


def _thresholds() -> list[dict[str, Any]]:
    labels = dict(Channel.choices)
    rows = []
    for channel, key in LEAST_CONFIDENCE.items():
        value = setting(key)
        rows.append({"label": labels[channel], "shown": f"{value} %" if value else _("none"),
                     "url": _setting_url(key)})  # fmt: skip
    return rows


def _setting_url(key: str) -> str:
    return page_url("core.setting", quote(key))


def _row(place: PlaceHeld) -> dict[str, Any]:
    return {"label": f"{place.code} {place.name}", "shelves": intcomma(place.shelves), "units": intcomma(place.units),
            "of": intcomma(place.available)}  # fmt: skip
