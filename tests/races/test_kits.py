"""Orders of a kit against orders of its parts, all at once; and what a counter of kits would have done."""

from collections import Counter
from threading import Barrier

import pytest
from django.db.models import Sum

from orders.models import OrderLine
from orders.operations import assign
from tests.factories import LocationFactory, VariantFactory, line, placed, stocked
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
