"""The quick question for drift finds what adding up every shelf finds, whatever was typed over."""

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory import drift
from inventory.models import Drift, StockLevel, StockMovement
from tests.factories import LocationFactory, VariantFactory

PLACES, ITEMS = 3, 3
shelves = st.tuples(st.integers(0, PLACES - 1), st.integers(0, ITEMS - 1))
units = st.integers(-5, 5)


def everything_added_up() -> set[tuple[int, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT variant_id, location_id, COALESCE(s.on_hand, 0), COALESCE(m.total, 0)::int
              FROM inventory_stocklevel s
              FULL JOIN (SELECT variant_id, location_id, sum(quantity) AS total FROM inventory_stockmovement
                          WHERE bucket = '' GROUP BY 1, 2) m USING (variant_id, location_id)
             WHERE COALESCE(s.on_hand, 0) <> COALESCE(m.total, 0)""")
        return set(cursor.fetchall())


class DriftQuestion(TestCase):
    @given(kept=st.dictionaries(shelves, units), moved=st.lists(st.tuples(shelves, units.filter(bool)), max_size=12),
           apart=st.lists(st.tuples(shelves, units.filter(bool)), max_size=3))  # fmt: skip
    def test_it_finds_exactly_what_differs(self, kept, moved, apart):
        places = [LocationFactory() for _ in range(PLACES)]
        items = [VariantFactory() for _ in range(ITEMS)]
        StockLevel.objects.bulk_create(
            StockLevel(location=places[place], variant=items[item], on_hand=units)
            for (place, item), units in kept.items()
        )
        StockMovement.objects.bulk_create(
            StockMovement(location=places[place], variant=items[item], kind="receipt", bucket=bucket,
                          quantity=units, on_hand_after=0, occurred_at=timezone.now())
            for bucket, rows in (("", moved), ("damaged", apart)) for (place, item), units in rows
        )  # fmt: skip
        found = drift.find_drift(Drift.Number.ON_HAND, 100)
        assert {(f.variant_id, f.location_id, f.shown, f.summed) for f in found} == everything_added_up()


@pytest.mark.django_db
def test_units_that_moved_to_a_neighbour_by_hand_are_found():
    """The sums of the location agree, and so do those of each item; the shelves do not."""
    one, other = LocationFactory(), LocationFactory()
    first, second = VariantFactory(), VariantFactory()
    for place, signs in ((one, (1, -1)), (other, (-1, 1))):
        for item, sign in zip((first, second), signs, strict=True):
            StockLevel.objects.create(location=place, variant=item, on_hand=10 + sign)
            StockMovement.objects.create(
                location=place, variant=item, kind="receipt", quantity=10, on_hand_after=10, occurred_at=timezone.now()
            )
    assert len(drift.find_drift(Drift.Number.ON_HAND, 100)) == 4


@pytest.mark.django_db
def test_the_largest_numbers_overflow_nothing():
    most = 2**31 - 1
    item, place = VariantFactory(), LocationFactory()
    StockLevel.objects.create(location=place, variant=item, on_hand=most)
    assert [found.shown for found in drift.find_drift(Drift.Number.ON_HAND, 1)] == [most]
