"""Go on with what is tried on past orders, slice by slice; how far one is stands in the same transaction, so that a
worker that was killed goes on behind its last whole slice."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import Error, transaction
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.states import move
from orders.models.past_trial import PastTrial

logger = logging.getLogger(__name__)

PATIENCE = 15.0  # seconds
Status = PastTrial.Status
T = TypeVar("T", bound=PastTrial)


def go_on_with(kind: type[T], next_slice: Callable[[int], bool], *, by: Actor, now: datetime, patience: float) -> int:
    """Slices (`next_slice` of an id; False: none for now) of those that wait or run. Returns how many; one that breaks
    holds no other up."""
    until, slices = time.monotonic() + patience, 0
    for pk in list(kind.objects.unfinished().values_list("pk", flat=True)):
        try:
            while time.monotonic() < until and next_slice(pk):
                slices += 1
        except Error:
            raise  # the database's: another try
        except Exception as trouble:
            logger.exception("%s %s failed", kind._meta.verbose_name, pk)
            _fail(kind, pk, f"{type(trouble).__name__}: {trouble}", by, now)
    return slices


def taken_up(kind: type[T], pk: int, *, by: Actor, now: datetime) -> T | None:
    """It, locked and running; None where another worker is at it, it has ended, or its draft was changed meanwhile."""
    trial = _lock(kind, pk)
    if trial is None or not trial.is_at_work:
        return None
    if trial.status == Status.WAITING:
        move(trial, Status.RUNNING, by=by)
    if trial.rule_set.edits != trial.edits:
        _stop(trial, _("The draft was changed meanwhile: ask again."), by, now)
        return None
    return trial


def finish(trial: PastTrial, *, by: Actor, now: datetime) -> None:
    """All of it is decided."""
    move(trial, Status.DONE, by=by, finished_at=now)


def _lock(kind: type[T], pk: int) -> T | None:
    """One worker at a time goes on with it; another one takes the next."""
    rows = kind.objects.select_related("rule_set").select_for_update(of=("self",), skip_locked=True)
    found = rows.filter(pk=pk).first()
    return found if isinstance(found, kind) else None


@transaction.atomic
def _fail(kind: type[PastTrial], pk: int, why: str, by: Actor, now: datetime) -> None:
    trial = _lock(kind, pk)
    if trial is not None and trial.is_at_work:
        _stop(trial, why, by, now)


def _stop(trial: PastTrial, why: str, by: Actor, now: datetime) -> None:
    move(trial, Status.FAILED, by=by, reason=why[:200], failed_because=why[:300], finished_at=now)
