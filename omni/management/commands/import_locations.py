"""`manage.py import_locations FILE`: stores, distribution centers and vendors from a file."""

from pathlib import Path

from inventory.csv_rows.bestbuy_stores import bestbuy_stores
from inventory.csv_rows.location import COLUMNS, REQUIRED, LocationRow, location_row
from inventory.csv_rows.reading import Line, Outcome, lines
from inventory.csv_rows.repeats import once_each
from inventory.operations.import_locations import import_locations
from omni.imports.command import ImportCommand, Lines


def documented(path: Path) -> Lines:
    return lines(path, location_row, required=REQUIRED, known=COLUMNS)


class Command(ImportCommand):
    help = "Make or change locations from a CSV file; columns are in docs/imports.md."
    formats = {"csv": documented, "bestbuy": bestbuy_stores}

    def lines(self, path: Path, form: str) -> Lines:
        return once_each(self.formats[form](path), key=lambda row: row.code)

    def book(self, lines: list[Line[LocationRow]]) -> Outcome:
        return import_locations(lines=lines)
