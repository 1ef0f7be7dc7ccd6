"""The shelf is empty although the system says otherwise."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models.order_line import Method
from orders.practice import scripts
from orders.practice.goods import LAMP
from orders.practice.play import BEGUN, Play, Step, Story, Wish


def steps(play: Play) -> Iterator[Step]:
    begun = any(work.status in BEGUN for work in play.works) or any(line.short_quantity for line in play.lines)
    yield Step(scripts.take(play).say, begun, page="orders:queue")
    said = _("Pretend that shelf %s is empty. Choose “Can’t find it?” at the lamp and give a reason.")
    short = any(line.short_quantity for line in play.lines)
    yield Step(said % f"{LAMP.aisle}-{LAMP.bin}", short, page="orders:queue")
    yield Step(_("The lamp goes to another store by itself."), bool(play.elsewhere))


STORY = Story(
    "short-pick", gettext_lazy("An item that is not there"),
    gettext_lazy("Report what you cannot find, and see where the order goes."),
    wishes=[Wish("Eve Practice", [(LAMP, 1)], Method.SHIP)],
    steps=steps,
)  # fmt: skip
