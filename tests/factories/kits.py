"""Kits, as HQ would define them."""

from inventory.models import Variant
from inventory.operations.define_kit import define_kit
from omni.core.actors import Actor
from tests.factories.catalog import VariantFactory

BY = Actor.system("test")


def kit_of(parts: dict[Variant, int], *, amount="30", **more) -> Variant:
    """A kit of so many units of each variant, for a price."""
    kit = VariantFactory(price=amount, **more)
    define_kit(sku=kit.sku, components={part.sku: units for part, units in parts.items()}, by=BY)
    return kit
