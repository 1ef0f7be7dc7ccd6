"""What happened at a shelf that tells whether a picker will find its units: the last count, what was looked for and
found or not, what was sold.

Sums fade with time by themselves (a sum is kept with its moment), so a row changes only when something happens at its
shelf. A shelf without a row has seen nothing.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import numpy as np
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from inventory.models.location import Location
from inventory.models.product import Variant

FADE_LOOKED, FADE_SOLD = 45, 28  # days until a sum has a third (1/e) of its weight
LONGEST = 365  # days; longer ago is as long ago
SIGNS = (
    "days since the count", "never counted", "not found lately", "not found since the count", "found lately",
    "sold lately", "days since the sale", "on hand",
)  # fmt: skip


def days(since: str, at: str) -> str:
    """Days between two moments as SQL, between 0 and a year; NULL where there was none."""
    return f"LEAST({LONGEST}, GREATEST(0, extract(epoch FROM {at} - {since}) / 86400))::float8"


def faded(total: str, since: str, at: str, *, over: int) -> str:
    """What is left of a sum as SQL; 0 where there was none."""
    return f"COALESCE({total} * exp(-{days(since, at)} / {over}), 0)"


def signs(row: str, on_hand: str, at: str) -> tuple[str, ...]:
    """The signs of a shelf at a moment, each as SQL: `row` is its ShelfSign, which may be NULL; in the order of SIGNS.

    The one text by which pickers' visits are written down and by which a shelf is judged.
    """
    return (
        f"ln(1 + COALESCE({days(f'{row}.counted_at', at)}, {LONGEST}))",
        f"({row}.counted_at IS NULL)::int",
        f"ln(1 + {faded(f'{row}.missed', f'{row}.missed_at', at, over=FADE_LOOKED)})",
        f"COALESCE({row}.missed_at > COALESCE({row}.counted_at, '-infinity'), false)::int",
        f"ln(1 + {faded(f'{row}.found', f'{row}.found_at', at, over=FADE_LOOKED)})",
        f"ln(1 + {faded(f'{row}.sold', f'{row}.sold_at', at, over=FADE_SOLD)})",
        f"ln(1 + COALESCE({days(f'{row}.sold_at', at)}, {LONGEST}))",
        f"ln(1 + GREATEST({on_hand}, 0))",
    )


# 16 bytes a shelf rather than a row, as in inventory/atp.py.
COUNTED = """
SELECT variant_id,
       string_agg(int8send(location_id) || float8send(extract(epoch FROM %s - counted_at) / 86400), ''::bytea)
  FROM inventory_shelfsign
 WHERE variant_id = ANY(%s::bigint[]) AND location_id = ANY(%s::bigint[]) AND counted_at IS NOT NULL GROUP BY 1
"""
COUNTS = np.dtype([("location", ">i8"), ("days", ">f8")])


class ShelfSignManager(models.Manager["ShelfSign"]):
    def counted(self, *, variants: Collection[int], places: Collection[int], now: datetime) -> dict[int, NDArray]:
        """variant -> the places (of these) where its shelf was ever counted, and the days since then: COUNTS; of any
        number of shelves in one query."""
        with connection.cursor() as cursor:
            cursor.execute(COUNTED, [now, sorted(variants), list(places)])
            return {variant: np.frombuffer(packed, COUNTS) for variant, packed in cursor}

    def days_since_count(self, keys: Iterable[tuple[int, int]], *, now: datetime) -> dict[tuple[int, int], float]:
        """(variant, location) -> days, of the shelves that were ever counted."""
        wanted = set(keys)
        rows = self.filter(
            variant__in={variant for variant, _place in wanted}, location__in={place for _variant, place in wanted},
            counted_at__isnull=False,
        )  # fmt: skip
        return {
            (variant, place): round((now - counted_at).total_seconds() / 86_400, 2)
            for variant, place, counted_at in rows.values_list("variant_id", "location_id", "counted_at")
            if counted_at is not None and (variant, place) in wanted
        }


class ShelfSign(models.Model):
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    counted_at = models.DateTimeField(_("counted"), null=True)
    missed = models.FloatField(_("not found"), default=0, help_text=_("Units, faded to the moment of the last."))
    missed_at = models.DateTimeField(_("last not found"), null=True)
    found = models.FloatField(_("found"), default=0)
    found_at = models.DateTimeField(_("last found"), null=True)
    sold = models.FloatField(_("sold"), default=0)
    sold_at = models.DateTimeField(_("last sold"), null=True)

    objects = ShelfSignManager()

    class Meta:
        verbose_name = _("signs of a shelf")
        verbose_name_plural = _("signs of shelves")
        constraints = [
            models.UniqueConstraint(fields=["location", "variant"], name="one_sign_per_shelf"),
            models.CheckConstraint(
                name="sign_sums_have_moments",
                condition=Q(missed__gte=0, found__gte=0, sold__gte=0)
                & (Q(missed=0) | Q(missed_at__isnull=False))
                & (Q(found=0) | Q(found_at__isnull=False))
                & (Q(sold=0) | Q(sold_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}"


class SignsKnown(models.Model):
    """Until when the signs hold everything that happened; one row."""

    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("end of the signs of shelves")
        verbose_name_plural = _("ends of the signs of shelves")
        constraints = [models.CheckConstraint(name="signs_have_one_end", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M}"
