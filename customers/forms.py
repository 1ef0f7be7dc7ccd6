"""What people type about customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Consent

PURPOSES = [
    ("serve", _("Serving them here")),
    ("order", _("A question about an order")),
    ("return", _("A return")),
    ("call", _("They call or write")),
    ("correct", _("Putting their data right")),
]


class FindForm(forms.Form):
    """Whatever they say or show."""

    code = forms.CharField(label=_("Phone, e-mail, name or loyalty code"), max_length=200)


class PurposeForm(forms.Form):
    """Why somebody opens a customer's page."""

    purpose = forms.ChoiceField(label=_("What for?"), choices=PURPOSES, widget=forms.RadioSelect, initial="serve")


class CustomerForm(forms.Form):
    """Who they are and how to reach them."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.TextInput(attrs={"type": "email"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # a shared device keeps no customer


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note for colleagues"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), max_length=200)


class WishForm(forms.Form):
    code = forms.CharField(label=_("Scan or type the SKU"), max_length=64)


class ConsentForm(forms.Form):
    """One word of theirs."""

    channel = forms.ChoiceField(choices=Consent.Channel)
    purpose = forms.ChoiceField(choices=Consent.Purpose)
    is_given = forms.TypedChoiceField(
        choices=[("1", _("Yes")), ("", _("No"))],
        coerce=bool,
        required=False,
        empty_value=False,  # type: ignore[arg-type]
    )
    source = forms.ChoiceField(choices=[(Consent.Source.STORE, ""), (Consent.Source.PHONE, "")])


class MergeForm(forms.Form):
    """Which other record, and how one knows."""

    gone = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("How do you know that they are one person?"), max_length=200, help_text=_("It stays in their story.")
    )
