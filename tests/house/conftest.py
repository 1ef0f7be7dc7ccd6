"""Each try is undone, so that the next one finds the world as it was made."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from zlib import crc32

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


IN = "in"
# The suite tries `some`, and `make campaign` everything.
some_or_all = pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.campaign)],
                                      ids=["some", "all"])  # fmt: skip


def some(door: str, tries: list[tuple]) -> list[tuple]:
    """Of the tries of one door, whose last word is what should happen: all that stay out, and of those that come in
    the first and another one, by turns of the doors. Coming in costs ten times what staying out does, for the page's
    work is done, and the same work for whoever comes in."""
    come_in = [each for each in tries if each[-1] == IN]
    others = come_in[1:]
    turn = crc32(door.encode()) % max(len(others), 1)
    return [each for each in tries if each[-1] != IN] + come_in[:1] + others[turn : turn + 1]


@pytest.fixture
def unwritten(monkeypatch):
    """Who may come in is decided before a page is written out; a walk over all doors as everybody leaves it out."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")
