"""What comes back to the home store: at the desk, by mail, without a receipt, in exchange for something else."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.demo.acts import collected, minutes, released, staged
from omni.demo.catalog import Item
from omni.demo.scene import Scene
from orders.models import Capture, Order, SerialNumber
from orders.operations.authorize import start_payment
from orders.operations.settle import book_capture, finalize_hand_overs
from returns.models import ReturnOrder, ReturnUnit
from returns.operations.authorize import Channel, Wanted, authorize
from returns.operations.blind import add_blind_unit, open_blind
from returns.operations.bring import bring
from returns.operations.exchange import Replacement, add_replacement, complete_exchange, difference
from returns.operations.look_at import look_at
from returns.operations.receive import Looked, receive
from returns.operations.regrade import regrade
from returns.operations.take_in import hold_unknown
from returns.operations.take_in_hand import take_in_hand

DEAR = 200  # above it, a second person approves


def came_back(scene: Scene) -> None:
    """As good as new: the money is back, the item on its shelf."""
    place = scene.rng.choice([scene.home, scene.store()])
    order = _bought(scene, place, days=scene.rng.randrange(2, 12))
    _taken_back(scene, order, place, Looked("A", reason="size"), scene.ago(scene.rng.randrange(60, 2000)))


def came_back_worn(scene: Scene) -> None:
    """Not for the shelf: it waits among the held, one was looked at again."""
    order = _bought(scene, scene.home, days=scene.rng.randrange(3, 12))
    _taken_back(scene, order, scene.home, Looked("D", reason="defective"), scene.ago(300))
    unit = ReturnUnit.objects.filter(return_order__order=order).get()
    if not unit.return_order.units.filter(pk__lt=unit.pk).exists() and scene.rng.random() < 0.5:
        regrade(unit_id=unit.pk, grade="C", disposition="refurbish", note=_("a new zipper will do"),
                by=Actor.of(scene.staff.lead), now=scene.ago(120))  # fmt: skip


def asks_for_a_lead(scene: Scene) -> None:
    """On the desk, and worth so much that a second person approves."""
    order = _bought(scene, scene.home, days=4, fits=lambda item: item.price > DEAR)
    found = _brought(scene, order, scene.home, scene.ago(6))
    unit = found.units.get()
    look_at(rma_number=found.rma_number, looked={unit.pk: Looked("A", reason="changed-mind", serial=unit.serial)},
            by=scene.picker(scene.home), now=scene.ago(5))  # fmt: skip


def by_mail(scene: Scene) -> None:
    """Announced on the site; its label is bought within moments, the parcel is on its way here."""
    _announced(scene, _bought(scene, scene.home, days=scene.rng.randrange(3, 10)), scene.ago(2000))


def by_mail_arrived(scene: Scene) -> None:
    """Its parcel was opened here; the money follows."""
    found = _announced(scene, _bought(scene, scene.home, days=9), scene.ago(5000))
    looked = {unit.pk: Looked("B", serial=unit.serial) for unit in found.units.all()}
    receive(rma_number=found.rma_number, looked=looked, location=scene.home, by=scene.picker(scene.home),
            now=scene.ago(100))  # fmt: skip


def by_mail_too_late(scene: Scene) -> None:
    """Announced after its window: a lead decides before there is a label."""
    _announced(scene, _bought(scene, scene.home, days=41), scene.ago(90))


def without_receipt(scene: Scene) -> None:
    """The lead agreed; it became store credit."""
    by = scene.picker(scene.home)
    ((item, _units),) = scene.one_of(scene.home, _plain)
    at = scene.ago(scene.rng.randrange(200, 1500))
    opened = open_blind(location=scene.home, id_kind=_("driver’s license"), id_reference=f"D{scene.pieces}7731",
                        by=by, now=at)  # fmt: skip
    unit = add_blind_unit(rma_number=opened.rma_number, code=item.variant.sku, reason="changed-mind", by=by, now=at)
    take_in_hand(rma_number=opened.rma_number, looked={unit.pk: Looked("A")}, location=scene.home, by=by, now=at,
                 approved_by=Actor.of(scene.staff.lead))  # fmt: skip


def exchanged(scene: Scene) -> None:
    """For something else of this shelf; what it costs more is paid at the till, what it costs less goes back."""
    order, by, at = _bought(scene, scene.home, days=5), scene.picker(scene.home), scene.ago(400)
    found = _brought(scene, order, scene.home, at)
    ((item, _units),) = scene.one_of(scene.home, _plain)
    chosen = add_replacement(rma_number=found.rma_number, wanted=Replacement(item.variant.pk, "carry_out", scene.home),
                             by=by, now=at)  # fmt: skip
    due = difference(chosen, list(found.units.all()))
    paid = [start_payment(key=f"{found.rma}:demo", owner_key=chosen.owner_key, method="till_receipt", amount=due,
                          currency=found.currency, reference=f"T-{found.rma_number}", by=by, now=at)
            ] if due > 0 else []  # fmt: skip
    looked = {unit.pk: Looked("A", reason="not-as-described", serial=unit.serial) for unit in found.units.all()}
    complete_exchange(rma_number=found.rma_number, looked=looked, location=scene.home, by=by, now=at, payments=paid)


def nobody_knows(scene: Scene) -> None:
    """A parcel without a name on it."""
    ((item, _units),) = scene.one_of(scene.home, _plain)
    hold_unknown(sku=item.variant.sku, location=scene.home, by=scene.picker(scene.home), now=scene.ago(600))


def _plain(item: Item) -> bool:
    return not item.variant.is_serial_tracked and not item.variant.is_final_sale and item.price < DEAR / 2


def _bought(scene: Scene, place: Location, *, days: int, fits=_plain) -> Order:
    """One thing, collected and paid some days ago, and not at a final price."""
    at = scene.day(place, days)
    basket = scene.one_of(place, lambda item: fits(item) and not item.variant.is_final_sale)
    order = scene.pickup(place, at, basket)
    works = released(order, at)
    staged(scene, works, at + minutes(20))
    collected(scene, works[0], at + minutes(90))
    finalize_hand_overs(now=at + minutes(100))
    for capture in Capture.objects.filter(payment__order=order, captured_at=None, failed_at=None):
        book_capture(capture_id=capture.pk, provider_reference=f"demo-{capture.pk}", now=at + minutes(101))
    return order


def _brought(scene: Scene, order: Order, place: Location, at: datetime) -> ReturnOrder:
    line = order.lines.get()
    return bring(order_number=order.number, reference=line.reference, serial=_serial_of(order), location=place,
                 by=scene.picker(place), now=at)  # fmt: skip


def _taken_back(scene: Scene, order: Order, place: Location, seen: Looked, at: datetime) -> None:
    found = _brought(scene, order, place, at)
    looked = {unit.pk: Looked(seen.grade, seen.reason, serial=unit.serial) for unit in found.units.all()}
    take_in_hand(rma_number=found.rma_number, looked=looked, location=place, by=scene.picker(place), now=at)


def _announced(scene: Scene, order: Order, at: datetime) -> ReturnOrder:
    wanted = [Wanted(reference=order.lines.get().reference, reason="changed-mind", serial=_serial_of(order))]
    return authorize(order_number=order.number, wanted=wanted, channel=Channel.MAIL, location=scene.home, by=scene.shop,
                     now=at, override=True)  # fmt: skip


def _serial_of(order: Order) -> str:
    pieces = SerialNumber.objects.filter(fulfillment_line__fulfillment_order__order=order)
    return pieces.values_list("serial", flat=True).first() or ""


# How often each is told when 200 orders are asked for.
STORIES = [
    (came_back, 5), (came_back_worn, 3), (asks_for_a_lead, 1), (by_mail, 2), (by_mail_arrived, 1),
    (by_mail_too_late, 1), (without_receipt, 2), (exchanged, 2), (nobody_knows, 1),
]  # fmt: skip
