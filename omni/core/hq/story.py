"""What happened to a thing, as HQ shows it: each line says what, when, who and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omni.core.hq.show import NOTHING, moment
from omni.core.models import StateChange


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    at: datetime
    title: Any
    by: str = ""
    note: str = ""


def story(lines: Iterable[Line], place: Any = None) -> SafeString | str:
    """The lines as a list, oldest first, on the clock of the place."""
    rows = [
        (
            each.title,
            moment(each.at, place),
            f" · {each.by}" if each.by else "",
            format_html("<p>{}</p>", each.note) if each.note else "",
        )
        for each in sorted(lines, key=lambda line: line.at)
    ]
    if not rows:
        return NOTHING
    items = format_html_join("", "<li><b>{}</b> <span>{}{}</span>{}</li>", rows)
    return format_html('<ol class="story">{}</ol>', items)


def changes_of(subject: tuple[str, str], words: dict[str, Any]) -> list[Line]:
    """The moves of one thing, from its history; `words` names its states."""
    rows = StateChange.objects.about(subject)[:500]
    return [Line(row.at, _move(row, words), row.actor, row.reason) for row in rows]


def _move(row: StateChange, words: dict[str, Any]) -> str:
    to = words.get(row.to_status, row.to_status)
    if not row.from_status:
        return str(to)
    return _("%(before)s → %(after)s") % {"before": words.get(row.from_status, row.from_status), "after": to}
