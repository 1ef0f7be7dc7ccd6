"""Many buyers for the last units of one variant: as many are sold as there are."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import StockLevel
from inventory.operations.set_level import Level, set_levels
from omni.bench.buyers import COME_AGAIN, CONFLICT, CREATED, Shopping, shop_for
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.scale import FIRST_LOCATION, stocked
from omni.bench.shop import shop
from omni.core.actors import Actor

BUYERS, UNITS = 64, 500
LOCATION = FIRST_LOCATION + 7
AT_MOST = timedelta(minutes=2)


def measure(chain: Chain) -> list[Subject]:
    """Each buyer orders single units for pickup until told that there are none."""
    chain.tell(f"{BUYERS} buyers for the last {UNITS} units of one variant ...")
    variant = stocked(LOCATION, 0)
    set_levels(levels=[Level(variant, LOCATION, UNITS)], reason="bench", by=Actor.system("bench"), now=timezone.now())
    with shop("web", tell=chain.tell) as running:
        bought = shop_for(
            Shopping(port=running.port, token=chain.token, buyers=BUYERS, for_seconds=AT_MOST.total_seconds(),
                     only=(LOCATION, variant))
        )  # fmt: skip
    shelf = StockLevel.objects.get(variant=variant, location=LOCATION)
    subject = Subject(f"One variant at one location: {BUYERS} buyers for the last {UNITS} units, until told no")
    subject.add("sold", bought.answers[CREATED])
    subject.add("promised on the shelf", shelf.reserved)
    subject.add("told that there are none", bought.answers[CONFLICT])
    subject.add("asked to come again (503)", bought.answers[COME_AGAIN])
    others = bought.answers.keys() - {CREATED, CONFLICT, COME_AGAIN}
    subject.add("other answers", sum(bought.answers[each] for each in others))
    subject.add("took", bought.took, "s", digits=2)
    subject.add("sold per second", bought.rate, digits=1)
    subject.add_times("answer to those who got one", bought.seconds)
    return [subject]
