"""The picker scans the serial number of the piece in their hand: each piece once, and only for a unit they picked."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal
from orders.models import FulfillmentLine, PickList, SerialNumber
from orders.models.fulfillment_order import Status
from orders.operations.pick import refuse_stopped
from orders.operations.serials import readable_serial, refuse_double


@operation
def capture_serial(
    *, pick_list_id: int, line_id: int, serial: str, by: Actor, now: datetime, key: str | None = None
) -> FulfillmentLine:
    """Note the serial of one picked unit; the same `key` again changes nothing and answers the same line.

    Refuses `double_serial` where the piece is out already, and `wrong_item` where the item itself was scanned.
    """
    pick_list = PickList.objects.lock(pick_list_id)
    lines = FulfillmentLine.objects.filter(fulfillment_order__pick_list=pick_list).select_for_update(of=("self",))
    line = lines.select_related("variant__product", "fulfillment_order__order").filter(pk=line_id).first()
    if line is None:
        raise Refusal("not_on_list", _("This line is no longer on the pick list."))
    if key and SerialNumber.objects.filter(fulfillment_line=line, key=key).exists():
        return line
    refuse_stopped(pick_list)
    text = readable_serial(serial, line.variant)
    if line.fulfillment_order.status != Status.PICKING or not serials_wanted(line):
        raise Refusal("no_serial_wanted", _("Every picked unit of %s has its serial number.") % line.variant.title)
    _note(line, text, key or uuid.uuid4().hex, by, now)
    return line


def serials_wanted(line: FulfillmentLine) -> int:
    """How many picked units of a line still lack their serial; none where the item is not tracked."""
    if not line.variant.is_serial_tracked:
        return 0
    return line.picked_quantity - line.serials.counted().count()


def _note(line: FulfillmentLine, serial: str, key: str, by: Actor, now: datetime) -> None:
    """A piece is sold once: where two pickers scan it at the same moment, the unique index makes one of them wait."""
    row = SerialNumber(fulfillment_line=line, variant_id=line.variant_id, serial=serial, key=key, scanned_at=now,
                       scanned_by_id=by.user_id)  # fmt: skip
    SerialNumber.objects.bulk_create([row], ignore_conflicts=True)
    if SerialNumber.objects.filter(fulfillment_line=line, key=key).exists():
        return
    refuse_double(variant_id=line.variant_id, serial=serial)
