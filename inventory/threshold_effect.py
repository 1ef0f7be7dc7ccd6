"""What a channel's threshold of confidence would hold back, before it is set: location by location."""

from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction

from inventory.models import Location, StockLevel
from inventory.models.kept_back import BY_RULES, PATH, rules_only
from inventory.models.sure_enough import LOGIT, trust_anyway

MOST_SHELVES = 500_000  # looked at; of a larger network the first locations, and it says so
SECONDS = 25

EFFECT = """
WITH RECURSIVE {rules}, {trust}
SELECT l.code, l.name, count(*) FILTER (WHERE logit < ln(%(share)s / (1 - %(share)s))),
       COALESCE(sum(given) FILTER (WHERE logit < ln(%(share)s / (1 - %(share)s))), 0), sum(given), count(*)
  FROM (SELECT s.location_id, {logit} AS logit, s.on_hand - s.reserved - {floor} AS given
          FROM inventory_stocklevel s JOIN inventory_location l ON l.id = s.location_id
         WHERE s.location_id = ANY(%(places)s::bigint[]) AND s.on_hand > s.reserved OFFSET 0) shelf
  JOIN inventory_location l ON l.id = shelf.location_id
 WHERE given > 0 GROUP BY l.id ORDER BY 4 DESC, l.code
"""
TEXT = EFFECT.format(
    rules=rules_only(channel="%(channel)s", variants="%(variants)s"), trust=trust_anyway(PATH.format("c.category")),
    logit=LOGIT, floor=BY_RULES,
)  # fmt: skip


class TooLarge(Exception):
    """It was not counted in time."""


@dataclass(frozen=True)
class PlaceHeld:
    """A location: shelves and units that would be held back, of those that the channel could promise now."""

    code: str
    name: str
    shelves: int
    units: int
    available: int
    looked_at: int


@dataclass(frozen=True)
class Held:
    """All of it; `counted` of `in_reach` locations were looked at."""

    places: list[PlaceHeld]
    counted: int
    in_reach: int

    @property
    def shelves(self) -> int:
        return sum(place.shelves for place in self.places)

    @property
    def units(self) -> int:
        return sum(place.units for place in self.places)

    @property
    def available(self) -> int:
        return sum(place.available for place in self.places)

    @property
    def looked_at(self) -> int:
        return sum(place.looked_at for place in self.places)


def threshold_effect(*, channel: str, percent: int) -> Held:
    """The shelves below this percentage, beside what rules keep back already. Raises TooLarge."""
    reach = list(Location.objects.filter(is_active=True).order_by("code").values_list("pk", flat=True))
    places, variants = _as_many_as_can_be_looked_at(reach)
    asked: dict[str, Any] = {"channel": channel, "share": percent / 100, "places": places, "variants": variants}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{SECONDS}s"])
            cursor.execute(TEXT, asked)
            rows = [PlaceHeld(row[0], row[1], *map(int, row[2:])) for row in cursor.fetchall()]
    except OperationalError as error:
        raise TooLarge from error
    return Held(rows, len(places), len(reach))


def _as_many_as_can_be_looked_at(reach: list[int]) -> tuple[list[int], list[int]]:
    variants = StockLevel.objects.filter(location__in=reach[:1]).count()
    places = reach[: max(1, MOST_SHELVES // max(1, variants))]
    items = StockLevel.objects.filter(location__in=places, on_hand__gt=0).values_list("variant_id", flat=True)
    return places, sorted(set(items))
