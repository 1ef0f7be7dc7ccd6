"""Several parcels in one walk."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models.order_line import Method
from orders.practice import scripts
from orders.practice.goods import CAP, SOCKS, TEE
from orders.practice.play import Play, Step, Story, Wish


def steps(play: Play) -> Iterator[Step]:
    yield scripts.take(play)
    yield from scripts.scan_each(play)
    yield scripts.put_on_shelf(play, "T-1")
    yield Step(_("The carrier is here. Open Ship and hand over each parcel."), play.is_shipped, page="orders:to_ship")


STORY = Story(
    "ship-wave", gettext_lazy("A wave of parcels"),
    gettext_lazy("Pick three orders in one walk, then give the parcels to the carrier."),
    wishes=[Wish("Bea Practice", [(CAP, 1)], Method.SHIP), Wish("Cleo Practice", [(SOCKS, 2)], Method.SHIP),
            Wish("Dan Practice", [(TEE, 1)], Method.SHIP)],
    steps=steps,
)  # fmt: skip
