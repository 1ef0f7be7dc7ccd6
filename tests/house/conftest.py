"""Each try is undone, so that the next one finds the world as it was made."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.template.backends.django import Template

from tests.house.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """Made anew for each test: one test walks a whole table."""
    return make_world()


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
