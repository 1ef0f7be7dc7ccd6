"""What HQ's tests share: people who are signed in, and an order on its way in two stores."""

import pytest
from django.contrib import admin
from django.test import Client

from omni.core.hq.base import HqAdmin
from tests.factories import GroupFactory, LocationFactory, line, person, placed, stocked


@pytest.fixture
def pages() -> dict[str, HqAdmin]:
    """HQ's pages by the label of their model."""
    return {page.opts.label_lower: page for page in admin.site._registry.values()}


@pytest.fixture
def store(db):
    return LocationFactory(name="Oak Street", code="1001", group=GroupFactory(code="north", name="North"))


@pytest.fixture
def other_store(db):
    return LocationFactory(name="Elm Street", code="2002", group=GroupFactory(code="south", name="South"))


@pytest.fixture
def order(store):
    """Two units of one thing, to be picked up at Oak Street, which has five."""
    return placed(line(stocked(store, 5), 2, at=store))


@pytest.fixture
def other_order(other_store):
    return placed(line(stocked(other_store, 5), 1, at=other_store))


@pytest.fixture
def hq(db) -> Client:
    return signed_in(person("hq"))


@pytest.fixture
def manager(store) -> Client:
    return signed_in(person("manager", at=store))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    client.user = user
    return client
