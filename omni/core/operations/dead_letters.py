"""What HQ can do with work that was given up."""

from typing import TypeVar

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.claims import remember
from omni.core.models import Claimable, ClaimStatus
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal

Piece = TypeVar("Piece", bound=Claimable)


@operation
def retry_delivery(piece: Piece, *, by: Actor, reason: str = "") -> Piece:
    """Try given-up work again from the beginning; what comes after it in its lane waits for it again."""
    dead = _dead(piece)
    type(piece).objects.filter(pk=dead.pk).update(
        status=ClaimStatus.PENDING, attempts=0, available_at=Now(), finished_at=None
    )
    remember(dead, ClaimStatus.DEAD, ClaimStatus.PENDING, by=by, reason=reason)
    return _fresh(dead)


@operation
def discard_delivery(piece: Piece, *, by: Actor, reason: str) -> Piece:
    """Decide that given-up work will not be done; the reason stays with it."""
    if not reason.strip():
        raise Invalid("reason_required", _("Say why this will not be done."))
    dead = _dead(piece)
    type(piece).objects.filter(pk=dead.pk).update(status=ClaimStatus.DISCARDED, finished_at=Now())
    remember(dead, ClaimStatus.DEAD, ClaimStatus.DISCARDED, by=by, reason=reason)
    return _fresh(dead)


def _dead(piece: Piece) -> Piece:
    dead = type(piece).objects.select_for_update().filter(pk=piece.pk, status=ClaimStatus.DEAD).first()
    if dead is None:
        raise Refusal("not_given_up", _("This is not given up any more; look again."))
    return dead


def _fresh(piece: Piece) -> Piece:
    piece.refresh_from_db()
    return piece
