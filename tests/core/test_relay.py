"""Events reach every subscriber: none lost, none applied twice, in order."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from omni.core import claims, relay
from omni.core.actors import Actor
from omni.core.backoff import MOST_ATTEMPTS
from omni.core.events import NewEvent, emit, emit_many, on
from omni.core.models import Event, EventDelivery, Job, StateChange
from omni.core.operations.dead_letters import discard_delivery, retry_delivery
from omni.core.refusals import Invalid, Refusal
from tests.core.conftest import at_once

HQ = Actor.system("hq")


def happened(topic="orders.placed", which="1", **payload):
    with transaction.atomic():
        emit(topic, aggregate=("order", which), payload=payload)


def due_again():
    EventDelivery.objects.update(available_at="2020-01-01T00:00Z")


@pytest.mark.django_db
def test_an_event_reaches_those_who_asked_and_nobody_else(subscribers):
    heard = []
    on("orders.placed", name="exact")(lambda event: heard.append(("exact", event.topic)))
    on("orders.*", name="family")(lambda event: heard.append(("family", event.topic)))
    on("returns.*", name="other")(lambda event: heard.append(("other", event.topic)))
    happened("orders.placed")
    happened("orders.cancelled")
    assert relay.run_once() == 5
    assert sorted(heard) == [("exact", "orders.placed"), ("family", "orders.cancelled"), ("family", "orders.placed")]
    assert relay.run_once() == 0
    assert len(heard) == 3


@pytest.mark.django_db
def test_positions_have_no_gap_and_each_thing_counts_for_itself(subscribers):
    for which in ("1", "2", "1", "1", "2"):
        happened(which=which)
    relay.stamp(limit=2)
    relay.stamp(limit=500)
    events = Event.objects.stamped().order_by("position")
    first = events[0].position
    assert [event.position - first for event in events] == [0, 1, 2, 3, 4]
    assert [(event.aggregate_id, event.sequence) for event in events] == [
        ("1", 1), ("2", 1), ("1", 2), ("1", 3), ("2", 2),
    ]  # fmt: skip


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_event_committed_late_is_not_lost_to_a_reader_that_went_on(subscribers):
    """The earlier id becomes visible after the later one; a cursor on ids would skip it."""
    with transaction.atomic():
        happened(which="slow")
        at_once(lambda: happened(which="quick"))
        at_once(relay.stamp)
        seen = at_once(lambda: list(Event.objects.stamped().after(0).values_list("position", "aggregate_id")))[0]
        assert [which for _position, which in seen] == ["quick"]
    relay.stamp()
    rest = Event.objects.stamped().after(seen[-1][0])
    assert [event.aggregate_id for event in rest] == ["slow"]
    assert Event.objects.get(aggregate_id="slow").pk < Event.objects.get(aggregate_id="quick").pk


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_stampers_at_once_give_each_position_once(subscribers):
    emit_many([NewEvent("orders.placed", ("order", str(n % 7))) for n in range(200)])
    at_once(*[lambda: relay.stamp(limit=25)] * 8)
    positions = sorted(Event.objects.values_list("position", flat=True))
    assert positions == list(range(positions[0], positions[0] + 200))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_relays_at_once_apply_each_event_once_and_in_order(subscribers):
    @on("orders.*", name="projection")
    def note(event):
        Job.objects.create(kind=f"{event.aggregate_id}", arguments={"sequence": event.sequence})

    emit_many([NewEvent("orders.placed", ("order", str(n % 5))) for n in range(60)])
    at_once(*[lambda: [relay.run_once() for _ in range(40)]] * 4)
    while relay.run_once():
        continue
    told = list(Job.objects.order_by("id").values_list("kind", "arguments__sequence"))
    assert len(told) == 60
    for which in map(str, range(5)):
        assert [sequence for kind, sequence in told if kind == which] == list(range(1, 13))


def kill_my_backend():
    """As when the server is shut down or the process killed: the transaction in progress is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.fixture
def killed_after_the_effect(subscribers):
    """A subscriber whose process dies, the first time, between its effect and the done mark."""
    kills = [True]

    @on("orders.placed", name="projection")
    def note(event):
        Job.objects.create(kind="effect")
        if kills:
            kills.clear()
            kill_my_backend()


@pytest.mark.django_db(transaction=True)
def test_a_kill_between_effect_and_mark_applies_once(killed_after_the_effect):
    happened()
    relay.stamp()
    at_once(lambda: relay.deliver(limit=1))  # another try may be due at once
    assert Job.objects.count() == 0
    due_again()
    EventDelivery.objects.update(leased_until="2020-01-01T00:00Z")
    relay.deliver()
    assert Job.objects.count() == 1
    assert EventDelivery.objects.get().status == "done"
    due_again()
    assert relay.deliver() == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_mark_in_the_same_transaction_the_effect_doubles(killed_after_the_effect, monkeypatch):
    """The negative control: effect and mark apart, as a plain queue does it."""

    def apart(subscriber, delivery, token):
        subscriber.handler(delivery.event)
        relay._mark_done(delivery, token)

    monkeypatch.setattr(relay, "_apply", apart)
    happened()
    relay.stamp()
    with pytest.raises(OperationalError):
        at_once(relay.deliver)
    due_again()
    EventDelivery.objects.update(leased_until="2020-01-01T00:00Z")
    relay.deliver()
    assert EventDelivery.objects.get().status == "done"
    assert Job.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_lease_that_ran_out_no_longer_counts(subscribers):
    """A worker that slept through its lease must not apply what another has applied meanwhile."""

    @on("orders.placed", name="projection")
    def note(event):
        Job.objects.create(kind="effect")

    happened()
    relay.stamp()
    token, claimed = relay._claim(1)
    assert relay.deliver() == 0
    EventDelivery.objects.update(leased_until="2020-01-01T00:00Z")
    assert relay.deliver() == 1
    relay._try(claimed[0], token)
    assert Job.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("calls_out", [False, True])
def test_who_overslept_the_lease_marks_nothing_that_another_has_in_hand(subscribers, calls_out):
    fails = []

    @on("orders.placed", name="projection", calls_out=calls_out)
    def note(event):
        if fails:
            raise ValueError("too late")
        Job.objects.create(kind="effect")

    happened()
    relay.stamp()
    late_token, late = relay._claim(1)
    EventDelivery.objects.update(leased_until="2020-01-01T00:00Z")
    token, _claimed = relay._claim(1)
    relay._try(late[0], late_token)
    fails.append(True)
    relay._try(late[0], late_token)
    in_hand = EventDelivery.objects.get()
    assert (in_hand.status, in_hand.lease_token, in_hand.last_error) == ("pending", token, "")
    assert Job.objects.count() == (1 if calls_out else 0)


@pytest.mark.django_db
def test_a_failure_waits_and_holds_up_only_its_own_lane(subscribers):
    heard = []

    @on("orders.placed", name="projection")
    def picky(event):
        if event.payload.get("poison"):
            raise ValueError("cannot read this")
        heard.append((event.aggregate_id, event.payload["n"]))

    happened(which="1", n=1, poison=True)
    happened(which="1", n=2)
    happened(which="2", n=3)
    relay.run_once()
    assert heard == [("2", 3)]
    failed = EventDelivery.objects.get(event__payload__n=1)
    assert (failed.status, failed.attempts, failed.last_error) == ("pending", 1, "ValueError: cannot read this")
    assert failed.lease_token is None
    Event.objects.filter(payload__n=1).update(payload={"n": 1})
    due_again()
    relay.run_once()
    assert heard == [("2", 3), ("1", 1), ("1", 2)]


@pytest.fixture
def given_up(subscribers):
    @on("orders.placed", name="projection")
    def broken(event):
        raise ValueError("never works")

    happened(n=1)
    relay.stamp()
    for _attempt in range(MOST_ATTEMPTS):
        due_again()
        assert relay.deliver(limit=1) == 1  # its next attempt may be due at once: the pause is drawn from zero on
    return EventDelivery.objects.get()


@pytest.mark.django_db
def test_after_the_last_attempt_it_is_given_up_for_a_person(given_up):
    assert (given_up.status, given_up.attempts) == ("dead", MOST_ATTEMPTS)
    assert given_up.last_error == "ValueError: never works"
    due_again()
    assert relay.deliver() == 0
    line = StateChange.objects.about(("core.eventdelivery", str(given_up.pk))).get()
    assert (line.from_status, line.to_status, line.reason) == ("pending", "dead", "ValueError: never works")


@pytest.mark.django_db
def test_a_person_may_try_it_again(given_up, subscribers):
    heard = []
    subscribers.clear()
    on("orders.placed", name="projection")(lambda event: heard.append(event.payload["n"]))
    retry_delivery(given_up, by=HQ)
    assert relay.deliver() == 1
    assert heard == [1]
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        retry_delivery(given_up, by=HQ)
    assert refusal.value.code == "not_given_up"


@pytest.mark.django_db
def test_a_person_may_discard_it_with_a_reason(given_up):
    with pytest.raises(Invalid), transaction.atomic():
        discard_delivery(given_up, by=HQ, reason=" ")
    given_up.refresh_from_db()
    assert given_up.status == "dead"
    assert discard_delivery(given_up, by=HQ, reason="the order was a test").status == "discarded"
    assert StateChange.objects.last().reason == "the order was a test"


@pytest.mark.django_db
def test_work_that_kills_its_process_every_time_is_given_up_too(subscribers):
    ran = []
    on("orders.placed", name="projection")(ran.append)
    happened()
    relay.stamp()
    for _attempt in range(MOST_ATTEMPTS):
        relay._claim(1)  # and then the process is killed
        EventDelivery.objects.update(leased_until="2020-01-01T00:00Z")
    relay.deliver()
    dead = EventDelivery.objects.get()
    assert (dead.status, dead.last_error) == ("dead", relay.NO_WORD)
    assert ran == []
    assert claims.is_worn_out(dead)


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_calls_out_runs_outside_of_any_transaction(subscribers):
    inside = []
    on("orders.placed", name="mail", calls_out=True)(lambda event: inside.append(connection.in_atomic_block))
    happened()
    relay.run_once()
    assert inside == [False]
    assert EventDelivery.objects.get().status == "done"


@pytest.mark.django_db
def test_what_another_release_subscribed_is_left_to_it(subscribers):
    on("orders.placed", name="new feature")(lambda event: None)
    happened()
    relay.stamp()
    subscribers.clear()
    assert relay.deliver() == 0
    assert EventDelivery.objects.get().attempts == 0


@pytest.mark.django_db
def test_a_lease_is_given_by_the_databases_clock(subscribers, time_machine):
    on("orders.placed", name="projection")(lambda event: None)
    happened()
    relay.stamp()
    time_machine.move_to("1999-01-01T00:00Z")
    _token, claimed = EventDelivery.objects.all().claim(limit=1, lease=timedelta(minutes=1))
    assert len(claimed) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT leased_until > now() FROM core_eventdelivery")
        assert cursor.fetchone() == (True,)
