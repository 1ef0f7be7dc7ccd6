"""What people type about a transfer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.forms import ScanForm
from inventory.models import Location, TransferLine, TransferScan
from inventory.operations.request_transfer import MOST_UNITS
from inventory.operations.scanned_item import scanned_item
from omni.core.refusals import Refusal

REST_EXPECTED, REST_LOST = "expected", "lost"
REST_STAYS, REST_MISSING = "stays", "missing"


class AskForm(forms.Form):
    """From where, and what: one item a line, as a scanner types it."""

    source = forms.ModelChoiceField(label=gettext_lazy("From which location?"), queryset=Location.objects.none())
    items = forms.CharField(
        label=gettext_lazy("What?"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy("One item a line: scan it, or type its code and how many: TEE-RED-M 3."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Why?"), max_length=200, required=False)

    def __init__(self, *args: Any, to: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Location.objects.filter(is_active=True).exclude(pk=to.pk).exclude(kind=Location.Kind.DROPSHIP)
        self.fields["source"].queryset = others.order_by("name")  # type: ignore[attr-defined]

    def clean_items(self) -> dict[int, int]:
        """{variant id: units}; the same item on two lines adds up."""
        units: dict[int, int] = {}
        for n, row in enumerate(self.cleaned_data["items"].splitlines(), start=1):
            if row.strip():
                variant, quantity = _read(row.strip(), n)
                units[variant] = units.get(variant, 0) + quantity
        if not units:
            raise forms.ValidationError(_("Name at least one unit of something."))
        return units


def _read(row: str, n: int) -> tuple[int, int]:
    """A whole code first: codes may hold blanks, and end with a number."""
    code, _blank, last = row.rpartition(" ")
    tries = [(row, 1)] + ([(code.strip(), int(last))] if code and last.isdecimal() and len(last) < 7 else [])
    for text, times in tries:
        try:
            variant, pack = scanned_item(text)
        except Refusal:
            continue
        if 0 < times * pack <= MOST_UNITS:
            return variant.pk, times * pack
    raise forms.ValidationError(_("Line %(n)d: no item has the code %(code)s.") % {"n": n, "code": row[:40]})


class AnswerForm(forms.Form):
    """How many units of each line the sender will send."""

    def __init__(self, *args: Any, lines: list[TransferLine], there: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=line.variant.title, min_value=0, max_value=line.requested_quantity,
                initial=max(0, min(line.requested_quantity, there.get(line.variant_id, 0))),
            )  # fmt: skip

    @property
    def units(self) -> dict[int, int]:
        return {int(name.partition("-")[2]): value for name, value in self.cleaned_data.items()}


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=200,
        error_messages={"required": gettext_lazy("Say why, so that the other store knows.")},
    )  # fmt: skip


class ArrivalScanForm(ScanForm):
    """A scan of what arrived, and in which state it is."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in TransferScan.Kind if kind != TransferScan.Kind.PICK],
        required=False,
    )  # fmt: skip


class ShipForm(forms.Form):
    """What became of approved units that are not in the box."""

    rest = forms.ChoiceField(
        label=gettext_lazy("What about the rest?"), required=False, widget=forms.RadioSelect, initial=REST_STAYS,
        choices=[
            (REST_STAYS, gettext_lazy("It stays here and can be sold")),
            (REST_MISSING, gettext_lazy("I could not find it: it waits for a count")),
        ],
    )  # fmt: skip


class FinishForm(forms.Form):
    """What about units that were sent and are not here."""

    rest = forms.ChoiceField(
        label=gettext_lazy("What about the missing units?"), required=False, widget=forms.RadioSelect,
        initial=REST_EXPECTED,
        choices=[
            (REST_EXPECTED, gettext_lazy("We still expect them")),
            (REST_LOST, gettext_lazy("They are lost (a lead says so)")),
        ],
    )  # fmt: skip
