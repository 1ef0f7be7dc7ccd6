"""Fulfillment orders: the work that locations have, and who owes a confirmation."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.filters import typed
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, link, moment, page_url, tag
from omni.core.hq.story import changes_of, story
from orders.admin.orders import ORDERS
from orders.models import FulfillmentLine, FulfillmentOrder
from orders.models.fulfillment_order import IN_QUEUE, Status
from orders.operations.decline import DECLINABLE, decline

TONES = {Status.HANDED_OVER: "done", Status.SHIPPED: "done", Status.DECLINED: "warn", Status.SHORT: "warn",
         Status.EXPIRED: "warn", Status.CANCELLED: ""}  # fmt: skip
WAITING = (Status.AWAITING, Status.PLANNED, *IN_QUEUE)


def _decline(work: FulfillmentOrder, asked: Asked) -> None:
    decline(number=work.number, reason=asked.data["reason"], by=asked.by, now=asked.now)


class DueFilter(admin.SimpleListFilter):
    """What is late, and who should have confirmed by now; each has an index of its own."""

    title = gettext_lazy("time")
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", gettext_lazy("Late")), ("unconfirmed", gettext_lazy("Confirmation overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        if self.value() == "late":
            return queryset.filter(status__in=IN_QUEUE, due_at__lt=now)
        if self.value() == "unconfirmed":
            return queryset.filter(status="released", confirm_by__lte=now)
        return queryset


class WorkLineInline(ReadOnlyInline):
    model = FulfillmentLine
    verbose_name_plural = gettext_lazy("lines")
    fields = [
        "item", "quantity", "picked_quantity", "short_quantity", "cancelled_quantity", "issued_quantity",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("order_line").order_by("pk")

    @admin.display(description=gettext_lazy("item"))
    def item(self, line: FulfillmentLine) -> str:
        return f"{line.order_line.sku} · {line.order_line.title}"


@admin.register(FulfillmentOrder)
class FulfillmentOrderAdmin(ReadOnlyAdmin):
    section, position = ORDERS, 31
    place_paths = ("location",)
    long = True
    list_display = ["number", "location", "method", "state", "due", "confirmation", "shelf_code"]
    list_filter = [
        typed(gettext_lazy("location code"), "at", "location__code"), DueFilter, "status", "method",
        ("location__kind", admin.ChoicesFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["location"]
    finds = {"number": "exact"}
    search_help_text = gettext_lazy("The number, such as 10000001-1")
    fields = [
        "number", "order_link", "location", "method", "state", "due", "carrier", "confirmation", "released_at",
        "pick_list", "shelf_code", "staged_at", "collect_by", "tracking_carrier", "tracking_number",
        "closed_at", "history",
    ]  # fmt: skip
    inlines = [WorkLineInline]
    acts = (
        Act("decline", gettext_lazy("Give to another location…"), CONFIGURE, _decline, form=Reason,
            applies=lambda work: work.status in DECLINABLE,
            text=gettext_lazy("Its units are promised elsewhere, and this location is not asked for them again."),
            done=lambda n: ngettext("%d piece of work went elsewhere.", "%d pieces of work went elsewhere.", n) % n),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("location", "order", "pick_list")

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, work: FulfillmentOrder) -> str:
        return link(work.order.number, page_url("orders.order", work.order_id))

    @admin.display(description=gettext_lazy("state"))
    def state(self, work: FulfillmentOrder) -> str:
        return tag(work.get_status_display(), TONES.get(Status(work.status), "info"))

    @admin.display(description=gettext_lazy("due"))
    def due(self, work: FulfillmentOrder) -> Any:
        shown = moment(work.due_at, work.location)
        return tag(shown, "stop") if work.status in WAITING and work.due_at < timezone.now() else shown

    @admin.display(description=gettext_lazy("carrier leaves"))
    def carrier(self, work: FulfillmentOrder) -> Any:
        return moment(work.cutoff_at, work.location) if work.cutoff_at else NOTHING

    @admin.display(description=gettext_lazy("confirmation"))
    def confirmation(self, work: FulfillmentOrder) -> Any:
        if work.status != Status.RELEASED or work.confirm_by is None:
            return NOTHING
        shown = moment(work.confirm_by, work.location)
        if work.confirm_by <= timezone.now():
            return tag(_("overdue since %s") % shown, "stop")
        return tag(_("by %s") % shown, "info")

    @admin.display(description=gettext_lazy("history"))
    def history(self, work: FulfillmentOrder) -> str:
        return story(changes_of(work.subject, dict(Status.choices)), work.location)
