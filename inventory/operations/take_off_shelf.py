"""Picked units are still on hand, but no longer where a count would look for them."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import OffShelf
from omni.core.refusals import Refusal


def take_off_shelf(*, demand_key: str, quantity: int, at: datetime) -> None:
    """Note that `quantity` more units of this promise (negative: fewer) are in the picker's hands since then."""
    if not OffShelf.objects.take(demand_key=demand_key, quantity=quantity, at=at):
        raise Refusal("promise_changed", _("These units are no longer promised. Reload and look again."))
