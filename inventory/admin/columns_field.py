"""Which columns of a source's files mean what: one small field for each of our names."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from inventory.models.feed import OURS, valid_columns

WORDS = {
    "sku": gettext_lazy("SKU"),
    "location": gettext_lazy("Location code"),
    "quantity": gettext_lazy("Units"),
    "event_id": gettext_lazy("Number of the event"),
    "kind": gettext_lazy("Kind of the event"),
    "occurred_at": gettext_lazy("When it happened"),
    "reason": gettext_lazy("Reason"),
}


class ColumnsInput(forms.Widget):
    """Text fields in a table; what is stored is never shown as it is stored."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        theirs = value if isinstance(value, dict) else {}
        rows = [{"key": key, "label": WORDS[key], "value": theirs.get(key, "")} for key in OURS]
        return render_to_string("admin/hq/columns.html", {"name": name, "rows": rows})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        found = {key: data.get(f"{name}-{key}", "").strip() for key in OURS}
        return {key: text for key, text in found.items() if text}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: Any) -> str:
        return ""  # the label names the whole table


class ColumnsField(forms.Field):
    """A mapping as `Feed.columns` keeps it; a field left empty means that the file calls it as we do."""

    widget = ColumnsInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Columns of its files"), **kwargs, "required": False})
        self.validators.append(valid_columns)

    def clean(self, value: Any) -> dict[str, str]:
        self.run_validators(value)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or {}) != (data or {})
