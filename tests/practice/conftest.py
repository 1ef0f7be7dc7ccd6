"""Somebody who practices, with the real shop around them."""

import pytest
from django.utils import timezone

from omni.core import practice, practice_tables
from omni.core.models import PracticeStore
from tests.factories import LocationFactory, person
from tests.screens.conftest import Browser


@pytest.fixture(autouse=True)
def nothing_was_practiced(db):
    """Rows of practice outlive a test that commits: emptying the shop's tables does not reach them."""
    practice_tables.empty()


@pytest.fixture
def store(db):
    return LocationFactory(name="Oak Street")


@pytest.fixture
def apprentice(store):
    """An associate in their practice store."""
    return practicing(person("associate", at=store), store)


def practicing(user, store, *, htmx=False) -> Browser:
    client = Browser(headers={"HX-Request": "true"} if htmx else None)
    client.user = user
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(store.pk)
    session.save()
    assert client.post("/practice/open/")["Location"] == "/today/"
    return client


def location_of(client: Browser) -> int:
    return PracticeStore.objects.get(user=client.user).location_id


def world_of(client: Browser):
    """The practice world, as this person is in it."""
    return practice.inside(location_of(client))


def now():
    return timezone.now()
