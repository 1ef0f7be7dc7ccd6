"""Money in HQ: tenders, refunds, payments before an order, store credit. Read here, moved by acts with a reason."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import StoreCredit, StoreCreditEntry
from customers.operations.store_credit import expire_credit
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, link, moment, page_url, tag
from omni.core.ui.words import money_words
from orders.models import Capture, Payment, PaymentIntent, Refund
from orders.operations.authorize import give_up_payment
from orders.operations.refund import refund_failed_to_credit, retry_refund
from orders.operations.retry_captures import retry_captures

MONEY = gettext_lazy("Money")
INTENT_TONES = {"approved": "info", "used": "done", "unknown": "warn", "asked": "warn", "voiding": "warn"}


def _retry_captures(payment: Payment, asked: Asked) -> None:
    retry_captures(number=payment.order.number, by=asked.by, now=asked.now)


def _retry_refund(refund: Refund, asked: Asked) -> None:
    retry_refund(refund_id=refund.pk, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _to_credit(refund: Refund, asked: Asked) -> None:
    refund_failed_to_credit(refund_id=refund.pk, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _give_up(intent: PaymentIntent, asked: Asked) -> None:
    give_up_payment(key=intent.key, by=asked.by)


def _expire(credit: StoreCredit, asked: Asked) -> None:
    expire_credit(code=credit.code, key=f"hq:{asked.now.isoformat()}:{credit.pk}", reason=asked.data["reason"],
                  by=asked.by, now=asked.now)  # fmt: skip


class OfOrder(ReadOnlyAdmin):
    """Rows about an order's money: for the chain's HQ alone."""

    section, reads = MONEY, CONFIGURE
    long = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("order")

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, row: Any) -> str:
        return link(row.order.number, page_url("orders.order", row.order_id)) if row.order else NOTHING


class CaptureInline(ReadOnlyInline):
    model = Capture
    fields = ["key", "shown_amount", "requested_at", "captured_at", "failed_at", "failure", "provider_reference"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("payment__order").order_by("pk")

    @admin.display(description=gettext_lazy("amount"))
    def shown_amount(self, capture: Capture) -> str:
        return money_words(capture.amount, currency=capture.payment.order.currency)


class WaitsFilter(admin.SimpleListFilter):
    """Captures that were refused, or that wait for the provider."""

    title = gettext_lazy("captures")
    parameter_name = "captures"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("refused", gettext_lazy("Refused")), ("waiting", gettext_lazy("Waiting"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "refused":
            return queryset.filter(captures__failed_at__isnull=False).distinct()
        if self.value() == "waiting":
            return queryset.filter(captures__in=Capture.objects.pending()).distinct()
        return queryset


@admin.register(Payment)
class PaymentAdmin(OfOrder):
    position = 60
    list_display = ["tender", "order_link", "authorized", "captured", "refunded", "reference"]
    list_display_links = ["tender"]
    list_filter = [WaitsFilter, "kind"]
    finds = {"reference": "exact", "last4": "exact"}
    search_help_text = gettext_lazy("The provider's reference, or the last four digits of the card.")
    fields = [
        "tender", "order_link", "method", "reference", "authorized", "captured", "refunded", "void_requested_at",
        "voided_at",
    ]  # fmt: skip
    inlines = [CaptureInline]
    acts = (
        Act("retry", gettext_lazy("Ask for what is missing again"), CONFIGURE, _retry_captures,
            text=gettext_lazy("What left and was not paid for is asked for again, on all payments of the order."),
            done=lambda n: ngettext("%d payment is asked again.", "%d payments are asked again.", n) % n),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("payment"))
    def tender(self, payment: Payment) -> str:
        return payment.words

    @admin.display(description=gettext_lazy("authorized"))
    def authorized(self, payment: Payment) -> str:
        return money_words(payment.authorized_amount, currency=payment.order.currency)

    @admin.display(description=gettext_lazy("taken"))
    def captured(self, payment: Payment) -> str:
        return money_words(payment.captured_amount, currency=payment.order.currency)

    @admin.display(description=gettext_lazy("given back"))
    def refunded(self, payment: Payment) -> str:
        return money_words(payment.refunded_amount, currency=payment.order.currency)


class RefusedFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("refused", gettext_lazy("Refused, undecided")), ("waiting", gettext_lazy("On its way"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "refused":
            return queryset.filter(failed_at__isnull=False, settled_by=None)
        return queryset.pending() if self.value() == "waiting" else queryset


@admin.register(Refund)
class RefundAdmin(OfOrder):
    position = 61
    list_display = ["name", "order_link", "shown_amount", "cause", "state", "requested"]
    list_display_links = ["name"]
    list_filter = [RefusedFilter, "cause"]
    fields = [
        "name", "order_link", "shown_amount", "cause", "reason", "state", "requested", "requested_by", "refunded_at",
        "failed_at", "failure", "provider_reference",
    ]  # fmt: skip
    acts = (
        Act("retry", gettext_lazy("Ask the provider again…"), CONFIGURE, _retry_refund, form=Reason,
            applies=lambda refund: refund.failed_at and not refund.settled_by_id,
            text=gettext_lazy("The same amount is asked for once more, to the same card."),
            done=lambda n: ngettext("%d refund is asked for again.", "%d refunds are asked for again.", n) % n),
        Act("credit", gettext_lazy("Give store credit instead…"), CONFIGURE, _to_credit, form=Reason,
            applies=lambda refund: refund.failed_at and not refund.settled_by_id,
            text=gettext_lazy("The customer gets the amount as store credit; the card gets nothing."),
            done=lambda n: ngettext("%d credit is issued.", "%d credits are issued.", n) % n),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("payment", "credit")

    def row_name(self, row: Refund) -> str:
        return f"{self.name(row)} · {self.shown_amount(row)}"

    @admin.display(description=gettext_lazy("refund"))
    def name(self, refund: Refund) -> str:
        if refund.credit_id:
            return _("As store credit")
        return _("To %s") % refund.payment.words if refund.payment else NOTHING

    @admin.display(description=gettext_lazy("amount"))
    def shown_amount(self, refund: Refund) -> str:
        return money_words(refund.amount, currency=refund.order.currency)

    @admin.display(description=gettext_lazy("state"))
    def state(self, refund: Refund) -> str:
        if refund.refunded_at:
            return tag(_("Given back"), "done")
        if refund.failed_at:
            return tag(_("Refused"), "" if refund.settled_by_id else "stop")
        return tag(_("On its way"), "info")

    @admin.display(description=gettext_lazy("requested"))
    def requested(self, refund: Refund) -> str:
        return moment(refund.requested_at)


@admin.register(PaymentIntent)
class PaymentIntentAdmin(OfOrder):
    position = 62
    list_display = ["key", "method", "shown_amount", "state", "order_link", "started_by"]
    list_display_links = ["key"]
    list_filter = ["status", "method"]
    finds = {"key": "exact", "reference": "exact"}
    search_help_text = gettext_lazy("Our key, or the provider's reference.")
    fields = [
        "key", "owner_key", "method", "shown_amount", "state", "reason", "shown_reference", "brand", "last4",
        "order_link", "started_at", "started_by", "asked_at", "answered_at",
    ]  # fmt: skip
    acts = (
        Act("give_up", gettext_lazy("Find out and void"), CONFIGURE, _give_up,
            applies=lambda intent: intent.status not in ("used", "voided", "declined"),
            text=gettext_lazy("The provider is asked what became of it; what it approved is released."),
            done=lambda n: ngettext("%d payment is looked up and voided.", "%d payments are looked up and voided.", n)
            % n),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("amount"))
    def shown_amount(self, intent: PaymentIntent) -> str:
        return money_words(intent.amount, currency=intent.currency)

    @admin.display(description=gettext_lazy("provider's reference"))
    def shown_reference(self, intent: PaymentIntent) -> str:
        """A store credit's code is as good as money."""
        return f"•••• {intent.reference[-4:]}" if intent.method == "store_credit" else intent.reference

    @admin.display(description=gettext_lazy("state"))
    def state(self, intent: PaymentIntent) -> str:
        return tag(intent.get_status_display(), INTENT_TONES.get(intent.status, ""))


class EntryInline(ReadOnlyInline):
    model = StoreCreditEntry
    verbose_name_plural = gettext_lazy("ledger")
    fields = ["at", "kind", "shown_amount", "balance", "cause", "reason", "actor", "approved_by"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("credit").order_by("pk")

    @admin.display(description=gettext_lazy("amount"))
    def shown_amount(self, entry: StoreCreditEntry) -> str:
        return money_words(entry.amount, currency=entry.credit.currency)

    @admin.display(description=gettext_lazy("balance after"))
    def balance(self, entry: StoreCreditEntry) -> str:
        return money_words(entry.balance_after, currency=entry.credit.currency)


class OpenBalanceFilter(admin.SimpleListFilter):
    title = gettext_lazy("balance")
    parameter_name = "balance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", gettext_lazy("Above zero"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(balance_amount__gt=0) if self.value() == "open" else queryset


@admin.register(StoreCredit)
class StoreCreditAdmin(ReadOnlyAdmin):
    """Codes are shown by their end only: whoever knows one can spend it."""

    section, position, reads = MONEY, 63, CONFIGURE
    long = True
    list_display = ["name", "customer_link", "balance", "held", "expires"]
    list_display_links = ["name"]
    list_filter = [OpenBalanceFilter]
    finds = {"code": "exact", "customer__email": "exact"}
    search_help_text = gettext_lazy("The whole code without dashes, or the customer's e-mail.")
    fields = ["name", "customer_link", "balance", "held", "expires", "created_at"]
    inlines = [EntryInline]
    acts = (
        Act("expire", gettext_lazy("Expire…"), CONFIGURE, _expire, form=Reason,
            applies=lambda credit: credit.available_amount > 0,
            text=gettext_lazy("What no order holds is worth nothing any more. This cannot be undone."),
            done=lambda n: ngettext("%d credit has expired.", "%d credits have expired.", n) % n),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("customer")

    @admin.display(description=gettext_lazy("code"))
    def name(self, credit: StoreCredit) -> str:
        return str(credit)

    @admin.display(description=gettext_lazy("customer"))
    def customer_link(self, credit: StoreCredit) -> str:
        if credit.customer is None:
            return _("Whoever has the code")
        return link(credit.customer, page_url("customers.customer", credit.customer_id))

    @admin.display(description=gettext_lazy("balance"))
    def balance(self, credit: StoreCredit) -> str:
        return money_words(credit.balance_amount, currency=credit.currency)

    @admin.display(description=gettext_lazy("held"))
    def held(self, credit: StoreCredit) -> str:
        return money_words(credit.held_amount, currency=credit.currency)

    @admin.display(description=gettext_lazy("expires"))
    def expires(self, credit: StoreCredit) -> str:
        if credit.expires_at is None:
            return NOTHING
        return tag(_("Expired"), "warn") if credit.expires_at <= timezone.now() else moment(credit.expires_at)
