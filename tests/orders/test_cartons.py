"""Which boxes are suggested."""

from hypothesis import given
from hypothesis import strategies as st

from orders.cartons import GUESS_G, Box, Item, load_of, smallest, suggest

SMALL = Box("S", (200, 150, 100), 80, 10_000)
MEDIUM = Box("M", (400, 300, 200), 200, 20_000)
LARGE = Box("L", (600, 400, 400), 450, 20_000)
BOXES = [LARGE, SMALL, MEDIUM]


def boxes_of(*items: Item) -> list[str | None]:
    return [parcel.box.code if parcel.box else None for parcel in suggest(items, BOXES)]


def test_a_small_thing_gets_the_smallest_box_that_holds_it():
    assert boxes_of(Item("mug", 1, 400, (100, 120, 90))) == ["S"]


def test_a_thing_is_turned_to_fit():
    assert boxes_of(Item("poster", 1, 300, (90, 195, 140))) == ["S"]


def test_a_fifth_of_the_box_stays_free_for_paper():
    four_fill = Item("cube", 4, 100, (100, 100, 75))  # 3.0 l: exactly the whole small box
    assert boxes_of(four_fill) == ["M"]
    assert boxes_of(Item("cube", 3, 100, (100, 100, 75))) == ["S"]


def test_what_does_not_fit_together_becomes_several_parcels():
    parcels = suggest([Item("pan", 6, 2000, (380, 290, 150))], BOXES)
    assert [(parcel.box.code, parcel.quantities["pan"]) for parcel in parcels] == [("L", 4), ("L", 2)]


def test_heavy_things_are_split_by_weight():
    parcels = suggest([Item("dumbbell", 5, 9_000, (150, 100, 90))], BOXES)
    assert [parcel.quantities["dumbbell"] for parcel in parcels] == [2, 2, 1]
    assert all(parcel.weight_g <= 20_000 for parcel in parcels)


def test_what_fits_no_box_is_sent_as_it_is():
    parcels = suggest([Item("ladder", 1, 8_000, (1800, 400, 100)), Item("mug", 1, 400, (100, 120, 90))], BOXES)
    assert [(parcel.box.code if parcel.box else None, parcel.size_mm) for parcel in parcels] == [
        (None, (1800, 400, 100)), ("S", (200, 150, 100)),
    ]  # fmt: skip


def test_dangerous_goods_travel_alone():
    parcels = suggest(
        [Item("battery", 2, 500, (100, 50, 50), ships_alone=True), Item("mug", 1, 400, (100, 120, 90))], BOXES
    )
    assert [dict(parcel.quantities) for parcel in parcels] == [{"battery": 1}, {"battery": 1}, {"mug": 1}]


def test_unknown_sizes_and_weights_are_guessed():
    (parcel,) = suggest([Item("shirt", 2)], BOXES)
    assert (parcel.box.code, parcel.weight_g) == ("M", 2 * GUESS_G + MEDIUM.weight_g)


def test_without_cartons_each_thing_is_a_parcel_of_its_own():
    assert [parcel.box for parcel in suggest([Item("mug", 2, 400, (100, 120, 90))], [])] == [None, None]


def test_the_smallest_box_for_a_load():
    assert smallest(load_of([Item("mug", 2, 400, (100, 120, 60))]), BOXES) == SMALL


sides = st.integers(10, 700)
item = st.builds(Item, st.integers(), st.integers(1, 5), st.integers(1, 15_000), st.tuples(sides, sides, sides))


@given(st.lists(item, max_size=6, unique_by=lambda each: each.key))
def test_every_unit_is_in_exactly_one_parcel_and_no_box_is_overfull(items):
    parcels = suggest(items, BOXES)
    for each in items:
        assert sum(parcel.quantities[each.key] for parcel in parcels) == each.quantity
    assert all(parcel.box.holds(parcel.load) for parcel in parcels if parcel.box)
    assert all(parcel.load.count == 1 for parcel in parcels if parcel.box is None)
