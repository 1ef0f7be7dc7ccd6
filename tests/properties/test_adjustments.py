"""Corrections, holds, their opposites and what is taken back, in any order: shelf, buckets and limits stay true."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.first_reasons import make_first_reasons
from inventory.models import Adjustment, AdjustmentLimit, StockHeld, StockLevel, StockMovement
from inventory.models.adjustment import AWAY, BY_HAND, SHELF
from inventory.operations.adjust import correct_shelf
from inventory.operations.hold_apart import hold_apart
from inventory.operations.undo_adjustment import undo_adjustment
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from tests.factories import LocationFactory, VariantFactory, person, stocked
from tests.shop import audit

BUCKETS = [str(each) for each in BY_HAND[:2]]
REASONS = ("stolen", "found")
UNITS, VALUE, COST = 6, 40, 5
ACTS = st.one_of(
    st.tuples(st.just("correct"), st.sampled_from(REASONS), st.sampled_from((-5, -3, -2, -1, 1, 2, 4))),
    st.tuples(st.just("hold"), st.just(SHELF), st.sampled_from(BUCKETS), st.integers(1, 5)),
    st.tuples(st.just("hold"), st.sampled_from(BUCKETS), st.sampled_from((*BUCKETS, SHELF, AWAY)), st.integers(1, 3)),
    st.tuples(st.just("undo"), st.integers(0, 4)),
)


class Book(TestCase):
    """Not pytest's functions, because hypothesis needs the database anew for each example."""

    @given(st.lists(st.tuples(st.integers(0, 1), ACTS), min_size=6, max_size=16))
    def test_the_ledger_is_the_sum_of_what_stands_and_nobody_passes_their_limit(self, acts):
        make_first_reasons()
        self.place = LocationFactory()
        self.items = [stocked(self.place, 8, variant=VariantFactory(unit_cost=COST)) for _ in range(2)]
        self.people = [person("associate", at=self.place) for _ in range(2)]
        AdjustmentLimit.objects.all().delete()
        AdjustmentLimit.objects.create(role="associate", most_units=UNITS, most_value=VALUE)
        self.now = timezone.now()
        expected = {tee.pk: Counter({SHELF: 8}) for tee in self.items}
        for n, (who, act) in enumerate(acts):
            self.now += timedelta(seconds=1)
            self._act(act, self.items[n % 2].pk, self.people[who], expected)
            self._compare(expected)
        self.assertEqual(audit(), {})

    def _act(self, act, item, who, expected) -> None:
        done = {"by": Actor.of(who), "now": self.now}
        if act[0] == "undo":
            made = Adjustment.objects.order_by("pk")[act[1] : act[1] + 1].first()
            if made and self._accepted(act, undo_adjustment, adjustment_id=made.pk, is_lead=act[1] < 3, **done):
                self._move(expected[made.variant_id], made.target, made.source, made.quantity)
            return
        shelf = {"variant_id": item, "location_id": self.place.pk}
        if act[0] == "correct":
            made = self._accepted(act, correct_shelf, reason_code=act[1], quantity=act[2], **shelf, **done)
        else:
            reason = "stolen" if act[2] == AWAY else ""
            made = self._accepted(act, hold_apart, source=act[1], target=act[2], quantity=act[3], reason_code=reason,
                                  **shelf, **done)  # fmt: skip
        if made:
            self._move(expected[item], made.source, made.target, made.quantity)

    def _accepted(self, act, operation, **entry):
        try:
            with transaction.atomic():
                made = operation(**entry)
        except Refusal as refusal:
            event(f"{act[0]}: {refusal.code}")
            return None
        event(f"{act[0]}: done")
        return made

    def _move(self, places, source, target, units) -> None:
        places[source] -= units
        places[target] += units

    def _compare(self, expected) -> None:
        """Three ways to the same numbers: the model of this test, the counters, and the ledger."""
        for item, places in expected.items():
            wanted = +Counter({place: n for place, n in places.items() if place != AWAY})
            shelf = {SHELF: StockLevel.objects.get(variant=item).on_hand}
            held = dict(StockHeld.objects.filter(variant=item).values_list("bucket", "quantity"))
            self.assertEqual(+Counter(shelf | held), wanted)
            ledger: Counter[str] = Counter()
            for bucket, units in StockMovement.objects.filter(variant=item).values_list("bucket", "quantity"):
                ledger[bucket or SHELF] += units
            self.assertEqual(+ledger, wanted)
        for who in self.people:
            for reason in REASONS:
                mine = Adjustment.objects.filter(answered_by=who, reason__code=reason, undone_at=None)
                units = sum(each.quantity for each in mine if each.is_limited)
                self.assertLessEqual(units, UNITS)
                self.assertLessEqual(units * COST, VALUE)
