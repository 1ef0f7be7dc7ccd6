"""One delivery scanned by two devices in any order, with repeats, late scans and scans taken back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import ReceiptScan
from inventory.operations.finish_delivery import finish_delivery, undecided
from inventory.operations.receive_scans import mark_damaged, receive, set_received, undo_receipt
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from tests.factories import LocationFactory, stocked
from tests.factories.supply import announced, ordered
from tests.shop import audit, held, level

BY = Actor.system("test")
SECOND = timedelta(seconds=1)
CARTONS = 3
UNITS = 6

# Each act has the key of its device; the same act may come again at any later place.
ACTS = st.one_of(
    st.tuples(st.just("carton"), st.integers(0, CARTONS - 1)),
    st.tuples(st.just("unit"), st.integers(1, 4)),
    st.tuples(st.just("broken"), st.integers(1, 2)),
    st.tuples(st.just("damage"), st.integers(1, 3)),
    st.tuples(st.just("set"), st.integers(0, 9)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
)


@st.composite
def days(draw):
    acts = [(*act, f"key-{n}") for n, act in enumerate(draw(st.lists(ACTS, min_size=1, max_size=12)))]
    again = draw(st.lists(st.sampled_from(acts), max_size=6))
    return draw(st.permutations(acts + again))


class Receiving(TestCase):
    """Not pytest's functions, because hypothesis needs the database anew for each example."""

    @given(days())
    def test_on_hand_is_what_the_scans_say(self, day):
        place = LocationFactory()
        self.tee = stocked(place, 0)
        order = ordered(place, {self.tee: CARTONS * UNITS})
        self.delivery = announced(place, *[{self.tee: UNITS}] * CARTONS, order=order)
        self.codes = [carton.code for carton in self.delivery.cartons.order_by("pk")]
        self.now, said = timezone.now(), {}
        good = damaged = 0
        for what, n, key in day:
            self.now += SECOND
            before = ReceiptScan.objects.count()
            try:
                with transaction.atomic():
                    change = self._act(what, n, key, good, said)
            except Refusal:
                change = (0, 0)
                self.assertEqual(ReceiptScan.objects.count(), before, "a refused scan leaves nothing")
            good, damaged = good + change[0], damaged + change[1]
            line = self.delivery.lines.get()
            self.assertEqual((line.sellable_quantity, line.damaged_quantity), (good, damaged))
        self.assertEqual(level(self.tee, place)[0], good)
        self.assertEqual(held(self.tee, place).get("damaged", 0), damaged)
        self.assertEqual(order.lines.get().received_quantity, good + damaged)
        standing = ReceiptScan.objects.filter(kind="carton", is_undone=False)
        self.assertEqual(standing.count(), standing.values("carton").distinct().count())
        self.assertEqual(ReceiptScan.objects.count(), ReceiptScan.objects.values("key").distinct().count())
        self._finish()
        self.assertEqual(audit(), {})

    def _act(self, what: str, n: int, key: str, good: int, said: dict) -> tuple[int, int]:
        """Carry it out as its device sends it; gives the change that the model of this test expects."""
        known = ReceiptScan.objects.filter(key=key).exists()
        more = {"by": BY, "now": self.now}
        line = self.delivery.lines.get()
        if what == "carton":
            done = receive(delivery_id=self.delivery.pk, code=self.codes[n], key=key, **more)
            stood = [each for each, change in said.items() if each[0] == "carton" and each[1] == n and change]
            self.assertEqual(done.is_repeat, known or bool(stood))
            change = (0, 0) if done.is_repeat else (UNITS, 0)
            if not done.is_repeat:
                said["carton", n, done.scan.pk] = change
            return change
        if what in ("unit", "broken"):
            more |= {"is_damaged": what == "broken", "key": key}
            done = receive(delivery_id=self.delivery.pk, code=self.tee.sku, units=n, **more)
            change = (0, n) if what == "broken" else (n, 0)
        elif what == "damage":
            done = mark_damaged(line_id=line.pk, units=n, key=key, **more)
            change = (-n, n)
        elif what == "set":
            done = set_received(line_id=line.pk, quantity=n, seen=good, key=key, **more)
            change = (n - good, 0)
        else:
            return self._undo(n, said)
        if known:
            self.assertTrue(done.is_repeat)
            return 0, 0
        said[what, n, done.scan.pk] = change
        return change

    def _undo(self, n: int, said: dict) -> tuple[int, int]:
        scans = list(ReceiptScan.objects.exclude(kind="undo").order_by("pk"))
        if not scans:
            return 0, 0
        scan = scans[n % len(scans)]
        undo_receipt(scan_id=scan.pk, by=BY, now=self.now)
        name = next(name for name in said if name[2] == scan.pk)
        change = said[name] or (0, 0)
        said[name] = None
        return -change[0], -change[1]

    def _finish(self) -> None:
        if not ReceiptScan.objects.exists():
            return
        words = {"under": "wait", "over": "keep", "not_ordered": "keep"}
        decisions = {line.pk: words[line.difference] for line in undecided(self.delivery)}
        finish_delivery(delivery_id=self.delivery.pk, decisions=decisions, by=BY, now=self.now + SECOND)
