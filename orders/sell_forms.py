"""What people type and press while they sell."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.geo import zip_place
from orders.models import HandOver, PaymentIntent
from orders.models.order_line import Method

REFUSED = "refused"


class AddForm(forms.Form):
    """One press on a way to have an item."""

    sku = forms.CharField(max_length=64)
    method = forms.ChoiceField(choices=Method)
    place = forms.CharField(max_length=40, required=False)
    quantity = forms.IntegerField(min_value=1, max_value=99, required=False)
    later = forms.BooleanField(required=False)
    key = forms.CharField(max_length=64)


class QuantityForm(forms.Form):
    """How many of a line, and how many the person saw."""

    position = forms.IntegerField(min_value=1)
    quantity = forms.IntegerField(min_value=0, max_value=99)
    seen = forms.IntegerField(min_value=1)


class WayForm(forms.Form):
    """A line had another way."""

    position = forms.IntegerField(min_value=1)
    method = forms.ChoiceField(choices=Method)
    place = forms.CharField(max_length=40, required=False)
    seen = forms.IntegerField(min_value=1)


class PieceForm(forms.Form):
    """The serial number of one unit that is carried out; `drop` takes one back."""

    position = forms.IntegerField(min_value=1)
    code = forms.CharField(max_length=300, required=False)
    drop = forms.CharField(max_length=100, required=False)


class AgeForm(forms.Form):
    """What somebody saw."""

    age = forms.ChoiceField(choices=[*HandOver.Age.choices, (REFUSED, "")])


class ParkForm(forms.Form):
    note = forms.CharField(label=_("To know it by"), max_length=200, required=False)


class LostSaleForm(forms.Form):
    """One tap, or the shopper's words."""

    key = forms.CharField(max_length=64)
    sku = forms.CharField(max_length=64, required=False)
    wanted = forms.CharField(label=_("What was wanted"), max_length=400, required=False)
    quantity = forms.IntegerField(min_value=1, max_value=999, required=False)


class FindCustomerForm(forms.Form):
    text = forms.CharField(label=_("Phone, e-mail, loyalty code or name"), max_length=200)


class ContactForm(forms.Form):
    """Who gets it; an address only where something is shipped."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    line1 = forms.CharField(label=_("Address"), max_length=200, required=False)
    line2 = forms.CharField(label=_("Apartment, floor"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("ZIP code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    region = forms.CharField(label=_("State"), max_length=50, required=False)
    country = forms.CharField(max_length=2, required=False, widget=forms.HiddenInput, initial="US")
    as_typed = forms.BooleanField(
        label=_("It is right as typed"), required=False, help_text=_("The shopper says so; the parcel may come back.")
    )

    ADDRESS = ("line1", "line2", "postal_code", "city", "region", "country")
    NEEDED = {
        "name": _("Say who receives it."), "line1": _("Say to which street and number."),
        "postal_code": _("Say which ZIP code."), "city": _("Say which city."), "region": _("Say which state."),
    }  # fmt: skip
    HINTS = {"phone": ("tel", "tel"), "email": ("email", "email"), "postal_code": ("numeric", "off")}

    def __init__(self, *args, is_shipped: bool, needs_contact: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.is_shipped, self.needs_contact = is_shipped, needs_contact
        self.doubts = False
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # the last shopper is nobody's business
        for name, (inputmode, _autocomplete) in self.HINTS.items():
            self.fields[name].widget.attrs["inputmode"] = inputmode
        if not is_shipped:
            for name in (*self.ADDRESS, "as_typed"):
                del self.fields[name]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if self.needs_contact and not (cleaned.get("phone") or cleaned.get("email")) and not self.errors:
            self.add_error("phone", _("A phone number or an e-mail: one of them."))
        if self.is_shipped:
            self._check_address(cleaned)
        return cleaned

    def _check_address(self, cleaned: dict) -> None:
        cleaned["country"] = (cleaned.get("country") or "US").upper()
        place = zip_place(cleaned.get("postal_code", "")) if cleaned["country"] == "US" else None
        if place:  # what follows from the ZIP code need not be typed
            cleaned["city"] = cleaned.get("city") or place.city
            cleaned["region"] = cleaned.get("region") or place.state
        for name, sentence in self.NEEDED.items():
            if not cleaned.get(name):
                self.add_error(name, sentence)
        if cleaned["country"] != "US" or cleaned.get("as_typed") or self.errors:
            return
        if place is None:
            self._doubt("postal_code", str(_("No place has this ZIP code.")))
            return
        cleaned["region"] = cleaned["region"].strip().upper()
        if cleaned["region"] != place.state:
            self._doubt("region", _("%(zip)s is in %(city)s, %(state)s.") % place.words(cleaned["postal_code"]))
        elif not place.is_called(cleaned["city"]):
            self._doubt("city", _("%(zip)s is %(city)s, %(state)s.") % place.words(cleaned["postal_code"]))

    def _doubt(self, name: str, sentence: Any) -> None:
        self.doubts = True
        self.add_error(name, sentence)

    @property
    def address(self) -> dict[str, str] | None:
        """As an order keeps it."""
        if not self.is_shipped:
            return None
        return {"name": self.cleaned_data["name"]} | {name: self.cleaned_data[name] for name in self.ADDRESS}


class PayForm(forms.Form):
    """How the shopper pays: all of it, or a part."""

    method = forms.ChoiceField(choices=PaymentIntent.Method)
    amount = forms.DecimalField(max_digits=12, decimal_places=3, min_value=0, required=False)
    reference = forms.CharField(max_length=60, required=False)
