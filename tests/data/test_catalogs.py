"""Product lists of real sources."""

import pytest

from inventory.models import Price, Product, Variant
from tests.data.commands import run

pytestmark = pytest.mark.django_db


def test_bestbuy_products_are_taken_but_for_two_that_are_listed_twice(real_data):
    path = real_data / "products" / "bestbuy_priced.csv"
    said = run("import_products", path, format="bestbuy")
    assert "created 3789, changed 0, unchanged 0, refused 2" in said
    assert "5707561 is repeated; it is on line 914." in said
    assert "unchanged 3789, refused 2" in run("import_products", path, format="bestbuy")


def test_apparel_comes_in_sizes_and_colors(real_data):
    said = run("import_products", real_data / "products" / "apparel_variants.csv.gz", format="apparel")
    assert "created 2142, changed 0, unchanged 0, refused 0" in said
    hoodie = Variant.objects.select_related("product").get(sku="MH01-XS-Black")
    assert (hoodie.title, hoodie.weight_g) == ("Chaz Kangeroo Hoodie, XS, Black", 454)
    assert Product.objects.get(code="MH01").variants.count() == 15


def test_a_wholesaler_sells_in_pounds(real_data):
    said = run("import_products", real_data / "orders" / "online_retail_products.csv.gz", format="online_retail")
    assert "created 3522, changed 0, unchanged 0, refused 0" in said
    assert Price.objects.get(variant__sku="UK-10002").currency == "GBP"
