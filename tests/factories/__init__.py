"""Things to test with: a network, a catalog, people, and orders that go through the same operations as everybody's."""

from tests.factories.catalog import BarcodeFactory, PriceFactory, ProductFactory, VariantFactory, stocked
from tests.factories.network import GroupFactory, LocationFactory
from tests.factories.people import person
from tests.factories.requests import line, order_request, placed

__all__ = [
    "BarcodeFactory", "GroupFactory", "LocationFactory", "PriceFactory", "ProductFactory", "VariantFactory", "line",
    "order_request", "person", "placed", "stocked",
]  # fmt: skip
