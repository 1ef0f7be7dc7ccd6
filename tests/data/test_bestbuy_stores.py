"""1,565 real stores with the defects they came with, against the copy that was cleaned by hand."""

import csv

import pytest

from inventory.csv_rows.bestbuy_hours import week
from inventory.csv_rows.bestbuy_stores import bestbuy_stores
from inventory.csv_rows.reading import BadRow, Line
from inventory.hours import DAYS
from inventory.models import Location
from tests.data.commands import run


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Mon: 10-9:30", ["10:00", "21:30"]), ("Mon: 1-6", ["13:00", "18:00"]), ("Mon: 12-5", ["12:00", "17:00"]),
        ("Mon: 0-11:59", ["00:00", "24:00"]), ("Mon: 12-11:59", ["00:00", "24:00"]),
        ("Mon: 8-11:59", ["08:00", "24:00"]), ("Mon: 12:30-6", ["12:30", "18:00"]), ("Mon: 9-9", ["09:00", "21:00"]),
    ],
)  # fmt: skip
def test_hours_without_am_and_pm(said, meant):
    assert week(said)[0] == {"mon": [meant]}


def test_a_day_that_is_not_named_is_closed_and_said_so():
    found, notes = week("Mon: 10-9; Tue: 10-9; Wed: 10-9; Thurs: 10-9; Fri: 10-9; Sat: 10-9")
    assert "sun" not in found
    assert notes == ["no hours for Sun: closed"]


@pytest.mark.parametrize("said", ["Mon: closed", "Montag: 10-9", "Mon: 10-25", "Mon: 10:75-9", "always"])
def test_hours_that_nobody_can_read_are_refused(said):
    with pytest.raises(BadRow):
        week(said)


@pytest.fixture(scope="module")
def stores(real_data) -> dict[str, Line]:
    found = list(bestbuy_stores(real_data / "stores" / "bestbuy_stores_raw.json.gz"))
    assert all(isinstance(line, Line) for line in found)
    return {line.row.code: line for line in found}


@pytest.fixture(scope="module")
def cleaned(real_data) -> dict[str, dict[str, str]]:
    with (real_data / "stores" / "bestbuy_stores.csv").open(encoding="utf-8", newline="") as file:
        return {row["store_id"]: row for row in csv.DictReader(file)}


def test_all_are_there_with_zone_and_zip_of_the_cleaned_copy(stores, cleaned):
    assert len(stores) == 1565
    assert stores.keys() == cleaned.keys()
    for code, row in cleaned.items():
        values = stores[code].row.values
        assert (values["timezone"], values["postal_code"]) == (row["timezone"], row["zip"][:5]), code
        assert (values["city"], values["region"]) == (row["city"], row["state"]), code


def test_hours_are_those_of_the_cleaned_copy(stores, cleaned):
    for code, row in cleaned.items():
        week = stores[code].row.values["weekly_hours"]
        for day in DAYS:
            # A minute before midnight is written as midnight here: nobody is closed for that minute.
            meant = row[f"hours_{day}"].replace("-23:59", "-24:00")
            assert "-".join(week[day][0]) if day in week else meant == "", (code, day)
            assert ("-".join(week[day][0]) if day in week else "") == meant, (code, day)


def test_coordinates_give_way_to_the_zip_code_only_where_they_are_far_from_it(stores, cleaned):
    moved = {
        code for code, row in cleaned.items()
        if (stores[code].row.values["latitude"], stores[code].row.values["longitude"])
        != (float(row["lat"]), float(row["lon"]))
    }  # fmt: skip
    assert moved == {code for code, row in cleaned.items() if "coord_" in row["issues"]} == {"1536", "8043"}
    assert any("1077 km" in note for note in stores["1536"].notes)
    assert stores["1536"].row.values["latitude"] == pytest.approx(35.8, abs=0.3)  # Jonesboro, Arkansas


def test_everything_the_cleaned_copy_marks_is_noted_here(stores, cleaned):
    for code, row in cleaned.items():
        if row["issues"]:
            assert stores[code].notes, (code, row["issues"])


def test_kiosks_promise_nothing(stores, cleaned):
    kiosks = {code for code, row in cleaned.items() if row["type"] == "Express"}
    services = ("can_pick_up", "can_ship", "can_return")
    for code, line in stores.items():
        assert {line.row.values[name] for name in services} == {code not in kiosks}


@pytest.mark.django_db
def test_importing_them_twice_changes_nothing(real_data):
    path = real_data / "stores" / "bestbuy_stores_raw.json.gz"
    said = run("import_locations", path, format="bestbuy")
    assert "created 1565, changed 0, unchanged 0, refused 0" in said
    assert "line 343: coordinates are 1077 km from ZIP code 72401" in said
    assert "created 0, changed 0, unchanged 1565, refused 0" in run("import_locations", path, format="bestbuy")
    assert Location.objects.filter(can_pick_up=True).count() == 1565 - 189


def test_a_file_of_something_else_is_refused_line_by_line(write):
    found = list(bestbuy_stores(write("stores.json", '[{"id": 1}, 7, {"id": 2, "zip": "55401", "hours": 3}]')))
    assert [line.number for line in found] == [1, 2, 3]
    assert not any(isinstance(line, Line) for line in found)
