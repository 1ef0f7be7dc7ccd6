"""Models of how likely units are found, and visits of pickers, made up."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from inventory.chances import chance_of
from inventory.models import ConfidenceEffect, ConfidenceModel, PickVisit
from inventory.models.shelf_sign import SIGNS
from omni.core.actors import Actor
from omni.core.operations.change_setting import change_setting

NEVER_COUNTED = SIGNS.index("never counted")
MISSED = SIGNS.index("not found since the count")


def model_in_force(intercept: float = 2.0, *, effects=(), **weights: float) -> ConfidenceModel:
    """`missed=-4` gives that weight to the sign; `effects` are (kind, key, logit)."""
    names = {"missed": MISSED, "never_counted": NEVER_COUNTED}
    given = [0.0] * len(SIGNS)
    for name, weight in weights.items():
        given[names[name]] = weight
    now = timezone.now()
    ConfidenceModel.objects.filter(is_active=True).update(is_active=False)
    model = ConfidenceModel.objects.create(
        fitted_at=now - timedelta(hours=1), is_active=True, first_at=now - timedelta(days=9),
        calibrated_from=now - timedelta(days=5), tried_from=now - timedelta(days=3),
        tried_until=now - timedelta(hours=2), learned=600, calibrated=200, tried=200, brier=0.08, base_rate=0.9,
        base_brier=0.09, intercept=intercept, weights=given,
    )  # fmt: skip
    ConfidenceEffect.objects.bulk_create(
        ConfidenceEffect(model=model, kind=kind, key=key, effect=effect) for kind, key, effect in effects
    )
    return model


def least(channel: str, percent: int) -> None:
    """As if HQ had decided so."""
    change_setting(key=f"inventory.least_confidence_{channel}", value=percent, by=Actor.system("test"))


def made_up_visits(shelves, count: int, *, until, seed: int = 1, every=timedelta(minutes=15)) -> list[PickVisit]:
    """Visits to these (variant, location) shelves whose chance follows their signs; saved, the oldest first."""
    random, rows = Random(seed), []
    for n in range(count):
        variant, location = shelves[n % len(shelves)]
        signs = [random.uniform(0, 4) if n_ != MISSED else float(random.random() < 0.2) for n_ in range(len(SIGNS))]
        is_found = random.random() < chance_of(2.5 - 0.4 * signs[0] - 2.0 * signs[MISSED] + 0.5 * signs[-1])
        rows.append(PickVisit(
            variant_id=variant, location_id=location, at=until - (count - n) * every, is_found=is_found,
            found=1 if is_found else 0, missed=0 if is_found else 1, signs=signs, path="apparel > shirts",
        ))  # fmt: skip
    return PickVisit.objects.bulk_create(rows)
