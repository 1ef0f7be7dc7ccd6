"""What the chain sells as a set: made of things that lie at home, so that everybody can sell one there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.gtin import check_digit, normalize
from inventory.models import Barcode, Location, Price, Product, Variant
from inventory.operations.define_kit import define_kit
from omni.core.actors import Actor
from omni.demo.catalog import DEMO_PREFIX, Item

BY = Actor.system("demo")
CHEAPER = Decimal("0.85")  # than its parts by themselves


@dataclass(frozen=True)
class _Set:
    """A kit: so many units of one item of each family, by the end of its category."""

    code: str
    title: str
    parts: Mapping[str, int]
    may_split: bool = False


def make_kits(*, items: Sequence[Item], stock: Mapping[int, Mapping[int, int]], home: Location) -> None:
    """Two sets: one that goes together, one of which the parts may come from two places."""
    sets = [
        _Set("LMSET1", _("Quiet evening gift set"), {"Candles": 1, "Tableware": 2}),
        _Set("LMSET2", _("Kitchen starter set"), {"Kitchen": 1, "Bath": 2}, may_split=True),
    ]
    for n, each in enumerate(sets, start=len(items) + 1):
        _make(n, each, items, stock.get(home.pk, {}))


def _make(n: int, kit: _Set, items: Sequence[Item], shelf: Mapping[int, int]) -> None:
    parts = [(_best(family, items, shelf), units) for family, units in kit.parts.items()]
    worth = sum((item.price * units for item, units in parts), Decimal(0))
    parent = Product.objects.create(code=kit.code, title=kit.title, brand="Larkmoor Home", category="Home > Gifts")
    variant = Variant.objects.create(product=parent, sku=f"{kit.code}-01", options={}, tax_category="home")
    Price.objects.create(variant=variant, currency="USD", amount=int(worth * CHEAPER) + Decimal("0.99"))
    body = f"{DEMO_PREFIX}{n:09}"
    Barcode.objects.create(variant=variant, code=normalize(body + str(check_digit(body))))
    components = {item.variant.sku: units for item, units in parts}
    define_kit(sku=variant.sku, components=components, may_split=kit.may_split, by=BY)


def _best(family: str, items: Sequence[Item], shelf: Mapping[int, int]) -> Item:
    """Of which most lies there."""
    return max(
        (item for item in items if item.family.category.endswith(family)),
        key=lambda item: (shelf.get(item.variant.pk, 0), -item.variant.pk),
    )
