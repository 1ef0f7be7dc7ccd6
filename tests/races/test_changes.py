"""Ids become visible out of commit order: who keeps a place by them loses changes, by numbers not."""

from threading import Event, Thread

import pytest
from django.db import connections, transaction

from inventory.changes import changes_after, ends
from inventory.models import Location, ShelfNews, StockLevel
from inventory.models.stock_level import Shift
from inventory.operations.move_stock import shift
from inventory.operations.number_changes import number_changes
from tests.factories import LocationFactory, stocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WRITERS, ROUNDS = 4, 25


def follow(known: dict[str, int], after: int) -> int:
    """What a channel does: take over what is newer, and remember the last number."""
    places = Location.objects.all()
    while (newest := ends()[1]) > after:
        page = changes_after(sequence=after, places=places, channel="web", most=7)
        assert [each.sequence for each in page] == sorted(each.sequence for each in page)
        known |= {each.sku: each.on_hand for each in page}
        after = min(after + 7, newest)
    return after


@pytest.fixture
def slow_writer():
    """`slow_writer(variant, store)`: it has changed the shelf and not committed; call the answer to let it."""
    threads = []

    def begin(variant, store):
        changed, may_commit = Event(), Event()

        def write():
            try:
                with transaction.atomic():
                    shift([Shift(variant.pk, store.pk, on_hand=-1)])
                    changed.set()
                    assert may_commit.wait(20)
            finally:
                connections.close_all()

        thread = Thread(target=write)
        threads.append(thread)
        thread.start()
        assert changed.wait(20)

        def commit():
            may_commit.set()
            thread.join(20)

        return commit

    yield begin
    assert not any(thread.is_alive() for thread in threads)


def test_a_change_that_commits_late_gets_a_later_number(slow_writer):
    store = LocationFactory()
    early, late = stocked(store, 5), stocked(store, 5)
    number_changes()
    known: dict[str, int] = {}
    place = follow(known, 0)
    commit = slow_writer(late, store)  # its note has the smaller id
    shift([Shift(early.pk, store.pk, on_hand=-2)])
    by_id = max(ShelfNews.objects.values_list("id", flat=True))  # the control: a reader that keeps its place by id
    number_changes()
    place = follow(known, place)
    assert known == {early.sku: 3, late.sku: 5}
    commit()
    assert not ShelfNews.objects.filter(id__gt=by_id).exists(), "by id the late change is never seen"
    number_changes()
    follow(known, place)
    assert known == {early.sku: 3, late.sku: 4}


def test_readers_that_follow_while_shelves_change_end_with_the_truth(race):
    store = LocationFactory()
    variants = [stocked(store, 100) for _ in range(6)]
    known: list[dict[str, int]] = [{}, {}]
    places, written = [0, 0], Event()

    def act(n: int) -> None:
        if n < WRITERS:
            for k in range(ROUNDS):
                chosen = {variants[(n + k) % 6].pk, variants[(n * k) % 6].pk}
                shift([Shift(pk, store.pk, on_hand=-1) for pk in chosen])
            return
        while not written.is_set():
            number_changes(most=5)
            places[n - WRITERS] = follow(known[n - WRITERS], places[n - WRITERS])

    def run(n: int) -> None:
        try:
            act(n)
        finally:
            if n < WRITERS:
                done.append(n)
            if len(done) == WRITERS:
                written.set()

    done: list[int] = []
    assert race(WRITERS + 2, run) == {"ok": WRITERS + 2}
    while number_changes():
        continue
    truth = {level.variant.sku: level.on_hand for level in StockLevel.objects.select_related("variant")}
    for n, each in enumerate(known):
        follow(each, places[n])
    assert known == [truth, truth]
    page = changes_after(sequence=0, places=Location.objects.all(), channel="web", most=10_000)
    assert [each.sequence for each in page] == list(range(1, ends()[1] + 1))
