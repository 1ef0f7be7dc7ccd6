"""A customer, and people at a store who may look at them."""

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from tests.factories import LocationFactory, person


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def store(db):
    return LocationFactory(name="Oak Street")


@pytest.fixture
def ada(db):
    made = Customer.objects.create(name="Ada Byron", email="ada@example.org", phone="+16125550100", external_id="c-7")
    made.refresh_from_db()
    return made


@pytest.fixture
def at(store):
    """A browser of somebody at the store: `at("lead")`."""

    def signed_in(role="associate", location=store) -> Client:
        client = Client()
        client.user = person(role, at=location if role != "hq" else None)
        client.force_login(client.user)
        session = client.session
        session["location_id"] = str(store.pk)
        session.save()
        return client

    return signed_in


@pytest.fixture
def ana(at):
    return at()


@pytest.fixture
def opened(ada):
    """`opened(client)`: Ada's page is open there; gives its address."""

    def go(client, customer=ada, purpose="serve") -> str:
        client.post(f"/customers/{customer.uid}/open/", {"purpose": purpose})
        return f"/customers/{customer.uid}/"

    return go
