"""In which condition a unit came back, what becomes of it, and where it lies from then on."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.models import Bucket, StockMovement


class Grade(models.TextChoices):
    A = "A", _("A · like new")
    B = "B", _("B · opened")
    C = "C", _("C · used")
    D = "D", _("D · damaged")


class Disposition(models.TextChoices):
    RESTOCK = "restock", _("Restock")
    OPEN_BOX = "open_box", _("Open box")
    REFURBISH = "refurbish", _("Refurbish")
    QUARANTINE = "quarantine", _("Quarantine")
    RETURN_TO_VENDOR = "return_to_vendor", _("Return to vendor")
    DISPOSE = "dispose", _("Dispose of")


# Only what is restocked sells; everything else is held apart. What is disposed of passes through the damaged ones, so
# that the ledger says where it went.
BUCKETS: dict[str, str] = {
    Disposition.RESTOCK: "",
    Disposition.OPEN_BOX: Bucket.OPEN_BOX,
    Disposition.REFURBISH: Bucket.REFURBISH,
    Disposition.QUARANTINE: Bucket.INSPECTION,
    Disposition.RETURN_TO_VENDOR: Bucket.VENDOR,
    Disposition.DISPOSE: Bucket.DAMAGED,
}
HELD = tuple(each for each in Disposition if BUCKETS[each] and each != Disposition.DISPOSE)

# The part of its cost that a unit is still worth to us.
WORTH: dict[str, Decimal] = {
    Disposition.RESTOCK: Decimal("1"),
    Disposition.OPEN_BOX: Decimal("0.8"),
    Disposition.REFURBISH: Decimal("0.5"),
    Disposition.QUARANTINE: Decimal("0.5"),
    Disposition.RETURN_TO_VENDOR: Decimal("1"),
    Disposition.DISPOSE: Decimal("0"),
}


def kind_of_entry(disposition: str) -> str:
    """How the ledger calls the arrival of a unit."""
    Kind = StockMovement.Kind
    return Kind.RETURN_RESTOCK if disposition == Disposition.RESTOCK else Kind.RETURN_HELD
