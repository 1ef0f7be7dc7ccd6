"""What a basket can have of what suppliers bring: asked for a store's shopper, kept for nobody."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.incoming import Incoming, incoming
from inventory.models import Location, SupplyTerm
from omni.core.channels import Channel
from omni.core.refusals import Refusal
from orders.models import BasketLine
from orders.models.order_line import Method


def coming(*, variants: Collection[int], here: Location | None, now: datetime) -> dict[int, Incoming]:
    """variant -> what could be ordered for pickup `here`, or without a place to be shipped."""
    if not variants:
        return {}
    places = Location.objects.active().filter(can_ship=True)
    if here is not None:
        places = Location.everywhere.filter(pk=here.pk, is_active=True, can_pick_up=True)
    return incoming(variants=variants, places=places, channel=Channel.ENDLESS_AISLE, today=timezone.localdate(now))


def coming_for(line: BasketLine, *, now: datetime) -> Incoming:
    here = line.location if line.method == Method.PICKUP else None
    return coming(variants=[line.variant_id], here=here, now=now).get(line.variant_id, Incoming())


def require_coming(line: BasketLine, quantity: int, *, now: datetime) -> None:
    """Raises Refusal `insufficient_stock` with what comes."""
    units = coming_for(line, now=now).units
    if units < quantity:
        detail = _("Only %(available)d of %(sku)s come.") % {"available": units, "sku": line.variant.sku}
        raise Refusal("insufficient_stock", detail, errors=[
            {"pointer": "/lines/0", "code": "insufficient_stock", "wanted": quantity, "available": units,
             "detail": detail}
        ])  # fmt: skip


def later_words(kind: str, day: date | None) -> str:
    """ "Backorder, expected 4 Dec": what a shopper is told."""
    if day is None:
        return _("Backorder, we do not know the day yet")
    words = _("Preorder, expected %s") if kind == SupplyTerm.Kind.PREORDER else _("Backorder, expected %s")
    return words % date_format(day, "j M")
