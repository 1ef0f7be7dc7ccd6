"""Work that lies in the database until somebody has done it."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ClaimStatus(models.TextChoices):
    """Where a piece of work stands."""

    PENDING = "pending", _("Waiting")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")
    DISCARDED = "discarded", _("Discarded")


class ClaimableQuerySet(models.QuerySet[Any]):
    """Claims by lease on the database's clock, so that a dead worker's work is taken up by the next."""

    def due(self) -> Self:
        """Waiting, past its backoff, leased to nobody alive, and the first of its lane."""
        earlier = self.model._default_manager.filter(
            status=ClaimStatus.PENDING, lane=OuterRef("lane"), position__lt=OuterRef("position")
        )
        unleased = Q(leased_until=None) | Q(leased_until__lt=Now())
        return self.filter(unleased, ~Exists(earlier), status=ClaimStatus.PENDING, available_at__lte=Now())

    def claim(self, *, limit: int, lease: timedelta) -> tuple[uuid.UUID, list[Any]]:
        """Take up to `limit` due pieces for the length of `lease`; the attempt counts from now on."""
        token = uuid.uuid4()
        with transaction.atomic():
            taken = list(
                self.due().select_for_update(skip_locked=True, of=("self",)).order_by("position", "id")[:limit]
            )
            if taken:
                self.model._default_manager.filter(pk__in=[piece.pk for piece in taken]).update(
                    attempts=F("attempts") + 1, lease_token=token, leased_until=Now() + lease
                )
        for piece in taken:
            piece.attempts += 1
            piece.lease_token = token
        return token, taken

    def held(self, *, pk: int, token: uuid.UUID) -> Self:
        """This piece, while the lease is still mine and the work is still open."""
        return self.filter(pk=pk, lease_token=token, status=ClaimStatus.PENDING)

    def mark_done(self, **changes: Any) -> int:
        """Finish; the count tells whether it was still mine to finish."""
        return self.update(
            status=ClaimStatus.DONE,
            finished_at=Now(),
            lease_token=None,
            leased_until=None,
            last_error="",
            **changes,
        )

    def mark_failed(self, *, error: str, again_in: timedelta | None, **changes: Any) -> int:
        """Put it back for later, or give it up for a person to look at."""
        ending: dict[str, Any] = {"status": ClaimStatus.DEAD, "finished_at": Now()}
        if again_in is not None:
            ending = {"available_at": Now() + again_in}
        return self.update(lease_token=None, leased_until=None, last_error=error[:1000], **ending, **changes)

    def finished_before(self, age: timedelta) -> Self:
        """Done or discarded so long ago that nobody asks any more."""
        over = [ClaimStatus.DONE, ClaimStatus.DISCARDED]
        return self.filter(status__in=over, finished_at__lt=Now() - age)


class Claimable(models.Model):
    """Columns of work that is claimed, tried, and at last done or given up."""

    status = models.CharField(_("status"), max_length=12, choices=ClaimStatus, db_default=ClaimStatus.PENDING)
    lane = models.CharField(
        max_length=255,
        editable=False,
        help_text=_("Pieces of one lane are done in order, one after the other."),
    )
    position = models.BigIntegerField(_("position"), editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), db_default=0)
    available_at = models.DateTimeField(_("next attempt"), db_default=Now())
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, db_default="")
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)

    objects = ClaimableQuerySet.as_manager()

    class Meta:
        abstract = True


def due_indexes(prefix: str) -> list[models.Index]:
    """What the claim needs: due work by position, and the first of each lane; and what HQ looks for, given up."""
    waiting = Q(status=ClaimStatus.PENDING)
    return [
        models.Index(fields=["position"], condition=waiting, name=f"{prefix}_due"),
        models.Index(fields=["lane", "position"], condition=waiting, name=f"{prefix}_lane"),
        models.Index(fields=["finished_at"], condition=~waiting, name=f"{prefix}_over"),
        models.Index(fields=["id"], condition=Q(status=ClaimStatus.DEAD), name=f"{prefix}_dead"),
    ]


def known_status(name: str) -> models.CheckConstraint:
    """No status but the written ones."""
    return models.CheckConstraint(condition=Q(status__in=ClaimStatus.values), name=name)


def lane_of(*parts: object) -> str:
    """The name of a lane."""
    return "|".join(str(part) for part in parts)
