"""One shelf counted while it is picked from, sold from and filled, and heard in any order: the ledger ends right."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import Reservation, StockMovement
from inventory.models.count_line import LineState
from inventory.models.stock_level import Claim
from inventory.operations.close_promise import Part, issue
from inventory.operations.count_scans import count_again, scan_item
from inventory.operations.count_session import end_counting
from inventory.operations.decide_count import book_count
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.reserve import reserve
from inventory.operations.take_off_shelf import take_off_shelf
from omni.core.actors import Actor
from tests.factories import LocationFactory, stocked
from tests.factories.counts import counting
from tests.shop import level

BY = Actor.system("test")
MINUTE = timedelta(minutes=1)
ACTS = ("scan", "pick", "lay back", "ship", "sell", "receive", "book")


@st.composite
def days(draw):
    """What the ledger believes too much or too little, what happens minute by minute, and how late scans arrive."""
    return (
        draw(st.integers(-3, 3)),
        draw(st.lists(st.sampled_from(ACTS), min_size=3, max_size=14)),
        draw(st.integers(0, 14)),
    )


class Shelf(TestCase):
    """Not pytest's functions, because hypothesis needs the database anew for each example."""

    @given(days())
    def test_the_ledger_ends_at_what_is_in_the_building(self, day):
        wrong, acts, delay = day
        place = LocationFactory()
        tee = stocked(place, 10)
        reserve(claims=[Claim("line:1", tee.pk, place.pk, 5)], channel="web")
        self.place, self.tee, self.t0 = place, tee, timezone.now() + timedelta(seconds=1)
        self.on_shelf, self.in_hands = 10 + wrong, 0
        self.session = counting(place, by=BY, now=self.t0)
        self.area = self.session.areas.get()
        late = []
        for n, each in enumerate(acts):
            now = self.t0 + (n + 1) * MINUTE
            self._act(each, now, late)
            while late and late[0][0] + delay * MINUTE <= now:
                self._arrive(*late.pop(0), now)
        end = self.t0 + 40 * MINUTE
        for each in late:
            self._arrive(*each, end)
        end_counting(session_id=self.session.pk, by=BY, now=end)
        book_count(session_id=self.session.pk, by=BY, now=end)
        self._look_again(end + MINUTE)
        self.assertEqual(level(tee, place)[0], self.on_shelf + self.in_hands)

    def _act(self, each: str, now, late: list) -> None:
        if each == "scan" and not late:  # the person stands there and counts all that they see
            late.append((now, self.on_shelf))
        elif each == "pick" and self.in_hands < 3 and self.on_shelf and self._promised() > self.in_hands:
            take_off_shelf(demand_key="line:1", quantity=1, at=now)
            self.on_shelf, self.in_hands = self.on_shelf - 1, self.in_hands + 1
        elif each == "lay back" and self.in_hands:
            take_off_shelf(demand_key="line:1", quantity=-1, at=now)
            self.on_shelf, self.in_hands = self.on_shelf + 1, self.in_hands - 1
        elif each == "ship" and self.in_hands:
            issue(parts=[Part("line:1", 1, off_shelf=1)], kind=StockMovement.Kind.SHIP, by=BY, now=now)
            self.in_hands -= 1
        elif each == "sell" and self.on_shelf:
            self._moved(StockMovement.Kind.POS_SALE, -1, now)
        elif each == "receive":
            self._moved(StockMovement.Kind.RECEIPT, 4, now)

    def _moved(self, kind: str, units: int, now) -> None:
        move_stock(moves=[Move(self.tee.pk, self.place.pk, kind, units)], by=BY, now=now)
        self.on_shelf += units

    def _promised(self) -> int:
        return sum(Reservation.objects.held().values_list("quantity", flat=True))

    def _arrive(self, at, units: int, now) -> None:
        """Only the first look counts here; a second one would count the shelf twice."""
        if not self.session.scans.exists():
            scan_item(area_id=self.area.pk, code=self.tee.sku, units=units, by=BY, at=at, now=now)

    def _look_again(self, now) -> None:
        line = self.session.lines.get()
        if line.settled_at is None:
            self.assertIn(line.state, (LineState.MOVED, LineState.UNCOUNTED))
        if line.state == LineState.UNCOUNTED:
            scan_item(area_id=self.area.pk, code=self.tee.sku, units=self.on_shelf, by=BY, now=now)
        elif line.state == LineState.MOVED:
            count_again(line_id=line.pk, counted=self.on_shelf, by=BY, now=now)
        book_count(session_id=self.session.pk, by=BY, now=now + MINUTE)
