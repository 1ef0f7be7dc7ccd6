"""`manage.py import_purchase_orders FILE`: what suppliers should bring, from a file."""

from pathlib import Path

from django.utils import timezone

from inventory.csv_rows.purchase import COLUMNS, REQUIRED, PurchaseRow, purchase_row
from inventory.csv_rows.reading import Line, Outcome, lines
from inventory.csv_rows.repeats import once_each
from inventory.operations.import_purchases import import_purchases
from omni.core.actors import Actor
from omni.imports.command import ImportCommand, Lines

BY = Actor.system("purchase import")


def documented(path: Path) -> Lines:
    return lines(path, purchase_row, required=REQUIRED, known=COLUMNS)


class Command(ImportCommand):
    help = "Write down orders to suppliers from a CSV file; columns are in docs/imports.md."
    formats = {"csv": documented}

    def lines(self, path: Path, form: str) -> Lines:
        return once_each(self.formats[form](path), key=lambda row: f"{row.number} {row.sku}")

    def book(self, lines: list[Line[PurchaseRow]]) -> Outcome:
        return import_purchases(lines=lines, by=BY, now=timezone.now())
