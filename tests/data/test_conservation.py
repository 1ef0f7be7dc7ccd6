"""Real streams, handed in twice in another order and with doubles: every unit is on a shelf or told by its line."""

from datetime import UTC, datetime
from functools import cache
from itertools import chain, islice, takewhile

import pytest

from inventory.models import StockLevel, StockMovement
from omni.replay.movements import STREAMS, Told, opening, shuffled, uci_corrections, uci_lines
from omni.replay.recorded import chance
from tests.data.conserved import BEFORE, Source, replayed, require_balance
from tests.shop import audit

pytestmark = pytest.mark.django_db
LARGE = {"541431:1": ("pos_sale", "74215"), "C541433:1": ("pos_return", "74215")}  # sold, and back 16 minutes later
AFTER = datetime(2011, 1, 19, tzinfo=UTC)


def part(name: str, folder) -> list[Told]:
    """Whole minutes and whole receipts of the stream, spread over all of it; of UCI over its first seven weeks."""
    drawn = cache(lambda minute: chance(str(minute), "c"))
    if name == "uci":
        winter = takewhile(lambda each: each.occurred_at < AFTER, uci_lines(folder))
        told = chain(winter, uci_corrections(folder))
        return [each for each in told if drawn(each.minute) < 0.03 or each.event_id in LARGE]
    told = STREAMS[name](folder)
    if name == "completejourney":
        return [each for each in told if drawn(each.minute) < 0.03]
    if name == "iowa":
        return [each for each in told if chance(each.location, name) < 0.1]
    return list(told)


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("uci", {"kind", "sku"}),
        ("completejourney", {"quantity", "sku"}),
        ("poslog", {"quantity"}),
        ("iowa", set()),
    ],
)
def test_a_part_of_each_stream_twice_balances(real_data, name, problems):
    source = Source(name, part(name, real_data), real_data)
    first, again = replayed(source)
    assert set(first.problems.values_list("kind", flat=True)) == problems
    assert again.row_count == 0
    require_balance(source)
    if name == "poslog":  # a till that reports the same in batches says nothing new
        ended = source.say_in_batches(source.sound())
        assert ended == {"duplicate": len(source.sound())}
        require_balance(source)
    assert audit() == {}


def test_the_largest_order_and_its_credit_note_leave_the_shelf_as_it_was(real_data):
    told = list(islice((each for each in uci_lines(real_data) if each.event_id in LARGE), 2))
    assert {each.event_id: (each.kind, each.quantity) for each in told} == LARGE
    source = Source("uci", told, real_data)
    (shelf,) = {(each.location, each.sku) for each in told}
    (opened,) = opening([shelf], at=BEFORE)
    source.hand_in([opened])
    for order in (told, told[::-1]):  # also where the credit note is heard first
        file = source.hand_in(order)
        assert not file.problems.exists()
        assert StockLevel.objects.get().on_hand == opened.units
    assert StockMovement.objects.count() == 3


def test_a_shuffle_keeps_the_minutes_and_doubles_what_it_says(real_data):
    told = list(islice(uci_lines(real_data), 2000))
    mixed = shuffled(told, seed=1)
    assert sorted(mixed, key=lambda each: each.event_id) == sorted(told, key=lambda each: each.event_id)
    assert [each.minute for each in mixed] == sorted(each.minute for each in told)
    assert mixed != told
    doubled = shuffled(told, seed=1, doubles=0.05)
    assert len(doubled) == 2100
    assert set(doubled) == set(told)
