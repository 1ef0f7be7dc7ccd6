"""Fixtures that every test may use."""

import pytest

from omni.core import settings_store


@pytest.fixture(autouse=True)
def settings_are_read_anew():
    """A decided setting of one test is not seen by the next."""
    settings_store.forget()
    yield
    settings_store.forget()
