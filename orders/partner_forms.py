"""What a partner's people type: how many of each line, why not, on which day, with whom it left."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import FulfillmentLine
from orders.operations.refuse_units import refusal_reasons


class UnitsForm(forms.Form):
    """One number for each line that has open units; what is left empty is none."""

    def __init__(self, *args: Any, lines: Sequence[FulfillmentLine], every: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit_names = {}
        for line in lines:
            if not line.open_quantity:
                continue
            name = f"units_{line.pk}"
            self.unit_names[name] = line.pk
            self.fields[name] = forms.IntegerField(
                label=f"{line.order_line.title} · {line.order_line.sku}", required=False, min_value=0,
                max_value=line.open_quantity, initial=line.open_quantity if every or len(lines) == 1 else 0,
                help_text=_("of %d") % line.open_quantity,
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )  # fmt: skip

    @property
    def units(self) -> dict[int, int]:
        """Fulfillment line id -> units."""
        chosen = {pk: self.cleaned_data.get(name) or 0 for name, pk in self.unit_names.items()}
        return {pk: quantity for pk, quantity in chosen.items() if quantity}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and self.unit_names and not any(data.get(name) for name in self.unit_names):
            raise forms.ValidationError(_("Choose at least one unit."))
        return data

    def unit_fields(self) -> list[Any]:
        return [self[name] for name in self.unit_names]

    def other_fields(self) -> list[Any]:
        return [each for each in self.visible_fields() if each.name not in self.unit_names]


class ConfirmForm(UnitsForm):
    ships_on = forms.DateField(
        label=_("Leaves on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("If it is later than promised, the customer is told."),
    )  # fmt: skip


class RefuseForm(UnitsForm):
    """`seen` is what was open when the page was drawn: pressed twice, it counts once."""

    seen = forms.RegexField(r"^(\d+:\d+ ?)*$", required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = " ".join(
            f"{line.pk}:{line.open_quantity}" for line in kwargs["lines"] if line.open_quantity
        )
        field: Any = self.fields["reason"]
        field.choices = [(each.code, each.label) for each in refusal_reasons()]

    @property
    def open_then(self) -> dict[int, int] | None:
        """Fulfillment line id -> units that were open on the page, where it says so."""
        if not self.cleaned_data["seen"]:
            return None
        pairs = (pair.split(":") for pair in self.cleaned_data["seen"].split())
        return {int(pk): int(quantity) for pk, quantity in pairs}


class LeftForm(UnitsForm):
    carrier = forms.CharField(
        label=_("Carrier"), max_length=60, widget=forms.TextInput({"list": "carriers", "autocomplete": "off"})
    )
    tracking_number = forms.CharField(
        label=_("Tracking number"), max_length=100,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class StockForm(forms.Form):
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput({"accept": ".csv,.ndjson,.gz"}),
        help_text=_("A .csv file with one row for each item."),
    )  # fmt: skip
