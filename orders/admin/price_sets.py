"""What units and room are worth to orders to come, as it was worked out through the day."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import list_url, moment, tag
from omni.core.settings_store import setting
from orders import preferences
from orders.admin.orders import ORDERS
from orders.models import PriceSet

LIGHT = 500  # thousandths; below, the forecast is far off


@admin.register(PriceSet)
class PriceSetAdmin(ReadOnlyAdmin):
    """Each time that prices were solved."""

    section, position, reads = ORDERS, 39, CONFIGURE
    long = True
    list_display = ["at", "state", "weighs", "drifts", "expected", "came", "shelves", "slots"]
    fields = [
        "at", "good_until", "state", "broken_because", "weighs", "drifts", "expected", "came", "measured_at", "shelves",
        "slots", "past_orders", "futures", "seed", "solve_seconds", "digest",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceSet]:
        return super().get_queryset(request).defer("prices", "forecast")

    @admin.display(description=gettext_lazy("solved"))
    def at(self, found: PriceSet) -> str:
        return moment(found.solved_at)

    @admin.display(description=gettext_lazy("status"))
    def state(self, found: PriceSet) -> str:
        return tag(_("broken"), "stop") if found.broken_because else tag(_("sound"), "done")

    @admin.display(description=gettext_lazy("weight"))
    def weighs(self, found: PriceSet) -> str:
        return _share(found.weight / 1000)

    @admin.display(description=gettext_lazy("drift"))
    def drifts(self, found: PriceSet) -> str:
        return _share(found.drift)

    @admin.display(description=gettext_lazy("orders expected"))
    def expected(self, found: PriceSet) -> str:
        return f"{found.expected_orders:,.0f}"


def prices_context(now: datetime) -> dict[str, Any]:
    """For the health page: the newest prices, those that count first."""
    is_off = not setting(preferences.PRICE_HOURS)
    newest = None if is_off else PriceSet.objects.newest(now)
    last = newest or PriceSet.objects.small().order_by("-solved_at", "-pk").first()
    if last is None:
        return {"last": None, "url": list_url("orders.priceset")}
    tone = "stop" if last.broken_because and not is_off else "warn" if newest is None or last.weight < LIGHT else "done"
    return {
        "last": last, "is_off": is_off, "counts": newest is not None and not last.broken_because, "tone": tone,
        "weight": _share(last.weight / 1000), "drift": _share(last.drift), "url": list_url("orders.priceset"),
    }  # fmt: skip


def _share(part: float) -> str:
    return f"{part:.0%}"
