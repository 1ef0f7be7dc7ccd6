"""Differences between what a source says and what the ledger says: too large to book without a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.admin.difference_filters import FILTERS, amount, chosen, in_words, kept, number
from inventory.admin.stock import AtPlaces
from inventory.models import Location, SnapshotRow
from inventory.models.snapshot import Outcome
from inventory.operations.decide_differences import decide_all, decide_differences
from omni.core.actors import Actor
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.lists import LongList
from omni.core.hq.show import age, list_url, tag
from omni.core.refusals import Refusal
from omni.core.ui.words import money_words, signed

ADJUST = "adjust"  # who may correct a store's stock by a difference decides about these too
MOST = 5_000  # differences that one press of a button decides about
TONES = {Outcome.REVIEW: "warn", Outcome.BOOKED: "info", Outcome.APPROVED: "info", Outcome.EXPLAINED: "done"}


@dataclass(frozen=True)
class Sums:
    """What a decision is about."""

    rows: int
    units: int
    value: Decimal

    @classmethod
    def of(cls, rows: Any) -> "Sums":
        found = rows.order_by().aggregate(n=Count("pk"), units=Sum("difference"), value=Sum("value"))
        return cls(found["n"], found["units"] or 0, found["value"] or Decimal(0))

    @property
    def words(self) -> str:
        return _("%(rows)s, net %(units)s units, %(value)s in value") % {
            "rows": ngettext("%d difference", "%d differences", self.rows) % self.rows,
            "units": signed(self.units), "value": money_words(self.value, currency="USD"),
        }  # fmt: skip


def _decide(approve: bool) -> Any:
    def carry_out(rows: Sequence[SnapshotRow], asked: Asked) -> int:
        done = decide_differences(
            ids=[row.pk for row in rows], within=Location.objects.for_user(asked.user, ADJUST), approve=approve,
            reason=asked.data["reason"], by=asked.by, now=asked.now,
        )  # fmt: skip
        if not done:
            raise Refusal("decided_meanwhile", _("Somebody decided about this meanwhile; nothing was changed."))
        return done

    return carry_out


def _about(rows: Sequence[SnapshotRow]) -> str:
    waiting = [row for row in rows if _waits(row)]
    value = sum((row.value or Decimal(0) for row in waiting), Decimal(0))
    return Sums(len(waiting), sum(row.difference for row in waiting), value).words


def _waits(row: SnapshotRow) -> bool:
    return row.outcome == Outcome.REVIEW


def approved(n: int) -> str:
    return ngettext("%d difference is approved and booked.", "%d differences are approved and booked.", n) % n


def refused(n: int) -> str:
    return ngettext("%d difference is refused; the ledger stays.", "%d differences are refused; the ledger stays.",
                    n) % n  # fmt: skip


class DifferenceList(LongList):
    """Walked by value and key together, the greatest value first, along the index of what waits."""

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        return ["-value", "pk"]

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What waits; only of a single snapshot its filter shows the others too."""
        rows = super().get_queryset(request, *args, **kwargs)
        return rows if request.GET.get("snapshot") else rows.filter(outcome=Outcome.REVIEW)

    def _walk(self, key: str) -> tuple[list[Any], bool, bool]:
        size = self.list_per_page
        rows = self.queryset
        if since := self._cursor("newer"):
            value, pk = since
            before = rows.filter(Q(value__gt=value) | Q(value=value, pk__lt=pk), value__gte=value)
            found = list(before.order_by("value", "-pk")[: size + 1])
            return found[:size][::-1], len(found) > size, True
        if since := self._cursor("older"):
            value, pk = since
            rows = rows.filter(Q(value__lt=value) | Q(value=value, pk__gt=pk), value__lte=value)
            found = list(rows[: size + 1])
            return found[:size], True, len(found) > size
        found = list(rows[: size + 1])
        return found[:size], False, len(found) > size

    def _cursor(self, name: str) -> Any:
        text = self.params.get(name)
        if not text:
            return None
        value, pk = map(str.strip, text.partition(":")[::2])
        if not (value and pk):
            raise IncorrectLookupParameters
        return amount(value), number(pk)

    def _page(self, name: str, row: Any, key: str) -> str:
        return self.get_query_string({name: f"{row.value}:{row.pk}"})

    def _is_unfiltered(self) -> bool:
        return False  # what waits is a small part of the table, whose size says nothing


class DecideAll(Reason):
    """Why, and how many they were when somebody said so."""

    counted = forms.IntegerField(widget=forms.HiddenInput)


@admin.register(SnapshotRow)
class SnapshotRowAdmin(AtPlaces):
    """What waits for a person, the greatest value first."""

    position = 29
    list_display = ["item", "location", "quantity", "expected", "gap", "worth", "why", "told"]
    list_filter: ClassVar[Any] = FILTERS
    list_select_related = ["variant__product", "location", "snapshot__feed"]
    change_list_template = "admin/hq/differences.html"
    fields = [
        "item", "location", "source", "line", "quantity", "expected", "gap", "worth", "state", "why", "since",
        "decided_at", "decided_by", "reason", "movements",
    ]  # fmt: skip
    acts = (
        Act("approve", gettext_lazy("Approve…"), ADJUST, _decide(True), form=Reason, together=True,
            applies=_waits, about=_about,
            text=gettext_lazy("The ledger takes over what the source says: the difference, as it is by now, is booked. "
                              "What is booked cannot be undone; only a new correction takes it back."),
            done=approved),
        Act("refuse", gettext_lazy("Refuse…"), ADJUST, _decide(False), form=Reason, together=True,
            applies=_waits, about=_about,
            text=gettext_lazy("The ledger stays as it is. The next snapshot asks again where the shelf still differs."),
            done=refused),
    )  # fmt: skip

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return DifferenceList

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("snapshot__feed").exclude(outcome=Outcome.SAME)

    def row_name(self, row: SnapshotRow) -> str:
        return f"{self.item(row)} · {row.location} · {signed(row.difference)} · {self.worth(row)}"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.all_view)
        return [path("all/<slug:name>/", view, name="inventory_snapshotrow_all"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        narrowed = kept(request.GET)
        waits = not (request.GET.get("snapshot") and request.GET.get("outcome"))
        more = {"all_query": urlencode(narrowed), "is_filtered": bool(narrowed), "deeds": []}
        if waits and self.holds(request, ADJUST):
            more["deeds"] = [("approve", _("Approve all of these…")), ("refuse", _("Refuse all of these…"))]
        return super().changelist_view(request, more | (extra_context or {}))

    def all_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Approve or refuse all that the filter shows; who says so sees before how many and how much that is."""
        if name not in self.allowed_acts(request):
            raise (Http404 if self.has_view_permission(request) else PermissionDenied)
        act, places = self.allowed_acts(request)[name], Location.objects.for_user(request.user, ADJUST)
        now, asked = timezone.now(), request.POST if request.method == "POST" else request.GET
        try:
            wanted = chosen(asked)
        except IncorrectLookupParameters as error:
            raise Http404 from error
        found = Sums.of(wanted.of(SnapshotRow.objects.waiting().filter(location__in=places), now))
        form, status = DecideAll(initial={"counted": found.rows}), 200
        if request.method == "POST":
            form, status = DecideAll(request.POST), 422
            if form.is_valid() and self._is_as_seen(form, found):
                done = decide_all(chosen=wanted, within=places, approve=name == "approve", most=MOST,
                                  reason=form.cleaned_data["reason"], by=Actor.of(request.user), now=now)  # fmt: skip
                messages.success(request, act.done(done))
                return redirect(list_url("inventory.snapshotrow", **kept(asked)))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "section": self.section, "act": act,
            "title": _("Approve all of these") if name == "approve" else _("Refuse all of these"),
            "found": found, "form": form, "kept": kept(asked), "words": in_words(asked), "most": MOST,
            "back": list_url("inventory.snapshotrow", **kept(asked)),
        }  # fmt: skip
        return render(request, "admin/hq/decide_all.html", context, status=status)

    def _is_as_seen(self, form: forms.Form, found: Sums) -> bool:
        """Nobody approves more than they were shown."""
        if form.cleaned_data["counted"] == found.rows:
            return True
        form.add_error(None, _("By now these are others: %s. Look again, then say it once more.") % found.words)
        form.data = {name: form.data[name] for name in form.data} | {"counted": found.rows}
        return False

    @admin.display(description=gettext_lazy("difference"))
    def gap(self, row: SnapshotRow) -> str:
        return signed(row.difference)

    @admin.display(description=gettext_lazy("value"))
    def worth(self, row: SnapshotRow) -> str:
        return money_words(row.value or 0, currency="USD")

    @admin.display(description=gettext_lazy("cause"))
    def why(self, row: SnapshotRow) -> str:
        return row.get_cause_display()

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: SnapshotRow) -> str:
        return tag(row.get_outcome_display(), TONES.get(Outcome(row.outcome), ""))

    @admin.display(description=gettext_lazy("age"))
    def since(self, row: SnapshotRow) -> Any:
        return age(row.in_question_since or row.snapshot.as_of)

    @admin.display(description=gettext_lazy("source, age"))
    def told(self, row: SnapshotRow) -> Any:
        return format_html("{}<br>{}", row.snapshot.feed, self.since(row))

    @admin.display(description=gettext_lazy("source"))
    def source(self, row: SnapshotRow) -> str:
        return str(row.snapshot.feed)
