"""Legal moves: a thing goes from one status to the next only where its class allows it, and history knows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from omni.core import past
from omni.core.actors import Actor
from omni.core.models import StateChange
from omni.core.refusals import Refusal


class Stateful(models.Model):
    """A model with a `status` and the moves that are legal from each."""

    MOVES: ClassVar[Mapping[Any, Iterable[Any]]] = {}
    status: Any

    class Meta:
        abstract = True

    @property
    def subject(self) -> tuple[str, str]:
        """The name under which history keeps this thing."""
        return subject_type(type(self)), str(self.pk)

    def may_move_to(self, to: Any) -> bool:
        """True where the class allows the move; what the world says is another matter."""
        return is_legal(type(self), self.status, to)


S = TypeVar("S", bound=Stateful)


def begin(*subjects: Stateful, by: Actor, reason: str = "") -> None:
    """Write the first line of the story of new things, in one statement."""
    StateChange.objects.bulk_create([_line(subject, "", subject.status, by=by, reason=reason) for subject in subjects])


def move(subject: S, to: Any, *, by: Actor, reason: str = "", **changes: Any) -> S:
    """Move one thing, where nobody moved it meanwhile; `changes` are written in the same statement.

    Raises Refusal `illegal_move` or `changed_meanwhile`.
    """
    before = subject.status
    _require_legal(subject, to)
    written = type(subject)._base_manager.filter(pk=subject.pk, status=before).update(status=to, **changes)
    if not written:
        raise _changed_meanwhile([subject])
    StateChange.objects.bulk_create([_line(subject, before, to, by=by, reason=reason)])
    _take_over(subject, status=to, **changes)
    return subject


def move_many(subjects: Sequence[S], to: Any, *, by: Actor, reason: str = "", **changes: Any) -> Sequence[S]:
    """Move many things of one kind in two statements; one that cannot move keeps all where they are.

    The caller's transaction undoes the update when this refuses, so call it inside an operation.
    """
    if not subjects:
        return subjects
    model = type(subjects[0])
    for subject in subjects:
        _require_legal(subject, to)
    expected = models.Q()
    for status in {subject.status for subject in subjects}:
        expected |= models.Q(status=status, pk__in=[subject.pk for subject in subjects if subject.status == status])
    written = model._base_manager.filter(expected).update(status=to, **changes)
    if written != len({subject.pk for subject in subjects}):
        raise _changed_meanwhile(subjects)
    StateChange.objects.bulk_create([_line(subject, subject.status, to, by=by, reason=reason) for subject in subjects])
    for subject in subjects:
        _take_over(subject, status=to, **changes)
    return subjects


def subject_type(model: type[models.Model]) -> str:
    """`orders.order`, `inventory.transfer`: what history calls things of this class."""
    return model._meta.label_lower


def is_legal(model: type[Stateful], before: Any, to: Any) -> bool:
    """True where the written moves of the class hold this one."""
    return to in model.MOVES.get(before, ())


def _require_legal(subject: Stateful, to: Any) -> None:
    if subject.may_move_to(to):
        return
    raise Refusal(
        "illegal_move",
        _("%(thing)s is %(status)s and cannot become %(to)s.")
        % {
            "thing": subject._meta.verbose_name,
            "status": _status_name(subject, subject.status),
            "to": _status_name(subject, to),
        },
        status_now=str(subject.status),
    )


def _changed_meanwhile(subjects: Sequence[Stateful]) -> Refusal:
    return Refusal(
        "changed_meanwhile",
        _("Somebody else changed this %(thing)s a moment ago. Look again, then decide.")
        % {"thing": subjects[0]._meta.verbose_name},
    )


def _status_name(subject: Stateful, status: Any) -> str:
    model: type[models.Model] = type(subject)
    choices = dict(getattr(model._meta.get_field("status"), "flatchoices", ()))
    return str(choices.get(status, status))


def _line(subject: Stateful, before: Any, to: Any, *, by: Actor, reason: str) -> StateChange:
    kind, which = subject.subject
    return StateChange(
        subject_type=kind,
        subject_id=which,
        from_status=str(before),
        to_status=str(to),
        by_id=by.user_id,
        actor=by.label,
        reason=reason,
        at=past.moment(),
    )


def _take_over(subject: Stateful, **changes: Any) -> None:
    """Let the object say what the row says; what the database computed is read again when asked for."""
    for name, value in changes.items():
        if hasattr(value, "resolve_expression"):
            subject.__dict__.pop(name, None)
        else:
            setattr(subject, name, value)
