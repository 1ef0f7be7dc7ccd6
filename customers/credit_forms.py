"""What HQ types to give store credit."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import preferences
from omni.core.access import scopes
from omni.core.hq.permissions import CONFIGURE
from omni.core.models import User
from omni.core.operations.check_pin import check_pin
from omni.core.refusals import NotAllowed
from omni.core.settings_store import setting

PIN = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}


class IssueCreditForm(forms.Form):
    """An amount and its reason; above the limit somebody else at HQ approves with their own PIN."""

    amount = forms.DecimalField(label=gettext_lazy("Amount"), min_value=0, max_digits=10, decimal_places=3)
    currency = forms.CharField(label=gettext_lazy("Currency"), min_length=3, max_length=3, initial="USD")
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    until = forms.DateField(
        label=gettext_lazy("Valid until"), required=False, widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("Empty: it does not expire."),
    )  # fmt: skip
    approver = forms.CharField(
        label=gettext_lazy("Who approves?"), max_length=150, required=False,
        help_text=gettext_lazy("The user name of somebody else at HQ, for larger amounts."),
    )  # fmt: skip
    pin = forms.CharField(
        label=gettext_lazy("Their PIN"), max_length=8, required=False, widget=forms.PasswordInput(attrs=PIN)
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, initial=lambda: uuid4().hex)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        """The approving person stands in `approved_by`; tried here, before any transaction, so that a try counts."""
        data: dict[str, Any] = super().clean() or {}
        data["expires_at"] = datetime.combine(data["until"], time.max, tzinfo=UTC) if data.get("until") else None
        data["approved_by"] = None
        if data.get("amount") is not None and data["amount"] > setting(preferences.CREDIT_ALONE):
            data["approved_by"] = self._second_person(data)
        return data

    def _second_person(self, data: dict[str, Any]) -> User | None:
        if not data.get("approver") or not data.get("pin"):
            self.add_error("approver", _("An amount this large takes a second person."))
            return None
        try:
            user = check_pin(username=data["approver"], pin=data["pin"], now=timezone.now())
        except NotAllowed as refusal:
            self.add_error("pin", str(refusal))
            return None
        if user.pin.is_temporary or scopes(user, CONFIGURE) is not None:
            self.add_error("approver", _("This person cannot approve it."))
            return None
        return user
