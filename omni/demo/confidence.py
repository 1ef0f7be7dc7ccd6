"""Two months of pickers at shelves, made up, so that HQ sees what was said of shelves and what was found."""

from datetime import datetime, timedelta
from math import log
from random import Random

from inventory.chances import chance_of
from inventory.models import PickVisit, ShelfSign, SignsKnown, StockLevel
from inventory.models.availability_rule import path_of
from inventory.models.shelf_sign import LONGEST
from inventory.operations.fit_confidence import fit_confidence
from omni.demo.scene import Scene

VISITS, SHELVES = 2400, 600
DAYS = 60
LOST_EVERY = 9  # each so many shelves was searched in vain since its count


def make_visits(scene: Scene) -> int:
    """Old visits to shelves of the chain, the signs that they left, and a model that learned from them."""
    random = Random(11)
    here = StockLevel.objects.filter(on_hand__gt=0, location=scene.home).select_related("variant__product", "location")
    levels = list(here.order_by("pk")[:SHELVES])
    visits = []
    for n in range(VISITS):
        level = levels[n % len(levels)]
        at = scene.now - timedelta(days=DAYS) * (1 - n / VISITS) - timedelta(hours=1)
        visits.append(_visit(level, at, random))
    PickVisit.objects.bulk_create(visits, ignore_conflicts=True)
    ShelfSign.objects.bulk_create([
        ShelfSign(
            variant=level.variant, location=level.location, counted_at=scene.now - timedelta(days=5 + n % 90),
            sold=n % 7, sold_at=scene.now - timedelta(days=n % 30 + 1),
            missed=n % LOST_EVERY == 0, missed_at=scene.now - timedelta(days=2) if n % LOST_EVERY == 0 else None,
        )
        for n, level in enumerate(levels)
    ], ignore_conflicts=True)  # fmt: skip
    SignsKnown.objects.get_or_create(pk=1, defaults={"until": scene.now})
    fit_confidence(now=scene.now)
    return len(visits)


def _visit(level: StockLevel, at: datetime, random: Random) -> PickVisit:
    counted, sold = random.uniform(0, 200), random.uniform(0, 60)
    never, lost = float(random.random() < 0.2), float(random.random() < 0.1)
    signs = [
        log(1 + (LONGEST if never else counted)), never, lost * log(2), lost, random.uniform(0, 1.5),
        random.uniform(0, 2), log(1 + sold), log(1 + max(0, level.on_hand)),
    ]  # fmt: skip
    is_found = random.random() < chance_of(3.6 - 0.35 * signs[0] - 1.6 * lost + 0.5 * signs[4] + 0.2 * signs[7])
    return PickVisit(
        variant=level.variant, location=level.location, at=at, is_found=is_found, found=int(is_found),
        missed=int(not is_found), signs=signs, path=path_of(level.variant.product.category),
    )  # fmt: skip
