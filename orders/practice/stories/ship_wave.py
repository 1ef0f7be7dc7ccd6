"""Several parcels in one walk."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from orders.models.order_line import Method
from orders.practice import scripts
from orders.practice.goods import CAP, SOCKS, TEE
from orders.practice.play import Play, Step, Story, Wish


def steps(play: Play) -> Iterator[Step]:
    yield scripts.accept(play)
    yield scripts.take(play)
    yield from scripts.scan_each(play)
    yield scripts.bring_totes(play)
    yield from scripts.pack_each(play)
    yield from scripts.hand_to_carrier(play)


STORY = Story(
    "ship-wave", gettext_lazy("A wave of parcels"),
    gettext_lazy("Accept three orders, pick them in one walk, pack and label them, give them to the carrier."),
    wishes=[Wish("Bea Practice", [(CAP, 1)], Method.SHIP), Wish("Cleo Practice", [(SOCKS, 2)], Method.SHIP),
            Wish("Dan Practice", [(TEE, 1)], Method.SHIP)],
    steps=steps,
)  # fmt: skip
