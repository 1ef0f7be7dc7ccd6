"""What people type on the screens of orders, as fields; whether it can be done, the operations decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import AgeRefusal, FulfillmentOrder, HandOver, OrderLine, PickupChoice

KEEP, CANCEL, SHIP = "keep", "cancel", "ship"
REFUSED = "refused"


class FindForm(forms.Form):
    """Whatever was scanned or typed into the one field of a desk."""

    code = forms.CharField(label=_("Scan or type"), max_length=100)


class WaitingForm(forms.Form):
    """Which line of their order a customer would rather not wait for."""

    reference = forms.CharField(max_length=100)


class HandOverForm(forms.Form):
    """How the collector was checked, and how many units of each line leave."""

    check = forms.ChoiceField(label=_("Is it theirs?"), choices=HandOver.Check, initial=HandOver.Check.CODE)
    name = forms.CharField(label=_("Name on the ID"), max_length=200, required=False)
    note = forms.CharField(label=_("Reason"), max_length=300, required=False)
    rest = forms.ChoiceField(
        label=_("If something stays on the shelf"), required=False, initial=KEEP, widget=forms.RadioSelect,
        choices=[
            (KEEP, _("It stays ready for the customer")), (CANCEL, _("The customer does not want it: cancel it")),
            (SHIP, _("Send it to the customer")),
        ],
    )  # fmt: skip
    age = forms.ChoiceField(
        label=_("Age check"), required=False, choices=[*HandOver.Age.choices, (REFUSED, _("Do not hand it over"))]
    )
    age_reason = forms.ChoiceField(
        label=_("Why not?"), required=False, choices=AgeRefusal.Reason, initial=AgeRefusal.Reason.NO_ID
    )
    age_outcome = forms.ChoiceField(
        label=_("What becomes of it?"), required=False, choices=AgeRefusal.Outcome, initial=AgeRefusal.Outcome.KEEP
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, work: FulfillmentOrder, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = len(work.hand_overs.all())
        self.lines = {f"units-{line.pk}": line for line in work.lines.all() if line.in_staging_quantity}
        self.restricted = [line for line in self.lines.values() if line.variant.is_age_restricted]
        for name, line in self.lines.items():
            self.fields[name] = forms.IntegerField(
                label=line.order_line.title, min_value=0, max_value=line.in_staging_quantity,
                initial=line.in_staging_quantity,
            )  # fmt: skip

    @property
    def units(self) -> dict[int, int]:
        """Fulfillment line id -> units to hand over; nothing restricted once the age check said no."""
        kept = self.restricted if self.is_refused else []
        return {line.pk: 0 if line in kept else self.cleaned_data[name] for name, line in self.lines.items()}

    @property
    def is_refused(self) -> bool:
        """The age-restricted items are kept from whoever stands there."""
        return bool(self.restricted) and self.cleaned_data["age"] == REFUSED

    @property
    def items(self) -> list[tuple]:
        """Each line with its field, for the page."""
        return [(line, self[name]) for name, line in self.lines.items()]


class CancelLinesForm(forms.Form):
    """How many units of each line the customer no longer wants."""

    reason = forms.CharField(label=_("What the customer said"), max_length=200)

    def __init__(self, *args, lines: list[OrderLine], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {f"units-{line.pk}": line for line in lines if line.open_quantity}
        for name, line in self.lines.items():
            self.fields[name] = forms.IntegerField(
                label=line.title, min_value=0, max_value=line.open_quantity, initial=0
            )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and not self.units:
            self.add_error(None, _("Choose at least one unit to cancel."))
        return cleaned

    @property
    def units(self) -> list[tuple[str, int]]:
        """(line reference, units) as `cancel` takes them."""
        chosen = [(line.reference, self.cleaned_data.get(name)) for name, line in self.lines.items()]
        return [(reference, quantity) for reference, quantity in chosen if quantity]

    @property
    def items(self) -> list[tuple]:
        return [(line, self[name]) for name, line in self.lines.items()]


class AddressForm(forms.Form):
    """Where something is sent."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    line1 = forms.CharField(label=_("Address"), max_length=200, required=False)
    line2 = forms.CharField(label=_("Apartment, floor"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    region = forms.CharField(label=_("State"), max_length=50, required=False)
    postal_code = forms.CharField(label=_("ZIP code"), max_length=20, required=False)
    country = forms.CharField(label=_("Country"), max_length=2, required=False, widget=forms.HiddenInput)

    ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country")
    AUTOCOMPLETE = {
        "name": "name", "line1": "address-line1", "line2": "address-line2", "city": "address-level2",
        "region": "address-level1", "postal_code": "postal-code", "country": "country",
    }  # fmt: skip
    MISSING = {
        "name": _("Say who receives it."), "line1": _("Say to which street and number."), "city": _("Say which city."),
        "region": _("Say which state."), "postal_code": _("Say which ZIP code."),
    }  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = hint

    def require_address(self, cleaned: dict) -> None:
        """Say beside each field what is missing of the address."""
        for name, sentence in self.MISSING.items():
            if not cleaned.get(name):
                self.add_error(name, sentence)

    @property
    def cleaned_address(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.ADDRESS} | {
            "country": self.cleaned_data["country"].upper() or "US"
        }


class RestAddressForm(AddressForm):
    """To where the rest of a pickup is sent; every part of it is needed then."""

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        self.require_address(cleaned)
        return cleaned


class ChoiceForm(AddressForm):
    """The customer's answer: the substitute, another store, shipping to an address, or cancellation."""

    answer = forms.RegexField(
        r"^(store:.+|ship|cancel|substitute)$", label=_("What shall we do?"), max_length=60,
        error_messages={"required": _("Choose one of these."), "invalid": _("Choose one of these.")},
    )  # fmt: skip

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("answer") == PickupChoice.Answer.SHIP:
            self.require_address(cleaned)
        return cleaned

    @property
    def store(self) -> str:
        """The code of the chosen store: `store:1042`."""
        kind, _colon, code = self.cleaned_data["answer"].partition(":")
        return code if kind == "store" else ""

    @property
    def kind(self) -> str:
        """The answer as the operation names it."""
        return PickupChoice.Answer.OTHER_STORE if self.store else self.cleaned_data["answer"]

    @property
    def address(self) -> dict[str, str] | None:
        return self.cleaned_address if self.kind == PickupChoice.Answer.SHIP else None


class ArrivalForm(forms.Form):
    """On the way, there, or not coming after all; where the car stands and what it looks like."""

    ON_MY_WAY, ARRIVED, CALL_OFF = "on_my_way", "arrived", "call_off"

    work = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    act = forms.ChoiceField(choices=[(ON_MY_WAY, ""), (ARRIVED, ""), (CALL_OFF, "")])
    bay = forms.CharField(
        label=_("Bay number"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    car = forms.CharField(
        label=_("Car"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Honda Civic"}),
    )  # fmt: skip
    color = forms.CharField(
        label=_("Color"), max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    @property
    def parts(self) -> dict[str, str]:
        """What was said about the car; a field that was not sent at all says nothing."""
        return {name: self.cleaned_data[name] for name in ("bay", "car", "color") if name in self.data}


class CollectorForm(forms.Form):
    """Who comes for the order, when somebody else than the customer."""

    name = forms.CharField(
        label=_("Their first and last name"), max_length=200, required=False,
        help_text=_("They show a photo ID with this name, or your code."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
