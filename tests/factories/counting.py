"""What the factories that count give their next thing."""

from tests.factories.catalog import BarcodeFactory, ProductFactory, VariantFactory
from tests.factories.network import GroupFactory, LocationFactory

COUNTED = (BarcodeFactory, GroupFactory, LocationFactory, ProductFactory, VariantFactory)


def count_anew() -> None:
    """From nothing."""
    count_on([0] * len(COUNTED))


def count_on(numbers: list[int]) -> None:
    """From where they stood when `counted` was asked."""
    for each, number in zip(COUNTED, numbers, strict=True):
        each.reset_sequence(number)


def counted() -> list[int]:
    """Where each of them stands; asking takes a number."""
    return [each._meta.next_sequence() for each in COUNTED]
