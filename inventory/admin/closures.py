"""Closed days: set for some stores or a whole group at once, and lifted together."""

from collections.abc import Sequence

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.models import Closure, Location, LocationGroup
from inventory.operations.close_locations import close_locations, reopen_locations
from omni.core.hq.acts import Act, Asked
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.filters import OpenFilter, typed
from omni.core.hq.show import moment, tag
from omni.core.refusals import NotAllowed, Refusal

STORES = gettext_lazy("Stores and places")


class ClosedDays(forms.Form):
    """From when until when, and why."""

    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput({"type": "date"}))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("Such as snow, inventory, refit.")
    )


def close(locations: Sequence[Location], asked: Asked) -> int:
    """Close these places for the days that were asked for."""
    close_locations(location_ids=[location.pk for location in locations], by=asked.by, **asked.data)
    return len(locations)


def close_groups(groups: Sequence[LocationGroup], asked: Asked) -> int:
    """Close all places in and below these groups, as far as the person's own places go."""
    ids = LocationGroup.with_descendants({group.pk for group in groups})
    return close(_own(asked).filter(group__in=ids), asked)


def reopen(closures: Sequence[Closure], asked: Asked) -> int:
    """Lift what was closed together; somebody else's stores in the same act stay out of reach."""
    lifted = 0
    for batch in dict.fromkeys(closure.batch for closure in closures):
        together = Closure.objects.filter(batch=batch, lifted_at=None)
        if together.exclude(location__in=_own(asked)).exists():
            raise NotAllowed("not_yours", _("This closure holds stores that are not yours; ask who set it."))
        lifted += reopen_locations(batch=batch, by=asked.by, now=asked.now)
    return lifted


def _own(asked: Asked):
    found = Location.objects.for_user(asked.user, "hours").filter(is_active=True)
    if not found.exists():
        raise Refusal("no_location", _("None of your stores is in it."))
    return found


def closed(n: int) -> str:
    return ngettext("%d place is closed for these days.", "%d places are closed for these days.", n) % n


CLOSE = Act(
    "close", gettext_lazy("Close for some days…"), "hours", close, form=ClosedDays, together=True, done=closed,
    text=gettext_lazy("No order is promised for these days; what was promised keeps its time and shows as late."),
)  # fmt: skip
CLOSE_GROUP = Act(
    "close", gettext_lazy("Close the whole group…"), "hours", close_groups, form=ClosedDays, together=True, done=closed,
    text=gettext_lazy("All places in this group and in the groups below it."),
)  # fmt: skip


class LiftedFilter(OpenFilter):
    closed_field = "lifted_at"


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin):
    """What is closed when, newest first."""

    section, position = STORES, 3
    place_paths = ("location",)
    long = True
    list_display = ["location", "starts_on", "ends_on", "reason", "created_by", "state"]
    list_filter = [LiftedFilter, typed(gettext_lazy("location code"), "at", "location__code")]
    list_select_related = ["location", "created_by"]
    fields = ["location", "starts_on", "ends_on", "reason", "created_at", "created_by", "state"]
    acts = (
        Act("reopen", gettext_lazy("Reopen"), "hours", reopen, together=True,
            applies=lambda closure: closure.lifted_at is None,
            text=gettext_lazy("Everything that was closed in the same act opens again."),
            done=lambda n: ngettext("%d place opens again.", "%d places open again.", n) % n),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("state"))
    def state(self, closure: Closure) -> str:
        if closure.lifted_at is None:
            return tag(_("Closed"), "warn")
        return moment(closure.lifted_at, closure.location)
