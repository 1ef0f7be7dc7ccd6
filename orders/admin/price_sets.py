"""What units and room are worth to orders to come, as it was worked out through the day."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import list_url, moment, tag
from omni.core.hq.story import changes_of, story
from omni.core.settings_store import setting
from orders import preferences
from orders.admin.orders import ORDERS
from orders.models import PriceSet
from orders.operations.known_prices import trouble_of
from orders.operations.retire_prices import retire_prices
from orders.operations.solve_prices import tried_again_at

LIGHT = 500  # thousandths; below, the forecast is far off


def _retire(found: PriceSet, asked: Asked) -> None:
    retire_prices(price_set_id=found.pk, reason=asked.data["reason"], by=asked.by, now=asked.now)


@admin.register(PriceSet)
class PriceSetAdmin(ReadOnlyAdmin):
    """Each time that prices were solved."""

    section, position, reads = ORDERS, 39, CONFIGURE
    long = True
    list_display = ["at", "state", "weighs", "drifts", "expected", "came", "shelves", "slots"]
    fields = [
        "at", "good_for", "state", "broken", "history", "weighs", "drifts", "expected", "came", "measured",
        "shelves", "slots", "past_orders", "futures", "seed", "took", "digest",
    ]  # fmt: skip
    acts = (
        Act("retire", gettext_lazy("Retire…"), CONFIGURE, _retire, form=Reason, applies=lambda found: found.may_count,
            text=gettext_lazy("From the next decision on, orders are planned without prices, until new ones are due. "
                              "To work out none at all, set orders.price_hours to 0."),
            done=lambda n: ngettext("%d price set is retired.", "%d price sets are retired.", n) % n),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceSet]:
        return self.within(request, PriceSet.objects.checked(), self.reads)

    def get_fields(self, request: HttpRequest, obj: PriceSet | None = None) -> Any:
        """Without what only a broken one has to say."""
        is_broken = obj is not None and trouble_of(obj) != ""
        return [name for name in self.fields if is_broken or name != "broken"]

    @admin.display(description=gettext_lazy("solved"))
    def at(self, found: PriceSet) -> str:
        return moment(found.solved_at)

    @admin.display(description=gettext_lazy("good until"))
    def good_for(self, found: PriceSet) -> str:
        return moment(found.good_until)

    @admin.display(description=gettext_lazy("measured"))
    def measured(self, found: PriceSet) -> str:
        return moment(found.measured_at)

    @admin.display(description=gettext_lazy("seconds to solve"))
    def took(self, found: PriceSet) -> str:
        return f"{found.solve_seconds:.1f}"

    @admin.display(description=gettext_lazy("status"))
    def state(self, found: PriceSet) -> str:
        if found.is_failed:
            return tag(_("could not be worked out"), "stop")
        if found.retired_at:
            return tag(_("retired"), "")
        return tag(_("broken"), "stop") if trouble_of(found) else tag(_("sound"), "done")

    @admin.display(description=gettext_lazy("broken because"))
    def broken(self, found: PriceSet) -> str:
        return _("%(why)s. Orders are planned without prices until the next ones.") % {"why": trouble_of(found)}

    @admin.display(description=gettext_lazy("history"))
    def history(self, found: PriceSet) -> str:
        return story(changes_of(found.subject, {"sound": _("sound"), "retired": _("retired")}))

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
    sets = PriceSet.objects.checked()
    newest = None if is_off else sets.newest(now)
    last = newest or sets.solved().order_by("-solved_at", "-pk").first()
    failed = None if is_off else sets.failures(now).first()
    again_at = moment(tried_again_at(now=now)) if failed else ""
    told = {"failed": failed, "again_at": again_at, "url": list_url("orders.priceset")}
    if last is None:
        return told | {"last": None}
    trouble = trouble_of(last)
    tone = "stop" if trouble and not is_off else "warn" if newest is None or last.weight < LIGHT else "done"
    counts = newest is not None and last.may_count and not trouble
    return told | {
        "last": last, "is_off": is_off, "counts": counts, "tone": tone, "trouble": trouble,
        "weight": _share(last.weight / 1000 if counts else 0), "drift": _share(last.drift),
    }  # fmt: skip


def _share(part: float) -> str:
    return f"{part:.0%}"
