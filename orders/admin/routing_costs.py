"""What routing counts beside carriers' tariffs: cost parameters, set for a day to come, with a reason."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omni.core.actors import Actor
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import moment, page_url, tag
from omni.core.states import begin
from omni.core.ui.words import money_words
from orders.admin.rule_set_forms import InDollars
from orders.admin.rule_sets import ROUTING
from orders.models import CostParameters, Tariff
from orders.operations.set_costs import set_costs, withdraw_costs

FORMAT = "%Y-%m-%dT%H:%M"
STARTS = forms.DateTimeInput({"type": "datetime-local"}, format=FORMAT)
NOT_COPIED = {"id", "status", "effective_from", "edits", "created_at", "set_by", "why"}


def state_of(row: Any, model: Any) -> Any:
    """Draft, to come, in effect, followed, withdrawn."""
    now = timezone.now()
    if row.status != "set":
        return tag(row.get_status_display(), "info" if row.status == "draft" else "")
    if row.effective_from > now:
        return tag(_("To come"), "info")
    same = {"service": row.service} if model is Tariff else {}
    if model.objects.in_effect(now).filter(**same).first() == row:
        return tag(_("In effect"), "done")
    return tag(_("Followed"))


def tomorrow() -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(hour=5, minute=0, second=0, microsecond=0)


class CostsForm(InDollars):
    effective_from = forms.DateTimeField(
        label=gettext_lazy("From (UTC)"), widget=STARTS, input_formats=[FORMAT, f"{FORMAT}:%S"],
        help_text=gettext_lazy("A moment to come: what was decided before stays as it was counted."),
    )  # fmt: skip

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # how often it was changed when this was drawn

    class Meta:
        model = CostParameters
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.edits

    def clean_effective_from(self) -> datetime:
        said: datetime = self.cleaned_data["effective_from"]
        if said <= timezone.now():
            raise forms.ValidationError(_("Choose a moment to come: what was decided before stays as it was counted."))
        return said

    def clean(self) -> dict[str, Any]:
        """Nobody takes back what another person wrote meanwhile: the row is held, so this is what it says."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("seen") not in {None, self.instance.edits}:
            raise forms.ValidationError(_("Somebody changed these parameters meanwhile. Look at what they say now."))
        return said


def _set(row: CostParameters, asked: Asked) -> None:
    set_costs(parameters_id=row.pk, edits=row.edits, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _withdraw(row: CostParameters, asked: Asked) -> None:
    withdraw_costs(parameters_id=row.pk, reason=asked.data["reason"], by=asked.by, now=asked.now)


def as_money(name: Any) -> Any:
    """A field of cost parameters as a page shows it: amounts in the way people write money."""
    if not name.endswith("amount"):
        return name

    @admin.display(description=str(label_for_field(name, CostParameters)))
    def shown(row: CostParameters) -> str:
        return money_words(getattr(row, name), currency="USD")

    return shown


@admin.register(CostParameters)
class CostParametersAdmin(HqAdmin):
    """What holds later comes first."""

    section, position = ROUTING, 21
    adds = changes = CONFIGURE
    form = CostsForm
    list_display = ["starts", "state", "split", "late", "cover_days", "set_by", "why"]
    list_filter = ["status"]
    ordering = ["-effective_from", "-pk"]
    change_list_template = "admin/hq/costs.html"
    fieldsets = [
        (None, {"fields": ["effective_from", "seen"], "description": gettext_lazy("Amounts are dollars.")}),
        (gettext_lazy("Work in stores"), {"fields": [
            "store_hour_amount", "store_parcel_minutes", "store_unit_minutes", "store_parcel_amount"]}),
        (gettext_lazy("Work in distribution centers"), {"fields": [
            "dc_hour_amount", "dc_parcel_minutes", "dc_unit_minutes", "dc_parcel_amount"]}),
        (gettext_lazy("Dropship vendors"), {"fields": [
            "dropship_hour_amount", "dropship_parcel_minutes", "dropship_unit_minutes", "dropship_parcel_amount"]}),
        (gettext_lazy("Parcels and promises"), {"fields": [
            "packaging_amount", "split_amount", "late_amount", "wait_amount", "unserved_amount", "failure_amount",
            "inches_per_pound", "on_saturdays", "holidays"]}),
        (gettext_lazy("What a unit is worth where it lies"), {"fields": [
            "margin_percent", "lost_percent", "markdown_percent", "cover_days", "most_unit_value_amount"],
            "description": gettext_lazy(
                "Lost share of the margin, times the chance that the shelf sells as many as are left while it has to "
                "last; less the markdown, times the chance that it does not. Learned from 28 days of sales.")}),
    ]  # fmt: skip
    acts = (
        Act("set", gettext_lazy("Set"), CONFIGURE, _set, form=Reason,
            applies=lambda row: row.status == CostParameters.Status.DRAFT,
            text=gettext_lazy("From its moment on routing counts with it. What is set is never changed."),
            done=lambda n: ngettext("%d set of parameters is set.", "%d sets of parameters are set.", n) % n),
        Act("withdraw", gettext_lazy("Withdraw"), CONFIGURE, _withdraw, form=Reason,
            applies=lambda row: row.status == "draft" or (row.status == "set" and row.effective_from > timezone.now()),
            text=gettext_lazy("It never counts; what is in effect stays so."),
            done=lambda n: ngettext("%d set of parameters was withdrawn.", "%d sets were withdrawn.", n) % n),
    )  # fmt: skip

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.status == "draft")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is only looked at shows money as money."""
        said = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return said
        return [(name, options | {"fields": [as_money(each) for each in options["fields"] if each != "seen"]})
                for name, options in said]  # fmt: skip

    def get_object(self, request: HttpRequest, object_id: Any, from_field: Any = None) -> Any:
        """Who writes into a draft holds it, so that nobody sets it half written."""
        if request.method == "POST" and str(object_id).isdigit():
            CostParameters.objects.select_for_update().filter(pk=object_id).first()
        return super().get_object(request, object_id, from_field)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new draft says what is in effect, or the defaults."""
        held = CostParameters.objects.in_effect(timezone.now()).first() or CostParameters()
        names = [field.name for field in CostParameters._meta.concrete_fields if field.name not in NOT_COPIED]
        return {name: getattr(held, name) for name in names} | {"effective_from": tomorrow()}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.save(force_insert=True)
            begin(obj, by=Actor.of(request.user))
            return
        obj.edits += 1
        obj.save(update_fields=[*(name for name in form.changed_data if name != "seen"), "edits"])

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        messages.info(request, _("This is a draft: look at it, then set it."))
        return redirect(page_url("orders.costparameters", obj.pk))

    @admin.display(description=gettext_lazy("from"))
    def starts(self, row: CostParameters) -> Any:
        return moment(row.effective_from)

    @admin.display(description=gettext_lazy("split price"))
    def split(self, row: CostParameters) -> str:
        return money_words(row.split_amount, currency="USD")

    @admin.display(description=gettext_lazy("a day late"))
    def late(self, row: CostParameters) -> str:
        return money_words(row.late_amount, currency="USD")

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: CostParameters) -> Any:
        return state_of(row, CostParameters)
