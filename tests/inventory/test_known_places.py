"""What a process knows of the chain's locations is what the database says, also right after it was changed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.atp import open_for_work, shelves, shelves_everywhere, sites, supply
from inventory.known_places import known_places, known_sites, known_supply, seen_among, units_by_place
from inventory.models import AvailabilityRule, Closure, KitComponent, Location, LocationGroup
from tests.factories import LocationFactory, VariantFactory, stocked

pytestmark = pytest.mark.django_db
HERE = (44.98, -93.27)


@pytest.fixture
def chain():
    """Near and far, nowhere, paused, closed down, not shipping, with safety stock, with nothing; two items."""
    now = timezone.now()
    mug, bowl = VariantFactory(), VariantFactory()
    fields = [
        {}, {"latitude": 45.5}, {"latitude": 45.5}, {"latitude": None, "longitude": None}, {"latitude": 41.0},
        {"paused_until": now + timedelta(hours=1)}, {"paused_until": now - timedelta(hours=1), "latitude": 47.1},
        {"is_active": False}, {"can_ship": False}, {"is_practice": True}, {"kind": "dc", "longitude": -120.0},
    ]  # fmt: skip
    for n, each in enumerate(fields):
        place = LocationFactory(**each)
        if n != 4:
            stocked(place, 1 + n % 3, variant=mug, safety_stock=n % 2)
        if n % 2:
            stocked(place, 3, variant=bowl)
    return [mug.pk, bowl.pk]


def by_process(variants, *, near, count):
    known, now = known_places(), timezone.now()
    stock = shelves(variants=variants, places=known.ids.tolist(), channel="web")
    return known_sites(known, units_by_place(stock), among=known.ships(now), far=known.distances(near), count=count)


@pytest.mark.parametrize("near", [HERE, None])
@pytest.mark.parametrize("count", [3, 6, None])
def test_it_finds_what_the_database_finds(chain, near, count):
    shippers = open_for_work(Location.objects.filter(can_ship=True), timezone.now())
    asked = sites(places=Location.objects.none(), variants=chain, channel="web", near=near, nearest_of=shippers,
                  count=count)  # fmt: skip
    found = by_process(chain, near=near, count=count)
    assert [(each.location, each.available) for each in found] == [(each.location, each.available) for each in asked]
    assert [each.distance_km for each in found] == [
        None if each.distance_km is None else pytest.approx(each.distance_km, abs=1e-6) for each in asked
    ]
    assert found


RULES = {
    "none": {},
    "units": {"units": 1},
    "a share": {"effect": "percent", "percent": 50},
    "excluded in one group": {"effect": "exclude", "group": True},
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("method", ["pickup", "ship", None])
def test_the_supply_of_the_whole_chain_is_what_the_database_says(chain, rule, method):
    north = LocationGroup.objects.create(name="North", code="north")
    Location.objects.filter(latitude__gt=45).update(group=north)
    if rule != "none":
        fields = RULES[rule] | ({"group": north} if "group" in RULES[rule] else {})
        AvailabilityRule.objects.create(name=rule, status="active", **fields)
    kit = VariantFactory()
    for component in chain:
        KitComponent.objects.create(kit=kit, component_id=component, quantity=1)
    asked, now = [*chain, kit.pk], timezone.now()
    places = open_for_work(Location.objects.filter(**({f"can_{'pick_up' if method == 'pickup' else 'ship'}": True}
                                                       if method else {})), now)  # fmt: skip
    known, stock = known_places(), shelves_everywhere(variants=asked, channel="web")
    for near, quantity, limit in ((HERE, 1, 20), (None, 1, 20), (HERE, 2, 3), (None, 0, 2)):
        told = known_supply(known, stock, among=known.works(now, method), near=near, quantity=quantity, limit=limit)
        wanted = supply(variants=asked, places=places, channel="web", near=near, quantity=quantity, limit=limit)
        wanted = {variant: each for variant, each in wanted.items() if each.total}
        assert {variant: each.total for variant, each in told.items()} == {
            variant: each.total for variant, each in wanted.items()
        }
        assert told or rule == "a share"
        for variant, each in wanted.items():
            listed = [(site.location.pk, units) for site, units in told[variant].shelves]
            assert listed == [(site.location.pk, units) for site, units in each.shelves]
            assert [site.distance_km for site, _units in told[variant].shelves] == [
                None if site.distance_km is None else pytest.approx(site.distance_km, abs=1e-6)
                for site, _units in each.shelves
            ]


def test_a_key_sees_the_supply_of_its_groups_and_locations_alone(chain):
    region = LocationGroup.objects.create(name="Region", code="region")
    district = LocationGroup.objects.create(name="District", code="district", parent=region)
    known = known_places()
    inside = Location.objects.get(pk=known.ids[1])
    inside.group = district
    inside.save()
    named = int(known.ids[0])
    known = known_places()
    scope = frozenset({f"group:{region.pk}", f"location:{named}"})
    assert known.ids[known.within(scope)].tolist() == sorted([named, inside.pk])
    assert known.within(None).all()
    assert not known.within(frozenset({"location:0"})).any()


def test_it_asks_one_statement_until_something_changes_and_then_knows_it(chain):
    place = Location.objects.get(pk=known_places().ids[0])
    with CaptureQueriesContext(connection) as asked:
        known_places()
    assert len(asked) == 1

    def now_of():
        return next(each for each in known_places().places if each.pk == place.pk)

    Location.objects.filter(pk=place.pk).update(name="Renamed")
    assert now_of().name == "Renamed"
    Location.objects.filter(pk=place.pk).update(paused_until=timezone.now() + timedelta(hours=1))
    assert not known_places().ships(timezone.now())[0]
    day = timezone.now().date() + timedelta(days=1)  # not over, whatever o'clock it is
    closure = Closure.objects.create(location=place, starts_on=day, ends_on=day, reason="snow", batch=uuid4())
    assert len(now_of().closure_rows) == 1
    assert now_of().schedule is now_of().schedule
    assert now_of().schedule.spans(day) == []
    Closure.objects.filter(pk=closure.pk).update(lifted_at=timezone.now())
    assert now_of().closure_rows == []
    assert now_of().schedule.spans(day) == Location.objects.get(pk=place.pk).schedule.spans(day) != []
    LocationFactory(name="New")
    assert "New" in {each.name for each in known_places().places}


def test_only_those_that_may_be_seen(chain):
    known = known_places()
    assert seen_among(known, None).all()
    assert known.ids[seen_among(known, [int(known.ids[1])])].tolist() == [known.ids[1]]
