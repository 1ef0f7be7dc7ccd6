"""The fictional catalog: products in sizes and colors, with barcodes that scan and prices that look like prices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from random import Random

from inventory.gtin import check_digit, normalize
from inventory.models import Barcode, Price, Product, Variant
from omni.demo.ranges import FAMILIES, Family

# GS1 keeps the prefix 952 for demonstrations and examples: these numbers are no company's.
DEMO_PREFIX = "952"
EVERY_SHARE = sum(family.share for family in FAMILIES)


@dataclass(frozen=True)
class Item:
    """A variant with what the shelves need to know about it."""

    variant: Variant
    family: Family
    price: Decimal


def make_catalog(*, rng: Random, products: int) -> list[Item]:
    """Create `products` products and their variants; the same `rng` makes the same catalog."""
    return keep_catalog(made=list(_products(rng, products)), rng=rng)


def keep_catalog(*, made: Sequence[tuple[Family, Product]], rng: Random, first: int = 0) -> list[Item]:
    """Keep these products, each with the sizes and colors of its family, prices, and barcodes that scan.

    `first` is how many variants have barcodes of this catalog already.
    """
    Product.objects.bulk_create((each for _family, each in made), batch_size=1000)
    items = [item for n, (family, each) in enumerate(made) for item in _items(n, family, each, rng)]
    Variant.objects.bulk_create([item.variant for item in items], batch_size=1000)
    Price.objects.bulk_create(
        (Price(variant=item.variant, currency="USD", amount=item.price) for item in items), batch_size=1000
    )
    Barcode.objects.bulk_create(
        (code for n, item in enumerate(items, start=first) for code in _barcodes(n, item)), batch_size=1000
    )
    return items


def _products(rng: Random, wanted: int) -> Iterator[tuple[Family, Product]]:
    """Families by their share; titles never repeat within a family, "II" and "III" where the words run out."""
    number = so_far = 0
    for family in FAMILIES:
        so_far += family.share
        titles = [f"{line} {noun}" for line in family.lines for noun in family.nouns]
        rng.shuffle(titles)
        editions = [title + edition for edition in ("", " II", " III", " IV") for title in titles]
        for title in editions[: wanted * so_far // EVERY_SHARE - number]:
            number += 1
            yield family, Product(code=f"LM{number:05}", title=title, brand=rng.choice(family.brands),
                                  category=family.category)  # fmt: skip


def _items(n: int, family: Family, parent: Product, rng: Random) -> Iterator[Item]:
    price = Decimal(rng.randrange(*family.price)) + Decimal("0.99")
    cost = (price * Decimal(rng.randrange(38, 62)) / 100).quantize(Decimal("0.01"))
    weight = rng.randrange(*family.weight_g)
    final_sale = rng.random() < 0.06
    for number, options in enumerate(_options(family, rng), start=1):
        variant = Variant(
            product=parent, sku=f"{parent.code}-{number:02}", options=options, weight_g=weight, unit_cost=cost,
            length_mm=family.size_mm[0], width_mm=family.size_mm[1], height_mm=family.size_mm[2],
            tax_category=family.category.partition(" ")[0].lower(), is_hazmat=family.is_hazmat,
            is_age_restricted=family.is_age_restricted, is_serial_tracked=family.is_serial_tracked,
            is_final_sale=final_sale,
        )  # fmt: skip
        yield Item(variant, family, price)


def _options(family: Family, rng: Random) -> Iterator[dict[str, str]]:
    """Every combination of the values that this product comes in; sizes run without a gap."""
    chosen = []
    for name, values in family.options.items():
        count = min(len(values), rng.randint(*family.option_counts[name]))
        first = rng.randrange(len(values) - count + 1)
        chosen.append([(name, value) for value in values[first : first + count]])
    return (dict(pairs) for pairs in product(*chosen))


def _barcodes(n: int, item: Item) -> Iterator[Barcode]:
    body = f"{DEMO_PREFIX}{n + 1:09}"
    yield Barcode(variant=item.variant, code=normalize(body + str(check_digit(body))))
    if item.family.packs_of > 1:
        pack = f"1{body}"  # a GTIN-14 names the pack by its indicator digit
        yield Barcode(variant=item.variant, code=pack + str(check_digit(pack)), pack_quantity=item.family.packs_of)
