import factory

from inventory.models import Location, LocationGroup

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LocationGroup

    code = factory.Sequence(lambda n: f"district-{n}")
    name = factory.Sequence(lambda n: f"District {n}")
    kind = LocationGroup.Kind.DISTRICT


class LocationFactory(factory.django.DjangoModelFactory):
    """A store in Minneapolis that never closes, unless told otherwise."""

    class Meta:
        model = Location

    code = factory.Sequence(lambda n: f"{20000 + n}")  # beyond the four digits that tests write themselves
    name = factory.Sequence(lambda n: f"Store {n}")
    kind = Location.Kind.STORE
    latitude = factory.Sequence(lambda n: 44.97 + n % 50 / 100)
    longitude = -93.26
    timezone = "America/Chicago"
    weekly_hours = factory.LazyFunction(lambda: dict(ALL_DAY))
    preparation_minutes = 60
