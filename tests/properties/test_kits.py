"""Kits against the plainest reading: where each can be had, and what its parts cost."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.atp import sites, stocking, supply, totals
from inventory.models import Location, Reservation
from inventory.models.stock_level import Claim
from inventory.operations.reserve import reserve
from orders.kit_money import Part, shares, unit_prices
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.factories.kits import kit_of
from tests.factories.rules import active

CENT = Decimal("0.01")
worlds = st.tuples(
    # of three parts at three locations: on hand, safety stock, promised; or no shelf at all
    st.lists(st.one_of(st.none(), st.tuples(st.integers(-2, 9), st.integers(0, 2), st.integers(0, 4))), min_size=9,
             max_size=9),
    st.lists(st.dictionaries(st.integers(0, 2), st.integers(1, 4), min_size=1), min_size=1, max_size=3),
    st.one_of(st.none(), st.tuples(st.integers(0, 2), st.integers(0, 3))),
)  # fmt: skip


class Kits(TestCase):
    """Not pytest's functions, because hypothesis needs the database anew for each example."""

    @given(worlds)
    def test_a_kit_is_there_as_often_as_its_parts(self, world):
        shelves, recipes, rule = world
        places = [LocationFactory() for _ in range(3)]
        parts = [VariantFactory() for _ in range(3)]
        free: dict[tuple[int, int], int] = {}
        for n, shelf in enumerate(shelves):
            if shelf is not None:
                part, place = parts[n % 3], places[n // 3]
                stocked(place, shelf[0], variant=part, safety_stock=shelf[1])
                promised = min(shelf[2], max(0, shelf[0] - shelf[1]))
                if promised:
                    reserve(claims=[Claim(f"line:{n}", part.pk, place.pk, promised)], channel="web")
                floor = rule[1] if rule and rule[0] == n % 3 else shelf[1]
                free[part.pk, place.pk] = shelf[0] - promised - floor
        if rule:
            parts[rule[0]].product.category = "Ruled"
            parts[rule[0]].product.save()
            active(category="Ruled", units=rule[1])
        kits = [kit_of({parts[n]: units for n, units in recipe.items()}) for recipe in recipes]
        brute = {
            (kit.pk, place.pk): max(0, min(free.get((parts[n].pk, place.pk), 0) // u for n, u in recipe.items()))
            for kit, recipe in zip(kits, recipes, strict=True) for place in places
        }  # fmt: skip
        everywhere, ids = Location.objects.all(), [kit.pk for kit in kits]
        found = {
            (kit, site.location.pk): site.available.get(kit, 0)
            for site in sites(places=everywhere, variants=[*ids, parts[0].pk], channel="web", near=None) for kit in ids
        }  # fmt: skip
        self.assertEqual(found, brute)
        summed = totals(variants=ids, places=everywhere, channel="web")
        told = supply(variants=[*ids, parts[1].pk], places=everywhere, channel="web", near=None)
        for kit in ids:
            here = {place.pk: brute[kit, place.pk] for place in places if brute[kit, place.pk]}
            self.assertEqual(summed.get(kit, 0), sum(here.values()))
            rows = told[kit].shelves if kit in told else []
            self.assertEqual({site.location.pk: units for site, units in rows}, here)
            having = stocking(variants=[kit], places=everywhere, channel="web")
            self.assertEqual({place.pk for place in having}, set(here))
        self.assertEqual(Reservation.objects.filter(variant__in=ids).count(), 0)


prices = st.integers(0, 200_000).map(lambda cents: cents * CENT)
recipe = st.lists(st.tuples(st.integers(1, 7), st.one_of(st.just(Decimal(0)), prices)), min_size=1, max_size=6)


@given(total=prices, said=recipe)
def test_a_kits_price_is_shared_out_to_the_cent(total, said):
    parts = [Part(str(n), units, weight) for n, (units, weight) in enumerate(said)]
    found = unit_prices(total, parts, cent=CENT)
    assert sum(each.unit_price * each.units for each in found) == total
    assert all(each.unit_price >= 0 and each.unit_price % CENT == 0 for each in found)
    units: dict[str, int] = {}
    for each in found:
        units[each.key] = units.get(each.key, 0) + each.units
    assert units == {part.key: part.units for part in parts}


@given(values=st.lists(prices, min_size=1, max_size=7), part=st.floats(0, 1))
def test_a_discount_is_shared_out_and_never_more_than_a_line(values, part):
    amount = (sum(values) * Decimal(part)).quantize(CENT) if sum(values) else Decimal(0)
    amount = min(amount, sum(values))
    found = shares(amount, values, cent=CENT)
    assert sum(found) == amount
    assert all(0 <= each <= value for each, value in zip(found, values, strict=True))
