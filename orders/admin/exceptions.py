"""What needs a person at HQ, the oldest first."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.models import Location
from omni.core.hq.acts import Act, Asked
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.filters import OpenFilter
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import age, link, moment, page_url, tag
from orders.admin.orders import ORDERS
from orders.models import FulfillmentOrder, OrderException, OrderLine
from orders.operations.resolve_exception import resolve_exception
from orders.operations.retry_waiting import retry_waiting

WAITING_KINDS = (OrderException.Kind.WAITING, OrderException.Kind.ATTEMPTS)


class Note(forms.Form):
    note = forms.CharField(label=gettext_lazy("What was done"), max_length=300)


def _resolve(exception: OrderException, asked: Asked) -> None:
    resolve_exception(exception_id=exception.pk, note=asked.data["note"], by=asked.by, now=asked.now)


def _retry(exception: OrderException, asked: Asked) -> None:
    retry_waiting(number=exception.order.number, by=asked.by, now=asked.now)


class ResolvedFilter(OpenFilter):
    closed_field = "resolved_at"


@admin.register(OrderException)
class OrderExceptionAdmin(ReadOnlyAdmin):
    section, position = ORDERS, 32
    place_paths = ("order__lines__pickup_location",)
    long = True
    newest_first = False
    list_display = ["order_link", "kind", "detail", "waits", "state"]
    list_display_links = ["kind"]
    list_filter = [ResolvedFilter, "kind"]
    list_select_related = ["order", "resolved_by"]
    fields = ["order_link", "kind", "detail", "raised", "state", "resolved_by", "resolution"]
    acts = (
        Act("resolve", gettext_lazy("Resolve…"), CONFIGURE, _resolve, form=Note,
            applies=lambda exception: exception.resolved_at is None,
            text=gettext_lazy("It leaves the list and keeps your note."),
            done=lambda n: ngettext("%d is resolved.", "%d are resolved.", n) % n),
        Act("retry", gettext_lazy("Try other locations again…"), CONFIGURE, _retry,
            applies=lambda exception: exception.resolved_at is None and exception.kind in WAITING_KINDS,
            text=gettext_lazy("Units that wait are promised by any location that has not failed them yet."),
            done=lambda n: ngettext("%d order is promised again.", "%d orders are promised again.", n) % n),
    )  # fmt: skip

    def at_places_of(self, request: HttpRequest, capability: str) -> Q:
        places = Location.objects.for_user(request.user, capability).values("pk")
        collected = OrderLine.objects.filter(order=OuterRef("order"), pickup_location__in=places)
        worked_on = FulfillmentOrder.objects.filter(order=OuterRef("order"), location__in=places)
        return Q(Exists(collected)) | Q(Exists(worked_on))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("order", "resolved_by")

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, exception: OrderException) -> str:
        return link(exception.order.number, page_url("orders.order", exception.order_id))

    @admin.display(description=gettext_lazy("age"))
    def waits(self, exception: OrderException) -> str:
        return age(exception.raised_at)

    @admin.display(description=gettext_lazy("raised"))
    def raised(self, exception: OrderException) -> str:
        return moment(exception.raised_at)

    @admin.display(description=gettext_lazy("state"))
    def state(self, exception: OrderException) -> str:
        return tag(_("Resolved"), "done") if exception.resolved_at else tag(_("Open"), "warn")
