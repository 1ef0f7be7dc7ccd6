"""A customer waits outside in their car."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Arrival
from orders.practice import scripts
from orders.practice.goods import CAP
from orders.practice.play import Play, Step, Story, Wish

SHELF = "P-2"


def steps(play: Play) -> Iterator[Step]:
    yield scripts.take(play)
    yield from scripts.scan_each(play)
    yield scripts.put_on_shelf(play, SHELF)
    work = play.works[0]
    is_there = Arrival.objects.filter(fulfillment_order=work).exclude(arrived_at=None).exists()
    said = _("Finn calls: he is outside in bay 3, in a red van. Open Pickup, find %s and note where he is.")
    yield Step(said % f"#{play.orders[0].number}", is_there, page="orders:mark_arrival", at=(work.number,))
    said = _("His time runs on the desk. Open his order, bring it out, scan the code on his phone, hand over.")
    yield Step(said, play.is_handed_over, page="orders:hand_over", at=(work.number,), scan=play.code(play.orders[0]))


STORY = Story(
    "curbside", gettext_lazy("A customer outside"),
    gettext_lazy("Pick an order, note the car and the bay, bring it out."),
    wishes=[Wish("Finn Practice", [(CAP, 1)])],
    steps=steps,
)  # fmt: skip
