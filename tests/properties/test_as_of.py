"""Whatever moved, whenever it was told: the past that is read back is the sum of what was written."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.as_of import course, location_as_of, shelves_as_of
from inventory.models import StockMovement
from tests.factories import LocationFactory, stocked
from tests.ledger import booked_at

# minutes ago when it was recorded, how much earlier it happened, units
MOVES = st.lists(
    st.tuples(st.integers(1, 600), st.integers(0, 120), st.integers(-5, 5).filter(bool)), min_size=1, max_size=12
)


class AsOf(TestCase):
    @given(moves=MOVES, minutes=st.integers(0, 700))
    def test_the_past_is_the_sum_of_its_movements(self, moves, minutes):
        now, place = timezone.now(), LocationFactory()
        tee, other = stocked(place, 0), stocked(place, 3)
        for recorded, late, units in moves:
            at = now - timedelta(minutes=recorded)
            booked_at(tee, place, "adjust", units, at, happened=at - timedelta(minutes=late))
        at = now - timedelta(minutes=minutes, seconds=30)
        rows = list(StockMovement.objects.filter(variant=tee))
        then = shelves_as_of(variants=[tee.pk], locations=[place.pk], at=at)[tee.pk, place.pk]
        assert then.booked == sum(row.quantity for row in rows if row.recorded_at <= at)
        assert then.known == sum(row.quantity for row in rows if row.occurred_at <= at)
        assert {row.variant_id: row for row in location_as_of(place.pk, at)}[tee.pk] == then
        assert other.pk in {row.variant_id for row in location_as_of(place.pk, at)}
        values = course((tee.pk, place.pk), now=now, span=timedelta(minutes=600), points=11)
        moments = [now - timedelta(minutes=600 - 60 * n) for n in range(11)]
        assert values == [
            sum(row.quantity for row in rows if row.recorded_at <= moment or n == 10)
            for n, moment in enumerate(moments)
        ]
