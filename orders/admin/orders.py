"""Orders: read here, changed by acts with a reason."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.models import Location
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.filters import TypedFilter
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, link, list_url, moment, page_url, tag, url_or_none
from omni.core.hq.story import story
from omni.core.ui.words import money_words
from orders.admin.history import story_of
from orders.models import FulfillmentOrder, Message, Order, OrderException, OrderLine, Payment
from orders.operations.cancel import cancel
from orders.operations.hold_order import hold_order, unhold_order
from orders.operations.promise_waiting import promise_waiting

ORDERS = gettext_lazy("Orders")
TONES = {"open": "info", "partly_fulfilled": "info", "fulfilled": "done", "cancelled": ""}
SHOWN_DECISIONS = 5
OVER = (Order.Status.FULFILLED, Order.Status.CANCELLED)


class Hold(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What for"), choices=Order.Hold)
    note = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


def _hold(order: Order, asked: Asked) -> None:
    hold_order(number=order.number, by=asked.by, now=asked.now, **asked.data)


def _unhold(order: Order, asked: Asked) -> None:
    unhold_order(number=order.number, by=asked.by, now=asked.now)


def _cancel(order: Order, asked: Asked) -> None:
    cancel(number=order.number, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _promise(order: Order, asked: Asked) -> None:
    promise_waiting(number=order.number, now=asked.now)


class LineInline(ReadOnlyInline):
    model = OrderLine
    money_in = "order.currency"
    verbose_name_plural = gettext_lazy("lines")
    fields = [
        "sku", "title", "method", "pickup_location", "quantity", "allocated_quantity", "waiting_quantity",
        "fulfilled_quantity", "cancelled_quantity", "unit_price_amount",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("pickup_location").order_by("position")


class PaymentInline(ReadOnlyInline):
    model = Payment
    money_in = "order.currency"
    fields = ["method", "reference", "authorized_amount", "captured_amount", "refunded_amount", "voided_at"]


class ExceptionInline(ReadOnlyInline):
    model = OrderException
    fields = ["kind", "detail", "raised_at", "resolved_at", "resolution"]


class MessageInline(ReadOnlyInline):
    model = Message
    fields = ["kind", "to", "subject", "created_at", "sent_at"]


class HeldFilter(admin.SimpleListFilter):
    title = gettext_lazy("hold")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("On hold"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.exclude(hold="") if self.value() == "yes" else queryset


class LineFilter(TypedFilter):
    """The order of a line, by the number that its promises carry (`order-line:123`)."""

    title = gettext_lazy("number of a line")
    parameter = "line"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value:
            return queryset
        return (
            queryset.filter(lines=int(self.value))
            if self.value.isdecimal() and len(self.value) < 19
            else queryset.none()
        )


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    section, position = ORDERS, 30
    long = True
    walk_by = "number"
    place_paths = ("lines__pickup_location",)
    list_display = ["number", "placed", "channel", "state", "held", "contact_name", "total"]
    list_filter = ["status", HeldFilter, "channel", LineFilter]
    finds = {
        "number": "exact", "contact_email": "exact", "contact_phone": "exact", "contact_name": "words",
    }  # fmt: skip
    search_help_text = gettext_lazy("An order number, e-mail, phone (+1612…) or name.")
    inlines = [LineInline, PaymentInline, ExceptionInline, MessageInline]
    fieldsets = [
        (None, {"fields": ["number", "state", "held", "in_store", "work_list", "routing"]}),
        (gettext_lazy("Customer"), {"fields": ["customer_link", "contact_name", "contact_email", "contact_phone",
                                               "collector_name", "address"]}),
        (gettext_lazy("Terms"), {"fields": ["channel", "channel_reference", "placed", "placed_by", "on_shortage",
                                            "total", "shipping", "tags"]}),
        (gettext_lazy("What happened"), {"fields": ["history"]}),
    ]  # fmt: skip
    acts = (
        Act("hold", gettext_lazy("Hold…"), CONFIGURE, _hold, form=Hold,
            applies=lambda order: order.status not in OVER and not order.hold,
            text=gettext_lazy("Nothing of a held order reaches a store; its stock stays promised."),
            done=lambda n: ngettext("%d order is on hold.", "%d orders are on hold.", n) % n),
        Act("unhold", gettext_lazy("Release the hold"), CONFIGURE, _unhold, applies=lambda order: bool(order.hold),
            text=gettext_lazy("The work goes to its stores with the next release."),
            done=lambda n: ngettext("%d order goes on.", "%d orders go on.", n) % n),
        Act("promise", gettext_lazy("Look for stock again"), CONFIGURE, _promise,
            applies=lambda order: order.status not in OVER,
            text=gettext_lazy("Units that wait are promised where they can be had now."),
            done=lambda n: ngettext("Looked again for %d order.", "Looked again for %d orders.", n) % n),
        Act("cancel", gettext_lazy("Cancel…"), CONFIGURE, _cancel, form=Reason,
            applies=lambda order: order.status not in OVER,
            text=gettext_lazy("Everything still open is cancelled, the customer is told. This cannot be undone."),
            done=lambda n: ngettext("%d order is cancelled.", "%d orders are cancelled.", n) % n),
    )  # fmt: skip

    def at_places_of(self, request: HttpRequest, capability: str) -> Q:
        """An order belongs to the stores where it is collected, and to those that work on it."""
        places = Location.objects.for_user(request.user, capability).values("pk")
        collected = OrderLine.objects.filter(order=OuterRef("pk"), pickup_location__in=places)
        worked_on = FulfillmentOrder.objects.filter(order=OuterRef("pk"), location__in=places)
        return Q(Exists(collected)) | Q(Exists(worked_on))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("customer")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Why parcels come from where they come from is shown to those who may read it."""
        first, *others = super().get_fieldsets(request, obj)
        if not self.holds(request, CONFIGURE):
            first = (first[0], {"fields": [name for name in first[1]["fields"] if name != "routing"]})
        return [first, *others]

    @admin.display(description=gettext_lazy("placed"))
    def placed(self, order: Order) -> str:
        return moment(order.placed_at)

    @admin.display(description=gettext_lazy("state"))
    def state(self, order: Order) -> str:
        return tag(order.get_status_display(), TONES.get(order.status, ""))

    @admin.display(description=gettext_lazy("hold"))
    def held(self, order: Order) -> str:
        if not order.hold:
            return NOTHING
        label = order.get_hold_display()
        return tag(f"{label}: {order.hold_note}" if order.hold_note else label, "warn")

    @admin.display(description=gettext_lazy("total"))
    def total(self, order: Order) -> str:
        return money_words(order.total_amount, currency=order.currency)

    @admin.display(description=gettext_lazy("shipping"))
    def shipping(self, order: Order) -> str:
        return money_words(order.shipping_amount, currency=order.currency)

    @admin.display(description=gettext_lazy("customer"))
    def customer_link(self, order: Order) -> str:
        if order.customer is None:
            return _("Guest")
        return link(order.customer, list_url("orders.order", customer__id__exact=order.customer_id))

    @admin.display(description=gettext_lazy("shipping address"))
    def address(self, order: Order) -> str:
        names = ("name", "line1", "line2", "postal_code", "city", "region", "country")
        return ", ".join(str(value) for name in names if (value := (order.shipping_address or {}).get(name))) or NOTHING

    @admin.display(description=gettext_lazy("in the store"))
    def in_store(self, order: Order) -> str:
        url = url_or_none("orders:order", order.number)
        return link(_("Open the order's page"), url) if url else NOTHING

    @admin.display(description=gettext_lazy("work"))
    def work_list(self, order: Order) -> str:
        rows = (
            (link(work.number, page_url("orders.fulfillmentorder", work.pk)), work.location, work.get_status_display())
            for work in _works(order)
        )
        return format_html_join("", "<div>{} · {} · {}</div>", rows) or NOTHING

    @admin.display(description=gettext_lazy("routing"))
    def routing(self, order: Order) -> str:
        decisions = order.routing_decisions.only("kind", "decided_at").order_by("-pk")[:SHOWN_DECISIONS]
        rows = (
            (link(each.get_kind_display(), page_url("orders.routingdecision", each.pk)), moment(each.decided_at))
            for each in decisions
        )
        return format_html_join("", "<div>{} · {}</div>", rows) or NOTHING

    @admin.display(description=gettext_lazy("history"))
    def history(self, order: Order) -> str:
        return story(story_of(order, _works(order)))


def _works(order: Order) -> list[FulfillmentOrder]:
    """The order's work; its page asks for it twice and the database once."""
    if not hasattr(order, "works_here"):
        order.works_here = list(  # type: ignore[attr-defined]
            order.fulfillment_orders.select_related("location").prefetch_related("hand_overs").order_by("pk")
        )
    return order.works_here  # type: ignore[attr-defined]
