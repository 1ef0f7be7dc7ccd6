"""HQ's pages of returns: the policies and reasons it decides, and every return with its units, money and story."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.hq.base import HqAdmin, ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import NOTHING, link, moment, page_url, tag, url_or_none
from omni.core.hq.story import Line, changes_of, story
from omni.core.models import Event
from omni.core.ui.words import money_words
from orders.story import who
from orders.told_by_others import told_once
from returns.models import Payout, Regrade, ReturnOrder, ReturnPolicy, ReturnReason, ReturnUnit
from returns.models.return_order import Status
from returns.story import TELL

RETURNS = gettext_lazy("Returns")
TONES = {"waiting": "warn", "authorized": "info", "received": "info", "completed": "done", "refused": "stop"}
MOST = 300


@admin.register(ReturnPolicy)
class ReturnPolicyAdmin(HqAdmin):
    """The rules in words; `rank` shows in which order they are asked."""

    section, position = RETURNS, 41
    reads, adds, changes = READ, CONFIGURE, CONFIGURE
    list_display = ["name", "rank", "kind", "covers", "days", "fee", "refund_to", "valid"]
    list_filter = ["kind", "is_active"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "category", "channel", "is_active", ("starts_on", "ends_on")]}),
        (gettext_lazy("What may come back"), {"fields": ["window_days", "is_final_sale", "lowest_grade", "override"]}),
        (gettext_lazy("Money"), {"fields": ["refund_to", "fee_percent", ("fee_amount", "fee_currency")]}),
        (gettext_lazy("What becomes of it"), {"fields": ["disposition_a", "disposition_b", "disposition_c",
                                                         "disposition_d"]}),
        (gettext_lazy("Without receipt"), {"fields": ["price_days", "most_amount", "most_returns"]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).ranked()  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("asked as"))
    def rank(self, policy: ReturnPolicy) -> str:
        """The first that fits decides."""
        return _("no. %d") % policy.rank if policy.is_active else NOTHING  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("for"))
    def covers(self, policy: ReturnPolicy) -> str:
        """Which items and channels it is for."""
        return " · ".join(filter(None, [policy.category, policy.channel])) or _("everything")

    @admin.display(description=gettext_lazy("days"))
    def days(self, policy: ReturnPolicy) -> str:
        if policy.is_final_sale:
            return _("final sale")
        return str(policy.window_days) if policy.window_days is not None else _("for ever")

    @admin.display(description=gettext_lazy("fee"))
    def fee(self, policy: ReturnPolicy) -> str:
        parts = [f"{policy.fee_percent.normalize():f} %"] if policy.fee_percent else []
        if policy.fee_amount:
            parts.append(f"{policy.fee_amount.normalize():f} {policy.fee_currency}".strip())
        return " + ".join(parts) or NOTHING

    @admin.display(description=gettext_lazy("holds"))
    def valid(self, policy: ReturnPolicy) -> str:
        if not policy.is_active:
            return tag(_("no"), "")
        since, until = policy.starts_on, policy.ends_on
        if not since and not until:
            return tag(_("always"), "done")
        return f"{since or '…'} – {until or '…'}"


@admin.register(ReturnReason)
class ReturnReasonAdmin(HqAdmin):
    """Why things come back."""

    section, position = RETURNS, 42
    reads, adds, changes = READ, CONFIGURE, CONFIGURE
    list_display = ["label", "code", "is_our_fault", "position", "is_active"]
    fields = ["code", "label", "is_our_fault", "position", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The code is what the site and history know it by."""
        return ["code"] if obj else []


class UnitInline(ReadOnlyInline):
    model = ReturnUnit
    money_in = "return_order.currency"
    fields = ["title", "status", "reason", "grade", "disposition", "serial", "value_amount", "fee_amount",
              "refund_amount", "cost_amount"]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("reason").order_by("pk")


class PayoutInline(ReadOnlyInline):
    model = Payout
    money_in = "return_order.currency"
    fields = ["key", "amount", "tender_amount", "credit_amount", "exchange_amount", "till_reference", "made_at",
              "made_by"]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("made_by").order_by("pk")


@admin.register(ReturnOrder)
class ReturnOrderAdmin(ReadOnlyAdmin):
    section, position = RETURNS, 40
    place_paths = ("location",)
    long = True
    list_display = ["rma_number", "opened", "channel", "state", "order_link", "location", "approved_by"]
    list_display_links = ["rma_number"]
    list_filter = ["status", "channel"]
    finds = {"rma_number": "exact", "order__number": "exact", "tracking_number": "exact"}
    search_help_text = gettext_lazy("The number of a return or an order, or a tracking number.")
    fields = [
        "rma_number", "state", "channel", "order_link", "customer", "location", "opened", "opened_by", "in_store",
        "approved_by", "approved_at", "tracking_carrier", "tracking_number", "note", "received_at", "closed_at",
        "history",
    ]  # fmt: skip
    inlines = [UnitInline, PayoutInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("order", "location", "approved_by", "customer")

    @admin.display(description=gettext_lazy("opened"))
    def opened(self, found: ReturnOrder) -> str:
        return moment(found.opened_at, found.location)

    @admin.display(description=gettext_lazy("state"))
    def state(self, found: ReturnOrder) -> str:
        return tag(found.get_status_display(), TONES.get(found.status, ""))

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, found: ReturnOrder) -> str:
        if found.order is None:
            return _("Without receipt")
        return link(found.order.number, page_url("orders.order", found.order_id))

    @admin.display(description=gettext_lazy("in the store"))
    def in_store(self, found: ReturnOrder) -> str:
        url = url_or_none("returns:one", found.rma_number)
        return link(_("Open the return's page"), url) if url else NOTHING

    @admin.display(description=gettext_lazy("history"))
    def history(self, found: ReturnOrder) -> str:
        return story(changes_of(found.subject, dict(Status.choices)) + _told(found), found.location)


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    """Who decided anew about a held unit, and what that did to its worth."""

    section, position = RETURNS, 43
    place_paths = ("unit__location",)
    long = True
    list_display = ["unit", "changed", "worth_before", "worth_after", "when", "by"]
    list_select_related = ["unit__location", "unit__return_order", "by"]
    fields = ["unit", "changed", "worth_before", "worth_after", "note", "when", "by"]

    @admin.display(description=gettext_lazy("change"))
    def changed(self, change: Regrade) -> str:
        return (
            f"{change.from_grade} {change.get_from_disposition_display()} → "
            f"{change.to_grade} {change.get_to_disposition_display()}"
        )

    @admin.display(description=gettext_lazy("worth before"))
    def worth_before(self, change: Regrade) -> str:
        return money_words(change.from_amount, currency=change.unit.return_order.currency)

    @admin.display(description=gettext_lazy("worth after"))
    def worth_after(self, change: Regrade) -> str:
        return money_words(change.to_amount, currency=change.unit.return_order.currency)

    @admin.display(description=gettext_lazy("when"))
    def when(self, change: Regrade) -> str:
        return moment(change.at, change.unit.location)


def _told(found: ReturnOrder) -> list[Line]:
    kind, which = found.story_subject
    rows = Event.objects.filter(aggregate_type=kind, aggregate_id=which, topic__in=list(TELL)).order_by("id")[:MOST]
    mine = told_once(row for row in rows if row.payload.get("return") == found.rma)
    return [
        Line(row.occurred_at, title, who(row.actor), note)
        for row, (title, note, _tone) in ((row, TELL[row.topic](row.payload, "")) for row in mine)
    ]
