"""The pool: what each location has on its shelf of each variant, and how much of it is promised.

Two statements change it. `claim` promises units and can never promise more than there are; `shift` tells the truth
about the shelf and about promises that end, and writes the shortfall that follows. The CHECK ties both together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _

from inventory.models.kept_back import FLOOR, rules
from inventory.models.location import Location
from inventory.models.product import Variant
from omni.core.prepared import prepared

# All or nothing in one statement, and under the rules that hold when it begins: whatever a plan believed before.
#  `lk` takes the row locks in key order (no deadlocks) and, having waited, reads the
# newest row; a single short row leaves every other row untouched, so a refusal needs no savepoint. Claims of one shelf
# with different floors are served under the highest of them.
CLAIM_BY_RULES = """
WITH RECURSIVE {rules}, want AS (
    SELECT d, v, l, q, f FROM unnest(%(d)s::text[], %(v)s::bigint[], %(l)s::bigint[], %(q)s::int[], %(f)s::int[])
        AS t(d, v, l, q, f)
), req AS (
    SELECT v, l, sum(q)::int AS q, max(f) AS f, bool_or(f IS NULL) AS keeps FROM want GROUP BY 1, 2
), lk AS MATERIALIZED (
    SELECT s.id, s.variant_id, s.location_id, req.q,
           s.on_hand - s.reserved - GREATEST(req.f, CASE WHEN req.keeps THEN {floor} END) AS available
      FROM req JOIN inventory_stocklevel s ON s.variant_id = req.v AND s.location_id = req.l
      JOIN inventory_location l ON l.id = s.location_id
     ORDER BY s.variant_id, s.location_id FOR NO KEY UPDATE OF s
), short AS MATERIALIZED (
    SELECT req.v, req.l, req.q, GREATEST(0, COALESCE(lk.available, 0)) AS available
      FROM req LEFT JOIN lk ON lk.variant_id = req.v AND lk.location_id = req.l
     WHERE COALESCE(lk.available, 0) < req.q
), up AS (
    UPDATE inventory_stocklevel s SET reserved = s.reserved + lk.q, version = s.version + 1
      FROM lk WHERE s.id = lk.id AND NOT EXISTS (SELECT 1 FROM short)
), promised AS (
    INSERT INTO inventory_reservation
           (demand_key, variant_id, location_id, quantity, off_shelf_quantity, status, expires_at, created_at)
    SELECT d, v, l, q, 0, 'held', %(expires_at)s::timestamptz, now() FROM want WHERE NOT EXISTS (SELECT 1 FROM short)
)
SELECT v, l, q, available FROM short ORDER BY 1, 2
"""
CLAIM = CLAIM_BY_RULES.format(rules=rules(channel="%(channel)s", variants="%(v)s"), floor=FLOOR)

SHIFT = """
WITH req AS (
    SELECT v, l, sum(h)::int AS h, sum(r)::int AS r
      FROM unnest(%(v)s::bigint[], %(l)s::bigint[], %(h)s::int[], %(r)s::int[]) AS t(v, l, h, r) GROUP BY 1, 2
), lk AS MATERIALIZED (
    SELECT s.id, s.shortfall AS shortfall_before, req.h, req.r
      FROM req JOIN inventory_stocklevel s ON s.variant_id = req.v AND s.location_id = req.l
     ORDER BY s.variant_id, s.location_id FOR NO KEY UPDATE OF s
)
UPDATE inventory_stocklevel s
   SET on_hand = s.on_hand + lk.h, reserved = s.reserved + lk.r, version = s.version + 1,
       shortfall = GREATEST(0, s.reserved + lk.r - GREATEST(s.on_hand + lk.h, 0)),
       moved_at = CASE WHEN lk.h = 0 THEN s.moved_at ELSE now() END
  FROM lk WHERE s.id = lk.id
RETURNING s.variant_id, s.location_id, s.on_hand, s.reserved, s.safety_stock, s.shortfall, lk.shortfall_before,
          lk.h - lk.r
"""

# A variant that reaches a location for the first time starts from an empty shelf; sorted like every other lock.
OPEN_SHELVES = """
INSERT INTO inventory_stocklevel
       (variant_id, location_id, on_hand, reserved, safety_stock, shortfall, version, aisle, bin)
SELECT DISTINCT v, l, 0, 0, 0, 0, 0, '', '' FROM unnest(%s::bigint[], %s::bigint[]) AS t(v, l) ORDER BY v, l
ON CONFLICT (variant_id, location_id) DO NOTHING
"""

OF_KEYS = """
SELECT s.id FROM inventory_stocklevel s JOIN unnest(%s::bigint[], %s::bigint[]) AS t(v, l)
    ON s.variant_id = t.v AND s.location_id = t.l
"""

LOCK = """
SELECT s.id FROM inventory_stocklevel s JOIN unnest(%s::bigint[], %s::bigint[]) AS t(v, l)
    ON s.variant_id = t.v AND s.location_id = t.l ORDER BY s.variant_id, s.location_id FOR NO KEY UPDATE OF s
"""

# Where a unit lies and what is kept back; one statement for thousands of shelves (their locks are held).
PLACE = """
UPDATE inventory_stocklevel s SET safety_stock = t.k, aisle = t.a, bin = t.b
  FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[]) AS t(id, k, a, b) WHERE s.id = t.id
"""


@dataclass(frozen=True)
class Claim:
    """Units wanted from one shelf. `floor` replaces what rules and the location keep back (0: for a customer at the
    shelf, who has the unit in their hand)."""

    demand_key: str
    variant_id: int
    location_id: int
    quantity: int
    floor: int | None = None


@dataclass(frozen=True)
class Short:
    """A shelf that could not serve a claim, and what it could have given."""

    variant_id: int
    location_id: int
    wanted: int
    available: int


@dataclass(frozen=True)
class Shift:
    """Signed change of one shelf: units on hand, and units promised."""

    variant_id: int
    location_id: int
    on_hand: int = 0
    reserved: int = 0


@dataclass(frozen=True)
class Shelf:
    """A shelf after a shift; `gained` is how many more units are available than before (negative: fewer)."""

    variant_id: int
    location_id: int
    on_hand: int
    reserved: int
    safety_stock: int
    shortfall: int
    shortfall_before: int
    gained: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.safety_stock


class StockLevelQuerySet(models.QuerySet["StockLevel"]):
    def of(self, keys: Iterable[tuple[int, int]]) -> "StockLevelQuerySet":
        """The shelves of these (variant, location) pairs, and not of every such variant in every such location."""
        pairs = sorted(set(keys))
        return self.filter(pk__in=RawSQL(OF_KEYS, [[v for v, _ in pairs], [l for _, l in pairs]]))  # noqa: E741, S611

    def claim(self, claims: Sequence[Claim], *, channel: str, expires_at=None) -> list[Short]:
        """Promise all claims or none; returns the shelves that were short (empty: everything is promised)."""
        with prepared(values=len(claims)) as cursor:
            cursor.execute(CLAIM, {
                "d": [claim.demand_key for claim in claims], "v": [claim.variant_id for claim in claims],
                "l": [claim.location_id for claim in claims], "q": [claim.quantity for claim in claims],
                "f": [claim.floor for claim in claims], "channel": channel, "expires_at": expires_at,
            })  # fmt: skip
            return [Short(*row) for row in cursor.fetchall()]

    def shift(self, shifts: Iterable[Shift]) -> dict[tuple[int, int], Shelf]:
        """Apply signed changes, shortfall included; every shelf must exist (see `open_shelves`)."""
        rows = list(shifts)
        with prepared(values=len(rows)) as cursor:
            cursor.execute(SHIFT, {
                "v": [row.variant_id for row in rows], "l": [row.location_id for row in rows],
                "h": [row.on_hand for row in rows], "r": [row.reserved for row in rows],
            })  # fmt: skip
            shelves = [Shelf(*row) for row in cursor.fetchall()]
        return {(shelf.variant_id, shelf.location_id): shelf for shelf in shelves}

    def open_shelves(self, keys: Iterable[tuple[int, int]]) -> None:
        """Make sure that each (variant, location) has its row."""
        pairs = sorted(set(keys))
        with connection.cursor() as cursor:
            cursor.execute(OPEN_SHELVES, [[v for v, _ in pairs], [l for _, l in pairs]])  # noqa: E741

    def place(self, rows: Sequence["StockLevel"]) -> None:
        """Write safety stock, aisle and bin of rows that the caller has locked."""
        with connection.cursor() as cursor:
            cursor.execute(PLACE, [
                [row.pk for row in rows], [row.safety_stock for row in rows],
                [row.aisle for row in rows], [row.bin for row in rows],
            ])  # fmt: skip

    def lock(self, keys: Iterable[tuple[int, int]]) -> None:
        """Take the row locks of several statements at once, in the one order everybody uses."""
        pairs = sorted(set(keys))
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [[v for v, _ in pairs], [l for _, l in pairs]])  # noqa: E741


class StockLevel(models.Model):
    variant = models.ForeignKey(
        Variant, models.PROTECT, verbose_name=_("variant"), related_name="stock_levels", db_index=False
    )
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="stock_levels")
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    safety_stock = models.IntegerField(_("safety stock"), default=0)
    shortfall = models.IntegerField(_("shortfall"), default=0)
    version = models.IntegerField(_("version"), default=0)
    # When units last came or went: a snapshot of a later moment needs no look into the ledger.
    moved_at = models.DateTimeField(_("moved"), db_default=Now(), editable=False)
    aisle = models.CharField(_("aisle"), max_length=20, blank=True)
    bin = models.CharField(_("bin"), max_length=20, blank=True)

    objects = StockLevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = [
            models.UniqueConstraint(fields=["variant", "location"], name="one_shelf_per_variant_and_location"),
            models.CheckConstraint(name="reserved_not_negative", condition=Q(reserved__gte=0)),
            models.CheckConstraint(name="safety_stock_not_negative", condition=Q(safety_stock__gte=0)),
            models.CheckConstraint(
                name="promises_tied_to_shelf",
                condition=Q(shortfall=Greatest(0, F("reserved") - Greatest(F("on_hand"), 0))),
            ),
        ]
        indexes = [models.Index(fields=["location"], name="stock_shortfall", condition=Q(shortfall__gt=0))]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}: {self.on_hand} on hand, {self.reserved} reserved"

    @property
    def available(self) -> int:
        """By the location's own number; what a channel may promise is asked of `inventory.atp`."""
        return self.on_hand - self.reserved - self.safety_stock
