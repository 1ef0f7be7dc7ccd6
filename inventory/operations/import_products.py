"""Products and variants from a file, with their barcodes and prices; what the file leaves out stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from inventory.csv_rows.product import ProductRow
from inventory.csv_rows.reading import BadLine, Line, Outcome
from inventory.models import Barcode, KitComponent, Price, Product, Variant
from inventory.operations.define_kit import define_kit
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal

BY = Actor.system("import")


@dataclass
class _Catalog:
    """What the database knows of the things that a batch names, and what shall be written."""

    products: dict[str, Product]
    variants: dict[str, Variant]
    barcodes: dict[str, Barcode]
    prices: dict[tuple[int, str], Price]
    parts: dict[str, dict[str, int]]  # of each kit: its components' SKUs and units
    new: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def add(self, row: models.Model) -> None:
        self.new.setdefault(type(row), []).append(row)


@operation
def import_products(*, lines: Sequence[Line[ProductRow]], by: Actor = BY) -> Outcome:
    """Bring the variants of these lines (each SKU once) to what they say. A second time changes nothing.

    Refused are a SKU that belongs to another product, and a barcode that is another variant's.
    """
    catalog, outcome = _look_up(lines), Outcome()
    for line in lines:
        problem = _problem(line.row, catalog)
        if problem:
            outcome.refused.append(BadLine(line.number, problem, line.raw))
        elif line.row.sku not in catalog.variants:
            _take(line.row, catalog)
            outcome.created += 1
        elif _take(line.row, catalog):
            outcome.changed += 1
        else:
            outcome.unchanged += 1
    kinds: tuple[type[models.Model], ...] = (Product, Variant, Barcode, Price)  # parents before their children
    for model in kinds:
        model._default_manager.bulk_create(catalog.new.get(model, ()))
    _kits([line for line in lines if line.row.sku in catalog.variants], catalog, outcome, by)
    return outcome


def _kits(lines: Sequence[Line[ProductRow]], catalog: _Catalog, outcome: Outcome, by: Actor) -> None:
    """Parts stand before their kits in a file; a kit that cannot be is refused and its variant stays as it was read."""
    for line in lines:
        components = line.row.components or catalog.parts.get(line.row.sku)
        if not components:
            continue
        try:
            with transaction.atomic():
                define_kit(sku=line.row.sku, components=components,
                           may_split=line.row.variant.get("may_split"), by=by)  # fmt: skip
        except Refusal as refusal:
            outcome.refused.append(BadLine(line.number, str(refusal), line.raw))


def _look_up(lines: Sequence[Line[ProductRow]]) -> _Catalog:
    rows = [line.row for line in lines]
    variants = Variant.objects.select_related("product").filter(sku__in=[row.sku for row in rows])
    products = Product.objects.filter(code__in=[row.product_code for row in rows])
    barcodes = Barcode.objects.select_related("variant").filter(
        code__in=[code for row in rows for code in row.barcodes]
    )
    prices = Price.objects.filter(variant__sku__in=[row.sku for row in rows])
    parts: dict[str, dict[str, int]] = {}
    components = KitComponent.objects.filter(kit__sku__in=[row.sku for row in rows])
    for kit, component, units in components.values_list("kit__sku", "component__sku", "quantity"):
        parts.setdefault(kit, {})[component] = units
    return _Catalog(
        products={each.code: each for each in products.select_for_update().order_by("pk")},
        variants={each.sku: each for each in variants.select_for_update(of=("self",)).order_by("pk")},
        barcodes={each.code: each for each in barcodes},
        prices={(each.variant_id, each.currency): each for each in prices},
        parts=parts,
    )


def _problem(row: ProductRow, catalog: _Catalog) -> str | None:
    variant = catalog.variants.get(row.sku)
    if variant is not None and variant.product.code != row.product_code:
        return _("%(sku)s belongs to product %(code)s.") % {"sku": row.sku, "code": variant.product.code}
    for code in row.barcodes:
        known = catalog.barcodes.get(code)
        if known is not None and known.variant.sku != row.sku:
            return _("barcode %(code)s belongs to %(sku)s.") % {"code": code, "sku": known.variant.sku}
    return None


def _take(row: ProductRow, catalog: _Catalog) -> bool:
    """Make or change everything that the row names; says whether anything is not as it was."""
    product, product_changed = _product(row, catalog)
    variant, variant_changed = _variant(row, product, catalog)
    # Each of these writes: none may be skipped because an earlier one has changed something already.
    changes = [product_changed, variant_changed, _barcodes(row, variant, catalog), _prices(row, variant, catalog)]
    return any(changes)


def _product(row: ProductRow, catalog: _Catalog) -> tuple[Product, bool]:
    product = catalog.products.get(row.product_code)
    if product is not None:
        return product, _follow(product, row.product)
    product = catalog.products[row.product_code] = Product(code=row.product_code, **row.product)
    catalog.add(product)
    return product, True


def _variant(row: ProductRow, product: Product, catalog: _Catalog) -> tuple[Variant, bool]:
    variant = catalog.variants.get(row.sku)
    if variant is not None:
        said = row.variant
        if row.components or row.sku in catalog.parts:  # with them the kit is defined, and told of
            said = {name: value for name, value in said.items() if name != "may_split"}
        splits_otherwise = row.variant.get("may_split", variant.may_split) != variant.may_split
        return variant, _follow(variant, said) or splits_otherwise
    variant = catalog.variants[row.sku] = Variant(product=product, sku=row.sku, **row.variant)
    catalog.add(variant)
    return variant, True


def _barcodes(row: ProductRow, variant: Variant, catalog: _Catalog) -> bool:
    changed = False
    for code, units in row.barcodes.items():
        known = catalog.barcodes.get(code)
        if known is not None:
            changed |= _follow(known, {"pack_quantity": units})
        else:
            catalog.barcodes[code] = Barcode(variant=variant, code=code, pack_quantity=units)
            catalog.add(catalog.barcodes[code])
            changed = True
    return changed


def _prices(row: ProductRow, variant: Variant, catalog: _Catalog) -> bool:
    changed = False
    for currency, amount in row.prices.items():
        known = catalog.prices.get((variant.pk, currency)) if variant.pk else None
        if known is not None:
            changed |= _follow(known, {"amount": amount})
        else:
            catalog.add(Price(variant=variant, currency=currency, amount=amount))
            changed = True
    return changed


def _follow(thing: models.Model, values: Mapping[str, Any]) -> bool:
    changed = [name for name, value in values.items() if getattr(thing, name) != value]
    for name in changed:
        setattr(thing, name, values[name])
    if changed and thing.pk:
        thing.save(update_fields=changed)
    return bool(changed)
