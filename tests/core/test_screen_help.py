"""Each screen says in one sentence what it is for."""

import pytest
from django.urls import reverse

from tests.factories import LocationFactory, person


@pytest.fixture
def client_at_store(client, db):
    store = LocationFactory()
    client.force_login(person("manager", at=store), "django.contrib.auth.backends.ModelBackend")
    client.post(reverse("inventory:choose_store"), {"store": store.pk})
    return client


def test_a_screen_says_what_it_is_for(client_at_store):
    page = client_at_store.get(reverse("orders:queue")).content.decode()
    assert "Orders to pick, the most urgent first" in page


def test_a_page_that_nobody_explained_says_nothing(client_at_store):
    assert "screen-help" not in client_at_store.get("/nothing/here/").content.decode()
