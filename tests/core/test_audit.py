"""Every check fires on a violation seeded for it, and on nothing else."""

import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from omni.core import checks, relay
from omni.core.actors import Actor
from omni.core.events import emit, on
from omni.core.models import AuditRun, Event, EventDelivery, IdempotencyKey, StateChange, WebhookDelivery
from omni.core.operations.webhook_endpoints import create_endpoint
from omni.core.states import begin, move
from tests.core.conftest import at_once
from tests.core.parcel import Parcel, Status, make_table

HQ = Actor.system("hq")
OWN = [
    "answers-kept",
    "deliveries-have-events",
    "events-applied-once",
    "events-in-order",
    "events-late-and-silent",
    "history-unbroken",
    "moves-legal",
    "status-has-history",
]


@pytest.fixture
def house(db, subscribers, monkeypatch):
    """Some events told and some parcels moved, all as it should be."""
    on("*", name="projection")(lambda event: None)
    create_endpoint(url="https://shop.example.com/", topics=["*"], by=HQ)
    for which in ("1", "2", "1"):
        emit("orders.placed", aggregate=("order", which), payload={})
    relay.run_once()
    make_table()
    monkeypatch.setattr(apps, "get_models", lambda: [Parcel])
    for _ in range(2):
        parcel = Parcel.objects.create()
        begin(parcel, by=HQ)
        move(parcel, Status.PICKED, by=HQ)
    IdempotencyKey.objects.create(
        principal="00000000-0000-0000-0000-000000000001",
        key="k",
        method="POST",
        path="/",
        body_digest="",
        response_status=201,
        response_body="{}",
        finished_at="2026-05-01T10:00Z",
    )


def found():
    return {finding.check: finding.count for finding in checks.run_checks(OWN) if finding.count}


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def without(constraint, table):
    """As if the guard had been dropped; DDL is undone with the test's transaction."""
    sql(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def unstamped():
    emit("orders.placed", aggregate=("order", "9"), payload={})
    Event.objects.filter(position=None).update(recorded_at="2026-01-01T00:00Z")


def delivery_nobody_tries():
    EventDelivery.objects.filter(pk=EventDelivery.objects.first().pk).update(
        status="pending", available_at="2026-01-01T00:00Z"
    )


def webhook_nobody_tries():
    WebhookDelivery.objects.filter(pk=WebhookDelivery.objects.first().pk).update(available_at="2026-01-01T00:00Z")


def applied_twice():
    without("core_event_delivery_once", "core_eventdelivery")
    twin = EventDelivery.objects.first()
    twin.pk = None
    twin.save(force_insert=True)


def done_without_a_try():
    EventDelivery.objects.filter(pk=EventDelivery.objects.first().pk).update(attempts=0)


def event_lost():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_eventdelivery SET event_id = event_id + 10000 WHERE id = %s",
                       [EventDelivery.objects.latest("pk").pk])  # fmt: skip


def webhook_event_lost():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_webhookdelivery SET event_id = event_id + 10000 WHERE id = %s",
                       [WebhookDelivery.objects.latest("pk").pk])  # fmt: skip


def a_gap():
    Event.objects.filter(position=Event.objects.order_by("-position")[0].position).update(position=10**9)


def a_sequence_skipped():
    Event.objects.filter(sequence=2).update(sequence=3)


def status_typed_over():
    Parcel.objects.filter(pk=Parcel.objects.first().pk).update(status="gone")


def a_broken_story():
    parcel = Parcel.objects.first()
    StateChange.objects.create(
        subject_type="core.parcel", subject_id=str(parcel.pk), from_status="open", to_status="picked", actor="x"
    )


def an_illegal_move():
    parcel = Parcel.objects.create(status="gone")
    begin(parcel, by=HQ)
    StateChange.objects.create(
        subject_type="core.parcel", subject_id=str(parcel.pk), from_status="gone", to_status="open", actor="x"
    )
    Parcel.objects.filter(pk=parcel.pk).update(status="open")


def an_answer_lost():
    without("core_idempotency_keeps_answer", "core_idempotencykey")
    IdempotencyKey.objects.update(response_body=None)


def an_unfinished_key():
    IdempotencyKey.objects.update(finished_at=None)


SEEDED = [
    (unstamped, "events-late-and-silent"),
    (delivery_nobody_tries, "events-late-and-silent"),
    (webhook_nobody_tries, "events-late-and-silent"),
    (applied_twice, "events-applied-once"),
    (done_without_a_try, "events-applied-once"),
    (event_lost, "deliveries-have-events"),
    (webhook_event_lost, "deliveries-have-events"),
    (a_gap, "events-in-order"),
    (a_sequence_skipped, "events-in-order"),
    (status_typed_over, "status-has-history"),
    (a_broken_story, "history-unbroken"),
    (an_illegal_move, "moves-legal"),
    (an_answer_lost, "answers-kept"),
    (an_unfinished_key, "answers-kept"),
]


def test_a_house_in_order_has_no_violators(house):
    assert found() == {}


@pytest.mark.parametrize(("break_it", "name"), SEEDED, ids=[seed.__name__ for seed, _name in SEEDED])
def test_each_check_fires_on_its_violation_and_no_other_does(house, break_it, name):
    break_it()
    assert found() == {name: 1}


def test_every_own_check_has_a_violation_that_makes_it_fire():
    assert {name for _seed, name in SEEDED} == set(OWN)
    assert set(OWN) <= set(checks.checks())


def test_the_command_prints_keeps_and_fails(house, capsys):
    call_command("audit", "--only", "history-unbroken")
    assert not AuditRun.objects.exists()
    a_broken_story()
    with pytest.raises(SystemExit) as end:
        call_command("audit", "--only", "history-unbroken")
    assert end.value.code == 1
    printed = capsys.readouterr().out
    assert "1  history-unbroken: Each change of state begins where the one before it ended." in printed
    assert "subject_type=core.parcel" in printed


@pytest.fixture
def one_check(monkeypatch):
    monkeypatch.setattr(checks, "_checks", {})
    return checks.check("trial", "Nothing is odd.")


@pytest.mark.django_db
def test_a_whole_audit_is_kept_for_hq(one_check, capsys):
    one_check(lambda: iter(range(25)))
    with pytest.raises(SystemExit):
        call_command("audit", "--json")
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["count"], finding["first"]) == (25, [str(n) for n in range(10)])
    run = AuditRun.objects.get()
    assert (run.violations, run.results[0]["check"]) == (25, "trial")


@pytest.mark.django_db
def test_a_query_gives_the_count_of_all_and_the_first_ten(one_check):
    one_check(lambda: checks.Violators("SELECT n, 'x%%' AS t FROM generate_series(1, %s) n ORDER BY n", (37,)))
    (finding,) = checks.run_checks()
    assert finding.count == 37
    assert finding.first[0] == "n=1 t=x%"
    assert len(finding.first) == 10


@pytest.mark.django_db
def test_an_unknown_check_is_named(one_check):
    with pytest.raises(CommandError, match="No such check: nonsense"):
        call_command("audit", "--only", "nonsense")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_all_checks_look_at_the_same_moment_and_can_change_nothing(one_check, user):
    """Work that is committed between two checks must not look like a violation."""
    seen = []

    def count():
        seen.append(Event.objects.count())
        return []

    def meanwhile():
        def commit():
            with transaction.atomic():
                emit("orders.placed", aggregate=("order", "1"), payload={})

        at_once(commit)
        return []

    checks.check("1", "")(count)
    checks.check("2", "")(meanwhile)
    checks.check("3", "")(count)
    checks.run_checks(["1", "2", "3"])
    assert seen == [0, 0]
    assert Event.objects.count() == 1
    one_check(lambda: [Event.objects.all().delete()])
    with pytest.raises(Exception, match="read-only transaction"):
        checks.run_checks(["trial"])
