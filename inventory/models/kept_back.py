"""How many units a shelf keeps back from a channel, as SQL: the one text that every read and every promise asks.

The rules are read with the shelves, in the same statement: nothing is copied, so a rule holds everywhere from the
moment it is active, and what it no longer matches has its own number again. Precedence (docs/decisions/0015):
exclusions, then the closer to the item (tag, depth of the category), then to the place, then to the channel, then by
position, then the older rule. The first rule that matches decides alone. Where the channel promises only what is
likely enough to be found, all of a less likely shelf is kept back (sure_enough.py, docs/decisions/0019).
"""

from inventory.models.sure_enough import IS_ASKED, IS_UNSURE, trust

NOTHING_LEFT = 1_000_000_000  # kept back by an exclusion: more than lies on any shelf

# A category as a path to compare: "Apparel>Shirts " and "apparel > shirts" are one. A rule keeps its own this way.
PATH = r"lower(regexp_replace(btrim({0}, E' \t\n>'), '\s*(>\s*)+', ' > ', 'g'))"

# What each of some items meets in each group of locations (0: in none), as `{name}_won`. Of the rules of one place only
# the first counts, so only those are spread over the groups below. An item is whatever `items` (id, category, tags)
# numbers; `which` rules are asked.
WON = """
{name}_live AS MATERIALIZED (
    SELECT id, effect, units, percent, path, tag, group_id, channels, effect <> 'exclude' AS first,
           ROW(tag = '', -cardinality(string_to_array(path, ' > '))) AS item_order,
           ROW(cardinality(channels) = 0, position, id) AS last
      FROM inventory_availabilityrule
     WHERE {which} AND (cardinality(channels) = 0 OR {channel} = ANY(channels))
), {name}_item AS MATERIALIZED (
    SELECT i.id, {path} AS path, i.tags FROM ({items}) i WHERE EXISTS (SELECT 1 FROM {name}_live)
), {name}_best AS MATERIALIZED (
    SELECT DISTINCT ON (i.id, r.group_id) i.id AS item, r.* FROM {name}_live r JOIN {name}_item i
        ON (r.tag = '' OR r.tag = ANY(i.tags)) AND (r.path = '' OR starts_with(i.path || ' > ', r.path || ' > '))
     ORDER BY i.id, r.group_id, r.first, r.item_order, r.last
), {name}_under (top, place, away) AS (
    SELECT DISTINCT group_id, group_id, 0 FROM {name}_best WHERE group_id IS NOT NULL
    UNION SELECT u.top, g.id, u.away + 1 FROM {name}_under u JOIN inventory_locationgroup g ON g.parent_id = u.place
     WHERE u.away < 50
), {name}_place AS (
    SELECT top, place, away FROM {name}_under
    UNION ALL SELECT 0, id, 100 FROM inventory_locationgroup UNION ALL SELECT 0, 0, 100
), {name}_won AS MATERIALIZED (
    SELECT DISTINCT ON (r.item, p.place) r.item, p.place, r.id AS rule, r.percent,
           CASE r.effect WHEN 'exclude' THEN {nothing_left} ELSE r.units END AS units
      FROM {name}_best r JOIN {name}_place p ON p.top = COALESCE(r.group_id, 0)
     ORDER BY r.item, p.place, r.first, r.item_order, p.away, r.last
)"""

ACTIVE = "status = 'active'"


def won(*, name: str, which: str, channel: str, items: str) -> str:
    """The text of `WON` with its parts."""
    return WON.format(name=name, which=which, channel=channel, items=items, path=PATH.format("i.category"),
                      nothing_left=NOTHING_LEFT)  # fmt: skip


VARIANTS = """
    SELECT v.id, c.category, c.tags FROM inventory_variant v JOIN inventory_product c ON c.id = v.product_id
     WHERE v.id = ANY((SELECT variants FROM asked)::bigint[])"""

# For some variants everything that any shelf of theirs has to know, as one value: looking it up costs the same whatever
# the planner thinks of the number of rules, which a join did not.
AS_ONE = """asked AS MATERIALIZED (
    SELECT {channel}::text AS channel, {variants}::bigint[] AS variants
), {won}, kept AS MATERIALIZED (
    SELECT jsonb_object_agg(item || ':' || place, jsonb_build_array(units, percent, rule)) AS back,
           bool_or(percent > 0) AS is_percent FROM rules_won
), early AS MATERIALIZED (
    SELECT jsonb_object_agg(variant_id, street_on) AS days FROM inventory_supplyterm
     WHERE is_active AND street_on IS NOT NULL AND street_on >= current_date - 1
       AND variant_id = ANY((SELECT variants FROM asked)::bigint[])
)"""


def rules(*, channel: str, variants: str) -> str:
    """The active rules for these variants (an SQL array) on this channel, and its threshold of confidence, to begin a
    statement WITH RECURSIVE."""
    return f"{rules_only(channel=channel, variants=variants)}, {trust(PATH.format('c.category'))}"


def rules_only(*, channel: str, variants: str) -> str:
    """The same without the threshold."""
    active = won(name="rules", which=ACTIVE, channel="(SELECT channel FROM asked)", items=VARIANTS)
    return AS_ONE.format(channel=channel, variants=variants, won=active)


# Of a shelf `s` at its location `l`; nothing in a practice store is real, so no rule of the real shop holds there. As
# a subquery it is found once: joined, all of it was copied with each of a thousand shelves.
RULE = """CASE WHEN NOT l.is_practice
        THEN (SELECT back FROM kept) -> (s.variant_id || ':' || COALESCE(l.group_id, 0)) END"""


def units_of(units: str, percent: str) -> str:
    """What a rule keeps of a shelf `s`, in units; NULL where there is no rule."""
    return f"({units} + ceil(GREATEST(s.on_hand, 0)::bigint * {percent} / 100.0))::bigint"


UNITS, PERCENT = f"(({RULE}) ->> 0)::int", f"(({RULE}) ->> 1)::int"
# Looked up is what costs, for thousands of shelves: nothing where no rule is, and no share where all say units.
BY_RULES = f"""CASE WHEN (SELECT back FROM kept) IS NULL THEN s.safety_stock
        WHEN (SELECT is_percent FROM kept) THEN COALESCE({units_of(UNITS, PERCENT)}, s.safety_stock)
        ELSE COALESCE({UNITS}, s.safety_stock) END"""  # noqa: S608 - texts of our own
UNSURE = f"CASE WHEN {IS_ASKED} THEN CASE WHEN NOT l.is_practice AND {IS_UNSURE} THEN {NOTHING_LEFT} END END"
# Before its street date nothing of an item is given, whatever the rules say; the day begins where the shelf is.
EARLY = f"""CASE WHEN (SELECT days FROM early) IS NOT NULL
        THEN CASE WHEN ((SELECT days FROM early) ->> s.variant_id::text)::date > (now() AT TIME ZONE l.timezone)::date
             THEN {NOTHING_LEFT} END END"""  # noqa: S608 - texts of our own
FLOOR = f"GREATEST({BY_RULES}, {UNSURE}, {EARLY})"
AVAILABLE = f"(s.on_hand - s.reserved - {FLOOR})"
# By the location's own number, whoever asks: what news of shelves say, as their trigger does (migration 0003).
OWN = "({0}.on_hand - {0}.reserved - {0}.safety_stock)"
