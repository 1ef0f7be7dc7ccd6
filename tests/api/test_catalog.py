"""Locations, products and variants as a shop reads them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.models import Closure, Price
from tests.factories import BarcodeFactory, GroupFactory, LocationFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db


def results(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_a_location_with_its_hours_and_closures(site):
    place = LocationFactory(group=GroupFactory(code="twin-cities"), city="Minneapolis", timezone="America/Chicago")
    today = date.today()  # noqa: DTZ011
    batch = "00000000-0000-0000-0000-000000000001"
    Closure.objects.create(
        location=place, batch=batch, starts_on=today, ends_on=today + timedelta(days=1), reason="snow"
    )
    Closure.objects.create(location=place, batch=batch, starts_on="2020-01-01", ends_on="2020-01-02", reason="over")
    told = site.get(f"/locations/{place.code}").json()
    assert (told["code"], told["kind"], told["group"], told["timezone"]) == (
        place.code,
        "store",
        "twin-cities",
        "America/Chicago",
    )
    assert told["address"]["city"] == "Minneapolis"
    assert told["coordinates"] == {"latitude": place.latitude, "longitude": -93.26}
    assert told["weekly_hours"]["mon"] == [["00:00", "24:00"]]
    assert told["closures"] == [{"starts_on": str(today), "ends_on": str(today + timedelta(days=1))}]


def test_locations_are_listed_by_kind_and_service(site):
    store = LocationFactory(can_ship=False)
    dc = LocationFactory(kind="dc", can_pick_up=False, latitude=None, longitude=None)
    LocationFactory(is_practice=True)
    assert [row["code"] for row in results(site.get("/locations"))] == [store.code, dc.code], "no practice locations"
    assert [row["code"] for row in results(site.get("/locations", kind="dc"))] == [dc.code]
    assert [row["code"] for row in results(site.get("/locations", method="pickup"))] == [store.code]
    assert results(site.get("/locations", kind="dc"))[0]["coordinates"] is None


def test_a_variant_with_barcodes_and_prices_but_not_its_cost(site):
    variant = VariantFactory(options={"size": "M", "waist": 32}, unit_cost=Decimal("7.50"))
    barcode = BarcodeFactory(variant=variant)
    Price.objects.create(variant=variant, currency="JPY", amount=2000)
    told = site.get(f"/variants/{variant.sku}").json()
    assert told["title"] == f"{variant.product.title}, M, 32"
    assert told["barcodes"] == [{"code": barcode.code, "pack_quantity": 1}]
    assert sorted((price["currency"], price["amount"]) for price in told["prices"]) == [
        ("JPY", "2000"),
        ("USD", "19.99"),
    ]
    assert "unit_cost" not in told
    assert "7.5" not in str(told)


def test_variants_are_found_by_barcode_in_any_padding_and_by_product(site):
    barcode = BarcodeFactory()
    VariantFactory()
    for code in (barcode.code, barcode.code.lstrip("0"), barcode.code[-13:]):
        assert [row["sku"] for row in results(site.get("/variants", barcode=code))] == [barcode.variant.sku]
    assert [row["sku"] for row in results(site.get("/variants", product=barcode.variant.product.code))] == [
        barcode.variant.sku
    ]
    assert site.get("/variants/NO-SUCH").status_code == 404


def test_a_sku_may_hold_a_slash(site):
    VariantFactory(sku="AB/12 C")
    assert site.get("/variants/AB/12%20C").json()["sku"] == "AB/12 C"


def test_products_with_the_skus_of_their_variants(site):
    product = ProductFactory(category="Home > Mugs")
    skus = [VariantFactory(product=product).sku for _ in range(2)]
    VariantFactory()
    (told,) = results(site.get("/products", category="Home > Mugs"))
    assert (told["code"], sorted(told["skus"])) == (product.code, sorted(skus))


def test_lists_come_in_pages_that_hold_everything_once(site):
    made = [VariantFactory().sku for _ in range(5)]
    seen, page = [], site.get("/variants", limit=2).json()
    while True:
        seen += [row["sku"] for row in page["results"]]
        if page["next"] is None:
            break
        page = site.client.get(page["next"]).json()
    assert seen == made
