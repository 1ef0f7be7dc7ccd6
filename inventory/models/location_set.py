"""Locations that belong together wherever they are: flagships, kiosks, stores with a large back room.

The tree of groups says who may see what, and each location hangs on one branch of it. A set lies across: a location
may be in any number of them. Rules of routing speak of both by one number: a group by its id, a set by minus its id.
"""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.models.group import LocationGroup
from inventory.models.location import Location


class LocationSet(models.Model):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    locations = models.ManyToManyField(Location, verbose_name=_("locations"), related_name="sets", blank=True)

    class Meta:
        verbose_name = _("location set")
        verbose_name_plural = _("location sets")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def groups_and_sets_of(places: Collection[Location]) -> dict[int, frozenset[int]]:
    """By location: its group, all groups above it, and minus the ids of its sets; two queries."""
    above = _with_all_above()
    sets: dict[int, set[int]] = {}
    rows = LocationSet.locations.through.objects.filter(location__in=[place.pk for place in places])
    for place, group in rows.values_list("location_id", "locationset_id"):
        sets.setdefault(place, set()).add(-group)
    return {place.pk: above.get(place.group_id, frozenset()) | sets.get(place.pk, set()) for place in places}


def names_of_groups_and_sets() -> dict[int, str]:
    """Every number that a rule may name; groups first, then sets, by name."""
    groups = LocationGroup.objects.values_list("pk", "name")
    return dict(groups) | {-pk: name for pk, name in LocationSet.objects.values_list("pk", "name")}


def _with_all_above() -> dict[int | None, frozenset[int]]:
    """Each group with all above it."""
    parents = dict(LocationGroup.objects.values_list("pk", "parent_id"))
    found: dict[int | None, frozenset[int]] = {}
    for pk in parents:
        above: list[int] = []
        at: int | None = pk
        while at is not None and at not in above:
            above.append(at)
            at = parents[at]
        found[pk] = frozenset(above)
    return found
