"""What is chosen and typed at the packing table and for the carrier; whether it can be done, operations decide."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.measures import Units
from orders.models import Carton, Shipment
from orders.operations.pack import Box

OTHER = "other"


class BoxForm(forms.Form):
    """The box of a parcel, and what the scale says."""

    carton = forms.ChoiceField(label=_("Box"))
    length = forms.DecimalField(label=_("Length"), required=False, min_value=Decimal("0.1"), max_digits=6)
    width = forms.DecimalField(label=_("Width"), required=False, min_value=Decimal("0.1"), max_digits=6)
    height = forms.DecimalField(label=_("Height"), required=False, min_value=Decimal("0.1"), max_digits=6)
    weight = forms.DecimalField(
        label=_("Weight"), min_value=Decimal("0.01"), max_digits=7, decimal_places=2,
        error_messages={"required": _("Put the parcel on the scale and type what it says.")},
    )  # fmt: skip

    def __init__(self, *args: Any, units: Units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        cartons = Carton.objects.usable()
        self.cartons = {carton.code: carton for carton in cartons}
        words = [(c.code, f"{c.name} ({c.code}), {units.size_words((c.length_mm, c.width_mm, c.height_mm))}")
                 for c in cartons]  # fmt: skip
        self.fields["carton"].choices = [*words, (OTHER, _("Another box: measure it"))]  # type: ignore[attr-defined]
        self.fields["weight"].label = _("Weight in %s") % units.weight
        for name in ("length", "width", "height"):
            self.fields[name].label = _("%(side)s in %(unit)s") % {
                "side": self.fields[name].label, "unit": units.length,
            }  # fmt: skip
        for name in ("length", "width", "height", "weight"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("carton") == OTHER:
            for name in ("length", "width", "height"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Measure the box on all three sides."))
        return cleaned

    @property
    def box(self) -> Box:
        values = self.cleaned_data
        weight = self.units.to_grams(values["weight"])
        if values["carton"] == OTHER:
            length, width, height = (self.units.to_mm(values[name]) for name in ("length", "width", "height"))
            return Box(size_mm=(length, width, height), weight_g=weight)
        return Box(carton=values["carton"], weight_g=weight)


def box_initial(shipment: Shipment, units: Units) -> dict[str, Any]:
    """The box and weight that a packed parcel has."""
    weight = units.weight_value(shipment.weight_g) if shipment.weight_g else None
    if shipment.carton or shipment.size is None:
        return {"carton": shipment.carton.code if shipment.carton else OTHER, "weight": weight}
    length, width, height = (units.length_value(side) for side in shipment.size)
    return {"carton": OTHER, "weight": weight, "length": length, "width": width, "height": height}


class ServiceForm(forms.Form):
    """The chosen rate, as "carrier/service"."""

    service = forms.CharField(max_length=121, error_messages={"required": _("Choose one of the services.")})


class AddressForm(forms.Form):
    """Where an order is sent."""

    name = forms.CharField(label=_("Name"), max_length=200)
    line1 = forms.CharField(label=_("Address"), max_length=200)
    line2 = forms.CharField(label=_("Apartment, floor"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100)
    region = forms.CharField(label=_("State"), max_length=50, required=False)
    postal_code = forms.CharField(label=_("ZIP code"), max_length=20)
    country = forms.RegexField(r"^[A-Za-z]{2}$", label=_("Country"), help_text=_("Two letters, such as US."))

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()


class CarrierForm(forms.Form):
    """Whose truck stands at the door."""

    carrier = forms.CharField(
        label=_("Carrier"), max_length=60, error_messages={"required": _("Say which carrier takes the parcels.")}
    )


class CloseForm(forms.Form):
    """Who takes a manifest."""

    driver = forms.CharField(label=_("Driver’s name"), max_length=100, required=False)


class TakeOffForm(forms.Form):
    shipment = forms.CharField(max_length=50, error_messages={"required": _("Choose a parcel.")})
