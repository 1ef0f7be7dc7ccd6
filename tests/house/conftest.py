"""Each try is undone, so that the next one finds the world as it was made."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.db import transaction
from django.template.backends.django import Template

from tests.factories.counting import count_anew, count_on, counted
from tests.house.world import World, make_world


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[tuple[World, list[int]]]:
    """Made once for a file, which takes two seconds, and where its factories have counted to. The transaction that
    holds it stays open around those of the tests."""
    whole = transaction.atomic()
    with django_db_blocker.unblock():
        whole.__enter__()
        count_anew()
        made = make_world(), counted()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture
def world(world_of_module, db) -> World:
    """As it was made: what a test writes goes with its own transaction, what it changes is its own copy."""
    made, numbers = world_of_module
    count_on(numbers)
    return deepcopy(made)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def unwritten(monkeypatch):
    """Who may come in is decided before a page is written out; a walk over all doors as everybody leaves it out."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")
