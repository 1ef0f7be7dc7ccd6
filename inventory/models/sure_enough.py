"""How likely a shelf's units are found, as SQL: for a channel that promises only the likely ones, and for screens.

Nothing of it is stored with the shelf: the model's weights meet the shelf's signs when somebody asks. A channel without
a threshold (every channel, until HQ decides) pays for one look at a setting.
"""

from inventory.models.shelf_sign import signs

THRESHOLD = "inventory.least_confidence_"  # and the channel; in percent, 0: none

# `asked` has the channel and the variants; `trust` has the model in force and the logit that is enough, where there is
# a threshold and a model; `trust_item` what each of the variants differs by.
TRUST = """
trust AS MATERIALIZED (
    SELECT m.id, m.intercept, m.weights, ln(t.share / (1 - t.share)) AS enough
      FROM (SELECT value::text::float8 / 100 AS share FROM core_setting
             WHERE key = '{threshold}' || (SELECT channel FROM asked)) t
      JOIN inventory_confidencemodel m ON m.is_active
     WHERE t.share > 0 AND t.share < 1
), trust_item AS MATERIALIZED (
    {items}
)"""

ANYWAY = """
trust AS MATERIALIZED (SELECT id, intercept, weights FROM inventory_confidencemodel WHERE is_active),
trust_item AS MATERIALIZED (
    {items}
)"""

ITEMS = """SELECT jsonb_object_agg(v.id, (
           SELECT COALESCE(sum(e.effect), 0) FROM inventory_confidenceeffect e
            WHERE e.model_id = (SELECT id FROM trust)
              AND (e.kind, e.key) IN (('department', split_part({path}, ' > ', 1)), ('category', {path})))) AS effect
      FROM inventory_variant v JOIN inventory_product c ON c.id = v.product_id
     WHERE EXISTS (SELECT 1 FROM trust) AND v.id = ANY((SELECT variants FROM asked)::bigint[])"""


def trust(path: str) -> str:
    """`trust` and `trust_item` for the channel asked for; `path` is the category of a product `c` as SQL."""
    return TRUST.format(threshold=THRESHOLD, items=ITEMS.format(path=path))


def trust_anyway(path: str) -> str:
    """The same whatever the threshold."""
    return ANYWAY.format(items=ITEMS.format(path=path))


def _sum(terms: tuple[str, ...]) -> str:
    return " + ".join(f"m.weights[{n}] * {term}" for n, term in enumerate(terms, start=1))


# Of a shelf `s`.
LOGIT = """(SELECT m.intercept + COALESCE(((SELECT effect FROM trust_item) ->> s.variant_id::text)::float8, 0)
           + COALESCE((SELECT e.effect FROM inventory_confidenceeffect e WHERE e.model_id = m.id AND e.kind = 'place'
                          AND e.key = s.location_id::text), 0)
           + {known}
      FROM trust m LEFT JOIN inventory_shelfsign f ON f.location_id = s.location_id AND f.variant_id = s.variant_id)"""
LOGIT = LOGIT.format(known=_sum(signs("f", "s.on_hand", "now()")))
IS_ASKED = "(SELECT enough FROM trust) IS NOT NULL"
IS_UNSURE = " < ".join((LOGIT, "(SELECT enough FROM trust)"))


def chance(logit: str) -> str:
    """A logit as a chance, in SQL."""
    return f"1 / (1 + exp(-GREATEST(-30, LEAST(30, {logit}))))"


# Of a visit `w` that was written down, by a model `m`.
OF_VISIT = """(SELECT m.intercept + (SELECT sum(a * b) FROM unnest(m.weights, w.signs) AS t(a, b))
        + COALESCE((SELECT sum(e.effect) FROM inventory_confidenceeffect e WHERE e.model_id = m.id
                       AND (e.kind, e.key) IN (('department', split_part(w.path, ' > ', 1)), ('category', w.path),
                                               ('place', w.location_id::text))), 0))"""
