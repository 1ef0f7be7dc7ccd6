"""What the desk sees of units before they are taken back: kept on the return, so that any device can go on with it."""

from collections.abc import Mapping
from datetime import datetime

from django.core.files.base import File
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from returns.models import ReturnOrder, ReturnUnit
from returns.models.return_order import Status
from returns.models.return_unit import UnitStatus
from returns.operations.receive import Looked, decide_anew

MOST_BYTES = 8 * 1024 * 1024
SIGNATURES = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"RIFF": "webp"}


@operation
def look_at(*, rma_number: int, looked: Mapping[int, Looked], by: Actor, now: datetime) -> list[ReturnUnit]:
    """Note grade, reason and disposition of units that are not booked in yet; fee and refund follow at once.

    What the policy does not allow in this condition is kept too: the page says why, and the refund will refuse it.
    """
    found = ReturnOrder.objects.lock(rma_number)
    rows = found.units.select_related("order_line__variant__product", "variant__product", "reason")
    units = list(
        rows.filter(pk__in=looked, status=UnitStatus.AUTHORIZED).order_by("pk").select_for_update(of=("self",))
    )
    if found.status not in (Status.AUTHORIZED, Status.RECEIVED) or not units:
        raise Refusal("not_open", _("This return is %s already.") % found.get_status_display().lower())
    decide_anew(found, units, looked, now)
    ReturnUnit.objects.bulk_update(
        units, ["grade", "reason", "disposition", "serial", "exceptions", "fee_amount", "refund_amount", "refund_to",
                "policy", "cost_amount"], batch_size=500,
    )  # fmt: skip
    return units


@operation
def keep_photo(*, rma_number: int, unit_id: int, photo: File, by: Actor, now: datetime) -> ReturnUnit:
    """A picture of the unit as it came: JPEG, PNG or WebP of at most 8 MB, for people who may see the return."""
    unit = ReturnUnit.objects.select_for_update(of=("self",)).get(pk=unit_id, return_order__rma_number=rma_number)
    if photo.size > MOST_BYTES:
        raise Invalid("photo_too_large", _("A photo has at most 8 MB."))
    kind = photo_kind(photo)
    if not kind:
        raise Invalid("not_a_photo", _("A photo is a JPEG, PNG or WebP file."))
    unit.photo.save(f"{unit.return_order_id}-{unit.pk}.{kind}", photo, save=False)
    unit.save(update_fields=["photo"])
    return unit


def photo_kind(photo: File) -> str:
    """What the file is by its first bytes, whatever it is called; empty: no picture that we keep."""
    photo.seek(0)
    head = photo.read(16)
    photo.seek(0)
    kind = next((kind for signature, kind in SIGNATURES.items() if head.startswith(signature)), "")
    return "" if kind == "webp" and head[8:12] != b"WEBP" else kind
