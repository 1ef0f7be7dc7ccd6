"""Serial numbers follow their units: out of the door with them, and back when the units come back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NoReturn

from django.utils.translation import gettext as _

from inventory.models import Variant
from omni.core.actors import Actor
from omni.core.refusals import Invalid, Refusal
from orders.models import FulfillmentLine, HandOver, OrderLine, SerialNumber

Status = SerialNumber.Status
MAX_SERIAL = 100


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


def carry_out_pieces(
    *, pieces: Mapping[FulfillmentLine, Sequence[str]], hand_overs: Mapping[int, HandOver], by: Actor, now: datetime
) -> dict[int, list[str]]:
    """These pieces leave at once, each once; `hand_overs` by work. Returns the serials by line id.

    Refuses `double_serial` where a piece is out already: the unique index decides, also between two tills.
    """
    rows = [
        SerialNumber(fulfillment_line=line, variant_id=line.variant_id, serial=clean_serial(text), status=Status.OUT,
                     key=f"carry-out:{n}", scanned_at=now, scanned_by_id=by.user_id,
                     hand_over=hand_overs[line.fulfillment_order_id])
        for line, serials in pieces.items() for n, text in enumerate(serials, start=1)
    ]  # fmt: skip
    if not rows:
        return {}
    SerialNumber.objects.bulk_create(rows, ignore_conflicts=True)
    gone: dict[int, list[str]] = {}
    for row in SerialNumber.objects.out().filter(fulfillment_line__in=list(pieces)):
        gone.setdefault(row.fulfillment_line_id, []).append(row.serial)
    for row in rows:
        if row.serial not in gone.get(row.fulfillment_line_id, ()):
            refuse_double(variant_id=row.variant_id, serial=row.serial)
    return gone


def refuse_double(*, variant_id: int, serial: str) -> NoReturn:
    """A piece is sold once; says which order has it."""
    where = SerialNumber.objects.filter(variant_id=variant_id, serial=serial).order_by("-pk")
    order = where.values_list("fulfillment_line__fulfillment_order__order__number", flat=True).first()
    raise Refusal(
        "double_serial", _("%(serial)s is scanned already, for order %(order)s. Take another piece.")
        % {"serial": serial[:40], "order": order},
    )  # fmt: skip


def readable_serial(text: str, variant: Variant) -> str:
    """As it is kept; refuses what cannot be one, and the barcode of an item."""
    serial = clean_serial(text)
    if not is_serial(serial):
        raise Invalid("serial_required", _("Scan or type the serial number, up to 100 characters."))
    if Variant.objects.by_code(text).exists():
        raise Invalid(
            "not_a_serial",
            _("That is the barcode of an item. Scan the serial number of %s, or undo it.") % variant.title,
        )
    return serial


def is_serial(text: str) -> bool:
    """Whether a cleaned text can be a serial number."""
    return 0 < len(text) <= MAX_SERIAL and text.isprintable()


def clean_serial(text: str) -> str:
    """A serial as it is kept: printed letters differ in case and spaces from one scanner to the next."""
    return "".join(text.split()).upper()
