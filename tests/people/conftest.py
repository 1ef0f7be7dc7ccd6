"""People at a store with PINs of their own."""

import pytest
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.operations.set_pin import keep_pin
from tests.factories import GroupFactory, LocationFactory, person

PIN = "482915"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def store(db):
    return LocationFactory(name="Oak Street", group=GroupFactory(name="North"))


@pytest.fixture
def with_pin(now):
    """Somebody with a role and a PIN: `with_pin("lead", at=store)`."""

    def make(role="associate", *, pin=PIN, at=None, **more):
        user = person(role, at=at, **more)
        keep_pin(user=user, pin=pin, by=Actor.of(user), now=now)
        return user

    return make
