"""Acts of HQ: a corrected number or an ended order goes through an operation, with who, when and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from omni.core.actors import Actor
from omni.core.models import User
from omni.core.operation import retry
from omni.core.refusals import Refusal

MOST_AT_ONCE = 200


class Nothing(forms.Form):
    """An act that needs no word of explanation."""


class Reason(forms.Form):
    """An act that history keeps with its reason."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"class": "vTextField"}))


@dataclass(frozen=True)
class Asked:
    """Who asks for an act, when, and what they wrote into its form."""

    user: User
    now: datetime
    data: dict[str, Any]

    @property
    def by(self) -> Actor:
        """The name that history keeps."""
        return Actor.of(self.user)


@dataclass(frozen=True)
class ShownOnce:
    """A secret that the next page shows and nobody can read again."""

    title: Any
    secret: str
    text: Any


def _always(_thing: Any) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """One thing that HQ can do with rows of a list, or with one row on its page.

    `carry_out(row, asked)` calls one operation; with `together` it gets all chosen rows at once. `about(rows)` says
    before how much that is.
    """

    name: str
    label: Any
    capability: str
    carry_out: Callable[[Any, Asked], Any]
    done: Callable[[int], str]
    form: Callable[..., forms.Form] = Nothing
    text: Any = ""
    together: bool = False
    applies: Callable[[Any], bool] = _always
    about: Callable[[Sequence[Any]], str] | None = None


@dataclass
class Outcome:
    """What became of an act: how many rows it changed, whose operation said no, what is to be shown once."""

    changed: int = 0
    refusals: list[Refusal] | None = None
    shown_once: ShownOnce | None = None


def carry_out(act: Act, rows: Iterable[Any], asked: Asked) -> Outcome:
    """Each row in a transaction of its own, so that one refusal leaves the others done."""
    rows = list(rows)
    outcome = Outcome(refusals=[])
    for each in [rows] if act.together else rows:
        try:
            answer = retry(lambda each=each: _whole(act, each, asked))  # type: ignore[misc]
        except Refusal as refusal:
            outcome.refusals.append(refusal)  # type: ignore[union-attr]
            continue
        outcome.changed += answer if act.together and isinstance(answer, int) else len(rows) if act.together else 1
        if isinstance(answer, ShownOnce):
            outcome.shown_once = answer
    return outcome


def _whole(act: Act, each: Any, asked: Asked) -> Any:
    with transaction.atomic():
        return act.carry_out(each, asked)
