"""Rule sets to start from: the house's own, and what routers without costs do: a retailer sees in dollars what it
leaves behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from orders.models import RuleFilter, RuleSet

Kind = RuleFilter.Kind
STORES, DCS = [Location.Kind.STORE], [Location.Kind.DC]


@dataclass(frozen=True)
class PresetStep:
    """One step, and its filters as fields of RuleFilter."""

    name: Any
    filters: Sequence[Mapping[str, Any]] = ()
    is_partial: bool = False


@dataclass(frozen=True)
class Preset:
    """A rule set as it begins. `fields` are those of RuleSet."""

    key: str
    label: Any
    text: Any
    steps: Sequence[PresetStep]
    fields: Mapping[str, Any] = field(default_factory=dict)


ANYWHERE = PresetStep(_("Anywhere"))
PARTIAL = PresetStep(_("Anywhere, partly"), is_partial=True)

PRESETS = {
    each.key: each
    for each in (
        Preset("cheapest", _("Cheapest"),
               _("The cheapest plan over all locations in dollars: parcels, work, stock of stores, lateness."),
               [ANYWHERE, PARTIAL]),
        Preset("ladder", _("Distribution centers, then near stores"),
               _("Cheapest, in a ladder: distribution centers, stores within 300 miles, anywhere, at last partly."),
               [PresetStep(_("Distribution centers"), [{"kind": Kind.ONLY, "kinds": DCS}]),
                PresetStep(_("Stores within 300 miles"),
                           [{"kind": Kind.ONLY, "kinds": STORES}, {"kind": Kind.DISTANCE, "number": 300}]),
                ANYWHERE, PARTIAL]),
        Preset("nearest", _("Nearest"), _("Each item from the nearest location that has it, whatever that splits."),
               [ANYWHERE, PARTIAL], {"objective": RuleSet.Objective.NEAREST}),
        Preset("fewest_splits", _("Fewest splits, then nearest"),
               _("The nearest single location that has everything, else as few locations as possible."),
               [ANYWHERE, PARTIAL], {"objective": RuleSet.Objective.FEWEST_SPLITS}),
        Preset("sequential", _("Sequential brokering"),
               _("Step by step: a distribution center that has everything, a store within 100 miles, anywhere, at "
                 "last in parts; the nearest wins at each step."),
               [PresetStep(_("Distribution centers"), [{"kind": Kind.ONLY, "kinds": DCS}]),
                PresetStep(_("Stores within 100 miles"),
                           [{"kind": Kind.ONLY, "kinds": STORES}, {"kind": Kind.DISTANCE, "number": 100}]),
                ANYWHERE, PARTIAL], {"objective": RuleSet.Objective.SEQUENTIAL}),
    )
}  # fmt: skip
