"""Two buyers, one unit; and what happens with each guard taken away."""

from collections import Counter
from threading import Barrier

import pytest
from django.db import connection, transaction

from inventory.models import Reservation, StockLevel
from inventory.models.stock_level import Claim
from inventory.operations.reserve import reserve
from tests.factories import LocationFactory, VariantFactory, line, placed, stocked

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def level(variant) -> StockLevel:
    return StockLevel.objects.get(variant=variant)


def claim_one(variant, location):
    def act(n: int) -> str:
        with transaction.atomic():
            short = reserve(claims=[Claim(f"line:{n}", variant.pk, location.pk, 1)], channel="web")
        return "short" if short else "reserved"

    return act


def test_the_last_unit_goes_to_one_of_many(race):
    location = LocationFactory()
    variant = stocked(location, 1)

    assert race(6, claim_one(variant, location)) == Counter(reserved=1, short=5)
    assert (level(variant).reserved, Reservation.objects.count()) == (1, 1)


def careless(variant, barrier: Barrier):
    """Look, think, then write: how a shop oversells."""

    def act(n: int) -> str:
        row = level(variant)
        available = row.available
        barrier.wait(timeout=10)
        if available < 1:
            return "short"
        StockLevel.objects.filter(pk=row.pk).update(reserved=row.reserved + 1 + n)
        return "reserved"

    return act


def test_without_the_statement_the_constraint_still_refuses(race):
    """Each writes more than there is: the database lets only the sound one commit."""
    variant = stocked(LocationFactory(), 1)

    ends = race(2, careless(variant, Barrier(2)))

    assert ends == Counter(reserved=1, IntegrityError=1)
    assert level(variant).reserved <= level(variant).on_hand


def test_without_statement_and_constraint_units_are_sold_twice(race):
    """The negative control: with both guards off the damage is real."""
    variant = stocked(LocationFactory(), 1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_stocklevel DROP CONSTRAINT promises_tied_to_shelf")
    try:
        assert race(2, careless(variant, Barrier(2))) == Counter(reserved=2)
    finally:
        StockLevel.objects.update(reserved=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE inventory_stocklevel ADD CONSTRAINT promises_tied_to_shelf"
                " CHECK (shortfall = GREATEST(0, reserved - GREATEST(on_hand, 0)))"
            )


def test_a_hot_item_sells_exactly_what_is_there(race):
    location = LocationFactory()
    variant = stocked(location, 20)

    def buy(n: int) -> str:
        sold = 0
        for _ in range(6):
            with transaction.atomic():
                sold += not reserve(claims=[Claim(f"line:{n}:{_}", variant.pk, location.pk, 1)], channel="web")
        return str(sold)

    ends = race(6, buy)

    assert sum(int(sold) * times for sold, times in ends.items()) == 20
    assert level(variant).reserved == 20


def test_orders_over_the_same_items_in_any_order_meet_no_deadlock(race):
    location = LocationFactory()
    variants = [stocked(location, 500) for _ in range(6)]

    def act(n: int) -> None:
        for turn in range(15):
            ordered = variants if (n + turn) % 2 else variants[::-1]
            with transaction.atomic():
                assert not reserve(
                    claims=[Claim(f"{n}:{turn}:{v.pk}", v.pk, location.pk, 1) for v in ordered], channel="web"
                )

    assert race(4, act) == Counter(ok=4)


def test_locks_taken_in_any_order_do_deadlock(race):
    """The negative control for the sort: one by one, in opposite order, somebody is the victim."""
    location = LocationFactory()
    first, second = stocked(location, 5), stocked(location, 5)
    both_hold_one = Barrier(2)

    def act(n: int) -> None:
        with transaction.atomic():
            for turn, variant in enumerate((first, second) if n else (second, first)):
                reserve(claims=[Claim(f"{n}:{turn}", variant.pk, location.pk, 1)], channel="web")
                if turn == 0:
                    both_hold_one.wait(timeout=10)

    assert race(2, act) == Counter(ok=1, OperationalError=1)


def test_parallel_orders_for_the_last_units_are_served_or_refused_whole(race):
    location = LocationFactory()
    scarce, plenty = stocked(location, 3), stocked(location, 100)

    ends = race(6, lambda n: placed(line(plenty, 2, at=location), line(scarce, 1, at=location)) and None)

    assert ends == Counter(ok=3, insufficient_stock=3)
    assert StockLevel.objects.get(variant=plenty).reserved == 6, "a refused order leaves nothing promised"


def test_variants_nobody_stocks_are_short(db):
    location, variant = LocationFactory(), VariantFactory()
    (short,) = reserve(claims=[Claim("line:1", variant.pk, location.pk, 2)], channel="web")
    assert (short.wanted, short.available) == (2, 0)
