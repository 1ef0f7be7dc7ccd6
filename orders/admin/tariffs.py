"""Carriers' tariffs: each a file that is set for a day to come, with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
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
from omni.core.hq.show import moment, page_url
from omni.core.hq.story import changes_of, story
from omni.core.refusals import Refusal
from orders.admin.routing_costs import FORMAT, STARTS, state_of, tomorrow
from orders.admin.rule_sets import ROUTING
from orders.models import Label, Tariff
from orders.operations.default_costs import default_tariffs
from orders.operations.set_costs import set_tariff, withdraw_tariff
from orders.routing.cost import MOST_POUNDS
from orders.tariff_file import HEADER, rate_words, read_tariff, tariff_rows

MOST_BYTES = 1_000_000
MOST_LABELS = 500  # of the last, that say which services there are


def _withdraw_tariff(row: Tariff, asked: Asked) -> None:
    withdraw_tariff(tariff_id=row.pk, reason=asked.data["reason"], by=asked.by, now=asked.now)


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
        form: Any = TariffUpload(initial={"effective_from": tomorrow()})
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
            "title": str(tariff), "original": tariff, "tariff": tariff, "state": state_of(tariff, Tariff),
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
        return state_of(row, Tariff)

    @admin.display(description=gettext_lazy("offered"), boolean=True)
    def offered(self, row: Tariff) -> bool:
        return bool(row.rates)
