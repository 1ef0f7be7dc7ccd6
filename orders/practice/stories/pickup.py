"""Somebody orders online and collects at the desk."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.practice import scripts
from orders.practice.goods import MUG, TEE
from orders.practice.play import Play, Step, Story, Wish


def steps(play: Play) -> Iterator[Step]:
    yield scripts.take(play)
    yield from scripts.scan_each(play)
    yield scripts.put_on_shelf(play, "P-1")
    said = _("Ada is at the desk. Open Pickup and scan the code on her phone, then hand over.")
    yield Step(said, play.is_handed_over, page="orders:desk", scan=play.code(play.orders[0]))


STORY = Story(
    "pickup", gettext_lazy("An order for pickup"),
    gettext_lazy("Pick two items, put them on a shelf, hand them to their customer."),
    wishes=[Wish("Ada Practice", [(TEE, 2), (MUG, 1)])],
    steps=steps,
)  # fmt: skip
