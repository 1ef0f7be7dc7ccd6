"""Learn anew how likely units are found, and let the model hold where it does better than the share alone.

Time is cut into three: the oldest visits are learned from, later ones stretch what was learned, the last ones only try
it. Nothing of a later span ever reaches an earlier step.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from inventory.chances import KINDS, Chances, Visit, base_rate, brier, calibrate, fit
from inventory.models import ConfidenceEffect, ConfidenceModel, PickVisit
from inventory.models.shelf_sign import SIGNS
from inventory.models.sure_enough import OF_VISIT, chance
from omni.core.operation import operation

MOST = 40_000  # the latest so many visits
LEAST, LEAST_OF_EACH = 300, 20  # fewer tell nothing; and of found and of not found
LEARNED, CALIBRATED = 0.6, 0.8  # shares of the visits at which the spans end
KEPT = timedelta(days=400)

# What this model says of visits that it has not seen, where none before it had anything to say.
SAY = """
UPDATE inventory_pickvisit w SET said_by_id = m.id, said = {chance}
  FROM inventory_confidencemodel m
 WHERE m.id = %s AND w.at >= m.tried_from AND w.at <= m.tried_until AND w.said IS NULL
"""
SAY = SAY.format(chance=chance(OF_VISIT))


@operation
def fit_confidence(*, now: datetime) -> ConfidenceModel | None:
    """A new model from the visits before `now`; None where there are too few to tell."""
    PickVisit.objects.filter(at__lt=now - KEPT).delete()
    rows = list(PickVisit.objects.filter(at__lt=now).order_by("-at", "-pk")
                .values_list("at", "is_found", "signs", "path", "location_id")[:MOST])[::-1]  # fmt: skip
    moments = [row[0] for row in rows]
    visits = [Visit(found, signs, groups_of(path, place)) for _at, found, signs, path, place in rows]
    first, second = _cut(moments, LEARNED), _cut(moments, CALIBRATED)
    seen, later, last = visits[:first], visits[first:second], visits[second:]
    if len(visits) < LEAST or min(_fewest(seen), len(later), len(last)) < LEAST_OF_EACH:
        return None
    chances, share = calibrate(fit(seen), later), base_rate(visits[:second])
    score = brier((chances.chance(visit), visit.is_found) for visit in last)
    base = brier((share, visit.is_found) for visit in last)
    model = ConfidenceModel.objects.create(
        fitted_at=now, first_at=moments[0], calibrated_from=moments[first], tried_from=moments[second],
        tried_until=moments[-1], learned=len(seen), calibrated=len(later), tried=len(last), brier=score,
        base_rate=share, base_brier=base, intercept=chances.intercept, weights=chances.weights,
    )  # fmt: skip
    _write_effects(model, chances)
    with connection.cursor() as cursor:
        cursor.execute(SAY, [model.pk])
    if score < base:
        ConfidenceModel.objects.filter(is_active=True).update(is_active=False)
        model.is_active = True
        model.save(update_fields=["is_active"])
    return model


def groups_of(path: str, place: int) -> tuple[str, str, str]:
    """Department, category and location of a visit."""
    return path.split(" > ")[0], path, str(place)


def _cut(moments: Sequence[datetime], share: float) -> int:
    """Where a span ends: visits of one moment stay together."""
    at = int(len(moments) * share)
    while 0 < at < len(moments) and moments[at] == moments[at - 1]:
        at += 1
    return at


def _fewest(visits: Sequence[Visit]) -> int:
    found = sum(visit.is_found for visit in visits)
    return min(found, len(visits) - found)


def _write_effects(model: ConfidenceModel, chances: Chances) -> None:
    assert len(chances.weights) == len(SIGNS)
    ConfidenceEffect.objects.bulk_create(
        ConfidenceEffect(model=model, kind=kind, key=key, effect=effect)
        for kind in KINDS for key, effect in chances.effects[kind].items()
    )  # fmt: skip
