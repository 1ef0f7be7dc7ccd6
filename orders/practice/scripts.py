"""Steps that several stories share."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from orders.practice.play import Play, Step


def take(play: Play) -> Step:
    said = _("Open Pick, tick %(orders)s and start picking.") % {"orders": play.numbers}
    return Step(said, play.is_begun, page="orders:queue")


def scan_each(play: Play) -> Iterator[Step]:
    """Shelf by shelf, the units that are wanted and not short."""
    for line in play.lines:
        good = play.good(line)
        words = {"bin": f"{good.aisle}-{good.bin}", "item": good.title, "n": line.wanted_quantity,
                 "picked": line.picked_quantity}  # fmt: skip
        said = _("Walk to %(bin)s and scan %(item)s: %(picked)d of %(n)d so far.") % words
        yield Step(said, not line.to_pick_quantity, page="orders:queue", scan=good.barcode)


def put_on_shelf(play: Play, shelf: str) -> Step:
    said = _("All is picked. Put each order on a shelf: scan the label of shelf %s.") % shelf
    return Step(said, play.is_on_a_shelf, page="orders:queue", scan=shelf)
