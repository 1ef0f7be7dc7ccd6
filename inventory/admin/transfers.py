"""What is on its way between locations: how much it is worth, how long it takes, and what did not arrive."""

from typing import Any

from django.contrib import admin
from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.admin.stock import STOCK
from inventory.models import Price, Transfer, TransferLine
from inventory.operations.answer_transfer import approve_transfer, cancel_transfer, decline_transfer
from inventory.operations.receive_transfer import finish_receiving
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.filters import typed
from omni.core.hq.lists import ShortList
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, age, moment, tag
from omni.core.hq.story import changes_of, story
from omni.core.ui.words import money_words

Status = Transfer.Status
TONES = {Status.RECEIVED: "done", Status.IN_TRANSIT: "info", Status.REQUESTED: "warn"}
WORTH: Any = DecimalField(max_digits=16, decimal_places=4)


def _approve(transfer: Transfer, asked: Asked) -> None:
    approve_transfer(number=transfer.number, by=asked.by, now=asked.now)


def _decline(transfer: Transfer, asked: Asked) -> None:
    decline_transfer(number=transfer.number, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _cancel(transfer: Transfer, asked: Asked) -> None:
    cancel_transfer(number=transfer.number, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _lose(transfer: Transfer, asked: Asked) -> None:
    finish_receiving(number=transfer.number, is_rest_lost=True, by=asked.by, now=asked.now)


def _done(n: int) -> str:
    return ngettext("%d transfer was changed.", "%d transfers were changed.", n) % n


def _is(*statuses: str) -> Any:
    return lambda transfer: transfer.status in statuses


class TransferLineInline(ReadOnlyInline):
    model = TransferLine
    verbose_name_plural = gettext_lazy("lines")
    fields = [
        "variant", "requested_quantity", "approved_quantity", "shipped_quantity", "received_quantity",
        "damaged_quantity", "lost_quantity", "over_quantity", "in_transit_quantity",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("variant").order_by("pk")


class RoadFilter(admin.SimpleListFilter):
    """What is on the road, or late there; the index of both is short."""

    title = gettext_lazy("on the road")
    parameter_name = "road"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", gettext_lazy("In transit")), ("late", gettext_lazy("Late"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "late":
            return queryset.filter(status=Status.IN_TRANSIT, expected_at__lt=timezone.now())
        return queryset.filter(status=Status.IN_TRANSIT) if self.value() == "all" else queryset


class RoadList(ShortList):
    """What is on the road is never many: the longest expected stands first."""

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        return ["expected_at", "pk"]


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    section, position = STOCK, 26
    place_paths = ("from_location", "to_location")
    long = True
    list_display = [
        "number", "from_location", "to_location", "state", "asked", "expected", "on_the_road", "worth",
    ]  # fmt: skip
    list_filter = [
        RoadFilter, "status", "is_for_orders",
        typed(gettext_lazy("sender's code"), "from", "from_location__code"),
        typed(gettext_lazy("receiver's code"), "to", "to_location__code"),
    ]  # fmt: skip
    list_select_related = ["from_location", "to_location"]
    finds = {"number": "exact"}
    fields = [
        "number", "from_location", "to_location", "state", "is_for_orders", "note", "requested_by", "created",
        "shipped", "expected", "incomplete_at", "received", "on_the_road", "worth", "closed_reason", "history",
    ]  # fmt: skip
    inlines = [TransferLineInline]
    acts = (
        Act("approve", gettext_lazy("Approve"), CONFIGURE, _approve, done=_done, applies=_is(Status.REQUESTED),
            text=gettext_lazy("All units asked for are kept at the sender.")),
        Act("decline", gettext_lazy("Decline…"), CONFIGURE, _decline, form=Reason, done=_done,
            applies=_is(Status.REQUESTED)),
        Act("cancel", gettext_lazy("Cancel…"), CONFIGURE, _cancel, form=Reason, done=_done,
            applies=_is(*Transfer.KEPT), text=gettext_lazy("What was kept for it can be sold again.")),
        Act("lose", gettext_lazy("The rest is lost…"), CONFIGURE, _lose, form=Reason, done=_done,
            applies=_is(Status.IN_TRANSIT),
            text=gettext_lazy("What has not arrived counts as lost. A unit that turns up later can still be scanned.")),
    )  # fmt: skip

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return RoadList if request.GET.get("road") else super().get_changelist(request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the units on the road and their value at today's prices."""
        price = Price.objects.filter(variant=OuterRef("variant"), currency="USD").values("amount")[:1]
        road = TransferLine.objects.filter(transfer=OuterRef("pk"), in_transit_quantity__gt=0).order_by()
        of_line = F("in_transit_quantity") * Subquery(price, output_field=WORTH)
        return super().get_queryset(request).select_related("from_location", "to_location").annotate(
            units_on_road=Subquery(road.values("transfer").annotate(n=Sum("in_transit_quantity")).values("n")),
            value_on_road=Subquery(
                road.values("transfer").annotate(n=Sum(of_line, output_field=WORTH)).values("n"), output_field=WORTH
            ),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("state"))
    def state(self, transfer: Transfer) -> str:
        return tag(transfer.get_status_display(), TONES.get(Status(transfer.status), ""))

    @admin.display(description=gettext_lazy("asked"))
    def asked(self, transfer: Transfer) -> str:
        return age(transfer.created_at)

    @admin.display(description=gettext_lazy("expected"))
    def expected(self, transfer: Transfer) -> str:
        if transfer.expected_at is None or transfer.status != Status.IN_TRANSIT:
            return NOTHING
        shown = moment(transfer.expected_at, transfer.to_location)
        return tag(_("late, expected %s") % shown, "stop") if transfer.is_late(timezone.now()) else shown

    @admin.display(description=gettext_lazy("units on the road"))
    def on_the_road(self, transfer: Any) -> Any:
        return transfer.units_on_road or NOTHING

    @admin.display(description=gettext_lazy("their value"))
    def worth(self, transfer: Any) -> str:
        if transfer.value_on_road is None:
            return NOTHING
        return money_words(transfer.value_on_road, currency="USD")

    @admin.display(description=gettext_lazy("created"))
    def created(self, transfer: Transfer) -> str:
        return moment(transfer.created_at, transfer.from_location)

    @admin.display(description=gettext_lazy("shipped"))
    def shipped(self, transfer: Transfer) -> str:
        return moment(transfer.shipped_at, transfer.from_location)

    @admin.display(description=gettext_lazy("received"))
    def received(self, transfer: Transfer) -> str:
        return moment(transfer.received_at, transfer.to_location)

    @admin.display(description=gettext_lazy("history"))
    def history(self, transfer: Transfer) -> str:
        return story(changes_of(transfer.subject, dict(Transfer.Status.choices)))
