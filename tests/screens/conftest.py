"""Somebody at a store with a browser, with or without htmx, and work in its queue."""

from contextlib import nullcontext

import pytest
from django.test import Client
from django.utils import timezone
from zeal import zeal_context

from omni.core.actors import Actor
from orders.operations.claim import claim
from orders.operations.release import release_due
from tests.factories import LocationFactory, line, person, placed, stocked


class Browser(Client):
    """A browser for which a page that asks a query once per row fails the test; several acts in one POST may."""

    def request(self, **request):
        with zeal_context() if request["REQUEST_METHOD"] == "GET" else nullcontext():
            return super().request(**request)


@pytest.fixture
def store(db):
    return LocationFactory(name="Oak Street")


@pytest.fixture
def at(store):
    """Sign somebody in at a store: `at("lead")`, `at(user=ben)`, `at("associate", location=other)`."""

    def signed_in(role="associate", *, user=None, location=store, htmx=False) -> Browser:
        client = Browser(headers={"HX-Request": "true"} if htmx else None)
        client.user = user or person(role, at=location)
        client.force_login(client.user)
        session = client.session
        session["location_id"] = str(location.pk)
        session.save()
        return client

    return signed_in


@pytest.fixture
def ana(at):
    """An associate whose browser runs no script."""
    return at("associate")


@pytest.fixture
def released(store):
    """Place an order of so many units at the store, in its queue already; gives its work."""

    def make(quantity=1, *, variant=None, location=store, ship=False, **more):
        variant = variant or stocked(location, quantity)
        order = placed(line(variant, quantity, at=None if ship else location), **more)
        order.fulfillment_orders.update(release_at=timezone.now())
        release_due(now=timezone.now())
        work = order.fulfillment_orders.get()
        work.variant = variant
        return work

    return make


@pytest.fixture
def claimed(store):
    """Let somebody claim work; gives their pick list."""

    def make(*works, by, location=store):
        return claim(location=location, numbers=[work.number for work in works], by=Actor.of(by), now=timezone.now())

    return make
