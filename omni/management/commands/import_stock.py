"""`manage.py import_stock FILE`: what shelves hold, from a file."""

from pathlib import Path

from django.utils import timezone

from inventory.csv_rows.reading import Line, Outcome, lines
from inventory.csv_rows.repeats import once_each
from inventory.csv_rows.stock import COLUMNS, REQUIRED, StockRow, stock_row
from inventory.operations.import_stock import import_stock
from omni.core.actors import Actor
from omni.imports.command import ImportCommand, Lines

BY = Actor.system("stock import")


def documented(path: Path) -> Lines:
    return lines(path, stock_row, required=REQUIRED, known=COLUMNS)


class Command(ImportCommand):
    help = "Set what shelves hold, and where it lies, from a CSV file; columns are in docs/imports.md."
    formats = {"csv": documented}

    def lines(self, path: Path, form: str) -> Lines:
        return once_each(self.formats[form](path), key=lambda row: f"{row.sku} @ {row.location}")

    def book(self, lines: list[Line[StockRow]]) -> Outcome:
        return import_stock(lines=lines, by=BY, now=timezone.now())
