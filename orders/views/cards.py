"""How a piece of work reads in a queue."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.looks import look
from inventory.shelves import walk
from omni.core.models import User
from omni.core.ui.words import local_words
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.names import short_name

AISLES = 5  # more fit on no phone
SHORT = 3


def card(work: FulfillmentOrder, viewer: User) -> dict:
    """The words of a work card, for work read by `as_cards`; only work that nobody has can be ticked."""
    picking = work.status == Status.PICKING and work.pick_list is not None
    mine = picking and work.pick_list.picker_id == viewer.pk  # type: ignore[union-attr]
    return {
        "work": work,
        "id": f"work-{work.pk}",
        "title": _("#%s") % work.order.number,
        "url": _url(work, picking),
        "units": work.card_units,  # type: ignore[attr-defined]
        "method": work.get_method_display(),
        "aisles": _aisles(work),
        "customer": short_name(work.order.collector_name or work.order.contact_name),
        "pictures": [_picture(item) for item in work.card_items],  # type: ignore[attr-defined]
        "tag": _holder(work, mine) if picking else _offer(work),
        "tone": "warn" if work.is_offered or work.timed_out_at else "info",
        "note": _carrier(work),
        "select_name": "" if picking else "work",
    }


def _offer(work: FulfillmentOrder) -> str:
    """What a store still has to say about a parcel."""
    if work.status != Status.RELEASED or work.confirm_by is None:
        return ""
    if work.timed_out_at:
        return _("Not accepted in time, and nobody else has it: pick it now")
    return _("Accept by %s") % local_words(work.confirm_by, zone=work.location.zone, now=timezone.now())


def _carrier(work: FulfillmentOrder) -> str:
    if work.cutoff_at is None:
        return ""
    return _("Carrier %s") % local_words(work.cutoff_at, zone=work.location.zone, now=timezone.now())


def _aisles(work: FulfillmentOrder) -> str:
    aisles = sorted(work.card_aisles, key=lambda aisle: walk(aisle, ""))  # type: ignore[attr-defined]
    shown = ", ".join(aisles[:AISLES])
    return _("%(aisles)s and %(n)d more") % {"aisles": shown, "n": len(aisles) - AISLES} if aisles[AISLES:] else shown


def _picture(item: dict) -> dict[str, str]:
    """A small one: a size in words would cover its neighbor."""
    shown = look(item["title"], item["options"], item["category"])
    return shown if len(shown["size"]) <= SHORT else shown | {"size": ""}


def _url(work: FulfillmentOrder, picking: bool) -> str:
    if picking:
        return reverse("orders:pick_list", args=[work.pick_list.number])  # type: ignore[union-attr]
    return reverse("orders:order", args=[work.order.number])


def _holder(work: FulfillmentOrder, mine: bool) -> str:
    if mine:
        return _("You are picking")
    return _("%s is picking") % work.pick_list.picker.shown_name  # type: ignore[union-attr]
