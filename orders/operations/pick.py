"""A unit is scanned into the picker's hands: the right item, no more than wanted, each scan once."""

import uuid
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import Variant
from inventory.operations.scanned_item import scanned_item
from inventory.operations.take_off_shelf import take_off_shelf
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal
from orders.models import FulfillmentLine, PickList, PickScan
from orders.models.fulfillment_order import Status
from orders.operations.serials import put_down


@operation
def pick(*, pick_list_id: int, code: str, by: Actor, now: datetime, key: str | None = None) -> FulfillmentLine:
    """Pick one scan (a pack counts its units) for the most urgent line that wants the item.

    `key` is the device's name for this scan; the same key again changes nothing and answers the same line.
    """
    pick_list = PickList.objects.lock(pick_list_id)
    if key and (seen := PickScan.objects.filter(pick_list=pick_list, key=key).select_related("line").first()):
        return seen.line
    refuse_stopped(pick_list)
    variant, units = scanned_item(code)
    line = _line_for(pick_list, variant, units)
    line.picked_quantity += units
    line.save(update_fields=["picked_quantity"])
    take_off_shelf(demand_key=line.demand_key, quantity=units, at=now)
    PickScan.objects.create(
        pick_list=pick_list, line=line, key=key or uuid.uuid4().hex, code=code[:100], quantity=units,
        scanned_at=now, scanned_by_id=by.user_id,
    )  # fmt: skip
    return line


@operation
def unpick(*, pick_list_id: int, line_id: int, by: Actor, now: datetime) -> FulfillmentLine:
    """Undo the last unit of a line: it goes back to where it lay."""
    pick_list = PickList.objects.lock(pick_list_id)
    line = _locked_lines(pick_list).filter(pk=line_id).first()
    if line is None or not line.in_staging_quantity:
        raise Refusal("nothing_picked", _("Nothing of this item was picked yet."))
    line.picked_quantity = F("picked_quantity") - 1
    line.save(update_fields=["picked_quantity"])
    take_off_shelf(demand_key=line.demand_key, quantity=-1, at=now)
    PickScan.objects.create(
        pick_list=pick_list, line=line, key=uuid.uuid4().hex, code="undo", quantity=-1, scanned_at=now,
        scanned_by_id=by.user_id,
    )  # fmt: skip
    line.refresh_from_db()
    put_down(lines=[line], now=now)
    return line


@operation
def acknowledge_stop(*, pick_list_id: int, by: Actor) -> int:
    """The picker has read that an order was cancelled; picking goes on. Returns how many notices were read."""
    pick_list = PickList.objects.lock(pick_list_id)
    return pick_list.fulfillment_orders.exclude(stop_notice="").update(stop_notice="")


def refuse_stopped(pick_list: PickList) -> None:
    """An order cancelled during picking stops the picker at the next scan."""
    notice = pick_list.fulfillment_orders.exclude(stop_notice="").values_list("stop_notice", flat=True).first()
    if notice:
        raise Refusal("stopped", notice)


def _line_for(pick_list: PickList, variant: Variant, units: int) -> FulfillmentLine:
    lines = list(_locked_lines(pick_list).filter(variant=variant))
    if not lines:
        raise Refusal("wrong_item", _("%s is not on this pick list.") % variant.title)
    fitting = [line for line in lines if line.to_pick_quantity >= units]
    if fitting:
        return fitting[0]
    left = sum(line.to_pick_quantity for line in lines)
    if left:
        raise Refusal(
            "too_many", _("This is a pack of %(pack)d, and only %(left)d are wanted. Scan single units.")
            % {"pack": units, "left": left},
        )  # fmt: skip
    raise Refusal("over_scan", _("All units of %s are picked. Put this one back.") % variant.title)


def _locked_lines(pick_list: PickList):
    return (
        FulfillmentLine.objects.filter(fulfillment_order__pick_list=pick_list, fulfillment_order__status=Status.PICKING)
        .select_related("fulfillment_order__order", "variant__product", "order_line")
        .order_by("fulfillment_order__due_at", "pk")
        .select_for_update(of=("self",))
    )
