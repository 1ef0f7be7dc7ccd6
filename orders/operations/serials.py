"""Serial numbers follow their units: out of the door with them, and back when the units come back."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.refusals import Refusal
from orders.models import FulfillmentLine, HandOver, OrderLine, SerialNumber

Status = SerialNumber.Status


def send_out(*, units: Mapping[FulfillmentLine, int], hand_over: HandOver | None = None) -> dict[int, list[str]]:
    """So many units of these locked lines leave, the ones scanned first; returns the serials by line id.

    Lines of items that are not tracked, and of partners that scan none, have no serials and are passed over.
    """
    left: dict[int, list[str]] = {}
    for serial in SerialNumber.objects.held().filter(fulfillment_line__in=list(units)).select_for_update():
        line = next(each for each in units if each.pk == serial.fulfillment_line_id)
        gone = left.setdefault(line.pk, [])
        if len(gone) < units[line]:
            gone.append(serial.serial)
            serial.status, serial.hand_over = Status.OUT, hand_over
            serial.save(update_fields=["status", "hand_over"])
    return left


def undo_send_out(*, hand_over: HandOver) -> None:
    """The hand-over was a mistake: its pieces are in staging again."""
    hand_over.serials.filter(status=Status.OUT).update(status=Status.PICKED, hand_over=None)


def put_down(*, lines: Iterable[FulfillmentLine], now: datetime) -> None:
    """A line never holds more serials than picked units: the ones scanned last go back to the shelf."""
    for line in lines:
        held = list(SerialNumber.objects.held().filter(fulfillment_line=line).select_for_update())
        for serial in held[max(0, line.in_staging_quantity) :]:
            serial.status, serial.closed_at = Status.BACK, now
            serial.save(update_fields=["status", "closed_at"])


def take_back(*, order_line: OrderLine, serial: str, now: datetime) -> SerialNumber:
    """The piece that was sold on this order line has come back; refuses one that was not."""
    sold = SerialNumber.objects.out().filter(fulfillment_line__order_line=order_line, serial=clean_serial(serial))
    piece = sold.select_for_update(of=("self",)).first()
    if piece is None:
        raise Refusal(
            "not_this_one", _("%s was not sold with this order. Look at the serial number again.") % serial[:40]
        )
    piece.status, piece.closed_at = Status.RETURNED, now
    piece.save(update_fields=["status", "closed_at"])
    return piece


def clean_serial(text: str) -> str:
    """A serial as it is kept: printed letters differ in case and spaces from one scanner to the next."""
    return "".join(text.split()).upper()
