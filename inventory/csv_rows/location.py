"""A location as a row of the documented CSV (docs/imports.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from inventory.csv_rows.fields import clock, degrees, flag, one_of, text, whole
from inventory.csv_rows.reading import BadRow, Raw
from inventory.geo import zip_centroid, zip_zone
from inventory.hours import DAYS, week_problems
from inventory.wave_times import wave_times_problem

KINDS = ("store", "dc", "dropship")
REQUIRED = {"code", "name"}
HOURS = tuple(f"hours_{day}" for day in DAYS)
COLUMNS = {
    *REQUIRED, *HOURS, "kind", "group", "line1", "line2", "city", "region", "postal_code", "country", "latitude",
    "longitude", "timezone", "last_order_at", "preparation_minutes", "can_ship", "can_pick_up", "can_return",
    "pickup_capacity", "ship_capacity", "is_active", "carrier_cut_off", "pick_pack_minutes", "offer_minutes",
    "wave_times", "wave_minutes", "wave_orders",
}  # fmt: skip
MAX_LENGTHS = {"line1": 200, "line2": 200, "city": 100, "region": 50, "postal_code": 20}
# What an empty one means.
RHYTHM = {
    "pick_pack_minutes": 45,
    "offer_minutes": 30,
    "wave_minutes": 60,
    "wave_orders": 20,
}
CUT_OFF = time(17)
DEEPEST = 3  # levels of groups


@dataclass(frozen=True)
class LocationRow:
    """A location by its code. `values` holds only what the file says; `group` is a path of names, None: not said."""

    code: str
    values: Mapping[str, Any]
    group: tuple[str, ...] | None = None


def location_row(raw: Raw) -> LocationRow:
    """What a row says; raises BadRow. A column that the file does not have leaves that part as it is."""
    code = text(raw["code"], "code", longest=40, required=True)
    values: dict[str, Any] = {"name": text(raw["name"], "name", longest=120, required=True)}
    if "kind" in raw:
        values["kind"] = one_of(raw["kind"], "kind", KINDS, default="store")
    for name in MAX_LENGTHS.keys() & raw.keys():
        values[name] = text(raw[name], name, longest=MAX_LENGTHS[name])
    if "country" in raw:
        values["country"] = text(raw["country"], "country", longest=2).upper() or "US"
    values |= _where(raw) | _when(raw) | _numbers(raw) | _rhythm(raw)
    for name in ("can_ship", "can_pick_up", "can_return", "is_active"):
        if name in raw:
            values[name] = flag(raw[name], name, default=True)
    return LocationRow(code, values, _group(raw["group"]) if "group" in raw else None)


def _where(raw: Raw) -> dict[str, Any]:
    """Coordinates and zone as written; where they are empty, those of the ZIP code."""
    postal_code = raw.get("postal_code", "") if raw.get("country", "US").strip().upper() in {"", "US"} else ""
    found: dict[str, Any] = {}
    if "latitude" in raw or "longitude" in raw:
        point = (
            degrees(raw.get("latitude", ""), "latitude", most=90),
            degrees(raw.get("longitude", ""), "longitude", most=180),
        )
        if (point[0] is None) != (point[1] is None):
            raise BadRow(_("latitude and longitude come together."))
        found["latitude"], found["longitude"] = (
            point if point[0] is not None else zip_centroid(postal_code) or (None, None)
        )
    if "timezone" in raw:
        zone = raw["timezone"].strip() or zip_zone(postal_code) or ""
        if zone not in available_timezones():
            raise BadRow(_("timezone is no IANA time zone, and the ZIP code tells none: %s.") % zone[:40])
        found["timezone"] = zone
    return found


def _when(raw: Raw) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if set(HOURS) & raw.keys():
        found["weekly_hours"] = _week(raw)
    if "last_order_at" in raw:
        found["last_order_at"] = clock(raw["last_order_at"], "last_order_at")
    return found


def _week(raw: Raw) -> dict[str, list[list[str]]]:
    """`08:00-12:00 13:00-18:00`: spans of a day with a space between them; an empty day is closed."""
    week: dict[str, list[list[str]]] = {}
    for day in DAYS:
        spans = [span.split("-") for span in raw.get(f"hours_{day}", "").split()]
        if spans:
            week[day] = spans
    if problem := week_problems(week):
        raise BadRow(_("hours: %s") % problem)
    return week


def _numbers(raw: Raw) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "preparation_minutes" in raw:
        found["preparation_minutes"] = whole(raw["preparation_minutes"], "preparation_minutes", most=10_000)
        if found["preparation_minutes"] is None:
            found["preparation_minutes"] = 60
    for name in ("pickup_capacity", "ship_capacity"):
        if name in raw:
            found[name] = whole(raw[name], name)
    return found


def _rhythm(raw: Raw) -> dict[str, Any]:
    """When the carrier comes, how parcels reach the queue in waves, and how long the store may think about them."""
    found: dict[str, Any] = {}
    if "carrier_cut_off" in raw:
        found["carrier_cut_off"] = clock(raw["carrier_cut_off"], "carrier_cut_off") or CUT_OFF
    for name, usual in RHYTHM.items():
        if name in raw:
            found[name] = whole(raw[name], name, least=1, most=10_000) or usual
    if "wave_times" in raw:
        # With a space between, like opening hours; commas as on HQ's page are taken too.
        found["wave_times"] = ", ".join(text(raw["wave_times"], "wave_times", longest=200).replace(",", " ").split())
        if problem := wave_times_problem(found["wave_times"]):
            raise BadRow(_("wave_times: %s") % problem)
    return found


def _group(path: str) -> tuple[str, ...]:
    """`North > Twin Cities`: from the widest to the narrowest."""
    names = tuple(text(name, "group", longest=120, required=True) for name in path.split(">")) if path.strip() else ()
    if len(names) > DEEPEST:
        raise BadRow(_("group has at most %d levels.") % DEEPEST)
    return names
