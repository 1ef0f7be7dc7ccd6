"""What becomes of a claimed piece of work that was not done."""

import uuid
from typing import Any

from django.db import transaction

from omni.core.actors import Actor
from omni.core.backoff import MOST_ATTEMPTS, again_in
from omni.core.models import Claimable, ClaimStatus, StateChange
from omni.core.states import subject_type

RELAY = Actor.system("relay")


def failed(piece: Claimable, token: uuid.UUID, *, error: str, **changes: Any) -> None:
    """Put it back for a later attempt; after the last one give it up, so that HQ sees it with its cause."""
    pause = again_in(piece.attempts)
    with transaction.atomic():
        still_mine = type(piece).objects.held(pk=piece.pk, token=token)
        written = still_mine.mark_failed(error=error, again_in=pause, **changes)
        if written and pause is None:
            remember(piece, ClaimStatus.PENDING, ClaimStatus.DEAD, by=RELAY, reason=error)


def is_worn_out(piece: Claimable) -> bool:
    """True where every attempt ended without a word: whatever runs it is killed each time."""
    return piece.attempts > MOST_ATTEMPTS


def remember(piece: Claimable, before: ClaimStatus, to: ClaimStatus, *, by: Actor, reason: str) -> None:
    """A line in the story of a piece of work that went wrong."""
    StateChange.objects.create(
        subject_type=subject_type(type(piece)),
        subject_id=str(piece.pk),
        from_status=before,
        to_status=to,
        by_id=by.user_id,
        actor=by.label,
        reason=reason,
    )
