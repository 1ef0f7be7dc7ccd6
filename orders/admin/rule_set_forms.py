"""The forms in which HQ writes a rule set."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.models import Location
from inventory.models.location_set import names_of_groups_and_sets
from omni.core.channels import Channel
from orders.models import RuleFilter, RulePrice, RuleSet, RuleStep
from orders.models.routing_rules import MOST_DAYS, MOST_MILES, MOST_UNITS
from orders.rule_presets import PRESETS

Kind = RuleFilter.Kind
MOST = {Kind.DISTANCE: MOST_MILES, Kind.COUNTED: MOST_DAYS, Kind.DAILY: MOST_UNITS, Kind.UNITS: MOST_UNITS}
TEXT = {"class": "vTextField"}
CENT = Decimal("0.01")
MOST_SPLIT = 1000  # dollars


class NewRuleSet(forms.Form):
    """A name, and what it begins with."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, widget=forms.TextInput(TEXT))
    preset = forms.ChoiceField(
        label=gettext_lazy("Begin with"), widget=forms.RadioSelect, initial="cheapest",
        choices=lambda: [(key, f"{each.label}: {each.text}") for key, each in PRESETS.items()],
    )  # fmt: skip


class Activation(forms.Form):
    """Why, and what was looked at."""

    edits = forms.IntegerField(widget=forms.HiddenInput)
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False)
    without_replay = forms.BooleanField(
        label=gettext_lazy("Activate without a replay"), required=False,
        help_text=gettext_lazy("Nobody knows then what it will cost."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.TextInput(TEXT))


class Retirement(forms.Form):
    """Why a rule set decides no longer."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.TextInput(TEXT))


class TakenSetting(forms.Form):
    """A setting of the page with the two sliders."""

    frontier = forms.IntegerField()
    split = forms.IntegerField()
    percent = forms.IntegerField()


class InDollars(forms.ModelForm):
    """Amounts as people write them: whole cents with two decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            value = self.initial.get(name)
            if name.endswith("amount") and value is not None:
                amount = Decimal(value)
                self.initial[name] = cents if (cents := amount.quantize(CENT)) == amount else amount


class OrdersForm(InDollars):
    """For which orders a rule set is asked, and what holds for an order as a whole."""

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: every channel."),
    )  # fmt: skip

    class Meta:
        model = RuleSet
        fields = ["objective", "channels", "services", "tags", "minimum_amount", "priority", "most_shipments",
                  "least_amount", "split_amount", "unit_value_percent"]  # fmt: skip

    def clean_split_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["split_amount"]
        if not 0 <= amount <= MOST_SPLIT:
            raise forms.ValidationError(_("Between 0 and %(most)s dollars.") % {"most": f"{MOST_SPLIT:,}"})
        return amount

    def clean_most_shipments(self) -> int | None:
        return self.cleaned_data["most_shipments"] or None

    def clean_unit_value_percent(self) -> int:
        if (percent := self.cleaned_data["unit_value_percent"]) > 1000:
            raise forms.ValidationError(_("Not more than 1000 percent."))
        return percent


class _Places(InDollars):
    """Groups and kinds of locations, by name."""

    group_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Location sets and groups"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: sorted(names_of_groups_and_sets().items(), key=lambda each: (each[0] > 0, each[1])),
        help_text=gettext_lazy("Sets first; of a group also all below it. None: everywhere."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of locations"), choices=Location.Kind.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class FilterForm(_Places):
    class Meta:
        model = RuleFilter
        fields = ["kind", "number", "group_ids", "kinds", "services", "category", "tag", "is_hazmat"]
        help_texts = {
            "number": gettext_lazy("Miles, orders, days or units, where the filter needs a number."),
            "services": gettext_lazy("Such as same_day; none: every order."),
            "category": gettext_lazy("A path such as Apparel > Shirts, and all below it. Empty: every item."),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        kind = said.get("kind")
        if kind in {Kind.ONLY, Kind.EXCEPT} and not (said.get("group_ids") or said.get("kinds")):
            self.add_error("group_ids", _("Choose groups or kinds of locations."))
        if kind in MOST and "number" in said and not 1 <= said["number"] <= MOST[Kind(kind)]:
            self.add_error("number", _("Between 1 and %d.") % MOST[Kind(kind)])
        if kind not in MOST:
            said["number"] = 0
        return said


class PriceForm(_Places):
    class Meta:
        model = RulePrice
        fields = ["amount", "group_ids", "kinds", "services"]
        help_texts = {
            "amount": gettext_lazy("Dollars for each shipment from there. Below zero: it draws orders there."),
            "services": gettext_lazy("Such as same_day; none: every order."),
        }  # fmt: skip

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if not amount or abs(amount) > 1000:
            raise forms.ValidationError(_("Not zero, and not more than 1,000."))
        return amount


class StepForm(forms.ModelForm):
    class Meta:
        model = RuleStep
        fields = ["name", "is_partial"]

    def clean_name(self) -> str:
        """Decisions name the step that made them."""
        name: str = self.cleaned_data["name"].strip()
        others = RuleStep.objects.filter(rule_set=self.instance.rule_set, name__iexact=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another step has this name."))
        return name


class Where(forms.Form):
    """An order to try a draft on."""

    zip = forms.CharField(label=gettext_lazy("ZIP code of the customer"), required=False, max_length=10)
    service = forms.CharField(label=gettext_lazy("Service"), required=False, max_length=40)


PARTS: dict[str, tuple[Any, Any, Any]] = {
    "filter": (RuleFilter, FilterForm, gettext_lazy("Filter")),
    "price": (RulePrice, PriceForm, gettext_lazy("Price")),
    "step": (RuleStep, StepForm, gettext_lazy("Step")),
}
