"""What people type about themselves and their devices."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.second_person import PinField
from omni.core.models import Device, Pin, User
from omni.core.operations.check_pin import check_pin
from omni.core.operations.set_pin import require_good
from omni.core.refusals import Refusal

HERE, ELSEWHERE = "here", "elsewhere"


class SwitchForm(forms.Form):
    """Who is it, and their PIN."""

    who = forms.CharField(label=_("User name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    pin = PinField(label=_("Your PIN"))


class UnlockForm(forms.Form):
    """The PIN of whoever locked it."""

    pin = PinField(label=_("Your PIN"))


class DeviceForm(forms.Form):
    """A new device of this store."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As people call it: Till 2, Handheld blue"))
    kind = forms.ChoiceField(label=_("What is it?"), choices=Device.Kind, widget=forms.RadioSelect, initial="till")
    where = forms.ChoiceField(
        label=_("Which device?"), widget=forms.RadioSelect, initial=ELSEWHERE,
        choices=[(ELSEWHERE, _("Another one: show a code to type there")), (HERE, _("The one in front of me"))],
    )  # fmt: skip


class EnrollForm(forms.Form):
    """The code that a lead's screen shows."""

    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Eight letters and digits; a lead sees it under Devices."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class OwnPinForm(forms.Form):
    """A new PIN twice, and a proof that it is really this person who chooses it."""

    proof = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )
    pin = PinField(label=_("New PIN"))
    again = PinField(label=_("New PIN once more"))

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        self.has_temporary = Pin.objects.filter(user=user, is_temporary=True).exists()
        if self.has_temporary:
            self.fields["proof"] = PinField(label=_("The temporary PIN you were given"))

    def clean_proof(self) -> str:
        """A wrong one counts as a try: of the temporary PIN, or of the password."""
        proof: str = self.cleaned_data["proof"]
        if self.has_temporary:
            try:
                check_pin(username=self.user.username, pin=proof, now=timezone.now())
            except Refusal as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        elif authenticate(self.request, username=self.user.username, password=proof) is None:
            raise forms.ValidationError(_("That is not your password."))
        return proof

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        try:
            require_good(pin, self.user)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return pin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("pin") and cleaned.get("again") and cleaned["pin"] != cleaned["again"]:
            self.add_error("again", _("The two are not the same."))
        return cleaned
