from datetime import UTC, datetime

import factory

from inventory.models import Location, LocationGroup

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LocationGroup

    code = factory.Sequence(lambda n: f"district-{n}")
    name = factory.Sequence(lambda n: f"District {n}")
    kind = LocationGroup.Kind.DISTRICT


def where_it_is_eleven() -> str:
    """A time zone in which it is between eleven and twelve: today's carrier has not left yet, whenever tests run."""
    ahead = 11 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"  # as POSIX counts: +5 is five hours behind


class LocationFactory(factory.django.DjangoModelFactory):
    """A store near Minneapolis that never closes, late in its morning, unless told otherwise."""

    class Meta:
        model = Location

    code = factory.Sequence(lambda n: f"{20000 + n}")  # beyond the four digits that tests write themselves
    name = factory.Sequence(lambda n: f"Store {n}")
    kind = Location.Kind.STORE
    latitude = factory.Sequence(lambda n: 44.97 + n % 50 / 100)
    longitude = -93.26
    timezone = factory.LazyFunction(where_it_is_eleven)
    weekly_hours = factory.LazyFunction(lambda: dict(ALL_DAY))
    preparation_minutes = 60
