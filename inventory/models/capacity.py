"""How much a location can take on per local day; a location without a limit has no row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from omni.core.prepared import array, prepared

TAKE = """
INSERT INTO inventory_locationday (location_id, day, kind, used, cap)
SELECT l, d, k, n, c FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::int[], %s::int[]) AS t(l, d, k, n, c)
 WHERE n <= c ORDER BY l, d, k
ON CONFLICT (location_id, day, kind) DO UPDATE SET used = inventory_locationday.used + excluded.used, cap = excluded.cap
 WHERE inventory_locationday.used + excluded.used <= excluded.cap
RETURNING location_id, day, kind
"""

GIVE_BACK = """
UPDATE inventory_locationday AS have SET used = have.used - gone.n
  FROM (SELECT l, d, k, sum(n)::int AS n
          FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::int[]) AS t(l, d, k, n) GROUP BY 1, 2, 3) AS gone
 WHERE have.location_id = gone.l AND have.day = gone.d AND have.kind = gone.k
"""

LOCK = """
SELECT have.id FROM inventory_locationday AS have
  JOIN unnest(%s::bigint[], %s::date[], %s::text[]) AS t(l, d, k)
    ON have.location_id = t.l AND have.day = t.d AND have.kind = t.k
 ORDER BY have.location_id, have.day, have.kind FOR NO KEY UPDATE OF have
"""

FULL = """
SELECT location_id, day FROM inventory_locationday
 WHERE location_id = ANY(%s::bigint[]) AND day = ANY(%s::date[]) AND kind = %s AND used >= cap
"""


@dataclass(frozen=True, order=True)
class Slot:
    """One fulfillment order's share of a location's day; `cap` is the day's limit."""

    location_id: int
    day: date
    kind: str
    cap: int = 0


class LocationDayManager(models.Manager["LocationDay"]):
    def take(self, slots: Sequence[Slot]) -> list[Slot]:
        """Use one unit of each slot; returns those whose day is full (nothing was used of them). One statement."""
        with prepared(values=len(slots)) as cursor:
            cursor.execute(TAKE, [
                [slot.location_id for slot in slots], [slot.day for slot in slots], [slot.kind for slot in slots],
                [1] * len(slots), [slot.cap for slot in slots],
            ])  # fmt: skip
            served = {(location, day, kind) for location, day, kind in cursor.fetchall()}
        return [slot for slot in slots if (slot.location_id, slot.day, slot.kind) not in served]

    def lock(self, slots: Sequence[Slot]) -> None:
        """Lock the days that have a row in the one order everybody uses, before some are taken and others returned."""
        if not slots:
            return
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [
                [slot.location_id for slot in slots], [slot.day for slot in slots], [slot.kind for slot in slots],
            ])  # fmt: skip

    def give_back(self, slots: Sequence[Slot]) -> None:
        """Return one unit of each slot, after a decline, a cancellation or a move."""
        if not slots:
            return
        with connection.cursor() as cursor:
            ordered = sorted(slots)
            cursor.execute(GIVE_BACK, [
                [slot.location_id for slot in ordered], [slot.day for slot in ordered],
                [slot.kind for slot in ordered], [1] * len(ordered),
            ])  # fmt: skip

    def full(self, days: Mapping[int, date], kind: str) -> set[int]:
        """The locations (id -> local day) whose day takes nothing more. No query for none."""
        if not days:
            return set()
        with prepared(values=len(days)) as cursor:
            cursor.execute(FULL, [array(days), list(set(days.values())), kind])
            return {place for place, day in cursor.fetchall() if days[place] == day}


class LocationDay(models.Model):
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="days")
    day = models.DateField(_("local day"))
    kind = models.CharField(_("kind"), max_length=10)
    used = models.PositiveIntegerField(_("used"), default=0)
    cap = models.PositiveIntegerField(_("limit"))

    objects = LocationDayManager()

    class Meta:
        verbose_name = _("capacity of a day")
        verbose_name_plural = _("capacity by day")
        constraints = [
            models.UniqueConstraint(fields=["location", "day", "kind"], name="one_capacity_per_day_and_kind"),
            models.CheckConstraint(name="capacity_never_exceeded", condition=Q(used__lte=F("cap"))),
            models.CheckConstraint(name="capacity_not_negative", condition=Q(used__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.day} {self.kind}: {self.used}/{self.cap}"
