"""A rule that comes between an order's plan and its promise; and what happens where the promise does not ask."""

from collections import Counter
from threading import Event, Thread

import pytest
from django.db import connections

from inventory.models import AvailabilityRule, Reservation, stock_level
from inventory.models.kept_back import won
from inventory.operations.activate_rule import activate_rule
from omni.core.refusals import Refusal
from orders.models import Order
from orders.operations import place as placing
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.rules import BY, draft
from tests.shop import audit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def interrupted(monkeypatch):
    """Between the plan of an order and its promise somebody at HQ activates this rule."""

    def between(rule: AvailabilityRule) -> None:
        plan, done = placing.plan_lines, []

        def activate() -> None:
            try:
                activate_rule(rule_id=rule.pk, version=1, reason="now", by=BY)
                done.append(True)
            finally:
                connections.close_all()

        def planned(**how):
            found = plan(**how)
            if not done:
                thread = Thread(target=activate)
                thread.start()
                thread.join(timeout=20)
                assert done
            return found

        monkeypatch.setattr(placing, "plan_lines", planned)

    return between


@pytest.mark.parametrize("said", [{"units": 4}, {"percent": 80}, {"effect": "exclude", "channels": ["web"]}])
def test_a_rule_activated_after_the_plan_holds_for_the_promise(interrupted, said):
    store = LocationFactory()
    variant = stocked(store, 5)
    interrupted(draft(**said))
    with pytest.raises(Refusal) as refused:
        placed(line(variant, 2, at=store))
    assert refused.value.code == "insufficient_stock"
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert audit() == {}


def test_where_the_promise_does_not_ask_the_rule_is_passed_by(interrupted, monkeypatch):
    """The negative control: the same moment, with a statement that knows no rule."""
    nothing = won(name="rules", which="status = 'active'", channel="%(channel)s", items="SELECT 1")
    assert nothing != stock_level.CLAIM
    blind = stock_level.CLAIM.replace("status = 'active'", "false")
    monkeypatch.setattr(stock_level, "CLAIM", blind)
    store = LocationFactory()
    variant = stocked(store, 5)
    interrupted(draft(units=4))
    placed(line(variant, 2, at=store))
    assert Reservation.objects.get().quantity == 2


def test_orders_that_begin_after_the_activation_leave_what_is_kept_back(race):
    store = LocationFactory()
    variant = stocked(store, 12)
    rule, holds = draft(units=5), Event()

    def act(n: int) -> str:
        if n == 0:
            activate_rule(rule_id=rule.pk, version=1, reason="now", by=BY)
            holds.set()
            return "activated"
        for turn in range(4):
            after = holds.is_set()
            try:
                placed(line(variant, 1, at=store), channel_reference=f"{n}-{turn}")
            except Refusal:
                continue
            assert not after or sum(Reservation.objects.values_list("quantity", flat=True)) <= 12
        return "tried"

    assert race(5, act) == Counter(activated=1, tried=4)
    left = 12 - sum(Reservation.objects.values_list("quantity", flat=True))
    assert left >= 0
    with pytest.raises(Refusal):
        placed(line(variant, max(1, left - 4), at=store), channel_reference="late")
    assert audit() == {}


def test_of_two_people_who_activate_at_once_one_does(race):
    rule = draft()

    def act(n: int) -> str:
        activate_rule(rule_id=rule.pk, version=1, reason=f"person {n}", by=BY)
        return "activated"

    assert race(4, act) == Counter(activated=1, illegal_move=3)
