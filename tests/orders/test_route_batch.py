"""All unreleased parcels are decided about together, again and again: what saves money moves, what changed stays."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import LocationDay
from omni.core.models import Event
from omni.core.refusals import Refusal
from orders.models import Exclusion, OrderLine, RoutingRun
from orders.operations import certify, commit_moves, read_problem
from orders.operations import route_batch as routing
from orders.operations.cancel import cancel
from orders.operations.decline import decline
from orders.operations.resolve_exception import resolve_exception
from orders.operations.route_alone import route_alone
from orders.operations.route_batch import forget_runs, route_batch
from orders.routing.batch import UNIT
from orders.routing_words import Names, money, yielded_words
from orders.timeline import timeline
from tests.factories import GroupFactory, LocationFactory, VariantFactory, line, placed, stocked
from tests.factories.kits import kit_of
from tests.factories.routing import activated, rule_set
from tests.factories.rules import active
from tests.shop import SITE, audit, now

pytestmark = pytest.mark.django_db
TO_CHICAGO = {"shipping_address": {"name": "Ada", "line1": "1 Main St", "line2": "", "city": "Chicago", "region": "IL",
                                   "postal_code": "60601", "country": "US"}}  # fmt: skip


@pytest.fixture
def minneapolis():
    return LocationFactory(name="Minneapolis", latitude=44.98, longitude=-93.27)


@pytest.fixture
def chicago():
    return LocationFactory(name="Chicago", latitude=41.88, longitude=-87.63)


@pytest.fixture
def denver():
    return LocationFactory(name="Denver", latitude=39.74, longitude=-104.99)


def at(order):
    works = order.fulfillment_orders.filter(status="planned").order_by("pk")
    return [work.location.name for work in works.select_related("location")]


def test_nothing_to_decide_leaves_no_run(minneapolis):
    assert route_batch(now=now()) is None
    assert not RoutingRun.objects.exists()


def test_a_parcel_moves_to_where_it_is_cheaper(minneapolis, chicago):
    mug = stocked(chicago, 5)
    order = placed(line(mug, 2))
    stocked(minneapolis, 5, variant=mug)

    run = route_batch(now=now())

    assert at(order) == ["Minneapolis"]
    assert (run.status, run.orders, run.lines, run.moved, run.conflicts) == ("done", 1, 1, 1, 0)
    assert run.saved_amount > Decimal("0.25")
    told = Event.objects.get(topic="orders.moved").payload
    assert Decimal(told["saving"]) == round(run.saved_amount, 2)
    assert audit() == {}
    assert route_batch(now=now()).moved == 0


def test_a_run_says_how_far_from_the_best_it_is_but_not_every_run(minneapolis, chicago):
    mug = stocked(chicago, 5)
    placed(line(mug, 2))
    stocked(minneapolis, 5, variant=mug)
    first, soon, later = route_batch(now=now()), route_batch(now=now()), route_batch(now=now() + timedelta(minutes=11))
    assert first.gap == pytest.approx(0, abs=0.01), "one order alone is planned exactly"
    assert soon.gap is None, "one was certified a moment ago"
    assert later.gap is not None


def test_more_orders_than_there_is_time_for_come_without_a_certificate(minneapolis, monkeypatch):
    monkeypatch.setattr(certify, "MOST_WORK", certify.FEWEST_STEPS - 1)
    placed(line(stocked(minneapolis, 5)))
    run = route_batch(now=now())
    assert (run.status, run.gap) == ("done", None)


def test_where_it_lies_best_it_stays(minneapolis, chicago):
    mug = stocked(minneapolis, 5)
    stocked(chicago, 5, variant=mug)
    order = placed(line(mug))
    assert route_batch(now=now()).moved == 0
    assert at(order) == ["Minneapolis"]


def test_a_move_that_saves_too_little_is_not_made(minneapolis, chicago, settings_decided):
    settings_decided("orders.routing_least_cents", 100_000)
    mug = stocked(chicago, 5)
    order = placed(line(mug))
    stocked(minneapolis, 5, variant=mug)

    run = route_batch(now=now())

    assert (run.moved, run.too_little, run.saved_amount) == (0, 1, 0)
    assert at(order) == ["Chicago"]


def test_one_parcel_instead_of_two_where_the_nearest_lacks_an_item(minneapolis, chicago, denver):
    mug, cup = stocked(minneapolis, 1), stocked(denver, 1)
    order = placed(line(mug), line(cup))
    assert at(order) == ["Minneapolis", "Denver"]
    for item in (mug, cup):
        stocked(chicago, 1, variant=item)

    run = route_batch(now=now())

    assert at(order) == ["Chicago"]
    assert run.moved == 1
    assert audit() == {}


def test_who_loses_by_going_is_told_for_whom(minneapolis, chicago, denver):
    """Without the one mug of Minneapolis the second order goes in two parcels; the first pays some more postage."""
    mug, cup = stocked(minneapolis, 1), stocked(minneapolis, 1)
    first = placed(line(mug))
    stocked(denver, 1, variant=mug)
    second = placed(line(mug), line(cup))
    stocked(chicago, 1, variant=mug)

    assert route_batch(now=now()).moved == 2

    assert (at(first), at(second)) == (["Chicago"], ["Minneapolis"])
    gave, got = (order.routing_decisions.latest("pk") for order in (first, second))
    names = Names({minneapolis.pk: "Minneapolis"}, {})
    saves = money(got.explanation["moved"]["saving"])
    assert yielded_words(gave, names) == [
        f"It left its units at Minneapolis to order {second.number}, which needed them and saves {saves}.",
        f"From here it costs {money(-gave.explanation['moved']['saving'])} more than before.",
    ]
    assert yielded_words(got, names) == [f"Order {first.number} made room for it at Minneapolis."]
    works = list(first.fulfillment_orders.all())
    notes = {each["title"]: each["note"] for each in timeline(order=first, works=works, now=now())}
    assert notes["Now comes from Chicago"] == (
        f"instead of Minneapolis, for {money(-gave.explanation['moved']['saving'])} more:"
        f" order {second.number} needed what was there"
    )
    works = list(second.fulfillment_orders.all())
    notes = [each["note"] for each in timeline(order=second, works=works, now=now())]
    assert f"instead of {denver.name}, saves {saves}: order {first.number} made room for it" in notes


def test_one_order_makes_room_for_another_that_needs_the_unit_more(minneapolis, chicago, denver):
    """The unit of Minneapolis goes to the order for which everything else is far; the other one has a near second."""
    mug = stocked(minneapolis, 1)
    first = placed(line(mug), **TO_CHICAGO)
    assert at(first) == ["Minneapolis"]
    stocked(denver, 1, variant=mug)
    second = placed(line(mug))
    assert at(second) == ["Denver"]
    stocked(chicago, 1, variant=mug)

    run = route_batch(now=now())

    assert (at(first), at(second), run.moved) == (["Chicago"], ["Minneapolis"], 2)
    gave, got = (order.routing_decisions.latest("pk") for order in (first, second))
    assert {gave.kind, got.kind} == {"move"}
    assert got.explanation["moved"]["from"] == [denver.pk]
    assert got.explanation["moved"]["by"] == [[first.number, minneapolis.pk, "units"]]
    assert gave.explanation["moved"]["for"] == [
        [second.number, minneapolis.pk, "units", got.explanation["moved"]["saving"]]
    ]
    assert gave.explanation["moved"]["by"] == got.explanation["moved"]["for"] == []
    assert yielded_words(gave, Names({}, {})) == [], "it saves by going, and would have gone for nobody"
    assert [parcel[0] for parcel in got.explanation["parcels"]] == [minneapolis.pk]
    assert sum(each[-1] for each in got.explanation["items"]) == got.amount > 0
    saved = [each.explanation["moved"]["saving"] for each in (gave, got)]
    assert Decimal(sum(saved)) / UNIT == run.saved_amount
    assert audit() == {}


def test_the_last_unit_goes_to_the_earlier_of_two_that_wait(minneapolis):
    mug = stocked(minneapolis, 0)
    late = placed(line(mug), on_shortage="backorder")
    early = placed(line(mug), on_shortage="backorder")
    type(early).objects.filter(pk=early.pk).update(placed_at=late.placed_at.replace(year=2020))
    stocked(minneapolis, 1, variant=mug)

    run = route_batch(now=now())

    assert run.promised == 1
    assert (at(early), at(late)) == (["Minneapolis"], [])
    assert OrderLine.objects.get(order=late).waiting_quantity == 1
    assert audit() == {}


def test_what_a_waiting_line_was_worth_is_not_told_as_saved(minneapolis, chicago):
    """The mug moves, and the cup that waited gets its shelf: only the mug's way is money saved."""
    mug, cup = stocked(chicago, 5), stocked(minneapolis, 0)
    order = placed(line(mug), line(cup), on_shortage="backorder")
    for item in (mug, cup):
        stocked(minneapolis, 1, variant=item)

    run = route_batch(now=now())

    assert (run.moved, run.promised) == (1, 1)
    assert at(order) == ["Minneapolis"], "both in one parcel"
    assert 0 < run.saved_amount < 30
    assert audit() == {}


def test_old_runs_are_forgotten(minneapolis):
    RoutingRun.objects.create(started_at=now() - timedelta(days=61), status="done")
    kept = RoutingRun.objects.create(started_at=now() - timedelta(days=59), status="done")
    forget_runs(now=now())
    assert list(RoutingRun.objects.all()) == [kept]


def test_a_promise_is_never_taken_from_one_order_for_another(minneapolis):
    mug = stocked(minneapolis, 1)
    promised = placed(line(mug))
    waits = placed(line(mug), on_shortage="backorder")
    route_batch(now=now())
    assert (at(promised), at(waits)) == (["Minneapolis"], [])


def test_two_today_the_third_next_and_a_declined_slot_comes_back(minneapolis, chicago):
    minneapolis.ship_capacity = 2
    minneapolis.save()
    mug = stocked(minneapolis, 9)
    first, second, third = (placed(line(mug)) for _ in range(3))
    days = [order.fulfillment_orders.get().capacity_day for order in (first, second, third)]
    assert days[0] == days[1] < days[2]
    stocked(chicago, 9, variant=mug)

    decline(number=first.fulfillment_orders.get().number, reason="x", by=SITE, now=now())
    assert at(first) == ["Chicago"]
    run = route_batch(now=now())

    assert run.moved == 0, "its own slot of a later day is no reason to move"
    fourth = placed(line(mug))
    assert fourth.fulfillment_orders.get().capacity_day == days[0]
    assert LocationDay.objects.get(day=days[0]).used == 2
    assert audit() == {}


def test_a_full_day_is_not_planned_over(minneapolis, chicago):
    minneapolis.ship_capacity = 1
    minneapolis.save()
    mug = stocked(chicago, 9)
    orders = [placed(line(mug)) for _ in range(3)]
    stocked(minneapolis, 9, variant=mug)

    run = route_batch(now=now())

    assert sorted(where for order in orders for where in at(order)) == ["Chicago", "Chicago", "Minneapolis"]
    assert (run.moved, run.conflicts) == (1, 0)
    assert audit() == {}


def test_what_a_location_declined_does_not_go_there_again(minneapolis, chicago):
    mug = stocked(chicago, 5)
    order = placed(line(mug))
    stocked(minneapolis, 5, variant=mug)
    Exclusion.objects.create(order_line=order.lines.get(), location=minneapolis, reason="x", created_at=now())
    assert route_batch(now=now()).moved == 0
    assert at(order) == ["Chicago"]


def test_what_another_channel_may_not_have_is_not_planned_for_it(minneapolis, chicago):
    """Two channels in one run, and a rule that keeps Minneapolis for the shop's own."""
    mug = stocked(chicago, 5)
    order = placed(line(mug), channel="marketplace")
    other = placed(line(mug))
    stocked(minneapolis, 5, variant=mug)
    minneapolis.group = GroupFactory()
    minneapolis.save()
    active(effect="exclude", channels=["marketplace"], group=minneapolis.group)

    run = route_batch(now=now())

    assert (at(order), at(other)) == (["Chicago"], ["Minneapolis"])
    assert run.conflicts == 0


def test_the_parts_of_a_kit_move_together(minneapolis, chicago):
    mug, cup = stocked(chicago, 2), stocked(chicago, 2)
    order = placed(line(kit_of({mug: 1, cup: 1})))
    stocked(minneapolis, 2, variant=mug)
    assert route_batch(now=now()).moved == 0
    stocked(minneapolis, 2, variant=cup)
    assert route_batch(now=now()).moved == 1
    assert at(order) == ["Minneapolis"]


def while_deciding(monkeypatch, act):
    """Somebody does something between the read and the first move."""
    decide = routing._decide

    def slowly(problem):
        found = decide(problem)
        monkeypatch.setattr(routing, "_decide", decide)
        act()
        return found

    monkeypatch.setattr(routing, "_decide", slowly)


@pytest.mark.django_db(transaction=True)
def test_an_order_that_is_cancelled_meanwhile_is_skipped(minneapolis, chicago, monkeypatch):
    mug = stocked(chicago, 5)
    gone, stays = placed(line(mug)), placed(line(mug))
    stocked(minneapolis, 5, variant=mug)
    while_deciding(monkeypatch, lambda: cancel(number=gone.number, reason="x", by=SITE, now=now()))

    run = route_batch(now=now())

    assert (at(gone), at(stays)) == ([], ["Minneapolis"])
    assert (run.moved, run.conflicts) == (1, 1)
    assert audit() == {}


@pytest.mark.django_db(transaction=True)
def test_units_that_are_sold_meanwhile_are_looked_for_again(minneapolis, chicago, denver, monkeypatch):
    mug = stocked(denver, 5)
    order = placed(line(mug))
    stocked(minneapolis, 1, variant=mug)
    stocked(chicago, 1, variant=mug)
    while_deciding(monkeypatch, lambda: placed(line(mug)))

    run = route_batch(now=now())

    assert at(order) == ["Chicago"]
    assert (run.moved, run.conflicts) == (1, 0)
    assert audit() == {}


def test_a_failing_engine_changes_nothing_and_raises_an_alarm(minneapolis, chicago, monkeypatch):
    mug = stocked(chicago, 5)
    order = placed(line(mug))
    stocked(minneapolis, 5, variant=mug)
    plan = routing.plan_batch
    monkeypatch.setattr(routing, "plan_batch", lambda net, orders, **_how: 1 / 0)

    run = route_batch(now=now())

    assert (run.status, run.degraded_reason, run.moved) == ("degraded", "ZeroDivisionError: division by zero", 0)
    assert at(order) == ["Chicago"]
    assert Event.objects.filter(topic="orders.routing_degraded").count() == 1
    monkeypatch.setattr(routing, "plan_batch", plan)
    assert route_batch(now=now()).moved == 1
    assert Event.objects.filter(topic="orders.routing_recovered").count() == 1


def test_prices_that_cannot_be_true_move_nothing(minneapolis, chicago, monkeypatch):
    mug = stocked(chicago, 5)
    order = placed(line(mug))
    stocked(minneapolis, 5, variant=mug)
    build = read_problem.build

    def corrupt(*args, **how):
        problem = build(*args, **how)
        problem.net.tariff[:] = -(1 << 40)
        return problem

    monkeypatch.setattr(read_problem, "build", corrupt)
    run = route_batch(now=now())
    assert run.status == "degraded"
    assert "tariff" in run.degraded_reason
    assert at(order) == ["Chicago"]


def test_a_worker_that_is_killed_leaves_whole_orders_and_the_next_one_goes_on(minneapolis, chicago, monkeypatch):
    mug = stocked(chicago, 5)
    orders = [placed(line(mug)) for _ in range(3)]
    stocked(minneapolis, 5, variant=mug)
    move, calls = commit_moves._move, []

    def killed(*args):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return move(*args)

    monkeypatch.setattr(commit_moves, "_move", killed)
    with pytest.raises(SystemExit):
        route_batch(now=now())
    assert sorted(at(order)[0] for order in orders) == ["Chicago", "Chicago", "Minneapolis"]
    assert audit() == {}

    monkeypatch.setattr(commit_moves, "_move", move)
    assert route_batch(now=now()).moved == 2
    first, second = RoutingRun.objects.order_by("pk")
    assert (first.status, first.degraded_reason, second.status) == ("degraded", "interrupted", "done")


def test_hq_pauses_it(minneapolis, chicago, settings_decided):
    settings_decided("orders.routing_paused", True)
    mug = stocked(chicago, 5)
    order = placed(line(mug))
    stocked(minneapolis, 5, variant=mug)
    assert route_batch(now=now()) is None
    assert at(order) == ["Chicago"]


def test_hazmat_pays_for_a_parcel_of_its_own_where_it_is_and_where_it_goes(minneapolis, chicago):
    paint, brush = stocked(chicago, 1), stocked(chicago, 1)
    paint.is_hazmat = True
    paint.save()
    order = placed(line(paint), line(brush))
    first = order.routing_decisions.get()
    assert (first.shipments, order.fulfillment_orders.count()) == (2, 1)
    for each in (paint, brush):
        stocked(minneapolis, 1, variant=each)

    run = route_batch(now=now())

    assert (run.moved, at(order)) == (1, ["Minneapolis"])
    moved = order.routing_decisions.get(kind="move")
    assert (moved.shipments, len(moved.explanation["parcels"])) == (2, 2)
    assert sum(amount for *_what, amount in moved.explanation["items"]) == moved.amount == run.planned_amount * 10_000
    assert run.gap is not None
    assert audit() == {}


def test_hazmat_needs_no_second_slot_of_a_full_day(minneapolis, chicago):
    """Where it is it may stay; what waits gets the only slot for all of it."""
    minneapolis.ship_capacity = 1
    minneapolis.save()
    paint, brush = stocked(minneapolis, 2), stocked(minneapolis, 2)
    paint.is_hazmat = True
    paint.save()
    stays = placed(line(paint), line(brush))
    assert route_batch(now=now()).moved == 0
    assert at(stays) == ["Minneapolis"]

    cancel(number=stays.number, reason="changed mind", by=SITE, now=now())
    tin, brush = VariantFactory(is_hazmat=True), VariantFactory()
    waits = placed(line(tin), line(brush), on_shortage="backorder")
    for each in (tin, brush):
        stocked(minneapolis, 1, variant=each)
    route_batch(now=now())
    assert (at(waits), waits.fulfillment_orders.get().lines.count()) == (["Minneapolis"], 2)
    assert audit() == {}


def test_no_order_moves_for_a_parcel_that_hazmat_needs_all_the_same(minneapolis, chicago):
    """Rules that limit shipments plan as if all went in one parcel from Chicago; it would go in two, from farther."""
    near = LocationFactory(name="Saint Paul", latitude=44.95, longitude=-93.09)
    tin, brush = VariantFactory(is_hazmat=True), VariantFactory()
    stocked(minneapolis, 1, variant=tin)
    stocked(near, 1, variant=brush)
    order = placed(line(tin), line(brush))
    for each in (tin, brush):
        stocked(chicago, 1, variant=each)
    activated(rule_set(most_shipments=2))
    run = route_batch(now=now())
    assert (run.moved, run.too_little, run.saved_amount) == (0, 1, 0)
    assert at(order) == ["Minneapolis", "Saint Paul"]
    assert audit() == {}


def test_what_moves_under_a_limit_is_billed_with_hazmat_in_a_parcel_of_its_own(minneapolis, chicago):
    tin, brush = (stocked(chicago, 1, variant=each) for each in (VariantFactory(is_hazmat=True), VariantFactory()))
    order = placed(line(tin), line(brush))
    for each in (tin, brush):
        stocked(minneapolis, 1, variant=each)
    activated(rule_set(most_shipments=2))
    run = route_batch(now=now())
    assert (run.moved, at(order)) == (1, ["Minneapolis"])
    decided = order.routing_decisions.get(kind="move")
    assert (decided.shipments, [len(parcel[-1]) for parcel in decided.explanation["parcels"]]) == (2, [1, 1])
    assert [kind for kind, *_rest in decided.explanation["items"]].count("tariff") == 2
    assert sum(amount for *_what, amount in decided.explanation["items"]) == decided.amount
    assert run.planned_amount == Decimal(decided.amount) / UNIT


def test_one_order_that_breaks_holds_no_other_up(minneapolis, chicago, monkeypatch):
    broken, sound = (placed(*[line(stocked(chicago, 1)) for _ in range(9)]) for _ in range(2))
    monkeypatch.setattr(routing, "route_alone", lambda *, order, now: (
        1 / 0 if order == broken.pk else route_alone(order=order, now=now)
    ))  # fmt: skip
    run = route_batch(now=now())
    assert (run.status, run.orders, run.left_out) == ("done", 1, 1)
    assert (at(broken), at(sound)) == (["Chicago"], ["Chicago"])


def stuck_events() -> int:
    return Event.objects.filter(topic="orders.exception_raised", payload__kind="routing").count()


def test_an_order_that_breaks_is_told_once_until_it_is_decided_about_again(chicago, monkeypatch):
    broken, sound = (placed(*[line(stocked(chicago, 1)) for _ in range(9)]) for _ in range(2))
    with monkeypatch.context() as breaking:
        breaking.setattr(routing, "route_alone", lambda *, order, now: (
            1 / 0 if order == broken.pk else route_alone(order=order, now=now)
        ))  # fmt: skip
        for _ in range(3):
            route_batch(now=now())
    told = broken.exceptions.get()
    assert (told.kind, told.resolved_at, stuck_events()) == ("routing", None, 1)
    assert "ZeroDivisionError: division by zero" in told.detail
    assert not sound.exceptions.exists()
    with pytest.raises(Refusal, match="taken off the list by the run"), transaction.atomic():
        resolve_exception(exception_id=told.pk, note="looked at it", by=SITE, now=now())

    route_batch(now=now())

    told.refresh_from_db()
    assert (told.resolution, told.resolved_at is not None) == ("decided about again", True)
    assert audit() == {}


def test_an_order_that_broke_leaves_the_list_with_its_last_parcel(chicago, monkeypatch):
    broken = placed(*[line(stocked(chicago, 1)) for _ in range(9)])
    monkeypatch.setattr(routing, "route_alone", lambda *, order, now: 1 / 0)
    route_batch(now=now())
    cancel(number=broken.number, reason="changed mind", by=SITE, now=now())
    assert broken.exceptions.get().resolved_at is None
    assert route_batch(now=now()) is None
    assert broken.exceptions.get().resolution == "nothing of it is left to decide"
    assert stuck_events() == 1


def test_an_order_of_very_many_kits_is_decided_about(chicago):
    """More than a byte counts."""
    parts = {stocked(chicago, 300): 1, stocked(chicago, 300): 1}
    kits = [kit_of(parts) for _ in range(130)]
    placed(*[line(kit) for kit in kits])
    run = route_batch(now=now())
    assert (run.status, run.orders, run.left_out) == ("done", 1, 0)


def test_orders_of_many_lines_are_decided_about_one_by_one(minneapolis, chicago):
    mugs = [stocked(chicago, 1) for _ in range(9)]
    order = placed(*[line(mug) for mug in mugs])
    for mug in mugs:
        stocked(minneapolis, 1, variant=mug)

    run = route_batch(now=now())

    assert (run.orders, run.left_out, run.moved) == (1, 0, 1)
    assert at(order) == ["Minneapolis"]
    assert run.saved_amount > 0
    decision = order.routing_decisions.get(kind="move")
    assert decision.explanation["moved"]["saving"] == run.saved_amount * 10_000
    assert route_batch(now=now()).moved == 0
    assert audit() == {}


def test_there_may_be_no_time_for_orders_of_many_lines(minneapolis, chicago, monkeypatch):
    monkeypatch.setattr(routing, "LONGEST_ALONE", -1.0)
    order = placed(*[line(stocked(chicago, 1)) for _ in range(9)])
    run = route_batch(now=now())
    assert (run.orders, run.left_out) == (0, 1)
    assert at(order) == ["Chicago"]


def test_the_minute_leaves_orders_alone_whose_rules_look_at_no_money(minneapolis, chicago):
    activated(rule_set(preset="nearest"))
    mug = stocked(chicago, 5)
    order = placed(line(mug))
    stocked(minneapolis, 5, variant=mug)
    assert route_batch(now=now()) is None
    assert at(order) == ["Chicago"]


def counted(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        act()
    return len(seen)


def test_as_many_queries_for_many_orders_as_for_few(minneapolis, chicago):
    mug = stocked(chicago, 50)
    placed(line(mug))
    route_batch(now=now())  # settings are read
    few = counted(lambda: route_batch(now=now()))
    for _ in range(8):
        placed(line(mug), line(stocked(chicago, 1)))
    assert counted(lambda: route_batch(now=now())) == few


def test_a_move_takes_a_few_queries_whatever_else_there_is(minneapolis, chicago):
    mug = stocked(chicago, 50)
    orders = [placed(line(mug)) for _ in range(6)]
    route_batch(now=now())
    still = counted(lambda: route_batch(now=now()))
    stocked(minneapolis, 50, variant=mug)
    moving = counted(lambda: route_batch(now=now()))
    assert [at(order) for order in orders] == [["Minneapolis"]] * 6
    assert (moving - still) / 6 <= 23
