"""`manage.py seed_scale` makes a network of any size that adds up, and leaves tables as the migrations made them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory.models import Location, ShelfNews, StockLevel, StockMovement, Variant
from inventory.models.stock_level import Shift
from inventory.operations.move_stock import shift
from omni.demo.full_size import CONSTRAINTS
from tests.shop import audit

pytestmark = pytest.mark.django_db(transaction=True)


VALID = """
SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass
"""


def made_as(table: str) -> list[tuple[str, object]]:
    """Its constraints and indexes by name; of an index also whether it stands for all partitions."""
    with connection.cursor() as cursor:
        cursor.execute(CONSTRAINTS, [table])
        rows = cursor.fetchall()
        cursor.execute(VALID, [table])
        return sorted(rows) + sorted(cursor.fetchall())


def test_it_adds_up_and_the_tables_are_as_before():
    tables = ("inventory_stocklevel", "inventory_stockmovement")
    before = [made_as(table) for table in tables]
    call_command("seed_scale", locations=20, rows=2000)
    assert (Location.objects.count(), Variant.objects.count(), StockLevel.objects.count()) == (20, 100, 2000)
    assert StockMovement.objects.count() == StockLevel.objects.filter(on_hand__gt=0).count() > 1500
    assert audit() == {}
    for table, made in zip(tables, before, strict=True):
        assert made_as(table) == made
    assert not ShelfNews.objects.exists(), "what was made is no news"
    some = StockLevel.objects.filter(on_hand__gt=0).first()
    shift([Shift(some.variant_id, some.location_id, on_hand=-1)])
    assert ShelfNews.objects.count() == 1, "what changes since then is"


def test_it_is_for_an_empty_database():
    call_command("seed_scale", locations=2, rows=4)
    with pytest.raises(CommandError, match="empty database"):
        call_command("seed_scale", locations=2, rows=4)
    with pytest.raises(CommandError, match="At least one"):
        call_command("seed_scale", locations=5, rows=4)
