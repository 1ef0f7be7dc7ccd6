"""How likely a picker finds the units of a shelf, by the model in force and what happened there; reads only."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from inventory.models.kept_back import PATH
from inventory.models.sure_enough import LOGIT, chance, trust_anyway
from omni.core.prepared import prepared

LIKELY, MAYBE = 0.9, 0.7

OF_SHELVES = """
WITH asked AS MATERIALIZED (SELECT %s::bigint[] AS variants), {trust}
SELECT s.variant_id, s.location_id, {chance}
  FROM unnest(%s::bigint[], %s::bigint[]) AS t(v, l)
  JOIN inventory_stocklevel s ON s.variant_id = t.v AND s.location_id = t.l
 WHERE EXISTS (SELECT 1 FROM trust)
"""
TEXT = OF_SHELVES.format(trust=trust_anyway(PATH.format("c.category")), chance=chance(LOGIT))


def confidences(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """(variant, location) -> the chance, of shelves that exist; nothing while no model is in force."""
    pairs = sorted(set(keys))
    variants, places = [variant for variant, _place in pairs], [place for _variant, place in pairs]
    with prepared(values=len(pairs)) as cursor:
        cursor.execute(TEXT, [sorted(set(variants)), variants, places])
        return {(variant, place): found for variant, place, found in cursor.fetchall()}


def level(found: float | None) -> str | None:
    """`likely`, `maybe` or `unlikely`; None where nothing is known."""
    if found is None:
        return None
    return "likely" if found >= LIKELY else "maybe" if found >= MAYBE else "unlikely"


def words(found: float | None) -> str:
    """For somebody who stands in the store; empty where nothing is known."""
    return {
        "likely": _("likely there"), "maybe": _("probably there"), "unlikely": _("may be hard to find"), None: "",
    }[level(found)]  # fmt: skip


def percent(found: float) -> str:
    """As people read it."""
    return _("%d %%") % round(100 * found)
