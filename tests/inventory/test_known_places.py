"""What a process knows of the chain's locations is what the database says, also right after it was changed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.atp import open_for_work, shelves, sites
from inventory.known_places import known_places, known_sites, seen_among
from inventory.models import Closure, Location
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
    return known_sites(known, stock, among=known.ships(now), near=near, count=count)


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
    day = timezone.now().date()
    closure = Closure.objects.create(location=place, starts_on=day, ends_on=day, reason="snow", batch=uuid4())
    assert len(now_of().closure_rows) == 1
    Closure.objects.filter(pk=closure.pk).update(lifted_at=timezone.now())
    assert now_of().closure_rows == []
    LocationFactory(name="New")
    assert "New" in {each.name for each in known_places().places}


def test_only_those_that_may_be_seen(chain):
    known = known_places()
    assert seen_among(known, None).all()
    assert known.ids[seen_among(known, [int(known.ids[1])])].tolist() == [known.ids[1]]
