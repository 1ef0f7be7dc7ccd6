"""Choose places by typing: HQ writes "1042" or picks "1042 Oak Street", the row keeps an opaque scope."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from omni.core.scope_names import names

DATALIST = "hq-places"


class PlaceInput(forms.TextInput):
    """A text field that offers the places of the page's list."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"list": DATALIST, "autocomplete": "off", "class": "vTextField"} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        return names().get(value, value) if value else ""


class ScopeField(forms.CharField):
    """One place or group; empty is everywhere."""

    widget = PlaceInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> str | None:
        return scope_of(value or "", names())

    def has_changed(self, initial: Any, data: Any) -> bool:
        shown = names().get(initial, initial) if initial else ""
        return (data or "").strip() not in {shown or "", initial or ""}


class ScopesField(forms.CharField):
    """Several places, one a line; empty is everywhere."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        known = names()
        lines = [line for line in (value or "").splitlines() if line.strip()]
        return sorted({scope for line in lines if (scope := scope_of(line, known))})


def scope_of(text: str, known: Mapping[str, str]) -> str | None:
    """The scope that a person means by words or a code; raises ValidationError."""
    text = text.strip()
    if not text:
        return None
    found = [scope for scope, words in known.items() if text in {scope, words}]
    found = found or [scope for scope, words in known.items() if words.partition(" ")[0] == text]
    if len(found) == 1:
        return found[0]
    if found:
        raise ValidationError(_("“%(text)s” is more than one place; choose one from the list."), params={"text": text})
    raise ValidationError(
        _("There is no place “%(text)s”; type a code or choose from the list."), params={"text": text}
    )
