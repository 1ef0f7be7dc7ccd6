"""Before what a shopper carries out is paid: which piece it is, and whether they are old enough for it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models import Basket, BasketLine, BasketPiece, HandOver, SerialNumber
from orders.models.order_line import Method
from orders.operations.change_basket import lock_open, set_quantity, touch
from orders.operations.keep_units import is_kept
from orders.operations.ready_basket import is_restricted, pieces_wanted
from orders.operations.serials import readable_serial, refuse_double


@operation
def scan_piece(*, basket_id, position: int, serial: str, by: Actor, now: datetime) -> BasketPiece:
    """Note the serial number of one unit of a line that is carried out, of a kit part by part; scanned again it changes
    nothing.

    Refuses `no_serial_wanted`, what cannot be a serial, and `double_serial` where somebody else has the piece. Also
    when the basket is paid already: a wrong number is put right without touching the money.
    """
    basket = lock_open(basket_id, by)
    line = _line(basket, position)
    wanted = pieces_wanted(line)
    item = wanted[0].item if wanted else line.variant
    text = readable_serial(serial, item)
    known = line.pieces.filter(serial=text).first()
    if known:
        return known
    if not wanted:
        raise Refusal("no_serial_wanted", _("Every unit of %s has its serial number.") % line.variant.title)
    if SerialNumber.objects.filter(variant=item, serial=text, status__in=["picked", "out"]).exists():
        refuse_double(variant_id=item.pk, serial=text)
    piece = _take(BasketPiece(line=line, variant=item, serial=text, scanned_at=now))
    touch(basket, now)
    return piece


@operation
def drop_piece(*, basket_id, position: int, serial: str, by: Actor, now: datetime) -> None:
    """It is another piece after all."""
    basket = lock_open(basket_id, by)
    if _line(basket, position).pieces.filter(serial=serial).delete()[0]:
        touch(basket, now)


@operation
def check_age(*, basket_id, how: str, by: Actor, now: datetime) -> Basket:
    """Somebody looked at the shopper's ID: old enough. Only that is kept, and how it was seen."""
    basket = lock_open(basket_id, by)
    if how not in HandOver.Age.values:
        raise Invalid("unknown_check", _("Say which ID you looked at."))
    basket.age_over, basket.age_check = setting(preferences.MINIMUM_AGE), how
    touch(basket, now, "age_over", "age_check")
    return basket


@operation
def leave_restricted(*, basket_id, by: Actor, now: datetime) -> list[BasketLine]:
    """Not old enough, or no ID: what is age-restricted and would be carried out stays here. Returns what was taken
    out."""
    basket = lock_open(basket_id, by)
    carried = basket.lines.filter(method=Method.CARRY_OUT).with_parts()
    lines = [line for line in carried if is_restricted(line)]
    for line in lines:
        set_quantity(basket_id=basket_id, position=line.position, quantity=0, seen=line.quantity, by=by, now=now)
    return lines


def _line(basket: Basket, position: int) -> BasketLine:
    line = basket.lines.with_parts().filter(position=position).first()
    if line is None:
        raise Refusal("changed_meanwhile", _("This basket was changed on another device. Look again, then decide."))
    return line


def _take(piece: BasketPiece) -> BasketPiece:
    """A piece is in one basket; a basket that was given up, or whose time is over, lets go of it."""
    twin = BasketPiece.objects.filter(variant=piece.variant, serial=piece.serial)
    other = twin.select_related("line__basket__hold", "line__basket__associate").first()
    if other and not (other.line.basket.status in ("open", "parked") and is_kept(other.line.basket)):
        other.delete()
    try:
        with transaction.atomic():
            piece.save()
    except IntegrityError:
        holder = twin.select_related("line__basket__associate").first()
        who = holder.line.basket.associate.shown_name if holder else _("a colleague")
        raise Refusal(
            "double_serial", _("%(serial)s is in the basket of %(who)s. Take another piece.")
            % {"serial": piece.serial[:40], "who": who},
        ) from None  # fmt: skip
    return piece
