"""Best Buy's open data set of stores (`stores.json`, CC0), with the defects it came with."""

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from inventory.csv_rows.bestbuy_hours import week
from inventory.csv_rows.location import LocationRow
from inventory.csv_rows.reading import BadFile, BadLine, BadRow, Line, opened
from inventory.geo import distance_km, zip_centroid, zip_zone

KIOSK = "Express"  # a vending machine in an airport or a mall: never a place to collect, ship or return
FAR_FROM_ZIP_KM = 100  # a store lies in its ZIP code; further away one of the two is wrong, and the ZIP has an address


def bestbuy_stores(path: Path) -> Iterator[Line[LocationRow] | BadLine]:
    """Every store of the file; its place in the list, from 1, stands for the line."""
    with opened(path) as file:
        try:
            stores = json.load(file)
        except (ValueError, EOFError, zlib.error) as error:
            raise BadFile(_("This is no JSON: %s.") % error) from error
    if not isinstance(stores, list):
        raise BadFile(_("This is no list of stores."))
    for number, store in enumerate(stores, start=1):
        yield _one(number, store)


def _one(number: int, store: Any) -> Line[LocationRow] | BadLine:
    try:
        row, notes = store_row(store)
    except BadRow as bad:
        return BadLine(number, str(bad), _raw(store))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return BadLine(number, _("This is no store of this source: %r.") % error, _raw(store))
    return Line(number, row, _raw(store), tuple(notes))


def _raw(store: Any) -> dict[str, str]:
    return {key: str(value or "") for key, value in store.items()} if isinstance(store, dict) else {}


def store_row(store: dict[str, Any]) -> tuple[LocationRow, list[str]]:
    """A store and what was put right in it; raises BadRow."""
    postal_code, notes = _postal_code(str(store["zip"]))
    zone = zip_zone(postal_code)
    if zone is None:
        raise BadRow(_("ZIP code %s is not known, so there is no time zone.") % postal_code)
    hours, guesses = week(store["hours"] or "")
    (latitude, longitude), moved = _point(store["location"], postal_code)
    is_kiosk = store["type"] == KIOSK
    if is_kiosk:
        guesses.append(_("a kiosk: no pickup, no shipping, no returns"))
    values = {
        "name": (store["name"].strip() or str(store["id"]))[:120], "kind": "store",
        "line1": (store["address"] or "").strip(), "line2": (store["address2"] or "").strip(),
        "city": store["city"].strip(), "region": store["state"].strip(), "postal_code": postal_code, "country": "US",
        "latitude": latitude, "longitude": longitude, "timezone": zone, "weekly_hours": hours,
        "can_pick_up": not is_kiosk, "can_ship": not is_kiosk, "can_return": not is_kiosk,
    }  # fmt: skip
    return LocationRow(str(store["id"]), values, (store["state"].strip(),)), [*notes, *moved, *guesses]


def _postal_code(text: str) -> tuple[str, list[str]]:
    """Spreadsheets eat leading zeros; ZIP+4 says more than we need."""
    code = text.strip().partition("-")[0].zfill(5)
    return code, [] if code == text else [_("ZIP code %(text)s taken as %(code)s") % {"text": text, "code": code}]


def _point(location: dict[str, float], postal_code: str) -> tuple[tuple[float, float], list[str]]:
    point = float(location["lat"]), float(location["lon"])
    centroid = zip_centroid(postal_code)
    if centroid is None:
        return point, []
    away = distance_km(point, centroid)
    if away <= FAR_FROM_ZIP_KM:
        return point, []
    return centroid, [_("coordinates are %(km).0f km from ZIP code %(code)s; its centroid is taken instead")
                      % {"km": away, "code": postal_code}]  # fmt: skip
