"""The few fields with which a second person approves, for any form that needs it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from inventory.places import second_person, staff_of
from omni.core.actors import Actor
from omni.core.models import User
from omni.core.refusals import NotAllowed

PIN = _("PIN")
PIN_ATTRS = {"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]*", "maxlength": "8", "data-pin": ""}


class PinField(forms.CharField):
    """Digits that nobody behind one can read, on a number pad; no password manager of a shared device keeps them."""

    def __init__(self, *, label: Any = PIN) -> None:
        super().__init__(label=label, max_length=8, widget=forms.PasswordInput(attrs=PIN_ATTRS))


class SecondPersonForm(forms.Form):
    """Who approves, with their own PIN. Draw it with components/second_person.html inside the form it belongs to.

    `approve(now)` gives the Actor, or None with the reason at the field: call it before the operation, outside of any
    transaction, once everything else in the form is valid.
    """

    prefix = "second"
    approver = forms.ChoiceField(label=_("Who approves?"))
    pin = PinField(label=_("Their PIN"))

    def __init__(
        self, *args: Any, capability: str, location: Location, other_than: User | Actor, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.capability, self.location, self.other_than = capability, location, other_than
        asking = other_than.user_id if isinstance(other_than, Actor) else other_than.pk
        people = [each for each in staff_of(location, capability) if each.pk != asking]
        chooser = self.fields["approver"]
        chooser.choices = [("", _("Choose a name"))] + [(each.username, each.shown_name) for each in people]  # type: ignore[attr-defined]

    def approve(self, now: datetime) -> Actor | None:
        """Their word as an Actor; None where the form is not filled in or the word does not count."""
        if not self.is_valid():
            return None
        try:
            return second_person(
                username=self.cleaned_data["approver"], pin=self.cleaned_data["pin"], capability=self.capability,
                location=self.location, other_than=self.other_than, now=now,
            )  # fmt: skip
        except NotAllowed as refusal:
            self.add_error("approver" if refusal.code in {"same_person", "not_allowed"} else "pin", str(refusal))
            return None
