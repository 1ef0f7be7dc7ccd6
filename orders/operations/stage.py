"""Picked work is put on a shelf where it can be found again; the customer is told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inventory.gtin import is_gtin
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from omni.core.states import move
from orders import events, preferences
from orders.models import FulfillmentLine, FulfillmentOrder, PickList
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.capture_serial import serials_wanted
from orders.operations.finish_work import finish_pick_list

MAX_SHELF = 20


@operation
def stage(*, number: str, shelf_code: str, by: Actor, now: datetime) -> FulfillmentOrder:
    """Put a fully picked fulfillment order on `shelf_code`; refuses while units are neither picked nor short."""
    shelf = _shelf(shelf_code)
    work = FulfillmentOrder.objects.lock(number)
    lines = list(work.lines.select_related("variant__product"))
    left = sum(line.to_pick_quantity for line in lines)
    if work.status == Status.PICKING and left:
        raise Refusal("not_picked", _("%d units are still to pick. Pick them or report them as short.") % left)
    if work.status == Status.PICKING:
        _require_serials(lines)
    move(
        work, Status.STAGED, by=by, shelf_code=shelf, staged_at=now, stop_notice="",
        collect_by=work.location.schedule.open_days_after(now, setting(preferences.COLLECT_OPEN_DAYS)),
    )  # fmt: skip
    if work.pick_list:
        finish_pick_list(pick_list=work.pick_list, now=now)
    emit(events.STAGED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "method": work.method, "shelf": shelf, "collect_by": work.collect_by,
    })  # fmt: skip
    return work


@operation
def bring_to_packing(*, pick_list_id: int, by: Actor, now: datetime) -> list[FulfillmentOrder]:
    """The totes of all parcels of the walk that are complete stand at the packing table."""
    pick_list = PickList.objects.lock(pick_list_id)
    picking = pick_list.fulfillment_orders.filter(status=Status.PICKING, method=Method.SHIP).order_by("order_id", "pk")
    ready = [
        work for work in picking.prefetch_related("lines")
        if work.tote and not any(line.to_pick_quantity for line in work.lines.all())
    ]  # fmt: skip
    if not ready:
        raise Refusal("not_picked", _("No tote is complete yet. Pick its units or report them as short."))
    return [stage(number=work.number, shelf_code=_tote_place(work, pick_list), by=by, now=now) for work in ready]


def _tote_place(work: FulfillmentOrder, pick_list: PickList) -> str:
    """Where its units are found again: the label of the tote, or its place on the cart of this walk."""
    return work.tote_label or f"{pick_list}-{work.tote}"


@operation
def label_tote(*, pick_list_id: int, number: str, code: str, by: Actor) -> FulfillmentOrder:
    """A tote with a label of its own takes this order; until now it was only a place on the cart."""
    label = _shelf(code)
    pick_list = PickList.objects.lock(pick_list_id)
    work = pick_list.fulfillment_orders.filter(number=number, status=Status.PICKING).first()
    if work is None:
        raise Refusal("not_on_list", _("This order is no longer on the pick list."))
    work.tote_label = label
    try:
        with transaction.atomic():  # the index decides between two people with the same tote
            work.save(update_fields=["tote_label"])
    except IntegrityError as taken:
        raise Refusal("tote_taken", _("Tote %s holds another order. Take an empty one.") % label) from taken
    return work


@operation
def move_shelf(*, number: str, shelf_code: str, by: Actor) -> FulfillmentOrder:
    """Staged work now lies elsewhere."""
    shelf = _shelf(shelf_code)
    work = FulfillmentOrder.objects.lock(number)
    if work.status != Status.STAGED:
        raise Refusal("not_staged", _("This order is not staged."))
    work.shelf_code = shelf
    work.save(update_fields=["shelf_code"])
    return work


def _require_serials(lines: Iterable[FulfillmentLine]) -> None:
    missing = {line: wanted for line in lines if (wanted := serials_wanted(line))}
    for line, wanted in missing.items():
        raise Refusal(
            "serials_missing", _("%(n)d serial numbers of %(item)s are missing. Scan them first.")
            % {"n": wanted, "item": line.variant.title},
        )  # fmt: skip


def _shelf(code: str) -> str:
    shelf = code.strip().upper()
    if not shelf or len(shelf) > MAX_SHELF:
        raise Invalid("shelf_required", _("Scan or type the shelf, up to 20 characters."))
    if is_gtin(shelf):
        raise Invalid("not_a_shelf", _("That is the barcode of an item. Scan the label of the shelf."))
    return shelf
