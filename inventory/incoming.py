"""Available to order: what suppliers will bring, may be sold before, and nobody has bought yet. Reads take no lock.

An item may be sold before it comes where HQ allows it (`SupplyTerm`): its own term, else that of the longest category
that holds it. Promised is day by day what purchase orders still bring, at most as much as the term allows, and nothing
to a location that a rule excludes from the channel. The statement that promises reads by the same text.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, QuerySet

from inventory import preferences
from inventory.atp import ids_of
from inventory.models import Location, SupplyTerm
from inventory.models.kept_back import NOTHING_LEFT, PATH, RULE, rules_only
from omni.core.settings_store import setting

# Of each wanted variant its term: the closest one.
TERMS = f"""
term AS MATERIALIZED (
    SELECT DISTINCT ON (v.id) v.id AS variant_id, t.kind, t.most_units, t.extra_days, t.street_on
      FROM inventory_variant v JOIN inventory_product p ON p.id = v.product_id
      JOIN inventory_supplyterm t ON t.is_active AND (t.variant_id = v.id OR (t.variant_id IS NULL AND (t.category = ''
           OR starts_with({PATH.format("p.category")} || ' > ', {PATH.format("t.category")} || ' > '))))
     WHERE v.id = ANY(%(variants)s::bigint[]) AND v.is_active
     ORDER BY v.id, t.variant_id NULLS LAST, length(t.category) DESC
)"""  # noqa: S608 - texts of our own

# The day of a line `s` under its term: what did not come on its day comes some days later, nobody knows when.
DAY = """GREATEST(
    CASE WHEN s.expected_on + COALESCE(term.extra_days, 0) < %(today)s::date THEN %(today)s::date + %(late)s
         ELSE s.expected_on + COALESCE(term.extra_days, 0) END, term.street_on)"""

# Whether HQ lets anything be sold before it comes: asked with the items, so that most shops ask nothing more.
ANY_TERM = Exists(SupplyTerm.objects.filter(is_active=True))

FREE = "s.ordered_quantity - s.received_quantity - s.closed_quantity - s.promised_quantity"

# A line `s` for its location `l`, by the names that a rule's text asks for.
OPEN_LINES = f"""
    SELECT s.id, s.variant_id, o.location_id, {DAY} AS day, term.most_units, {FREE} AS free, term.kind
      FROM term JOIN inventory_purchaseorderline s USING (variant_id)
      JOIN inventory_purchaseorder o ON o.id = s.purchase_order_id JOIN inventory_location l ON l.id = o.location_id
     WHERE o.status = 'open' AND o.is_orderable AND {FREE} > 0
       AND COALESCE((({RULE}) ->> 0)::bigint, 0) < {NOTHING_LEFT}"""  # noqa: S608 - texts of our own

BEGIN = f"WITH RECURSIVE {rules_only(channel='%(channel)s', variants='%(variants)s')}, {TERMS}"

SUPPLY = f"""
{BEGIN}, line AS ({OPEN_LINES}), taken AS (
    SELECT variant_id, sum(promised_quantity) AS promised
      FROM inventory_purchaseorderline WHERE variant_id = ANY(%(variants)s::bigint[]) AND promised_quantity > 0
     GROUP BY 1
)
SELECT variant_id, day, sum(free), min(most_units) - COALESCE(min(taken.promised), 0), min(kind)
  FROM line LEFT JOIN taken USING (variant_id) WHERE line.location_id IN ({{places}}) GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - texts of our own


@dataclass
class Incoming:
    """What can be ordered of one item before it is here: so many more units from each day on."""

    kind: str = ""
    steps: list[tuple[date, int]] = field(default_factory=list)

    @property
    def units(self) -> int:
        return sum(units for _day, units in self.steps)

    def day(self, quantity: int = 1) -> date | None:
        """The day from which so many can be had; none where fewer come."""
        for day, units in self.steps:
            quantity -= units
            if quantity <= 0:
                return day
        return None


def incoming(
    *, variants: Iterable[int], places: QuerySet[Location], channel: str, today: date
) -> dict[int, Incoming]:  # fmt: skip
    """variant -> what the channel can order of it beyond what is here; one query, whatever the numbers."""
    ids, values = ids_of(places)
    text = SUPPLY.replace("{places}", _named(ids, len(values)))
    named = {f"place_{n}": value for n, value in enumerate(values)}
    found: dict[int, Incoming] = defaultdict(Incoming)
    with connection.cursor() as cursor:
        cursor.execute(text, asked(variants, channel, today) | named)
        for variant, day, units, limit, kind in cursor.fetchall():
            so_far = found[variant]
            given = int(units) if limit is None else min(int(units), int(limit) - so_far.units)
            if given > 0:
                so_far.kind = kind
                so_far.steps.append((day, given))
    return dict(found)


def asked(variants: Iterable[int], channel: str, today: date) -> dict[str, Any]:
    """The values of `BEGIN` and `OPEN_LINES`."""
    wanted: Sequence[int] = sorted(set(variants))
    return {"variants": wanted, "channel": channel, "today": today, "late": setting(preferences.LATE_SUPPLY_DAYS)}


def _named(text: str, count: int) -> str:
    """Values by name, as the rest of the statement has them."""
    for n in range(count):
        text = text.replace("%s", f"%(place_{n})s", 1)
    return text


def street_dates(variants: Iterable[int]) -> dict[int, date]:
    """Of those that have one, the day before which nobody gets them."""
    terms = SupplyTerm.objects.filter(is_active=True, variant__in=list(variants), street_on__isnull=False)
    return {variant: day for variant, day in terms.values_list("variant_id", "street_on") if variant and day}
