"""What routing counts: cost parameters and carriers' tariffs, each set for a day to come, with a reason."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omni.core.actors import Actor
from omni.core.csv_download import csv_download
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import moment, page_url, tag
from omni.core.hq.story import changes_of, story
from omni.core.refusals import Refusal
from omni.core.states import begin
from omni.core.ui.words import money_words
from orders.admin.rule_set_forms import InDollars
from orders.admin.rule_sets import ROUTING
from orders.models import CostParameters, Label, Tariff
from orders.operations.default_costs import default_tariffs
from orders.operations.set_costs import set_costs, set_tariff, withdraw_costs, withdraw_tariff
from orders.routing.cost import MOST_POUNDS
from orders.tariff_file import HEADER, rate_words, read_tariff, tariff_rows

MOST_BYTES = 1_000_000
MOST_LABELS = 500  # of the last, that say which services there are
FORMAT = "%Y-%m-%dT%H:%M"
STARTS = forms.DateTimeInput({"type": "datetime-local"}, format=FORMAT)
NOT_COPIED = {"id", "status", "effective_from", "edits", "created_at", "set_by", "why"}


def _state(row: Any, model: Any) -> Any:
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


def _tomorrow() -> datetime:
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


def _withdraw_tariff(row: Tariff, asked: Asked) -> None:
    withdraw_tariff(tariff_id=row.pk, reason=asked.data["reason"], by=asked.by, now=asked.now)


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
        return {name: getattr(held, name) for name in names} | {"effective_from": _tomorrow()}

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
        return _state(row, CostParameters)


def services() -> set[str]:
    """What carriers' services are called: in the built-in tables, in those that were set, and on the last labels."""
    last = Label.objects.filter(is_manual=False).exclude(service="").order_by("-pk")[:MOST_LABELS]
    return {
        *(each.service for each in default_tariffs()), *Tariff.objects.values_list("service", flat=True).distinct(),
        *(f"{carrier}/{product}" for carrier, product in last.values_list("carrier", "service")),
    }  # fmt: skip


class TariffUpload(forms.Form):
    """A table, and from when it counts."""

    service = forms.CharField(
        label=gettext_lazy("Service"), max_length=60, widget=forms.TextInput({"class": "vTextField"}),
        help_text=gettext_lazy("As the carrier's labels call it, such as SimPost/Ground."),
    )  # fmt: skip
    is_new = forms.BooleanField(
        label=gettext_lazy("It is a new service"), required=False,
        help_text=gettext_lazy("Only where neither a table nor a label has its name yet."),
    )  # fmt: skip
    effective_from = forms.DateTimeField(
        label=gettext_lazy("From (UTC)"), widget=STARTS, input_formats=[FORMAT, f"{FORMAT}:%S"]
    )
    file = forms.FileField(
        label=gettext_lazy("File"), required=False, widget=forms.FileInput({"accept": ".csv"}),
        help_text=gettext_lazy("The table as CSV."),
    )  # fmt: skip
    is_over = forms.BooleanField(
        label=gettext_lazy("Not offered any more"), required=False,
        help_text=gettext_lazy("Without a file: from then on no parcel is planned with it."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.TextInput({"class": "vTextField"})
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.pop("is_new", False) and (service := said.get("service")):
            self._require_known(service)
        file, said["rates"], said["days"] = said.pop("file", None), [], []
        if said.pop("is_over", False):
            if file:
                self.add_error("file", _("Either a file, or not offered any more."))
        elif file is None:
            if "file" not in self.errors:
                self.add_error("file", _("Choose a file."))
        else:
            self._read(file, said)
        return said

    def _require_known(self, service: str) -> None:
        """A table that no label is ever bought by would count for parcels that cannot go."""
        known = services()
        if service not in known:
            words = _("No table and no label has this name. Known are %s. If it is new, say so.")
            self.add_error("service", words % ", ".join(sorted(known)))

    def _read(self, file: Any, said: dict[str, Any]) -> None:
        if file.size > MOST_BYTES:
            self.add_error("file", _("A table of rates is smaller than 1 MB."))
            return
        try:
            table = read_tariff(file.read().decode())
        except UnicodeDecodeError:
            self.add_error("file", _("It is no text in UTF-8."))
            return
        for sentence in table.sentences:
            self.add_error("file", sentence)
        said["rates"], said["days"] = table.rates, table.days


@admin.register(Tariff)
class TariffAdmin(HqAdmin):
    """The latest of each service first."""

    section, position = ROUTING, 22
    adds = CONFIGURE
    list_display = ["service", "starts", "state", "offered", "set_by", "why"]
    list_filter = ["status", "service"]
    finds = {"service": "part"}
    ordering = ["service", "-effective_from", "-pk"]
    change_list_template = "admin/hq/tariffs.html"
    acts = (
        Act("withdraw", gettext_lazy("Withdraw"), CONFIGURE, _withdraw_tariff, form=Reason,
            applies=lambda row: row.status == "set" and row.effective_from > timezone.now(),
            text=gettext_lazy("It never counts; what is in effect stays so."),
            done=lambda n: ngettext("%d tariff was withdrawn.", "%d tariffs were withdrawn.", n) % n),
    )  # fmt: skip

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return ()

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/rates.csv", view(self.download_view), name="orders_tariff_download"),
            path("built-in/<int:n>/rates.csv", view(self.built_in_view), name="orders_tariff_built_in"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        built_in = [
            (each.service, reverse("admin:orders_tariff_built_in", args=[n]))
            for n, each in enumerate(default_tariffs())
        ]
        has_own = Tariff.objects.in_effect(timezone.now()).exists()
        return super().changelist_view(request, {"built_in": built_in, "has_own": has_own} | (extra_context or {}))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Hand in a table; a refusal keeps what was typed, and says line by line what is wrong."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form: Any = TariffUpload(initial={"effective_from": _tomorrow()})
        status = 200
        if request.method == "POST":
            form, status = TariffUpload(request.POST, request.FILES), 422
            if form.is_valid():
                try:
                    with transaction.atomic():
                        tariff = set_tariff(by=Actor.of(request.user), now=timezone.now(), **form.cleaned_data)
                except Refusal as refusal:
                    form.add_error(None, str(refusal.message))
                    status = refusal.status
                else:
                    messages.success(request, _("The tariff of %s is set.") % tariff)
                    return redirect(page_url("orders.tariff", tariff.pk))
        context = self.frame(request) | {"title": _("Upload a tariff"), "form": form, "header": ",".join(HEADER),
                                         "back_url": reverse("admin:orders_tariff_changelist")}  # fmt: skip
        return render(request, "admin/hq/tariff_upload.html", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The table."""
        tariff = self._one(request, object_id)
        acts = [
            {"label": act.label, "url": f"{reverse('admin:orders_tariff_act', args=[act.name])}?pk={tariff.pk}"}
            for act in self.allowed_acts(request).values() if act.applies(tariff)
        ]  # fmt: skip
        rows = [
            (pounds, [rate_words(zone[pounds]) or "–" for zone in tariff.rates]) for pounds in range(1, MOST_POUNDS + 1)
        ]
        context = self.frame(request) | {
            "title": str(tariff), "original": tariff, "tariff": tariff, "state": _state(tariff, Tariff),
            "starts": moment(tariff.effective_from), "acts": acts, "rows": rows if tariff.rates else [],
            "zones": range(1, 9), "download_url": reverse("admin:orders_tariff_download", args=[tariff.pk]),
            "history": story(changes_of(tariff.subject, dict(Tariff.Status.choices))),
        }  # fmt: skip
        return render(request, "admin/hq/tariff.html", context)

    def download_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """The table as a file that can be handed in again."""
        tariff = self._one(request, pk)
        if not tariff.rates:
            raise Http404
        return csv_download(name=f"tariff-{tariff.pk}.csv", header=HEADER, rows=tariff_rows(tariff.rates, tariff.days))

    def built_in_view(self, request: HttpRequest, n: int) -> StreamingHttpResponse:
        """A built-in table, to begin with."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        tariffs = default_tariffs()
        if n >= len(tariffs):
            raise Http404
        rows = tariff_rows(tariffs[n].rates, tariffs[n].days)
        return csv_download(name=f"built-in-{n + 1}.csv", header=HEADER, rows=rows)

    def _one(self, request: HttpRequest, pk: Any) -> Tariff:
        if not self.has_view_permission(request):
            raise PermissionDenied
        tariff = Tariff.objects.filter(pk=pk).first() if str(pk).isdigit() else None
        if tariff is None:
            raise Http404
        return tariff

    @admin.display(description=gettext_lazy("from"))
    def starts(self, row: Tariff) -> Any:
        return moment(row.effective_from)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Tariff) -> Any:
        return _state(row, Tariff)

    @admin.display(description=gettext_lazy("offered"), boolean=True)
    def offered(self, row: Tariff) -> bool:
        return bool(row.rates)
