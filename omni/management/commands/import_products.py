"""`manage.py import_products FILE`: products, their variants, barcodes and prices from a file."""

from pathlib import Path
from typing import Any

from inventory.csv_rows.catalogs import PRODUCT_FORMATS
from inventory.csv_rows.product import COLUMNS, REQUIRED, ProductRow, product_row
from inventory.csv_rows.reading import Line, Outcome, lines
from inventory.csv_rows.repeats import once_each, one_story
from inventory.operations.import_products import import_products
from inventory.operations.learn_words import learn_words
from omni.imports.command import ImportCommand, Lines


def documented(path: Path) -> Lines:
    return lines(path, product_row, required=REQUIRED, known=COLUMNS)


class Command(ImportCommand):
    help = "Make or change products and variants from a CSV file; columns are in docs/imports.md."
    formats = {"csv": documented, **PRODUCT_FORMATS}

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not options["dry_run"]:
            learn_words()

    def lines(self, path: Path, form: str) -> Lines:
        return one_story(once_each(self.formats[form](path), key=lambda row: row.sku))

    def book(self, lines: list[Line[ProductRow]]) -> Outcome:
        return import_products(lines=lines)
