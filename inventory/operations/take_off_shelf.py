"""Picked units are still on hand, but no longer where a count would look for them."""

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import Reservation
from omni.core.refusals import Refusal


def take_off_shelf(*, demand_key: str, quantity: int) -> None:
    """Note that `quantity` more units of this promise (negative: fewer) are in the picker's hands."""
    changed = (
        Reservation.objects.held()
        .filter(demand_key=demand_key)
        .update(off_shelf_quantity=F("off_shelf_quantity") + quantity)
    )
    if not changed:
        raise Refusal("promise_changed", _("These units are no longer promised. Reload and look again."))
