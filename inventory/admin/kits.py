"""Kits in HQ: what a variant is made of, where it could be had, and the act that says so."""

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.atp import sites
from inventory.csv_rows.product import kit_components
from inventory.csv_rows.reading import BadRow
from inventory.kits import of_parts
from inventory.models import KitComponent, Location, Variant
from inventory.operations.define_kit import define_kit
from inventory.operations.end_kit import end_kit
from omni.core.channels import ANY
from omni.core.hq.acts import Act, Asked
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING
from omni.core.refusals import Refusal

SHOWN = 8


def _is_kit(variant: Variant) -> bool:
    return KitComponent.objects.filter(kit=variant).exists()


class KitForm(forms.Form):
    """The parts of a kit, one a line, and whether they are only tried."""

    components = forms.CharField(
        label=gettext_lazy("Components"), widget=forms.Textarea({"rows": 6}), max_length=4000,
        help_text=gettext_lazy("One a line: the SKU, and how many are in each kit, such as TEE-RED-M*2."),
    )  # fmt: skip
    may_split = forms.BooleanField(
        label=gettext_lazy("May be split"), required=False,
        help_text=gettext_lazy("Its parts may be sent from different locations."),
    )  # fmt: skip
    preview = forms.BooleanField(
        label=gettext_lazy("Only show where it could be had"), required=False, initial=True,
        help_text=gettext_lazy("Changes nothing yet."),
    )  # fmt: skip

    def clean_components(self) -> dict[str, int]:
        """SKU -> units in each kit."""
        try:
            return kit_components(self.cleaned_data["components"].replace("\n", ";"))
        except BadRow as problem:
            raise forms.ValidationError(str(problem)) from problem


def _define(kit: Variant, asked: Asked) -> None:
    components, said = asked.data["components"], asked.data
    if said["preview"]:  # the refusal takes it back
        define_kit(sku=kit.sku, components=components, by=asked.by)
        raise Refusal("preview", _("Nothing was changed yet. %s") % could_be_had(kit))
    define_kit(sku=kit.sku, components=components, may_split=said["may_split"], by=asked.by)


def _end(kit: Variant, asked: Asked) -> None:
    end_kit(sku=kit.sku, by=asked.by)


def could_be_had(kit: Variant) -> str:
    """How many, and at which locations the most."""
    parts = list(KitComponent.objects.filter(kit=kit).select_related("component"))
    made_of = [(part.component_id, part.quantity) for part in parts]
    found = sites(places=Location.objects.filter(is_active=True), variants=[kit.pk, *(pk for pk, _n in made_of)],
                  channel=ANY, near=None)  # fmt: skip
    having = sorted(((of_parts(made_of, site.available), site.location.name) for site in found), reverse=True)
    having = [(units, name) for units, name in having if units]
    if not having:
        return _("No location has all of its parts now.")
    total = sum(units for units, _name in having)
    rest = len(having) - SHOWN
    places = ", ".join(f"{name} {units}" for units, name in having[:SHOWN])
    words = ngettext("%(n)d kit could be had: %(places)s", "%(n)d kits could be had: %(places)s", total)
    return words % {"n": total, "places": places} + (f" (+{rest})" if rest > 0 else "")


def made_of(kit: Variant) -> SafeString | str:
    """The components and where all of them are, for the page of the variant."""
    parts = list(KitComponent.objects.filter(kit=kit).select_related("component__product"))
    if not parts:
        return NOTHING
    rows = format_html_join("", "{} × {} · {}<br>",
                            ((part.quantity, part.component.sku, part.component.title) for part in parts))  # fmt: skip
    return format_html("<div>{}{}</div>", rows, could_be_had(kit))


DEFINE_KIT = Act(
    "kit", gettext_lazy("Sell as a kit…"), CONFIGURE, _define,
    done=lambda n: ngettext("%d kit is defined.", "%d kits are defined.", n) % n, form=KitForm,
    text=gettext_lazy("A kit has no shelf of its own: it is promised, picked and returned as its components."),
)  # fmt: skip
END_KIT = Act(
    "end_kit", gettext_lazy("End the kit…"), CONFIGURE, _end,
    done=lambda n: ngettext("%d kit is ended.", "%d kits are ended.", n) % n, applies=_is_kit,
    text=gettext_lazy("Nothing can be had of it from now on. What was ordered is picked and returned as it was."),
)  # fmt: skip
