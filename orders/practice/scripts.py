"""Steps that several stories share."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from orders.models import FulfillmentOrder, Manifest, Shipment
from orders.practice.play import Play, Step

Status = Shipment.Status


def accept(play: Play) -> Step:
    said = _("The store is asked whether it sends %(orders)s. Open Pick, tick them and accept.")
    return Step(said % {"orders": play.numbers}, play.is_accepted, page="orders:queue")


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


def bring_totes(play: Play) -> Step:
    said = _("All is picked, each order in its tote. Bring the totes to the packing table and say so.")
    return Step(said, play.is_on_a_shelf, page="orders:queue")


def pack_each(play: Play) -> Iterator[Step]:
    """Each tote into a parcel, each parcel with a label."""
    for work in play.works:
        parcel = next((each for each in work.shipments.all() if each.status != Status.PACKING), None)
        yield _fill(play, work)
        said = _("Take the box that is offered and close the parcel of %s.") % f"#{_number(play, work)}"
        yield Step(said, parcel is not None, page="orders:pack", at=(work.number,))
        said = _("Buy the label that is chosen: it is the cheapest.")
        yield Step(
            said,
            parcel is not None and parcel.status != Status.PACKED,
            page="orders:parcel" if parcel else "orders:to_ship",
            at=(parcel.number,) if parcel else (),
        )


def hand_to_carrier(play: Play) -> Iterator[Step]:
    """Scanned onto the pile, and gone."""
    parcels = [each for work in play.works for each in work.shipments.all()]
    left = [each for each in parcels if each.manifest_id is None]
    open_one = Manifest.objects.at(play.location).filter(status=Manifest.Status.OPEN).order_by("-pk").first()
    begun = open_one is not None or bool(parcels and not left)
    yield Step(_("The carrier is at the door. Open Ship and hand over."), begun, page="orders:to_ship")
    said = _("Scan each label onto the pile: %(done)d of %(all)d.") % {
        "done": len(parcels) - len(left), "all": len(parcels)
    }  # fmt: skip
    where = {"page": "orders:manifest", "at": (open_one.number,)} if open_one else {"page": "orders:manifests"}
    yield Step(said, bool(parcels) and not left, scan=left[0].tracking_number if left else "", **where)
    yield Step(_("The pile is complete. Say that the parcels have left."), play.is_shipped, **where)


def _fill(play: Play, work: FulfillmentOrder) -> Step:
    lines = list(work.lines.all())
    packed, wanted = sum(line.packed_quantity for line in lines), sum(line.picked_quantity for line in lines)
    following = next((line for line in lines if line.packed_quantity < line.picked_quantity), None)
    then = None
    if following:
        words = {"item": play.good(following).title, "packed": packed, "all": wanted}
        said = _("Scan %(item)s into the parcel: %(packed)d of %(all)d so far.") % words
        then = Step(said, page="orders:pack", at=(work.number,), scan=play.good(following).barcode)
    said = _("Open Ship and scan tote %s.") % work.shelf_code
    is_done = bool(wanted) and packed == wanted
    return Step(said, is_done, page="orders:to_ship", scan=work.shelf_code, then=then)


def _number(play: Play, work: FulfillmentOrder) -> int:
    return next(order.number for order in play.orders if order.pk == work.order_id)
