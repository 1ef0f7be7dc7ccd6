"""Prices of what orders to come will need, in the life of an order: solved from past orders, counted by their weight,
kept with the decision; and whatever is wrong with them, there is a plan."""

import hashlib
from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from omni.core.models import Event, StateChange
from omni.core.refusals import Invalid, Refusal
from orders.models import Order, PriceSet
from orders.operations import solve_prices as solving
from orders.operations.batch_prices import asked
from orders.operations.known_prices import NO_PRICES, Kept, _read, digest_of, known_prices, unpacked
from orders.operations.past_decisions import past_of
from orders.operations.read_problem import read_problem
from orders.operations.retire_prices import retire_prices
from orders.operations.route_batch import route_batch
from orders.operations.routing_policy import costs_of, rules_of
from orders.operations.solve_prices import (
    ONE_SOLVER,
    forget_prices,
    solve_prices,
    solve_when_due,
    tried_again_at,
    watch_prices,
)
from orders.routing.batch import UNIT
from orders.routing.decide import decide
from orders.routing.explanation import explanation
from orders.routing.problem import from_bytes
from orders.routing.replay import Shelves, again
from orders.routing.rules import Objective
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.routing import activated, rule_set
from tests.shop import SITE, audit, now

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def two_stores():
    """Near and a little farther; both have the item."""
    near, far = LocationFactory(name="Near"), LocationFactory(name="Far", latitude=46.0)
    variant = stocked(near, 9)
    stocked(far, 9, variant=variant)
    return near, far, variant


def priced(shelves, *, slots=(), weight=1000, **more):
    """A price set of (variant, location, dollars)."""
    rows = sorted((variant.pk, place.pk, round(dollars * UNIT)) for variant, place, dollars in shelves)
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    room = np.array([(place.pk, round(dollars * UNIT)) for place, dollars in slots], np.int64).reshape(-1, 2).T
    packed = Kept(*columns, *room).to_bytes()
    told = {
        "solved_at": now() - HOUR, "good_until": now() + 8 * HOUR, "seed": 1, "futures": 6, "past_orders": 3,
        "expected_orders": 240, "prices": packed, "digest": digest_of(packed), "weight": weight,
        "forecast": {"hours": [10.0] * 24, "items": [], "lines": 1.0},
    }  # fmt: skip
    return PriceSet.objects.create(**told | more)


def sender(order):
    return order.fulfillment_orders.get().location


def test_a_unit_that_orders_to_come_will_need_stays_and_the_bill_does_not_know(two_stores):
    near, far, variant = two_stores
    free = placed(line(variant)).routing_decisions.get()
    known = priced([(variant, near, 40)])
    order = placed(line(variant))
    decision = order.routing_decisions.get()
    assert sender(order) == far, "the near one's units are worth forty dollars to others"
    assert (decision.price_set_id, decision.degraded_because) == (known.pk, "")
    assert sum(amount for *_words, amount in decision.explanation["items"]) == decision.amount
    assert free.amount <= decision.amount < free.amount + 20 * UNIT, "a real cost, without forty dollars in it"
    assert decision.explanation["priced"] == 0, "it takes nothing that has a price"
    assert (free.price_set_id, "priced" in free.explanation) == (0, False)
    assert audit() == {}


def test_room_has_a_price_as_units_have(two_stores):
    near, far, variant = two_stores
    priced([], slots=[(near, 40)])
    assert sender(placed(line(variant))) == far


def test_prices_count_by_their_weight(two_stores):
    near, _far, variant = two_stores
    priced([(variant, near, 40)], weight=0)
    order = placed(line(variant))
    assert sender(order) == near
    assert order.routing_decisions.get().price_set_id == 0
    priced([(variant, near, 40)], weight=1)
    order = placed(line(variant))
    assert sender(order) == near, "four cents"
    assert 0 < order.routing_decisions.get().explanation["priced"] <= 4 * UNIT // 100


def test_no_price_leaves_a_paid_order_without_a_plan(two_stores):
    near, far, variant = two_stores
    priced([(variant, near, 500_000), (variant, far, 500_000)], slots=[(near, 500_000), (far, 500_000)])
    order = placed(line(variant, 12))
    assert order.routing_decisions.get().unserved_quantity == 0
    assert not order.lines.filter(waiting_quantity__gt=0).exists()


def test_a_decision_at_prices_can_be_made_again_from_what_was_kept(two_stores):
    near, _far, variant = two_stores
    known = priced([(variant, near, 2)], weight=700)
    decision = placed(line(variant, 3)).routing_decisions.get()
    known.delete()
    rules = rules_of((decision.rule_set_id, decision.rule_set_version))
    costs = costs_of((decision.cost_parameters_id, decision.tariff_id))
    same = decide(from_bytes(bytes(decision.inputs)), rules, costs)
    assert same.amount == decision.amount
    assert explanation(rules.ladder[same.step].name, same) == decision.explanation
    past = past_of(decision)
    assert again(past, rules, Shelves()).bill == past.bill


@pytest.mark.parametrize("break_it", [
    lambda known: {"prices": b"nonsense"},
    lambda known: {"prices": bytes(known.prices)[:-4], "digest": hashlib.sha256(bytes(known.prices)[:-4]).hexdigest()},
    lambda known: {"prices": b"", "digest": digest_of(b"")},
])  # fmt: skip
def test_broken_prices_cost_no_order_its_plan_and_somebody_is_told(two_stores, break_it, caplog):
    near, _far, variant = two_stores
    known = priced([(variant, near, 40)])
    PriceSet.objects.update(**break_it(known))
    order = placed(line(variant))
    decision = order.routing_decisions.get()
    assert sender(order) == near
    assert decision.amount > 0
    assert f"Price set {known.pk} cannot be read" in decision.degraded_because
    assert "cannot be read" in caplog.text

    watch_prices(now=now())
    known.refresh_from_db()
    assert known.weight == 0
    assert "cannot be read" in known.broken_because
    assert Event.objects.filter(topic="orders.routing_prices_broken").count() == 1
    watch_prices(now=now())
    assert Event.objects.filter(topic="orders.routing_prices_broken").count() == 1, "once for each"
    assert placed(line(variant)).routing_decisions.get().degraded_because == known.broken_because
    run = route_batch(now=now())
    assert (run.status, run.prices_trouble) == ("done", known.broken_because), "its row says so"

    fresh = solve_when_due(now=now())
    assert fresh.pk > known.pk, "new ones are worked out at once"
    assert placed(line(variant)).routing_decisions.get().degraded_because == ""


def test_prices_that_cannot_be_worked_out_are_tried_later_and_later(two_stores, monkeypatch):
    near, far, variant = two_stores
    placed(line(variant))
    sound, at = priced([(variant, near, 40)]), now() + 4 * HOUR
    tries = []
    with monkeypatch.context() as breaking:
        breaking.setattr(solving, "solve", lambda *_what: tries.append(1) or 1 / 0)
        for n in range(120):
            assert solve_when_due(now=at + n * MINUTE) is None
    failed = list(PriceSet.objects.filter(is_failed=True).order_by("solved_at"))
    assert [(each.solved_at - at) // MINUTE for each in failed] == [0, 5, 15, 35, 75]
    assert len(tries) == 5
    assert "ZeroDivisionError: division by zero" in failed[0].broken_because
    assert Event.objects.filter(topic="orders.routing_prices_broken").count() == 5
    order = placed(line(variant))
    assert (sender(order), order.routing_decisions.get().price_set_id) == (far, sound.pk), "the last ones count"
    assert order.routing_decisions.get().degraded_because == ""

    fresh = solve_when_due(now=at + 155 * MINUTE)
    assert not fresh.is_failed
    assert not PriceSet.objects.failures(at + 156 * MINUTE).exists()


def test_the_wait_after_failures_ends_at_hqs_interval(settings_decided):
    settings_decided("orders.price_hours", 1)
    for n in range(12):
        priced([], solved_at=now() - n * MINUTE, is_failed=True, weight=0, broken_because="it could not")
    latest = PriceSet.objects.failures(now()).first()
    assert tried_again_at(now=now()) == latest.solved_at + HOUR


def test_what_hq_retires_decides_nothing_from_that_moment(two_stores):
    near, far, variant = two_stores
    older, known = priced([(variant, near, 30)], solved_at=now() - 2 * HOUR), priced([(variant, near, 40)])
    before = placed(line(variant))
    assert sender(before) == far
    with pytest.raises(Refusal, match="No decision is made by these prices"), transaction.atomic():
        retire_prices(price_set_id=older.pk, reason="old", by=SITE, now=now())
    with pytest.raises(Invalid, match="Say why"), transaction.atomic():
        retire_prices(price_set_id=known.pk, reason=" ", by=SITE, now=now())

    retire_prices(price_set_id=known.pk, reason="A storm is coming", by=SITE, now=now())

    order = placed(line(variant))
    decision = order.routing_decisions.get()
    assert (sender(order), decision.price_set_id, decision.degraded_because) == (near, 0, ""), "nor by an older one"
    assert before.routing_decisions.get().price_set_id == known.pk
    watch_prices(now=now())
    known.refresh_from_db()
    assert (known.weight, known.retired_because) == (0, "A storm is coming"), "nobody gives it weight again"
    told = StateChange.objects.about(known.subject).get()
    assert (told.from_status, told.to_status, told.actor, told.reason) == (
        "sound", "retired", SITE.label, "A storm is coming",
    )  # fmt: skip
    assert Event.objects.get(topic="orders.routing_prices_retired").payload["reason"] == "A storm is coming"
    assert solve_when_due(now=now()) is None, "new ones come when they are due"
    assert solve_when_due(now=now() + 4 * HOUR).pk > known.pk
    with pytest.raises(Refusal, match="No decision"), transaction.atomic():
        retire_prices(price_set_id=known.pk, reason="again", by=SITE, now=now())
    assert audit() == {}


def test_prices_that_are_too_old_count_no_more(two_stores):
    near, _far, variant = two_stores
    priced([(variant, near, 40)], good_until=now() - timedelta(seconds=1))
    order = placed(line(variant))
    assert sender(order) == near
    assert order.routing_decisions.get().degraded_because == ""


def test_the_minute_run_does_not_take_back_what_prices_gave(two_stores):
    near, far, variant = two_stores
    priced([(variant, near, 40)])
    order = placed(line(variant))
    route_batch(now=now())
    assert sender(order) == far
    PriceSet.objects.update(good_until=now() - timedelta(seconds=1))
    run = route_batch(now=now())
    assert (run.moved, sender(order)) == (1, near)
    decision = order.routing_decisions.get(kind="move")
    assert (decision.price_set_id, "priced" in decision.explanation) == (0, False)


def test_the_minute_run_moves_what_others_will_need_and_tells_what_that_costs(two_stores):
    near, far, variant = two_stores
    order = placed(line(variant, 2))
    known = priced([(variant, near, 500), (variant, far, 90)], slots=[(far, 3)], weight=500)
    run = route_batch(now=now())
    assert (run.moved, sender(order)) == (1, far)
    assert run.saved_amount < 0, "a real cost, for the sake of orders to come"
    decision = order.routing_decisions.get(kind="move")
    assert decision.price_set_id == known.pk
    worth = sum(amount for kind, *_words, amount in decision.explanation["items"] if kind == "unit_value")
    assert decision.explanation["priced"] == (180 * UNIT - worth) // 2 + 3 * UNIT // 2
    assert sum(amount for *_words, amount in decision.explanation["items"]) == decision.amount


def test_what_waits_is_worth_as_much_more_as_it_can_cost_more_at_prices_and_no_more(two_stores):
    """Else one price somewhere would tear up promises for whoever waits."""
    near, far, variant = two_stores
    other = stocked(near, 9)
    placed(line(variant, 2))
    placed(line(other))
    priced([(variant, near, 40), (variant, far, 30)], slots=[(near, 3)])

    problem = read_problem(now=now())
    seen = asked(problem, problem.prices)

    more = dict(zip((each.variant_id for each in problem.lines), seen.orders.lost - problem.orders.lost, strict=True))
    value = int(problem.net.unit_value.max())
    assert 2 * (40 * UNIT - value) + 3 * UNIT <= more[variant.pk] <= 2 * 40 * UNIT + 3 * UNIT
    assert more[other.pk] == 3 * UNIT


def test_they_are_solved_from_past_orders_alike_for_a_seed(two_stores):
    near, far, variant = two_stores
    assert solve_prices(now=now()) is None, "nothing was ordered yet"
    for _ in range(4):
        placed(line(variant, 2))
    at = now() + timedelta(minutes=1)
    one, same = solve_prices(now=at, seed=5), solve_prices(now=at, seed=5)
    assert one.digest == same.digest
    assert (one.past_orders, one.expected_orders) == (4, pytest.approx(4))
    kept = unpacked(bytes(one.prices), one.digest)
    assert set(zip(kept.variant.tolist(), kept.place.tolist(), strict=True)) <= {
        (variant.pk, near.pk), (variant.pk, far.pk)
    }  # fmt: skip
    assert (kept.price > 0).all()


def test_hq_says_how_often_they_are_solved(two_stores, settings_decided):
    *_places, variant = two_stores
    placed(line(variant))
    first = solve_when_due(now=now() + timedelta(minutes=1))
    assert solve_when_due(now=now() + 3 * HOUR) is None
    second = solve_when_due(now=now() + 5 * HOUR)
    assert second.pk > first.pk
    settings_decided("orders.price_hours", 0)
    assert solve_when_due(now=now() + 20 * HOUR) is None
    forget_prices(now=now() + timedelta(days=61))
    assert not PriceSet.objects.exists()


def test_a_day_unlike_its_forecast_takes_weight_from_its_prices(two_stores):
    *_places, variant = two_stores
    known = priced([], forecast={"hours": [1.0] * 24, "items": [[variant.pk, 1.0]], "lines": 1.0})
    for _ in range(12):
        placed(line(variant))
    watch_prices(now=now())
    known.refresh_from_db()
    assert known.came == 12
    assert 0.5 < known.drift < 1
    assert known.weight == round(1000 * (1 - known.drift))
    as_told = priced([], forecast={"hours": [12.0] * 24, "items": [[variant.pk, 1.0]], "lines": 1.0})
    watch_prices(now=now())
    as_told.refresh_from_db()
    assert (as_told.drift, as_told.weight) == (0, 1000)
    assert Order.objects.count() == 12


def test_prices_are_off_as_soon_as_hq_says_so(two_stores, settings_decided):
    near, far, variant = two_stores
    priced([(variant, near, 40)])
    assert sender(placed(line(variant))) == far
    settings_decided("orders.price_hours", 0)
    order = placed(line(variant))
    assert (sender(order), order.routing_decisions.get().price_set_id) == (near, 0)
    PriceSet.objects.update(broken_because="Price set 1 cannot be read")
    assert placed(line(variant)).routing_decisions.get().degraded_because == ""
    settings_decided("orders.price_hours", 4)
    assert placed(line(variant)).routing_decisions.get().degraded_because


@pytest.mark.parametrize("objective", [Objective.NEAREST, Objective.SEQUENTIAL])
def test_no_price_set_is_named_where_prices_moved_nothing(two_stores, objective):
    near, _far, variant = two_stores
    activated(rule_set(objective=objective))
    priced([(variant, near, 40)])
    order = placed(line(variant))
    decision = order.routing_decisions.get()
    assert (sender(order), decision.price_set_id, "priced" in decision.explanation) == (near, 0, False)


@pytest.mark.parametrize("forecast", [
    {}, [], {"hours": [1.0] * 3, "items": [], "lines": 1.0}, {"hours": ["x"] * 24, "items": [], "lines": 1.0},
    {"hours": [1.0] * 20 + [None] * 4, "items": [], "lines": 1.0},
])  # fmt: skip
def test_a_forecast_that_cannot_be_read_is_given_up_and_the_next_one_solved(two_stores, forecast):
    *_places, variant = two_stores
    placed(line(variant))
    older = priced([], forecast=forecast, measured_at=now(), solved_at=now() - 2 * HOUR)
    known = priced([], forecast=forecast)
    at = now() + timedelta(minutes=1)
    assert f"Price set {known.pk} cannot be read" in watch_prices(now=at).broken_because
    fresh = solve_when_due(now=at)
    assert fresh.pk > known.pk > older.pk
    assert fresh.expected_orders == pytest.approx(1)


def test_volume_follows_what_came_in_a_part_of_an_hour_and_nothing_that_was_given_up(two_stores, monkeypatch):
    *_places, variant = two_stores
    placed(line(variant))
    priced([], solved_at=now() - HOUR / 2, measured_at=now(), came=5)
    priced([], solved_at=now() - HOUR / 4, measured_at=now(), came=900, broken_because="it is", weight=0)
    seen = []
    monkeypatch.setattr("orders.operations.solve_prices.volume", lambda **said: seen.append(said) or 7.0)
    fresh = solve_prices(now=now() + timedelta(minutes=1))
    assert fresh.expected_orders == pytest.approx(7)
    assert [(said["came"], said["share"]) for said in seen] == [(5, pytest.approx(1 / 48, rel=0.01))]


def test_hours_are_counted_over_all_orders_however_few_are_drawn_from(two_stores, monkeypatch):
    *_places, variant = two_stores
    at = now() + timedelta(minutes=1)
    for n in range(8):
        order = placed(line(variant))
        Order.objects.filter(pk=order.pk).update(placed_at=at - timedelta(hours=6 * n + 0.5))
    monkeypatch.setattr("orders.operations.solve_prices.MOST_PAST", 2)
    fresh = solve_prices(now=at)
    assert fresh.expected_orders == pytest.approx(4), "eight in two days"
    assert fresh.forecast["hours"] == [float(n % 6 == 5) for n in range(24)]


def test_where_no_order_is_decided_by_cost_they_are_not_solved_again_before_they_are_due(two_stores):
    near, _far, variant = two_stores
    activated(rule_set(objective=Objective.NEAREST))
    placed(line(variant))
    at = now() + timedelta(minutes=1)
    empty = solve_when_due(now=at)
    assert (empty.past_orders, empty.shelves, empty.slots) == (0, 0, 0)
    assert solve_when_due(now=at + timedelta(minutes=1)) is None
    watch_prices(now=at + timedelta(minutes=1))
    empty.refresh_from_db()
    assert empty.broken_because == ""
    assert sender(placed(line(variant))) == near


def test_one_worker_solves_at_a_time(two_stores):
    *_places, variant = two_stores
    placed(line(variant))
    at, other = now() + timedelta(minutes=1), connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_SOLVER])
        assert solve_when_due(now=at) is None
    finally:
        other.close()
    assert solve_when_due(now=at) is not None


def test_the_newest_set_comes_without_its_large_parts():
    priced([])
    with CaptureQueriesContext(connection) as seen:
        PriceSet.objects.newest(now())
    assert '"prices"' not in seen[0]["sql"]
    assert '"forecast"' not in seen[0]["sql"]


def test_one_set_is_known_at_a_time_and_looked_up_by_halving(two_stores):
    near, far, variant = two_stores
    for dollars in (3, 4):
        found = priced([(variant, far, 2), (variant, near, dollars)], slots=[(far, 1)])
        known = known_prices((found.pk, 1000, found.digest, ""))
        assert known.shelves.get((variant.pk, near.pk)) == dollars * UNIT
        assert known.shelves.get((variant.pk, far.pk)) == 2 * UNIT
        assert [known.shelves.get(key, 5) for key in ((variant.pk + 1, near.pk), (0, 0))] == [5, 5]
        assert (known.slots.get(far.pk), known.slots.get(near.pk)) == (UNIT, 0)
    assert _read.cache_info().currsize == 1
    assert NO_PRICES.shelves.get((1, 1)) == NO_PRICES.slots.get(1) == 0


def test_a_weight_beyond_the_whole_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        priced([], weight=1001)
