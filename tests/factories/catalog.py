from decimal import Decimal

import factory
from django.utils import timezone

from inventory.gtin import check_digit, normalize
from inventory.models import Barcode, Price, Product, Variant
from inventory.operations.set_level import Level, set_levels
from omni.core.actors import Actor


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"P{n:05}")
    title = factory.Sequence(lambda n: f"Linen shirt {n}")
    category = "Apparel > Shirts"


class VariantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Variant
        skip_postgeneration_save = True

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"SKU-{n:05}")
    options = factory.LazyFunction(lambda: {"size": "M"})

    @factory.post_generation
    def price(self, create, extracted, **kwargs):
        if create:
            Price.objects.create(variant=self, currency="USD", amount=extracted or Decimal("19.99"))


class BarcodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Barcode

    variant = factory.SubFactory(VariantFactory)
    code = factory.Sequence(lambda n: normalize(f"{20000000000 + n}{check_digit(str(20000000000 + n))}"))


class PriceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Price

    variant = factory.SubFactory(VariantFactory)
    currency = "EUR"
    amount = Decimal("17.99")


def stocked(
    location, on_hand: int, *, variant=None, safety_stock: int = 0, aisle: str = "A", bin: str = "01-1", at=None
):
    """A variant with a barcode that has `on_hand` units on this location's shelf, since now or that moment."""
    variant = variant or BarcodeFactory().variant
    level = Level(variant.pk, location.pk, on_hand, safety_stock=safety_stock, aisle=aisle, bin=bin)
    set_levels(levels=[level], reason="opening", by=Actor.system("test"), now=at or timezone.now())
    return variant
