"""What a plan may look at is read once, and a store that is merely near is no store that was asked for."""

import pytest
from django.utils import timezone

from inventory.atp import sites
from inventory.models import Location
from omni.core.actors import Actor
from orders.models import Order
from orders.operations.place import place
from tests.factories import LocationFactory, line, order_request, stocked
from tests.refusing import refused

pytestmark = pytest.mark.django_db

HERE = (44.97, -93.26)


def test_a_pickup_at_a_store_of_others_is_refused_also_where_it_could_ship_the_rest():
    mine, theirs = LocationFactory(), LocationFactory()
    variant = stocked(theirs, 10)
    request = order_request(line(variant, at=theirs), line(variant))

    with refused("invalid_order") as caught:
        place(request=request, places=Location.objects.filter(pk=mine.pk), by=Actor.system("test"), now=timezone.now())

    assert [error["code"] for error in caught.value.errors] == ["unknown_location"]
    assert not Order.objects.exists()


def test_only_the_nearest_that_have_something_come_beside_those_that_were_named():
    named, empty, near, far, unknown = (
        LocationFactory(latitude=latitude, longitude=None if latitude is None else -93.26)
        for latitude in (45.5, 44.98, 44.99, 45.1, None)
    )
    variant = stocked(near, 5)
    for place_of_stock in (far, unknown):
        stocked(place_of_stock, 5, variant=variant)

    def found(count):
        return sites(
            places=Location.objects.filter(pk=named.pk), variants=[variant.pk], channel="web", near=HERE,
            nearest_of=Location.objects.exclude(pk=named.pk), count=count,
        )  # fmt: skip

    assert [site.location for site in found(2)] == [near, named]
    assert [site.location for site in found(None)] == [near, far, named, unknown]
    assert [site.is_named for site in found(2)] == [False, True]
    assert [site.available for site in found(2)] == [{variant.pk: 5}, {}]
    assert found(None)[-1].distance_km is None
    assert empty not in [site.location for site in found(None)]


def test_a_location_that_is_named_and_near_comes_once():
    both = LocationFactory(latitude=44.97, longitude=-93.26)
    variant = stocked(both, 5)

    (site,) = sites(
        places=Location.objects.all(),
        variants=[variant.pk],
        channel="web",
        near=HERE,
        nearest_of=Location.objects.all(),
        count=5,
    )

    assert (site.location, site.is_named, site.available) == (both, True, {variant.pk: 5})
    assert site.distance_km == pytest.approx(0, abs=0.001)
