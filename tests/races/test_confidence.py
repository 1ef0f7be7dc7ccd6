"""A threshold that comes between an order's plan and its promise; and what happens where the promise does not ask."""

from threading import Thread

import pytest
from django.db import connections
from django.utils import timezone

from inventory.models import Reservation, ShelfSign, stock_level
from inventory.models.sure_enough import IS_ASKED
from omni.core.refusals import Refusal
from orders.models import Order
from orders.operations import place as placing
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.confidence import least, model_in_force
from tests.shop import audit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def doubtful():
    """A shelf that is found with 12 percent; and HQ decides on 50 between an order's plan and its promise."""
    store = LocationFactory()
    variant = stocked(store, 5)
    ShelfSign.objects.create(variant=variant, location=store, missed=1, missed_at=timezone.now())
    model_in_force(2.0, missed=-4.0)
    return variant, store


@pytest.fixture
def interrupted(monkeypatch):
    plan, done = placing.plan_lines, []

    def decide() -> None:
        try:
            least("web", 50)
            done.append(True)
        finally:
            connections.close_all()

    def planned(**how):
        found = plan(**how)
        if not done:
            thread = Thread(target=decide)
            thread.start()
            thread.join(timeout=20)
            assert done
        return found

    monkeypatch.setattr(placing, "plan_lines", planned)


def test_a_threshold_set_after_the_plan_holds_for_the_promise(doubtful, interrupted):
    variant, store = doubtful
    with pytest.raises(Refusal) as refused:
        placed(line(variant, 2, at=store))
    assert refused.value.code == "insufficient_stock"
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert audit() == {}


def test_where_the_promise_does_not_ask_the_threshold_is_passed_by(doubtful, interrupted, monkeypatch):
    """The negative control: the same moment, with a statement that never asks."""
    blind = stock_level.CLAIM.replace(IS_ASKED, "false")
    assert blind != stock_level.CLAIM
    monkeypatch.setattr(stock_level, "CLAIM", blind)
    variant, store = doubtful
    placed(line(variant, 2, at=store))
    assert Reservation.objects.get().quantity == 2
