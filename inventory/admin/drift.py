"""Drift: numbers that their rows do not prove, each put right by two people and a movement."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.admin.stock import AT, SKU, AtPlaces
from inventory.models import Drift, StockLevel
from inventory.operations.repair_drift import approve_repair, ask_for_repair, look_again, take_back_repair
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, age, link, list_url, moment, tag
from omni.core.hq.story import changes_of, story
from omni.core.ui.words import signed

Status, Number, Trusted = Drift.Status, Drift.Number, Drift.Trusted
TONES = {Status.FOUND: "stop", Status.ASKED: "warn", Status.REPAIRED: "done", Status.GONE: ""}


class Repair(Reason):
    """Which side is right, and why."""

    trusted = forms.ChoiceField(
        label=gettext_lazy("What is right?"), choices=Trusted.choices, widget=forms.RadioSelect, initial=Trusted.NUMBER,
        help_text=gettext_lazy("What is promised is always the sum of its reservations: there the rows are right."),
    )  # fmt: skip
    field_order = ["trusted", "reason"]


def _ask(drift: Drift, asked: Asked) -> None:
    ask_for_repair(
        drift_id=drift.pk, trusted=asked.data["trusted"], reason=asked.data["reason"], by=asked.by, now=asked.now
    )


def _approve(drift: Drift, asked: Asked) -> None:
    approve_repair(drift_id=drift.pk, by=asked.by, now=asked.now)


def _take_back(drift: Drift, asked: Asked) -> None:
    take_back_repair(drift_id=drift.pk, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _look(drift: Drift, asked: Asked) -> None:
    look_again(drift_id=drift.pk, by=asked.by, now=asked.now)


def dry_run(drift: Drift, trusted: str) -> str:
    """What a repair would write, in a sentence."""
    shown, summed, units = drift.shown_quantity, drift.summed_quantity, signed(drift.difference)
    if drift.number == Number.PROMISED:
        return _("Promised goes from %(shown)d to %(summed)d, what the reservations add up to.") % {
            "shown": shown, "summed": summed,
        } + _short_words(drift, reserved=summed)  # fmt: skip
    if trusted == Trusted.NUMBER:
        return _("One movement of %(units)s; %(shown)d stay.") % {"units": units, "shown": shown}
    return _("One movement of %(units)s and one of %(back)s; %(shown)d become %(summed)d.") % {
        "units": units, "back": signed(-drift.difference), "shown": shown, "summed": summed,
    } + (_short_words(drift, on_hand=summed) if drift.number == Number.ON_HAND else "")  # fmt: skip


def _short_words(drift: Drift, **changed: int) -> str:
    """What it would mean for the promises of this shelf."""
    level = StockLevel.objects.filter(variant=drift.variant_id, location=drift.location_id).first()
    numbers = {"on_hand": level.on_hand if level else 0, "reserved": level.reserved if level else 0} | changed
    short = max(0, numbers["reserved"] - max(numbers["on_hand"], 0))
    if short <= (level.shortfall if level else 0):
        return ""
    return " " + ngettext(
        "%d promised unit would lack its piece and be planned anew.",
        "%d promised units would lack their pieces and be planned anew.", short,
    ) % short  # fmt: skip


def _about(rows: Sequence[Drift]) -> str:
    lines = []
    for drift in rows:
        if drift.status == Status.ASKED:
            lines.append(f"{_name(drift)}: {dry_run(drift, drift.trusted)}")
        elif drift.number == Number.PROMISED:
            lines.append(f"{_name(drift)}: {dry_run(drift, Trusted.ROWS)}")
        else:
            lines += [f"{_name(drift)}, {Trusted(side).label}: {dry_run(drift, side)}" for side in Trusted.values]
    return " ".join(lines)


def _name(drift: Drift) -> str:
    return f"{drift.variant.sku} · {drift.location.code} · {drift.get_number_display()}"


def _done(n: int) -> str:
    return ngettext("%d number was dealt with.", "%d numbers were dealt with.", n) % n


class OpenFilter(admin.SimpleListFilter):
    """What is still to be put right: a short index knows it."""

    title = gettext_lazy("open")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("To be put right"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(status__in=Drift.OPEN) if self.value() == "yes" else queryset


@admin.register(Drift)
class DriftAdmin(AtPlaces):
    """Each is asked about by one person and approved by another; nobody types a number over."""

    position, reads = 30, CONFIGURE
    list_display = ["item", "location", "what", "says", "adds_up", "gap", "state", "found"]
    list_filter = [OpenFilter, "number", AT, SKU]
    list_select_related = ["variant__product", "location"]
    fields = [
        "item", "location", "what", "says", "adds_up", "gap", "state", "found", "trusts",
        "would_write", "repair_reason", "asked_by", "closed", "closed_by", "movements", "history",
    ]  # fmt: skip
    acts = (
        Act("ask", gettext_lazy("Ask for a repair…"), CONFIGURE, _ask, form=Repair, about=_about,
            applies=lambda drift: drift.status == Status.FOUND, done=_done,
            text=gettext_lazy("Nothing is written yet: another person approves. Where a number on hand drifted, the "
                              "store is also asked to count the shelf.")),
        Act("approve", gettext_lazy("Approve…"), CONFIGURE, _approve, about=_about,
            applies=lambda drift: drift.status == Status.ASKED, done=_done,
            text=gettext_lazy("Writes what another person asked for. Only a new movement takes it back.")),
        Act("take_back", gettext_lazy("Not like this…"), CONFIGURE, _take_back, form=Reason, done=_done,
            applies=lambda drift: drift.status == Status.ASKED,
            text=gettext_lazy("Nothing is written; its repair can be asked for anew.")),
        Act("look", gettext_lazy("Look again"), CONFIGURE, _look, done=_done,
            applies=lambda drift: drift.status in Drift.OPEN,
            text=gettext_lazy("Both sides are read anew; where they agree by now, it is closed.")),
    )  # fmt: skip

    def row_name(self, row: Drift) -> str:
        return _name(row)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("asked_by")

    @admin.display(description=gettext_lazy("what drifted"))
    def what(self, drift: Drift) -> str:
        return f"{drift.get_number_display()}: {drift.get_bucket_display()}" if drift.bucket else (
            drift.get_number_display()
        )  # fmt: skip

    @admin.display(description=gettext_lazy("number says"))
    def says(self, drift: Drift) -> int:
        return drift.shown_quantity

    @admin.display(description=gettext_lazy("its rows say"))
    def adds_up(self, drift: Drift) -> int:
        return drift.summed_quantity

    @admin.display(description=gettext_lazy("difference"))
    def gap(self, drift: Drift) -> str:
        return signed(drift.difference)

    @admin.display(description=gettext_lazy("state"))
    def state(self, drift: Drift) -> str:
        return tag(drift.get_status_display(), TONES[Status(drift.status)])

    @admin.display(description=gettext_lazy("found"))
    def found(self, drift: Drift) -> Any:
        return age(drift.found_at)

    @admin.display(description=gettext_lazy("what is right"))
    def trusts(self, drift: Drift) -> str:
        return drift.get_trusted_display() or NOTHING

    @admin.display(description=gettext_lazy("what a repair writes"))
    def would_write(self, drift: Drift) -> str:
        if drift.status == Status.GONE:
            return NOTHING
        if drift.status == Status.REPAIRED or drift.number == Number.PROMISED or drift.trusted:
            sides = [drift.trusted or Trusted.ROWS]
        else:
            sides = Trusted.values
        lines = ((Trusted(side).label, dry_run(drift, side)) for side in sides)
        return format_html_join("", "<p><b>{}</b><br>{}</p>", lines)

    @admin.display(description=gettext_lazy("closed"))
    def closed(self, drift: Drift) -> str:
        return moment(drift.closed_at, drift.location)

    @admin.display(description=gettext_lazy("movements"))
    def movements(self, drift: Drift) -> str:
        url = list_url("inventory.stockmovement", sku=drift.variant.sku, at=drift.location.code)
        return link(_("Movements of this shelf"), url)

    @admin.display(description=gettext_lazy("history"))
    def history(self, drift: Drift) -> str:
        return story(changes_of(drift.subject, dict(Status.choices)))
