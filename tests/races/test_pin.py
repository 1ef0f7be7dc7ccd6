"""However many guess at once: five tries."""

from collections import Counter

import pytest
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.models import Pin
from omni.core.operations.check_pin import check_pin
from omni.core.operations.set_pin import keep_pin
from tests.factories import person

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana():
    ana = person()
    keep_pin(user=ana, pin="482915", by=Actor.of(ana), now=timezone.now())
    return ana


def test_parallel_guesses_get_five_tries_together(race, ana, monkeypatch):
    looked: list[str] = []
    fits = Pin.fits
    monkeypatch.setattr(Pin, "fits", lambda mine, pin: looked.append(pin) or fits(mine, pin))

    ends = race(12, lambda n: check_pin(username=ana.username, pin=f"90417{n:02}", now=timezone.now()) and None)

    assert ends == Counter(wrong_pin=4, pin_locked=8)
    assert len(looked) == 5


def test_without_counting_first_all_of_them_are_looked_at(race, ana, monkeypatch):
    """The twin that shows the damage: count only after looking, as one would by habit."""
    looked: list[str] = []
    fits = Pin.fits
    monkeypatch.setattr(Pin, "fits", lambda mine, pin: looked.append(pin) or fits(mine, pin))
    monkeypatch.setattr(Pin, "take_try", lambda mine, now: None)

    race(12, lambda n: check_pin(username=ana.username, pin=f"90417{n:02}", now=timezone.now()) and None)

    assert len(looked) == 12
