"""Where a thing lies, as people read it and as they walk."""

import re

_NUMBERS = re.compile(r"(\d+)")


def label(aisle: str, bin: str) -> str:
    """The sign at the shelf: "A-04-2"; a bin that names its aisle already is left as it is."""
    if not aisle or bin.upper().startswith(f"{aisle}-".upper()) or bin == aisle:
        return bin or aisle
    return f"{aisle}-{bin}" if bin else aisle


def walk(aisle: str, bin: str) -> tuple[bool, list[tuple[int, str]]]:
    """The order in which a walk passes shelves: aisle 2 before aisle 10, things without a place last."""
    place = label(aisle, bin)
    return not place, [(int(part), "") if part.isdigit() else (0, part.upper()) for part in _NUMBERS.split(place)]
