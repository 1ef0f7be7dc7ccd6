"""What the documented columns mean, and what they refuse."""

from datetime import time
from decimal import Decimal

import pytest

from inventory.csv_rows.location import RHYTHM, location_row
from inventory.csv_rows.product import barcodes, product_row
from inventory.csv_rows.reading import BadRow
from inventory.csv_rows.stock import StockRow, stock_row
from inventory.models import Location

PLACE = {"code": "1", "name": "Mill District"}
ITEM = {"product_code": "P", "title": "Linen shirt", "sku": "P-1"}


def test_a_location_takes_zone_and_coordinates_from_its_zip_code_where_it_says_none():
    row = location_row({**PLACE, "postal_code": "55401", "latitude": "", "longitude": "", "timezone": ""})
    assert row.values["timezone"] == "America/Chicago"
    assert (row.values["latitude"], row.values["longitude"]) == (44.9835, -93.2683)


def test_hours_have_spans_and_closed_days():
    row = location_row({**PLACE, "hours_mon": "08:00-12:00 13:00-18:00", "hours_tue": "", "last_order_at": "17:30"})
    assert row.values["weekly_hours"] == {"mon": [["08:00", "12:00"], ["13:00", "18:00"]]}
    assert row.values["last_order_at"] == time(17, 30)


def test_a_location_says_when_its_carrier_leaves_and_how_its_waves_come():
    said = {"carrier_cut_off": "16:15", "pick_pack_minutes": "30", "offer_minutes": "20",
            "wave_times": "09:00 11:00 14:30", "wave_minutes": "45", "wave_orders": "12"}  # fmt: skip
    assert location_row({**PLACE, **said}).values == {
        "name": "Mill District", "carrier_cut_off": time(16, 15), "pick_pack_minutes": 30, "offer_minutes": 20,
        "wave_times": "09:00, 11:00, 14:30", "wave_minutes": 45, "wave_orders": 12,
    }  # fmt: skip
    assert location_row({**PLACE, "wave_times": "09:00, 11:00"}).values["wave_times"] == "09:00, 11:00"


def test_an_empty_rhythm_is_that_of_a_new_location():
    row = location_row({**PLACE, **dict.fromkeys(RHYTHM, ""), "carrier_cut_off": "", "wave_times": ""})
    usual = Location(code="1", name="Mill District")
    assert row.values == {name: getattr(usual, name) for name in row.values}


def test_columns_that_the_file_does_not_have_are_not_touched():
    assert location_row(PLACE).values == {"name": "Mill District"}
    assert location_row({**PLACE, "group": "North > Twin Cities"}).group == ("North", "Twin Cities")
    assert location_row({**PLACE, "can_ship": "no"}).values["can_ship"] is False


@pytest.mark.parametrize(
    "said",
    [
        {"code": " "}, {"name": "x" * 121}, {"kind": "shed"}, {"latitude": "91", "longitude": "0"},
        {"latitude": "45", "longitude": ""}, {"latitude": "nan", "longitude": "1"}, {"timezone": "Mars/Base"},
        {"hours_mon": "18:00-10:00"}, {"hours_mon": "8-18"}, {"last_order_at": "5 pm"}, {"can_ship": "maybe"},
        {"pickup_capacity": "-1"}, {"pickup_capacity": "9999999999999"}, {"preparation_minutes": "1.5"},
        {"carrier_cut_off": "5 pm"}, {"offer_minutes": "0"}, {"wave_orders": "-3"}, {"wave_times": "9 o'clock"},
        {"pick_pack_minutes": "10001"}, {"group": "a > > b"}, {"group": "a > b > c > d"}, {"country": "USA"},
    ],
)  # fmt: skip
def test_a_location_that_cannot_be_is_refused(said):
    with pytest.raises(BadRow):
        location_row({**PLACE, "postal_code": "", **said})


def test_a_product_says_its_options_barcodes_and_price():
    row = product_row({**ITEM, "options": "size=M; color=Sand", "barcodes": "036000291452 10036000291459*6",
                       "price": "19.99", "currency": "EUR", "is_hazmat": "yes", "weight_g": "250"})  # fmt: skip
    assert list(row.variant["options"].items()) == [("size", "M"), ("color", "Sand")]
    assert row.barcodes == {"00036000291452": 1, "10036000291459": 6}
    assert row.prices == {"EUR": Decimal("19.99")}
    assert (row.variant["is_hazmat"], row.variant["weight_g"]) == (True, 250)


def test_zeros_that_a_spreadsheet_lost_are_put_back():
    assert barcodes("36000291452") == {"00036000291452": 1}


@pytest.mark.parametrize(
    "said",
    [
        {"barcodes": "036000291453"}, {"barcodes": "12345"}, {"barcodes": "036000291452*0"}, {"price": "-1"},
        {"price": "NaN"}, {"price": "1.99999"}, {"price": "12 USD"}, {"currency": "usd"}, {"options": "M"},
        {"weight_g": "heavy"}, {"weight_g": "٣"}, {"sku": ""}, {"title": ""}, {"is_hazmat": "perhaps"},
    ],
)  # fmt: skip
def test_a_product_that_cannot_be_is_refused(said):
    with pytest.raises(BadRow):
        product_row({**ITEM, **said})


def test_a_shelf_says_what_it_holds():
    assert stock_row({"location": "1", "sku": "P-1", "on_hand": "7"}) == StockRow("1", "P-1", 7)
    assert stock_row({"location": "1", "sku": "P-1", "on_hand": "0", "safety_stock": "", "bin": "04-2"}) == StockRow(
        "1", "P-1", 0, safety_stock=0, bin="04-2"
    )


@pytest.mark.parametrize("on_hand", ["", "-1", "1.5", "many", "1000001"])
def test_a_shelf_that_cannot_be_is_refused(on_hand):
    with pytest.raises(BadRow):
        stock_row({"location": "1", "sku": "P-1", "on_hand": on_hand})
