"""What a picker scans, types or chooses; whether it can be done, the operations decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.models import ReasonCode
from omni.core.refusals import Invalid

MAX_START = 10


class ScanForm(forms.Form):
    """One scan as the device sends it: the item's code and the device's name for this scan."""

    code = forms.CharField(max_length=200, error_messages={"required": _("Scan or type an item.")})
    scan_key = forms.CharField(max_length=64, required=False)
    serial_for = forms.IntegerField(min_value=1, required=False)  # the line whose piece is in the hand


class LineForm(forms.Form):
    line = forms.IntegerField(min_value=1, error_messages={"required": _("Choose a line.")})


class ShelfForm(forms.Form):
    """Where a picked order is put."""

    work = forms.CharField(max_length=40)
    code = forms.CharField(max_length=100, error_messages={"required": _("Scan or type the shelf.")})


class ToteForm(forms.Form):
    """The label of the tote that takes an order."""

    work = forms.CharField(max_length=40)
    code = forms.CharField(max_length=100, error_messages={"required": _("Scan or type the label of the tote.")})


class ColleagueForm(forms.Form):
    user = forms.IntegerField(min_value=1, error_messages={"required": _("Choose one of the store’s people.")})


class NumbersField(forms.MultipleChoiceField):
    """Ticked numbers; which of them exist here, the operation knows."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 40 and value.isprintable()


class ClaimForm(forms.Form):
    """The ticked work of a queue."""

    work = NumbersField(
        error_messages={
            "required": _("Tick at least one order first."),
            "invalid_choice": _("One of these is not an order."),
        }
    )
    reason = forms.CharField(max_length=40, required=False)


class StartForm(forms.Form):
    count = forms.IntegerField(min_value=1, max_value=MAX_START)


class ShortForm(forms.Form):
    """What is wrong with units of a line, and with how many of them."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the reasons.")},
    )  # fmt: skip

    substitute = forms.CharField(max_length=100, required=False)
    substitute_code = forms.CharField(
        label=_("Or scan another item"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {reason.code: reason for reason in reasons(ReasonCode.Kind.SHORT_PICK)}
        self.fields["reason"].choices = [(code, _(reason.label)) for code, reason in self.reasons.items()]  # type: ignore[attr-defined]
        self.fields["quantity"] = forms.IntegerField(
            label=_("How many units?"), min_value=1, max_value=left, initial=left
        )

    @property
    def instead(self) -> str:
        """The code of what the customer is offered: scanned, or one of the suggestions."""
        return self.cleaned_data["substitute_code"] or self.cleaned_data["substitute"]


class ShipForm(forms.Form):
    """Which carrier took the parcel, and under which number."""

    carrier = forms.CharField(
        label=_("Carrier"), max_length=60, widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"})
    )
    tracking_number = forms.CharField(
        label=_("Tracking number"), max_length=100, help_text=_("Scan it from the parcel."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


def reasons(kind: str) -> list[ReasonCode]:
    """The reasons HQ offers for this, in its order."""
    return list(ReasonCode.objects.filter(kind=kind, is_active=True))


def cleaned(form: forms.Form) -> dict[str, Any]:
    """What the form holds; Invalid with its first sentence where it cannot be read."""
    if form.is_valid():
        return form.cleaned_data
    errors = next(iter(form.errors.values()))
    raise Invalid("unreadable", str(errors[0]))
