"""What a rule would change before it holds, or give back when it is undone: shelf by shelf, in one bounded query.

The same text that every read and promise asks (models/kept_back.py) is asked twice, with the rule and without it. Items
are told apart by what rules can see of them (category and tags), so that a million shelves meet some dozens of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from inventory.models import AvailabilityRule, Location, LocationGroup, Variant
from inventory.models.kept_back import ACTIVE, PATH, units_of, won
from omni.core.channels import Channel

MOST_SHELVES = 2_000_000  # looked at for one picture; of a larger rule the first locations are counted, and it says so
SECONDS = 25
PAGE = 50

WITH_IT, WITHOUT_IT = f"({ACTIVE} OR id = %(rule)s)", f"({ACTIVE} AND id <> %(rule)s)"
KINDS = "SELECT id, category, tags FROM kind"

SHELVES = """
WITH RECURSIVE kind AS MATERIALIZED (
    SELECT row_number() OVER () AS id, category, tags FROM (
        SELECT DISTINCT c.category, c.tags FROM inventory_product c
         WHERE (%(path)s = '' OR starts_with({path} || ' > ', %(path)s || ' > '))
           AND (%(tag)s = '' OR %(tag)s = ANY(c.tags))) AS every
), {before}, {after}, item AS MATERIALIZED (
    SELECT v.id, v.sku, c.title, kind.id AS kind FROM kind
      JOIN inventory_product c ON c.category = kind.category AND c.tags = kind.tags
      JOIN inventory_variant v ON v.product_id = c.id
), shelf AS MATERIALIZED (
    SELECT s.location_id, s.variant_id, item.sku, item.title, s.on_hand, s.reserved, b.rule AS rule_before,
           a.rule AS rule_after,
           GREATEST(0, s.on_hand - s.reserved - COALESCE({kept_before}, s.safety_stock)) AS was,
           GREATEST(0, s.on_hand - s.reserved - COALESCE({kept_after}, s.safety_stock)) AS becomes
      FROM inventory_stocklevel s
      JOIN inventory_location l ON l.id = s.location_id
      JOIN item ON item.id = s.variant_id
      LEFT JOIN before_won b ON b.item = item.kind AND b.place = COALESCE(l.group_id, 0)
      LEFT JOIN after_won a ON a.item = item.kind AND a.place = COALESCE(l.group_id, 0)
     WHERE s.location_id = ANY(%(places)s::bigint[]) AND s.on_hand > s.reserved
)"""
BY_PLACE = """
SELECT location_id, count(*), count(*) FILTER (WHERE was <> becomes), sum(was), sum(becomes),
       (SELECT count(DISTINCT variant_id) FROM shelf WHERE was <> becomes)
  FROM shelf GROUP BY 1
"""
OF_PLACE = """
SELECT sku, title, on_hand, reserved, was, becomes, rule_before, rule_after FROM shelf
 WHERE was <> becomes ORDER BY sku LIMIT %(limit)s OFFSET %(offset)s
"""


class TooLarge(Exception):
    """It was not counted in time."""


@dataclass(frozen=True)
class PlaceEffect:
    """A location: shelves that have anything to promise, those that change, and units available before and after."""

    location: Location
    shelves: int = 0
    changed: int = 0
    was: int = 0
    becomes: int = 0

    @property
    def difference(self) -> int:
        return self.becomes - self.was


@dataclass(frozen=True)
class ShelfEffect:
    """An item at one location; `before` and `after` are the rules that decide (None: the location's own number)."""

    sku: str
    title: str
    on_hand: int
    reserved: int
    was: int
    becomes: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Effect:
    """All of it on one channel. `counted` of `in_reach` locations were looked at."""

    places: Sequence[PlaceEffect]
    variants: int
    items: int
    in_reach: int

    @property
    def counted(self) -> int:
        return len(self.places)

    @property
    def shelves(self) -> int:
        return sum(place.shelves for place in self.places)

    @property
    def changed(self) -> int:
        return sum(place.changed for place in self.places)

    @property
    def changed_places(self) -> int:
        return sum(1 for place in self.places if place.changed)

    @property
    def was(self) -> int:
        return sum(place.was for place in self.places)

    @property
    def becomes(self) -> int:
        return sum(place.becomes for place in self.places)


def channels_of(rule: AvailabilityRule) -> list[str]:
    """The channels on which it changes anything."""
    return list(rule.channels) or [str(channel) for channel in Channel.values]


def effect(rule: AvailabilityRule, *, channel: str) -> Effect:
    """Activating a draft, or undoing an active rule. Raises TooLarge."""
    reach = list(in_reach(rule))
    items = Variant.objects.count() if not (rule.path or rule.tag) else _items(rule)
    places = reach[: max(1, MOST_SHELVES // max(1, items))]
    rows = {row[0]: row for row in _ask(rule, channel, [place.pk for place in places], BY_PLACE)}
    found = [
        PlaceEffect(place, *map(int, rows[place.pk][1:5])) if place.pk in rows else PlaceEffect(place)
        for place in places
    ]
    return Effect(found, next((int(row[5]) for row in rows.values()), 0), items, len(reach))


def shelves_of(
    rule: AvailabilityRule, place: Location, *, channel: str, limit: int | None = None, offset: int = 0
) -> list[ShelfEffect]:
    """The shelves of one location that change."""
    rows = _ask(rule, channel, [place.pk], OF_PLACE, limit=limit, offset=offset)
    return [ShelfEffect(*row) for row in rows]


def all_shelves(rule: AvailabilityRule, *, channel: str) -> Iterator[tuple[Location, ShelfEffect]]:
    """Every shelf that changes, one location after the other: as much memory as one of them needs."""
    for place in in_reach(rule):
        for shelf in shelves_of(rule, place, channel=channel):
            yield place, shelf


def in_reach(rule: AvailabilityRule) -> Sequence[Location]:
    """The locations it speaks of, by code."""
    places = Location.objects.filter(is_active=True).order_by("code")
    if rule.group_id:
        places = places.filter(group__in=LocationGroup.with_descendants({rule.group_id}))
    return places


ITEMS = """
SELECT count(*) FROM inventory_variant v JOIN inventory_product c ON c.id = v.product_id
 WHERE (%s = '' OR starts_with({path} || ' > ', %s || ' > ')) AND (%s = '' OR %s = ANY(c.tags))
"""


def _items(rule: AvailabilityRule) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ITEMS.format(path=PATH.format("c.category")), [rule.path, rule.path, rule.tag, rule.tag])
        return int(cursor.fetchone()[0])


def _ask(rule: AvailabilityRule, channel: str, places: Sequence[int], what: str, **values: int | None) -> list[tuple]:
    is_active = rule.status == AvailabilityRule.Status.ACTIVE
    text = SHELVES.format(
        path=PATH.format("c.category"), kept_before=units_of("b.units", "b.percent"),
        kept_after=units_of("a.units", "a.percent"),
        before=won(name="before", which=ACTIVE, channel="%(channel)s", items=KINDS),
        after=won(name="after", which=WITHOUT_IT if is_active else WITH_IT, channel="%(channel)s", items=KINDS),
    )  # fmt: skip
    said = {"rule": rule.pk, "channel": channel, "path": rule.path, "tag": rule.tag, "places": list(places), **values}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{SECONDS}s"])
            cursor.execute(text + what, said)
            return cursor.fetchall()
    except OperationalError as error:
        raise TooLarge from error
