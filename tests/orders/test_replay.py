"""Past orders decided again: the same rules give the same decisions, others say what they would have cost."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import Location
from omni.core.refusals import Invalid, Refusal
from orders.models import RoutingDecision, RoutingReplay
from orders.operations import past_decisions
from orders.operations import replay as job
from orders.operations.ask_replay import ask_replay
from orders.operations.decline import decline
from orders.operations.draft_rule_set import edit_rule_set
from orders.operations.replay import go_on, replay_next
from orders.operations.routing_policy import costs_of
from orders.routing.decide import Given
from orders.routing.problem import Line, Place, Problem, Shelf, from_bytes
from orders.routing.replay import Bill, Past, Shelves
from orders.routing.rules import CHEAPEST, OrderFacts
from tests.factories import GroupFactory, LocationFactory, line, placed, stocked
from tests.factories.routing import BY, activated, rule_set

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def stores():
    """Near and far, each in its group; both have the item."""
    near = LocationFactory(name="Near", group=GroupFactory(code="near"))
    far = LocationFactory(name="Far", latitude=46.0, group=GroupFactory(code="far"))
    variant = stocked(near, 6)
    stocked(far, 6, variant=variant)
    return near, far, variant


def asked(rules, *, since=DAY) -> RoutingReplay:
    now = timezone.now()
    return ask_replay(rule_set_id=rules.pk, since=now - since, until=now, by=BY, now=now)


def replayed(rules) -> RoutingReplay:
    found = asked(rules)
    go_on(now=timezone.now())
    found.refresh_from_db()
    assert found.status == "done", found.failed_because
    return found


def without(place, **fields):
    return rule_set(filters=[{"kind": "except", "group_ids": [place.group_id]}], **fields)


def a_dozen_orders(near, far, variant):
    """Alone and together, split between shelves, a store that declines, more than there is."""
    other, third = stocked(near, 9), stocked(far, 9)
    orders = [placed(line(variant)), placed(line(other, 2)), placed(line(third, 2)), placed(line(variant), line(other))]
    orders += [placed(line(other), line(third)), placed(line(variant, 2), line(third), line(other))]
    decline(number=orders[0].fulfillment_orders.get().number, reason="no time", by=BY, now=timezone.now())
    orders += [placed(line(variant, 3)), placed(line(third)), placed(line(other)), placed(line(third), line(other, 2))]
    orders += [placed(line(variant, 5), on_shortage="accept"), placed(line(variant, 2), on_shortage="accept")]
    return orders


def test_the_rules_that_decided_give_every_decision_again_to_the_hundredth_of_a_cent(stores):
    live = activated(rule_set("Live"))
    assert len(a_dozen_orders(*stores)) == 12
    decisions = RoutingDecision.objects.all()
    assert set(decisions.values_list("kind", flat=True)) >= {"placement", "replan"}
    assert sum(each.unserved_quantity for each in decisions) > 0
    found = replayed(live)
    assert (found.total, found.done, found.orders) == (decisions.count(), decisions.count(), 12)
    assert (found.moved, found.different, found.left_out, found.rows.count()) == (0, 0, 0, 0)
    assert found.totals["before"] == found.totals["after"]
    assert found.totals["after"]["cost"] == sum(each.amount for each in decisions)
    assert found.totals["after"]["parcels"] == sum(each.shipments for each in decisions)
    assert found.totals["after"]["unserved"] == sum(each.unserved_quantity for each in decisions)
    assert found.totals["after"]["postage"] > 0 < found.totals["after"]["labor"]


def test_a_decision_says_how_many_units_come_from_where(stores):
    near, far, variant = stores
    order = placed(line(variant, 7))
    given = {place: units for _position, place, units in order.routing_decisions.get().explanation["given"]}
    promised = order.fulfillment_orders.values_list("location", "lines__quantity")
    assert given == dict(promised)
    assert set(given) == {near.pk, far.pk}


def test_a_draft_without_a_store_moves_its_orders_and_says_the_dollars(stores):
    near, far, variant = stores
    order = placed(line(variant, 2))
    kept = order.routing_decisions.get()
    found = replayed(without(near))
    row = found.rows.get()
    assert (row.decision, row.places_before, row.places_after) == (kept, [near.pk], [far.pk])
    assert row.amount_before == kept.amount
    dearer = row.amount_after - row.amount_before
    assert dearer == kept.explanation["others"][0][0] > 0
    assert found.totals["after"]["cost"] - found.totals["before"]["cost"] == dearer
    assert (found.moved, found.different) == (1, 1)


def test_what_the_replay_took_is_missing_later_and_what_it_left_is_there(stores):
    _near, far, variant = stores
    third = LocationFactory(name="Third", latitude=47.5)
    stocked(third, 6, variant=variant)
    for _ in range(3):
        placed(line(variant, 3))
    before = list(RoutingDecision.objects.order_by("pk").values_list("explanation__given", flat=True))
    assert [each[0][1] for each in before] == [_near.pk, _near.pk, far.pk]
    found = replayed(without(_near))
    after = {row.decision_id: row.places_after for row in found.rows.all()}
    assert list(after.values()) == [[far.pk], [far.pk], [third.pk]]


def test_units_that_the_replay_never_takes_lie_on_their_shelf_for_others():
    shelves, past = Shelves(), _past(order=1, place=5)
    shelves.take(past, [Given(0, 6, 2)])
    seen = shelves.seen_by(_past(order=2, place=5)).places
    assert [place.shelves[1].units for place in seen] == [6, 2]
    assert Shelves.of(shelves.plain) == shelves
    again = _past(order=1, place=6, is_anew=True)
    assert [place.shelves[1].units for place in shelves.seen_by(again).places] == [4, 4]
    assert shelves == Shelves()


def _past(*, order: int, place: int, is_anew: bool = False) -> Past:
    places = [Place(pk, "store", 10.0, None, {1: Shelf(4, 0.5)}) for pk in (5, 6)]
    problem = Problem(OrderFacts(), [Line(0, 1, 2)], places)
    return Past(order, problem, (Given(0, place, 2),), Bill(), CHEAPEST, costs_of((0, 0)), is_anew)


def test_rules_decide_only_about_orders_that_meet_their_conditions(stores):
    near, _far, variant = stores
    placed(line(variant, 2))
    assert replayed(without(near, channels=["pos"])).different == 0
    assert replayed(without(near, minimum_amount=10_000)).different == 0
    assert replayed(without(near, services=["two_day"])).different == 0
    assert replayed(without(near, tags=["vip"])).different == 0


def test_what_was_not_kept_is_not_asked(stores):
    near, _far, variant = stores
    placed(line(variant))
    assert replayed(rule_set(filters=[{"kind": "counted", "number": 5}, {"kind": "daily", "number": 1}])).different == 0
    activated(
        rule_set(filters=[{"kind": "daily", "number": 50}], prices=[{"amount": "0.01", "group_ids": [near.group_id]}])
    )
    placed(line(variant))
    both = without(near)
    assert replayed(both).moved == 2


def test_a_worker_that_was_killed_goes_on_behind_its_last_slice(stores):
    near, _far, variant = stores
    for _ in range(5):
        placed(line(variant))
    rules = without(near)
    whole = replayed(rules)
    found, now = asked(rules), timezone.now()
    assert replay_next(replay_id=found.pk, now=now, most=2)
    with patch.object(job, "_row", side_effect=SystemExit), pytest.raises(SystemExit), transaction.atomic():
        replay_next(replay_id=found.pk, now=now, most=2)
    found.refresh_from_db()
    assert (found.status, found.done, found.rows.count()) == ("running", 2, 2)
    go_on(now=now)
    found.refresh_from_db()
    assert (found.status, found.done, found.totals) == ("done", 5, whole.totals)
    told = [list(each.rows.order_by("pk").values_list("decision", "places_after", "amount_after"))
            for each in (whole, found)]  # fmt: skip
    assert told[0] == told[1]
    assert len(told[0]) == 5


def test_rows_are_capped_and_counted(stores):
    near, _far, variant = stores
    for _ in range(3):
        placed(line(variant))
    with patch.object(job, "MOST_KEPT", 2):
        found = replayed(without(near))
    assert (found.different, found.rows.count()) == (3, 2)


def test_a_draft_that_is_written_meanwhile_stops_its_replay(stores):
    near, _far, variant = stores
    placed(line(variant))
    rules = without(near)
    found = asked(rules)
    edit_rule_set(rule_set_id=rules.pk, fields={"priority": 7})
    go_on(now=timezone.now())
    found.refresh_from_db()
    assert (found.status, found.done) == ("failed", 0)
    assert "changed meanwhile" in found.failed_because


def test_a_replay_that_breaks_says_why_and_holds_no_other_up(stores):
    near, _far, variant = stores
    placed(line(variant))
    broken, fine = asked(without(near)), asked(rule_set())
    with patch.object(job, "draft_rules", side_effect=[ValueError("no such group"), job.draft_rules(fine.rule_set)]):
        go_on(now=timezone.now())
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.status, broken.failed_because) == ("failed", "ValueError: no such group")
    assert fine.status == "done"


def test_what_is_kept_in_another_form_is_left_out_and_counted(stores):
    near, _far, variant = stores
    placed(line(variant))
    with patch.object(past_decisions, "from_bytes", side_effect=ValueError("form 9")):
        found = replayed(without(near))
    assert (found.left_out, found.totals["before"]["cost"]) == (1, 0)


def test_moves_stay_as_they_were(stores):
    near, _far, variant = stores
    order = placed(line(variant))
    now = timezone.now()
    RoutingDecision.objects.create(order=order, kind="move", decided_at=now, engine="1", amount=7, shipments=1)
    found = replayed(without(near))
    assert (found.total, found.left_out, found.moved) == (1, 0, 1)


def test_asking_is_refused_without_orders_twice_at_once_and_for_no_time(stores):
    near, _far, variant = stores
    rules = without(near)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        asked(rules)
    assert refused.value.code == "nothing_decided"
    placed(line(variant))
    with pytest.raises(Invalid) as refused, transaction.atomic():
        asked(rules, since=timedelta(0))
    assert refused.value.code == "empty_period"
    found = asked(rules)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        asked(rules)
    assert refused.value.code == "replay_runs"
    with pytest.raises(IntegrityError, match="one_routingreplay_at_work"), transaction.atomic():
        RoutingReplay.objects.create(
            rule_set=rules, since=found.since, until=found.until, asked_at=found.until, total=1, orders=1
        )


def test_the_nearest_as_other_systems_have_it_is_seen_in_dollars(stores):
    near, _far, variant = stores
    dc = LocationFactory(name="Center", kind=Location.Kind.DC, latitude=45.3)
    stocked(dc, 9, variant=variant)
    for _ in range(3):
        placed(line(variant))
    kept = RoutingDecision.objects.order_by("pk").first()
    assert len(from_bytes(bytes(kept.inputs)).places) == 3
    found = replayed(rule_set(preset="nearest"))
    assert found.totals["after"]["cost"] >= found.totals["before"]["cost"]
    assert all(row.places_after == [near.pk] for row in found.rows.all())
