"""Imports as people run them: counted, reported, kept or not, and the same the second time."""

import csv

import pytest
from django.core.management import CommandError

from inventory.models import Barcode, Location, LocationGroup, Price, StockLevel, StockMovement, Variant
from tests.data.commands import run
from tests.factories import LocationFactory, stocked
from tests.shop import audit, level

pytestmark = pytest.mark.django_db

PLACES = """code,name,group,postal_code,timezone,hours_mon
1001,Mill District,North > Twin Cities,55401,,10:00-21:00
1002,Back Bay,East,02116,,
1002,Back Bay again,East,02116,,
1003,Nowhere,,,,
"""
PRODUCTS = """product_code,title,sku,options,barcodes,price
P1,Linen shirt,P1-S,size=S,036000291452,19.99
P1,Linen shirt,P1-M,size=M,4006381333931,19.99
P1,Another shirt,P1-L,size=L,,19.99
P2,Mug,P2,,036000291452,9.99
P3,Cup,P3,,036000291453,9.99
"""


def test_good_rows_are_kept_and_bad_ones_named_with_their_line(write):
    said = run("import_locations", write("places.csv", PLACES))
    assert "created 2, changed 0, unchanged 0, refused 2" in said
    assert "line 4 refused: 1002 is repeated; it is on line 3." in said
    assert "line 5 refused: timezone" in said
    store = Location.objects.get(code="1001")
    assert (store.timezone, store.weekly_hours) == ("America/Chicago", {"mon": [["10:00", "21:00"]]})
    assert (store.group.name, store.group.parent.name) == ("Twin Cities", "North")
    assert Location.objects.get(code="1002").group == LocationGroup.objects.get(name="East")


@pytest.mark.parametrize(
    ("command", "text", "counts"),
    [("import_locations", PLACES, "unchanged 2, refused 2"), ("import_products", PRODUCTS, "unchanged 2, refused 3")],
)
def test_a_second_time_changes_nothing(write, command, text, counts):
    path = write("file.csv", text)
    run(command, path)
    assert f"created 0, changed 0, {counts}" in run(command, path)


def test_strict_keeps_nothing_where_one_row_is_bad(write):
    with pytest.raises(CommandError, match="2 rows were refused; nothing was kept"):
        run("import_locations", write("places.csv", PLACES), strict=True)
    assert not Location.objects.exists()
    assert not LocationGroup.objects.exists()


def test_a_dry_run_checks_everything_and_keeps_nothing(write):
    said = run("import_products", write("products.csv", PRODUCTS), dry_run=True)
    assert "created 2, changed 0, unchanged 0, refused 3" in said
    assert not Variant.objects.exists()


def test_refused_rows_can_be_put_right_in_the_report_and_imported(write):
    path = write("places.csv", PLACES)
    run("import_locations", "--report", "--", path)
    report = path.with_name("places.csv.rejected.csv")
    rows = list(csv.DictReader(report.open()))
    assert [(row["line"], row["code"]) for row in rows] == [("4", "1002"), ("5", "1003")]

    report.write_text(report.read_text().replace("1003,Nowhere,,,", "1003,Nowhere,,99501,"))
    assert "created 1, changed 1, unchanged 0, refused 0" in run("import_locations", report)
    assert Location.objects.get(code="1003").timezone == "America/Anchorage"


def test_contradictions_within_a_file_are_refused(write):
    said = run("import_products", write("products.csv", PRODUCTS))
    assert "line 4 refused: product P1 is described otherwise on line 2." in said
    assert "line 5 refused: barcode 00036000291452 is on line 2 already." in said
    assert "line 6 refused: 036000291453 is no GTIN" in said
    assert set(Variant.objects.values_list("sku", flat=True)) == {"P1-S", "P1-M"}


def test_what_belongs_to_something_else_in_the_catalog_is_refused(write):
    run("import_products", write("products.csv", PRODUCTS))
    said = run("import_products", write("more.csv", "product_code,title,sku,barcodes\n"
               "P9,Hat,P9,036000291452\nP8,Linen shirt,P1-S,\n"))  # fmt: skip
    assert "line 2 refused: barcode 00036000291452 belongs to P1-S." in said
    assert "line 3 refused: P1-S belongs to product P1." in said
    assert "created 0, changed 0, unchanged 0, refused 2" in said


def test_changes_reach_product_price_and_pack(write):
    head = "product_code,title,sku,barcodes,price,weight_g\n"
    run("import_products", write("a.csv", head + "P1,Mug,P1,036000291452,9.99,300\n"))
    said = run("import_products", write("b.csv", head + "P1,Big mug,P1,036000291452*2,11.99,400\n"))
    assert "created 0, changed 1" in said
    variant = Variant.objects.select_related("product").get()
    assert (variant.product.title, variant.weight_g) == ("Big mug", 400)
    assert (Barcode.objects.get().pack_quantity, str(Price.objects.get().amount)) == (2, "11.9900")


def test_stock_is_brought_to_the_file_through_the_ledger(write):
    store = LocationFactory(code="north")
    known, new = stocked(store, 3, aisle="A", bin="01-1"), stocked(LocationFactory(), 0)
    path = write("stock.csv", f"location,sku,on_hand,aisle,bin\nnorth,{known.sku},5,A,01-1\nnorth,{new.sku},0,B,02-2\n"
                 f"north,nothing,1,,\n9999,{known.sku},1,,\nnorth,{known.sku},6,,\n")  # fmt: skip
    said = run("import_stock", path)
    assert "created 1, changed 1, unchanged 0, refused 3" in said
    assert "line 4 refused: No variant has the SKU nothing." in said
    assert "line 5 refused: No location has the code 9999." in said
    assert "line 6 refused" in said
    assert level(known, store) == (5, 0, 0)
    assert StockLevel.objects.get(variant=new, location=store).bin == "02-2"
    assert "created 0, changed 0, unchanged 2, refused 3" in run("import_stock", path)
    assert StockMovement.objects.filter(reason="stock import").count() == 1
    assert audit() == {}


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, write):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_stock", tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="The header lacks: on_hand"):
        run("import_stock", write("a.csv", "location,sku\n"))
