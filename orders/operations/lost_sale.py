"""Nobody had it: one tap tells HQ what was wanted; for a while it can be taken back."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from inventory.models import Location, Variant
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, NotAllowed, Refusal
from orders import events
from orders.models import LostSale

UNDO = timedelta(minutes=10)
MOST = 999


@operation
def record_lost_sale(
    *, location: Location, key: str, sku: str = "", wanted: str = "", quantity: int = 1, by: Actor, now: datetime
) -> LostSale:
    """An item by its SKU, or the shopper's own words; the same `key` counts once."""
    known = LostSale.objects.filter(key=key).first()
    if known:
        return known
    if by.user_id is None:
        raise NotAllowed("person_required", _("Only a person can tell of it; sign in."))
    if not 1 <= quantity <= MOST:
        raise Invalid("bad_quantity", _("Between 1 and %d units.") % MOST)
    variant = Variant.objects.select_related("product").filter(sku=sku).first() if sku else None
    words = variant.title if variant else " ".join(wanted.split())
    if not words:
        raise Invalid("what_was_wanted", _("Say what was wanted."))
    assert by.user_id is not None, "a person records it"
    lost = LostSale.objects.create(
        variant=variant, sku=variant.sku if variant else "", wanted=words[:400], quantity=quantity, location=location,
        associate_id=by.user_id, key=key, recorded_at=now,
    )  # fmt: skip
    emit(events.SALE_LOST, aggregate=("lost_sale", str(lost.pk)), by=by, payload={
        "sku": lost.sku, "wanted": lost.wanted, "quantity": quantity, "location": location.code,
    })  # fmt: skip
    return lost


@operation
def undo_lost_sale(*, lost_sale_id: int, by: Actor, now: datetime) -> LostSale:
    """It was found after all, or tapped by mistake. Once more changes nothing."""
    lost = LostSale.objects.select_for_update().get(pk=lost_sale_id)
    if lost.undone_at:
        return lost
    if lost.recorded_at < now - UNDO:
        raise Refusal("too_late", _("It was told to HQ; it can no longer be taken back."))
    lost.undone_at = now
    lost.save(update_fields=["undone_at"])
    emit(events.SALE_FOUND_AGAIN, aggregate=("lost_sale", str(lost.pk)), by=by, payload={"sku": lost.sku})
    return lost
