"""What stores have to do with stock: put back, count."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin.stock import AT, SKU, AtPlaces
from inventory.health.shelves import overdue_since
from inventory.models import CycleCount, PutBack
from inventory.models.cycle_count import Why
from omni.core.hq.filters import OpenFilter
from omni.core.hq.show import NOTHING, age, tag


@admin.register(PutBack)
class PutBackAdmin(AtPlaces):
    position = 24
    list_display = ["item", "location", "quantity", "done_quantity", "found_at", "reason", "waits", "state"]
    list_filter = [OpenFilter, AT, SKU]
    fields = [
        "item", "location", "quantity", "done_quantity", "found_at", "cause", "reason", "created_at", "done_at",
        "movements",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("age"))
    def waits(self, task: PutBack) -> str:
        return age(task.created_at)

    @admin.display(description=gettext_lazy("state"))
    def state(self, task: PutBack) -> str:
        return tag(_("Done"), "done") if task.done_at else tag(_("Open"), "info")


class WhyFilter(admin.SimpleListFilter):
    """By any of a task's reasons."""

    title = gettext_lazy("reason")
    parameter_name = "why"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Why.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(reasons__contains=[self.value()]) if self.value() in Why.values else queryset


class OverdueFilter(admin.SimpleListFilter):
    """What nobody counted for longer than HQ wants."""

    title = gettext_lazy("overdue")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "yes":
            return queryset
        return queryset.filter(done_at=None, raised_at__lt=overdue_since(timezone.now()))


@admin.register(CycleCount)
class CycleCountAdmin(AtPlaces):
    position = 25
    list_display = [
        "item",
        "location",
        "why",
        "waits",
        "counted_quantity",
        "expected_quantity",
        "counted_by",
        "state",
    ]
    list_filter = [OpenFilter, OverdueFilter, WhyFilter, AT, SKU]
    list_select_related = ["variant__product", "location", "counted_by"]
    fields = [
        "item", "location", "cause", "why", "raised_at", "counted_quantity", "expected_quantity", "counted_by",
        "done_at", "movements",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("reason"))
    def why(self, task: CycleCount) -> str:
        return " · ".join(task.words) or NOTHING

    @admin.display(description=gettext_lazy("age"))
    def waits(self, task: CycleCount) -> str:
        return age(task.raised_at)

    @admin.display(description=gettext_lazy("state"))
    def state(self, task: CycleCount) -> str:
        return tag(_("Done"), "done") if task.done_at else tag(_("Open"), "info")
