"""A file of movements in any order, doubled, in any slices, its worker killed anywhere: each event books once."""

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import MovementFile, StockMovement
from inventory.operations import book_movement_file as booking
from inventory.operations.book_movement_file import book_next
from tests.factories import LocationFactory, stocked
from tests.factories.feeds import feed_of, movements_sent
from tests.shop import audit, level

OPENING = 50
BAD = ("NOPE", "gift", "short")


class Killed(Exception):
    """The process is gone; its transaction with it."""


@st.composite
def files(draw):
    """Events (units, signed), rows in any order with doubles and bad rows between them, lines in a slice, and after
    which slices the worker is killed."""
    events = draw(st.lists(st.integers(-5, 5).filter(bool), min_size=1, max_size=10))
    order = draw(st.permutations(list(range(len(events)))))
    doubled = draw(st.lists(st.sampled_from(order), max_size=5))
    rows = draw(st.permutations([*order, *doubled, *draw(st.lists(st.sampled_from(BAD), max_size=4))]))
    most = draw(st.integers(1, 8))
    return events, rows, most, draw(st.sets(st.integers(0, len(rows)), max_size=4))


def line(row, events, tee, at: str) -> str:
    """A bad row has the id of a good one: it takes nothing away from its twin."""
    if row == "short":
        return "e0,short"
    if row in BAD:
        return f"e0,{'NOPE' if row == 'NOPE' else tee.sku},1004,{'gift' if row == 'gift' else 'adjust'},1,{at},"
    return f"e{row},{tee.sku},1004,adjust,{events[row]},{at},"


class Shelf(TestCase):
    """Not pytest's functions, because hypothesis needs the database anew for each example."""

    @settings(deadline=None)
    @given(files())
    def test_each_event_books_once_and_each_row_is_accounted_for(self, drawn):
        events, rows, most, kills = drawn
        place = LocationFactory(code="1004")
        tee = stocked(place, OPENING)
        now = timezone.now()
        at = (now + timedelta(seconds=1)).isoformat()
        file = movements_sent(feed_of("tills"), *(line(row, events, tee, at) for row in rows))
        self._work(file, most, kills, now)
        file.refresh_from_db()
        bad = sum(row in BAD for row in rows)
        self.assertEqual((file.status, file.row_count, file.repeated_count, file.bad_count),
                         ("done", len(events), len(rows) - bad - len(events), bad))  # fmt: skip
        self.assertEqual(list(file.problems.values_list("line", flat=True)),
                         [n for n, row in enumerate(rows, start=2) if row in BAD])  # fmt: skip
        self.assertEqual(level(tee, place)[0], OPENING + sum(events))
        self.assertEqual(StockMovement.objects.filter(cause=f"movement-file:{file.pk}").count(), len(events))
        self.assertEqual(audit(), {})

    def _work(self, file, most, kills, now) -> None:
        """Slice by slice; before some of them a worker that got far and was killed."""
        for n in range(len(file.file.read().splitlines()) + 2):
            if n in kills:
                with patch.object(booking, "_tell_bad", side_effect=Killed), self.assertRaises(Killed):
                    book_next(file_id=file.pk, now=now, most=most)
            if not book_next(file_id=file.pk, now=now, most=most):
                break
        self.assertFalse(MovementFile.objects.unfinished().exists())
