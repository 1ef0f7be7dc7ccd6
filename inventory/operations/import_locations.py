"""Locations from a file: new ones are made, known ones follow what the file says, the rest of them stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import slugify

from inventory.csv_rows.location import LocationRow
from inventory.csv_rows.reading import Line, Outcome
from inventory.models import Location, LocationGroup
from omni.core.operation import operation


@operation
def import_locations(*, lines: Sequence[Line[LocationRow]]) -> Outcome:
    """Bring the locations of these lines (each code once) to what they say. A second time changes nothing."""
    codes = sorted(line.row.code for line in lines)
    have = {
        place.code: place
        for place in Location.everywhere.select_for_update().filter(code__in=codes).order_by("code")
    }  # fmt: skip
    groups = _groups({line.row.group for line in lines if line.row.group})
    outcome, new = Outcome(), []
    for line in lines:
        values = _values(line.row, groups)
        place = have.get(line.row.code)
        if place is None:
            new.append(_made(line.row.code, values))
        elif _follow(place, values):
            outcome.changed += 1
        else:
            outcome.unchanged += 1
    Location.everywhere.bulk_create(new)
    outcome.created = len(new)
    return outcome


def _values(row: LocationRow, groups: Mapping[tuple[str, ...], LocationGroup]) -> dict[str, Any]:
    if row.group is None:
        return dict(row.values)
    return {**row.values, "group_id": groups[row.group].pk if row.group else None}


def _made(code: str, values: dict[str, Any]) -> Location:
    """What the file leaves open about a house that is no store: nobody collects or returns there."""
    visited = values.get("kind", Location.Kind.STORE) == Location.Kind.STORE
    return Location(code=code, **{"can_pick_up": visited, "can_return": visited, **values})


def _follow(place: Location, values: Mapping[str, Any]) -> bool:
    changed = [name for name, value in values.items() if getattr(place, name) != value]
    for name in changed:
        setattr(place, name, values[name])
    if changed:
        place.save(update_fields=changed)
    return bool(changed)


def _groups(paths: set[tuple[str, ...]]) -> dict[tuple[str, ...], LocationGroup]:
    """The groups of these paths, from the widest to the narrowest; a group is known by its whole path."""
    found: dict[tuple[str, ...], LocationGroup] = {}
    for path in sorted({whole[:depth] for whole in paths for depth in range(1, len(whole) + 1)}):
        kind = LocationGroup.Kind.REGION if len(path) == 1 else LocationGroup.Kind.DISTRICT
        found[path], _made = LocationGroup.objects.get_or_create(
            code=slugify("-".join((kind, *path)))[:40],
            defaults={"name": path[-1], "kind": kind, "parent": found.get(path[:-1])},
        )
    return found
