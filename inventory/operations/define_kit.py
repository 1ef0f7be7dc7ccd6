"""Say what a kit is made of: from the next moment on it is promised, shown and sent as its parts."""

from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext as _

from inventory import events
from inventory.models import KitComponent, PurchaseOrderLine, Reservation, StockHeld, StockLevel, Variant
from inventory.operations.tell_kit import tell_kit
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal

MOST_COMPONENTS, MOST_UNITS = 50, 10_000
ONE_AT_A_TIME = 0x6B697473  # "kits", as the trigger that keeps kits flat


@retried
@operation
def define_kit(*, sku: str, components: Mapping[str, int], by: Actor, may_split: bool | None = None) -> bool:
    """The kit `sku` is made of these SKUs and units, and of nothing else; says whether that is new.

    `may_split` says whether its parts may come from different locations; None leaves it as it is.

    Raises Invalid `unknown_sku`, `no_components`, `too_many`, `bad_quantity`, `own_part` or `nested`, and Refusal
    `has_stock` where units of the kit's own SKU are known: a kit has no shelf. What was ordered before stays as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    variants = {each.sku: each for each in Variant.objects.filter(sku__in={sku, *components})}
    _require_known(sku, components, variants)
    kit = variants[sku]
    splits = kit.may_split if may_split is None else may_split
    wanted = {variants[each].pk: units for each, units in components.items()}
    before = dict(KitComponent.objects.filter(kit=kit).values_list("component", "quantity"))
    if wanted == before and splits == kit.may_split:
        return False
    Variant.objects.filter(pk=kit.pk).update(may_split=splits)
    if wanted != before:
        _require_flat(kit, variants, components)
        _require_no_stock(kit)
        _make_of(kit, before, wanted)
    emit(events.KIT_DEFINED, aggregate=("kit", sku), by=by,
         payload={"sku": sku, "components": dict(components), "may_split": splits})  # fmt: skip
    return True


def _make_of(kit: Variant, before: Mapping[int, int], wanted: Mapping[int, int]) -> None:
    KitComponent.objects.filter(kit=kit).exclude(component__in=wanted).delete()
    KitComponent.objects.bulk_create(
        [KitComponent(kit=kit, component_id=component, quantity=units) for component, units in sorted(wanted.items())],
        update_conflicts=True, unique_fields=["kit", "component"], update_fields=["quantity"],
    )  # fmt: skip
    tell_kit(kit_id=kit.pk, before=before, after=wanted)


def _require_known(sku: str, components: Mapping[str, int], variants: Mapping[str, Variant]) -> None:
    for each in (sku, *components):
        if each not in variants:
            raise Invalid("unknown_sku", _("Nothing is sold under %s.") % each, sku=each)
    if not components:
        raise Invalid("no_components", _("A kit has at least one component. Stop selling it to end it."))
    if len(components) > MOST_COMPONENTS:
        raise Invalid("too_many", _("A kit has at most %d components.") % MOST_COMPONENTS)
    if any(not 1 <= units <= MOST_UNITS for units in components.values()):
        raise Invalid("bad_quantity", _("Of each component between 1 and %d units.") % MOST_UNITS)
    if sku in components:
        raise Invalid("own_part", _("%s cannot be a part of itself.") % sku, sku=sku)


def _require_flat(kit: Variant, variants: Mapping[str, Variant], components: Mapping[str, int]) -> None:
    parts = [variants[each].pk for each in components]
    nested = KitComponent.objects.filter(kit__in=parts).values_list("kit__sku", flat=True).first()
    if nested:
        raise Invalid("nested", _("%s is a kit itself: name its components instead.") % nested, sku=nested)
    above = KitComponent.objects.filter(component=kit).values_list("kit__sku", flat=True).first()
    if above:
        raise Invalid("nested", _("%(sku)s is a part of the kit %(kit)s.") % {"sku": kit.sku, "kit": above})


def _require_no_stock(kit: Variant) -> None:
    if PurchaseOrderLine.objects.still_open().filter(variant=kit).exists():
        raise Refusal("has_stock", _("Units of %s are on order. Close what is not to come first.") % kit.sku)
    lies = StockLevel.objects.filter(variant=kit).exclude(on_hand=0, reserved=0).exists()
    if lies or StockHeld.objects.filter(variant=kit, quantity__gt=0).exists() or _is_promised(kit):
        raise Refusal(
            "has_stock", _("Units of %s are in the book. A kit has no shelf: adjust them to 0 first.") % kit.sku
        )


def _is_promised(kit: Variant) -> bool:
    return Reservation.objects.held().filter(variant=kit).exists()
