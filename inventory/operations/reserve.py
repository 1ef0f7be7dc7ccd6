"""Promise units to demands: all of them or none, last in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from inventory.models import StockLevel
from inventory.models.stock_level import Claim, Short


def reserve(*, claims: Sequence[Claim], channel: str, expires_at: datetime | None = None) -> list[Short]:
    """Take the units of `claims` from their shelves; the shelves that were short come back and nothing was taken.

    One statement, that measures each shelf by the rules of this channel. The caller decides what a shortage means:
    another plan, waiting, or a refusal.
    """
    if not claims:
        return []
    return StockLevel.objects.claim(claims, channel=channel, expires_at=expires_at)
