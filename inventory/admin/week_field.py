"""Opening hours as people write them: one row a day, from and to, or closed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.dates import WEEKDAYS
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inventory.hours import DAYS, week_problems

PAIRS = 2  # a lunch break; a day with more spans than that gets more


class WeekInput(forms.Widget):
    """Seven rows of text fields; what is stored is never shown as it is stored."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        week = value if isinstance(value, dict) else {}
        count = max([PAIRS, *(len(spans) for spans in week.values())])
        days = [
            {
                "key": key,
                "label": WEEKDAYS[number],
                "closed": not week.get(key),
                "spans": [*week.get(key, []), *[("", "")] * (count - len(week.get(key, [])))],
            }
            for number, key in enumerate(DAYS)
        ]
        return render_to_string("admin/hq/week.html", {"name": name, "days": days, "pairs": range(count)})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, list[list[str]]]:
        return {key: _spans(data, f"{name}-{key}") for key in DAYS}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: Any) -> str:
        return ""  # the label names the whole table


class WeekField(forms.Field):
    """A week as `inventory.hours` keeps it; a day without times is closed."""

    widget = WeekInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "required": False})

    def clean(self, value: Any) -> dict[str, list[list[str]]]:
        week = {day: [[_hour(part) for part in span] for span in spans] for day, spans in value.items() if spans}
        if problem := week_problems(week):
            raise ValidationError(problem)
        return week

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = {day: spans for day, spans in (initial or {}).items() if spans}
        return before != {day: spans for day, spans in (data or {}).items() if spans}


def _spans(data: Any, prefix: str) -> list[list[str]]:
    if data.get(f"{prefix}-closed"):
        return []
    spans, number = [], 0
    while f"{prefix}-{number}-from" in data:
        span = [data.get(f"{prefix}-{number}-{end}", "").strip() for end in ("from", "to")]
        if any(span):
            spans.append(span)
        number += 1
    return spans


def _hour(text: str) -> str:
    """ "9" and "9:00" mean "09:00"."""
    hour, _colon, minute = text.partition(":")
    if not (hour.isascii() and hour.isdigit() and len(hour) <= 2):
        raise ValidationError(_("“%s” is no time; write it as 09:00 or 21:30.") % text)
    return f"{int(hour):02}:{minute or '00'}"
