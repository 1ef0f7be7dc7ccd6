"""What splits and stores' stock cost: past orders at many settings of both prices, measured by one yardstick."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone

from inventory.models import Location, SalesRate
from omni.core.refusals import Refusal
from orders.models import RoutingDecision, RoutingFrontier
from orders.operations import ask_frontier as asking
from orders.operations import frontier as job
from orders.operations.ask_frontier import ask_frontier, take_setting
from orders.operations.draft_rule_set import edit_rule_set
from orders.operations.frontier import BEFORE, go_on, settings_of, sums_of, try_next
from orders.operations.past_decisions import past_of
from orders.routing.batch import UNIT
from orders.routing.explain import Kind
from orders.routing.frontier import Setting, as_said, frontier, tallies
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.routing import BY, activated, rule_set

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def chain():
    """A store near that has one of two items and sells it well; a center far away that has both."""
    near = LocationFactory(name="Near")
    far = LocationFactory(name="Far", kind=Location.Kind.DC, latitude=34.05, longitude=-118.24)
    shirt, mug = stocked(near, 6), stocked(far, 9)
    stocked(far, 9, variant=shirt)
    SalesRate.objects.create(variant=shirt, location=near, units=60, daily_rate=2, learned_at=timezone.now())
    return near, far, shirt, mug


def asked(rules) -> RoutingFrontier:
    now = timezone.now()
    return ask_frontier(rule_set_id=rules.pk, since=now - DAY, until=now, by=BY, now=now)


def refused(act) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        act()
    return refusal.value.code


def tried(rules) -> RoutingFrontier:
    found = asked(rules)
    go_on(now=timezone.now())
    found.refresh_from_db()
    assert found.status == "done", found.failed_because
    return found


def test_the_more_a_split_costs_the_fewer_there_are_and_the_more_the_rest_costs(chain):
    *_places, shirt, mug = chain
    placed(line(shirt), line(mug))
    past = past_of(RoutingDecision.objects.get())
    settings = [Setting(split, 0) for split in (0, 2 * UNIT, 50 * UNIT)]
    found = tallies(past.problem, past.rules, past.costs, settings)
    parcels, costs = [each.parcels for each in found], [each.cost for each in found]
    assert parcels == sorted(parcels, reverse=True)
    assert parcels[-1] == 1
    assert {each.units for each in found} == {2}
    full = tallies(past.problem, past.rules, past.costs, [Setting(split, 100) for split in (0, 50 * UNIT)])
    assert full[0].cost <= min(costs), "where a split is worth least and stock what it is, nothing is cheaper"


def test_the_more_stock_is_worth_the_less_of_it_leaves_the_stores(chain):
    _near, _far, shirt, _mug = chain
    placed(line(shirt, 2))
    past = past_of(RoutingDecision.objects.get())
    free, dear = tallies(past.problem, past.rules, past.costs, [Setting(0, 0), Setting(0, 1000)])
    assert (free.from_stores, dear.from_stores) == (2, 0)
    assert free.stock > 0, "whatever is chosen, units of stores count with what they are worth"
    assert dear.stock == 0


def test_the_yardstick_leaves_out_what_nobody_pays(chain):
    *_places, shirt, mug = chain
    live = activated(rule_set("Live", prices=[{"amount": Decimal("3"), "kinds": ["dc"]}], split_amount=Decimal("0.10")))
    placed(line(shirt), line(mug))
    decision = RoutingDecision.objects.get()
    past, told = past_of(decision), decision.explanation["items"]
    wishes = sum(amount for kind, name, _place, amount in told if kind == Kind.SPLIT or name == "rules")
    assert past.rules.key == (live.pk, 1)
    assert wishes > 0
    assert as_said(past.problem, past.rules, past.costs).cost == decision.amount - wishes


def test_the_frontier_has_what_nothing_beats():
    assert frontier([(2, 5), (1, 9), (2, 4), (3, 4), (4, 1), (1, 10)]) == [1, 2, 4]


def test_a_sample_of_a_period_is_tried_and_summed(chain):
    *_places, shirt, mug = chain
    for _n in range(3):
        placed(line(shirt), line(mug))
    draft = rule_set(split_amount=Decimal("3.33"), unit_value_percent=90)
    found = tried(draft)
    grid, named = sums_of(found)
    assert (found.orders, found.total, found.done, found.left_out) == (3, 3, 3, 0)
    assert 33_300 in found.splits
    assert 90 in found.percents
    assert len(grid) == len(settings_of(found)) == 36
    assert {each.orders for each in (*grid, *named.values())} == {3}
    assert {each.units for each in grid} == {6}
    decided = RoutingDecision.objects.all()
    assert named[BEFORE].parcels == sum(each.shipments for each in decided)
    assert named["nearest"].cost >= min(each.cost for each in grid)


def test_of_many_orders_as_many_as_there_is_time_for_evenly(chain, monkeypatch):
    monkeypatch.setattr(asking, "MOST_ORDERS", 3)
    shirt = chain[2]
    orders = [placed(line(shirt)).pk for _n in range(6)]
    found = asked(rule_set())
    assert (found.sample, found.orders) == ([orders[0], orders[2], orders[4]], 6)


def test_orders_that_the_rules_are_not_asked_about_are_left_out(chain):
    placed(line(chain[2]))
    found = tried(rule_set(channels=["pos"]))
    assert (found.left_out, sums_of(found)[1][BEFORE].orders) == (1, 0)


def test_a_worker_that_was_killed_goes_on_behind_its_last_slice(chain):
    for _n in range(3):
        placed(line(chain[2]))
    found = asked(rule_set())
    assert try_next(frontier_id=found.pk, now=timezone.now(), most=2)
    with patch.object(job, "tallies", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        try_next(frontier_id=found.pk, now=timezone.now())
    found.refresh_from_db()
    assert (found.status, found.done) == ("running", 2)
    go_on(now=timezone.now())
    found.refresh_from_db()
    assert (found.status, sums_of(found)[1][BEFORE].orders) == ("done", 3)


def test_what_breaks_says_why_and_an_edit_stops_it(chain):
    placed(line(chain[2]))
    broken, edited = asked(rule_set()), asked(rule_set())
    with patch.object(job, "tallies", side_effect=ValueError("a tariff without zones")):
        go_on(now=timezone.now())
        broken.refresh_from_db()
    assert (broken.status, broken.failed_because) == ("failed", "ValueError: a tariff without zones")
    edited = asked(rule_set())
    edit_rule_set(rule_set_id=edited.rule_set_id, fields={"priority": 7})
    go_on(now=timezone.now())
    edited.refresh_from_db()
    assert (edited.status, edited.failed_because) == ("failed", "The draft was changed meanwhile: ask again.")


def test_what_cannot_be_tried_is_refused(chain):
    draft = rule_set()
    assert refused(lambda: asked(draft)) == "nothing_decided"
    placed(line(chain[2]))
    assert refused(lambda: asked(rule_set(preset="nearest"))) == "not_by_cost"
    asked(draft)
    assert refused(lambda: asked(draft)) == "frontier_runs"


def test_a_setting_that_was_tried_is_written_into_the_draft(chain):
    placed(line(chain[2]))
    found = tried(rule_set())
    take_setting(frontier_id=found.pk, split=50_000, percent=80)
    draft = found.rule_set
    draft.refresh_from_db()
    found.refresh_from_db()
    assert (draft.split_amount, draft.unit_value_percent) == (5, 80)
    assert found.edits == draft.edits, "it is still about what the draft says"
    assert refused(lambda: take_setting(frontier_id=found.pk, split=1, percent=80)) == "not_tried"
    activated(draft)
    assert refused(lambda: take_setting(frontier_id=found.pk, split=0, percent=80)) == "holds_still"
