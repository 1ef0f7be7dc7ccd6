"""After a serial-tracked item its serial number is asked for, before anything else is scanned."""

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from omni.core.models import User
from orders.models import FulfillmentLine, PickScan, SerialNumber
from orders.models.fulfillment_order import Status
from orders.views.walk import Walk


def serial_wanted(walk: Walk, user: User) -> dict[str, Any] | None:
    """The piece this person picked last and whose serial is missing; at the end of the walk also somebody else's."""
    tracked = [
        line.pk for line in walk.lines
        if line.variant.is_serial_tracked and line.picked_quantity and line.fulfillment_order.status == Status.PICKING
    ]  # fmt: skip
    if not tracked:
        return None
    missing = [line for line in _lines(tracked) if line.picked_quantity > line.serial_count]  # type: ignore[attr-defined]
    mine = [line for line in missing if line.last_by == user.pk]  # type: ignore[attr-defined]
    line = next(iter(mine or (missing if not walk.left else [])), None)
    return None if line is None else _words(line)


def _lines(tracked: list[int]) -> list[FulfillmentLine]:
    last = PickScan.objects.filter(line=OuterRef("pk"), quantity__gt=0).order_by("-pk")
    counted = Count("serials", filter=~Q(serials__status=SerialNumber.Status.BACK))
    lines = FulfillmentLine.objects.filter(pk__in=tracked).select_related(
        "variant__product", "fulfillment_order__order"
    )
    return list(lines.annotate(serial_count=counted, last_by=Subquery(last.values("scanned_by")[:1])).order_by("pk"))


def _words(line: FulfillmentLine) -> dict[str, Any]:
    said = {"n": line.serial_count + 1, "all": line.picked_quantity, "order": line.fulfillment_order.order.number}  # type: ignore[attr-defined]
    return {
        "line_id": line.pk, "item": line.variant.title, "hidden": [{"name": "serial_for", "value": line.pk}],
        "hint": _("Piece %(n)d of %(all)d, order %(order)s. It is printed on the box or the back.") % said,
    }  # fmt: skip
