"""Orders of a kit against orders of its parts, all at once; and what a counter of kits would have done."""

from collections import Counter
from threading import Barrier

import pytest
from django.db.models import Sum
from django.utils import timezone

from inventory.models import Location, Reservation, StockLevel
from inventory.operations import hold as holding
from inventory.operations.hold_cart import CartLine, hold_cart
from orders.models import OrderLine
from orders.operations import assign
from tests.factories import LocationFactory, VariantFactory, line, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.factories.kits import kit_of
from tests.shop import audit, level

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop():
    store = LocationFactory()
    parts = [VariantFactory(), VariantFactory()]
    for part, units in zip(parts, (4, 3), strict=True):
        stocked(store, units, variant=part)
    return store, *parts


def test_kits_and_their_parts_are_never_sold_twice(shop, race):
    store, tee, mug = shop
    kit = kit_of({tee: 2, mug: 1})

    def buy(n: int) -> str:
        placed(line((kit, tee, mug)[n % 3], 1, at=store))
        return ("kit", "tee", "mug")[n % 3]

    ends = race(9, buy)
    assert sum(ends.values()) == 9
    for part, in_kit in ((tee, 2), (mug, 1)):
        on_hand, reserved, shortfall = level(part, store)
        assert reserved == ends["kit"] * in_kit + ends["tee" if part == tee else "mug"] <= on_hand
        assert shortfall == 0
    for reference in OrderLine.objects.filter(kit__isnull=False).values_list("kit", flat=True):
        units = dict(OrderLine.objects.filter(kit=reference).values_list("variant", "allocated_quantity"))
        assert units == {tee.pk: 2, mug.pk: 1}, "a kit is promised whole or not at all"
    assert audit() == {}


def test_without_the_statement_that_promises_parts_are_sold_twice(shop, race, monkeypatch):
    """The negative control: who trusts the availability that was read a moment ago promises more than there is."""
    store, tee, mug = shop
    kit, planned = kit_of({tee: 2, mug: 1}), Barrier(3)

    def trusting(*, claims, channel):
        planned.wait(timeout=20)
        return []

    monkeypatch.setattr(assign, "reserve", trusting)
    assert race(3, lambda n: placed(line(kit, 1, at=store)) and "sold") == Counter(sold=3)
    assert OrderLine.objects.filter(variant=tee).aggregate(n=Sum("allocated_quantity"))["n"] == 6 > level(tee, store)[0]


def _hold(sku, store, owner="cart"):
    return hold_cart(
        lines=[CartLine(sku, 1, store.code)], places=Location.objects.all(), channel="web", expires_in=600, owner=owner,
        now=timezone.now(),
    )  # fmt: skip


def test_of_two_carts_one_gets_the_last_kit(shop, race):
    store, tee, mug = shop
    stocked(store, 1, variant=mug)
    kit = kit_of({tee: 2, mug: 1})
    assert race(2, lambda _n: _hold(kit.sku, store) and "held") == Counter(held=1, insufficient_stock=1)
    assert (level(tee, store)[1], level(mug, store)[1]) == (2, 1), "of the other one no part is kept either"
    assert audit() == {}


def test_carts_with_a_kit_and_carts_with_its_part_never_keep_more_than_there_is(shop, race):
    store, tee, mug = shop
    kit, other = kit_of({tee: 2, mug: 1}), kit_of({mug: 1, tee: 1})

    def keep(n: int) -> str:
        wanted = (kit, tee, other)[n % 3]
        _hold(wanted.sku, store)
        return ("kit", "tee", "other")[n % 3]

    ends = race(9, keep)
    assert sum(ends.values()) == 9
    assert not set(ends) - {"kit", "tee", "other", "insufficient_stock"}, "nobody waits for another in a circle"
    tees, mugs = level(tee, store), level(mug, store)
    assert tees == (4, ends["kit"] * 2 + ends["tee"] + ends["other"], 0)
    assert mugs == (3, ends["kit"] + ends["other"], 0)
    assert tees[1] == 4, "whoever was refused lacked something"
    assert audit() == {}


def test_a_cart_and_an_order_meet_at_the_last_part(shop, race):
    """The cart keeps the kit, or the order gets the mug: the kit's other parts are free where the order was faster."""
    store, tee, mug = shop
    placed(line(mug, 2, at=store))
    kit = kit_of({tee: 2, mug: 1})

    def act(n: int) -> str:
        if n:
            placed(line(mug, 1, at=store))
            return "ordered"
        _hold(kit.sku, store)
        return "held"

    ends = race(2, act)
    assert ends in (Counter(ordered=1, insufficient_stock=1), Counter(held=1, insufficient_stock=1))
    assert level(mug, store) == (3, 3, 0)
    assert level(tee, store)[1] == (2 if ends["held"] else 0)
    assert audit() == {}


def test_an_order_with_the_hold_and_others_without_it(shop, race):
    """Its units are free within its own transaction only: whoever comes at that moment finds nothing."""
    store, tee, mug = shop
    placed(line(mug, 2, at=store))
    kit = kit_of({tee: 2, mug: 1})
    hold = _hold(kit.sku, store)

    def act(n: int) -> str:
        more = {} if n else {"hold_id": str(hold.pk), "hold_owner": "cart"}
        placed(line(kit if n % 2 == 0 else mug, 1, at=store), **more)
        return "without" if n else "with"

    assert race(5, act) == Counter({"with": 1, "insufficient_stock": 4})
    assert (level(tee, store), level(mug, store)) == ((4, 2, 0), (3, 3, 0))
    assert audit() == {}


def test_without_the_statement_that_promises_carts_keep_a_kit_twice(shop, race, monkeypatch):
    """The negative control: who reads what there is and then writes promises keeps more than there is."""
    store, tee, mug = shop
    kit, read = kit_of({tee: 2, mug: 2}), Barrier(2)

    def trusting(*, claims, channel, expires_at=None):
        short = [each for each in claims if level_of(each) < each.quantity]
        read.wait(timeout=20)
        for each in claims if not short else ():
            Reservation.objects.create(
                demand_key=each.demand_key, variant_id=each.variant_id, location_id=each.location_id,
                quantity=each.quantity, expires_at=expires_at,
            )  # fmt: skip
        return []

    def level_of(each) -> int:
        shelf = StockLevel.objects.get(variant_id=each.variant_id, location_id=each.location_id)
        return shelf.on_hand - shelf.reserved

    monkeypatch.setattr(holding, "reserve", trusting)
    assert race(2, lambda _n: _hold(kit.sku, store) and "held") == Counter(held=2)
    assert Reservation.objects.filter(variant=mug).aggregate(n=Sum("quantity"))["n"] == 4 > level(mug, store)[0]


def test_the_last_kit_is_in_one_basket(shop, race):
    store, tee, mug = shop
    kit = kit_of({tee: 2, mug: 3})
    baskets = [basket_of(person("associate", at=store), store) for _ in range(4)]
    wanted = [kit, kit, kit, mug]
    ends = race(4, lambda n: add(baskets[n], wanted[n], key=f"press-{n}") and ("kit" if n < 3 else "mug"))
    assert ends in (Counter(kit=1, insufficient_stock=3), Counter(mug=1, insufficient_stock=3))
    assert (level(tee, store)[1], level(mug, store)[1]) == ((2, 3) if ends["kit"] else (0, 1))
    assert audit() == {}
