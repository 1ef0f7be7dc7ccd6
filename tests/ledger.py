"""Movements of the past, as no operation writes them: recorded when the test says."""

from datetime import datetime

from django.db.models import F

from inventory.models import Location, StockLevel, StockMovement, Variant


def booked_at(
    variant: Variant, place: Location, kind: str, units: int, recorded: datetime, *, happened: datetime | None = None,
    by: str = "system:test",
) -> None:  # fmt: skip
    """One movement of sellable units and what it does to its shelf."""
    shelf = StockLevel.objects.filter(variant=variant, location=place)
    shelf.update(on_hand=F("on_hand") + units)
    StockMovement.objects.create(
        variant=variant, location=place, kind=kind, quantity=units, on_hand_after=shelf.get().on_hand, actor=by,
        occurred_at=happened or recorded, recorded_at=recorded,
    )  # fmt: skip
