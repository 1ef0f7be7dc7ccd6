"""How the waiting differences are narrowed down; the list, its filters and the deed for all of them read it alike."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models.snapshot import Cause, Outcome
from inventory.operations.decide_differences import Filter
from omni.core.hq.filters import TypedFilter

MOST_VALUE = 10**12
AGES = {"1": _("Older than a day"), "3": _("Older than 3 days"), "7": _("Older than a week"),
        "30": _("Older than 30 days")}  # fmt: skip
DIRECTIONS = {"less": _("Less than expected"), "more": _("More than expected")}
CAUSES = {cause.value: cause.label for cause in (Cause.UNITS, Cause.VALUE, Cause.LEFT_OUT)}
TITLES = {
    "source": _("source's code"), "snapshot": _("snapshot"), "at": _("location code"), "cause": _("cause"),
    "direction": _("direction"), "least": _("least value"), "age": _("age"),
}  # fmt: skip
PARAMETERS = tuple(TITLES)
WORDS: dict[str, dict[str, Any]] = {"cause": CAUSES, "direction": DIRECTIONS, "age": AGES}


def chosen(asked: Any) -> Filter:
    """What an address asks for. Raises IncorrectLookupParameters where it makes no sense."""
    text = {name: str(asked.get(name, "")).strip() for name in PARAMETERS}
    for name, known in WORDS.items():
        if text[name] and text[name] not in known:
            raise IncorrectLookupParameters
    return Filter(
        feed=text["source"], snapshot=number(text["snapshot"]), location=text["at"], cause=text["cause"],
        least_value=amount(text["least"]), older_than=timedelta(days=int(text["age"])) if text["age"] else None,
        direction=text["direction"],
    )  # fmt: skip


def number(text: str) -> int | None:
    """A whole number; nothing where nothing is written."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise IncorrectLookupParameters
    return int(text)


def amount(text: str) -> Decimal | None:
    """An amount; nothing where nothing is written."""
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise IncorrectLookupParameters from error
    if not (found.is_finite() and abs(found) < MOST_VALUE):
        raise IncorrectLookupParameters
    return found


class _Part:
    """A filter of the list that means one part of `Filter`; what it cannot mean shows nothing, and says so."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        name = self.expected_parameters()[0]  # type: ignore[attr-defined]
        value = self.used_parameters.get(name, "")  # type: ignore[attr-defined]
        if not value:
            return queryset
        try:
            return chosen({name: value}).of(queryset, timezone.now())
        except IncorrectLookupParameters:
            messages.error(request, _("“%(text)s” is no %(what)s.") % {"text": value, "what": TITLES[name]})
            return queryset.none()


def typed_part(title: Any, parameter: str) -> type[TypedFilter]:
    return type("TypedPart", (_Part, TypedFilter), {"title": title, "parameter": parameter})


def choice_part(title: Any, parameter: str, choices: dict[str, Any]) -> type[admin.SimpleListFilter]:
    def lookups(self: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(choices.items())

    body = {"title": title, "parameter_name": parameter, "lookups": lookups}
    return type("ChoicePart", (_Part, admin.SimpleListFilter), body)


class OutcomeFilter(admin.SimpleListFilter):
    """Of a single snapshot: what waits, or what became of the others. Anywhere else the list shows what waits."""

    title = _("outcome")
    parameter_name = "outcome"
    decided = (Outcome.BOOKED, Outcome.APPROVED)

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.of_one = bool(request.GET.get("snapshot"))
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("booked", _("Booked")), ("explained", _("Explained")), ("refused", _("Refused by a person")),
                ("outdated", _("Known better since")), ("all", _("All"))]  # fmt: skip

    def has_output(self) -> bool:
        return self.of_one

    def choices(self, changelist: Any) -> Any:
        every = super().choices(changelist)
        yield {**next(every), "display": _("Waiting for a person")}
        yield from every

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value == "all":
            return queryset.exclude(outcome=Outcome.SAME)
        if value == "booked":
            return queryset.filter(outcome__in=self.decided)
        return queryset.filter(outcome=value if value in Outcome.values and value else Outcome.REVIEW)


FILTERS = [
    *(choice_part(TITLES[name], name, WORDS[name]) for name in ("cause", "direction", "age")),
    *(typed_part(TITLES[name], name) for name in ("source", "at", "least", "snapshot")),
    OutcomeFilter,
]


def kept(asked: Any) -> dict[str, str]:
    """The parts of the filter that an address names, to name them again."""
    return {name: asked[name] for name in PARAMETERS if asked.get(name)}


def in_words(asked: Any) -> list[tuple[Any, Any]]:
    """The filter as people read it: what it narrows, and to what."""
    return [(TITLES[name], WORDS.get(name, {}).get(value, value)) for name, value in kept(asked).items()]
