"""What people type on the screens of returns, as fields; whether it can be done, the operations decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from returns.models import Disposition, Grade, ReturnReason, ReturnUnit
from returns.operations.find_purchase import Window
from returns.operations.receive import Looked

DATE = forms.DateInput(attrs={"type": "date"})
AS_SUGGESTED = _("As the policy says")


class FindPurchaseForm(forms.Form):
    """Whatever was scanned or typed, and what narrows it."""

    code = forms.CharField(label=_("Scan or type"), max_length=100)
    store = forms.CharField(label=_("Store number"), max_length=40, required=False)
    since = forms.DateField(label=_("Bought from"), required=False, widget=DATE)
    until = forms.DateField(label=_("Bought until"), required=False, widget=DATE)

    def clean_store(self) -> Location | None:
        code = self.cleaned_data["store"].strip()
        if not code:
            return None
        place = Location.objects.filter(code=code).first()
        if place is None:
            raise forms.ValidationError(_("No store has the number %s.") % code)
        return place

    @property
    def window(self) -> Window:
        given = self.cleaned_data
        return Window(store=given["store"], since=given["since"], until=given["until"])


class BlindForm(forms.Form):
    """Who brings something without a receipt."""

    id_kind = forms.CharField(label=_("Kind of photo ID"), max_length=60, initial=_("Driver’s license"))
    id_reference = forms.CharField(
        label=_("Number of the ID"), max_length=60,
        help_text=_("Only a digest is kept: it shows who returns often, and cannot be read back."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class UnitsForm(forms.Form):
    """For each unit of a return: why, in which condition, what becomes of it; serial number and photo."""

    def __init__(self, *args: Any, units: Sequence[ReturnUnit], reasons: Sequence[ReturnReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = list(units)
        choices = [(reason.code, reason.label) for reason in reasons]
        for unit in self.units:
            self._add(unit, choices)

    def _add(self, unit: ReturnUnit, reasons: list) -> None:
        pk = unit.pk
        self.fields[f"reason-{pk}"] = forms.ChoiceField(
            label=_("Why"), choices=reasons, required=False, initial=unit.reason.code if unit.reason else None
        )
        self.fields[f"grade-{pk}"] = forms.ChoiceField(
            label=_("Condition"), choices=Grade.choices, initial=unit.grade or Grade.A, required=False
        )
        self.fields[f"disposition-{pk}"] = forms.ChoiceField(
            label=_("What becomes of it"),
            choices=[("", AS_SUGGESTED), *Disposition.choices],
            required=False,
            initial="",
        )
        if unit.variant.is_serial_tracked and unit.order_line_id:
            self.fields[f"serial-{pk}"] = forms.CharField(
                label=_("Serial number"), max_length=100, required=False, initial=unit.serial,
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
            )  # fmt: skip
        self.fields[f"photo-{pk}"] = forms.FileField(
            label=_("Photo"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
        )

    @property
    def looked(self) -> dict[int, Looked]:
        """Unit id -> what was seen of it."""
        given = self.cleaned_data
        return {
            unit.pk: Looked(
                grade=given.get(f"grade-{unit.pk}") or unit.grade or "A",
                reason=given.get(f"reason-{unit.pk}") or "",
                disposition=given.get(f"disposition-{unit.pk}") or "",
                serial=given.get(f"serial-{unit.pk}") or "",
            )
            for unit in self.units
        }

    @property
    def photos(self) -> dict[int, Any]:
        given = self.cleaned_data
        return {unit.pk: given[f"photo-{unit.pk}"] for unit in self.units if given.get(f"photo-{unit.pk}")}

    @property
    def items(self) -> list[dict[str, Any]]:
        """Each unit with its fields, for the page."""
        names = ("reason", "grade", "disposition", "serial", "photo")
        return [
            {"unit": unit, **{name: self[f"{name}-{unit.pk}"] for name in names if f"{name}-{unit.pk}" in self.fields}}
            for unit in self.units
        ]


class RegradeForm(forms.Form):
    grade = forms.ChoiceField(label=_("Condition"), choices=Grade.choices)
    disposition = forms.ChoiceField(label=_("What becomes of it"), choices=Disposition.choices)
    note = forms.CharField(label=_("What you saw"), max_length=300, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class IntakeForm(forms.Form):
    """A parcel that arrived: by its label, or by what is in it."""

    code = forms.CharField(label=_("Scan or type"), max_length=100)
