"""Events are written where they happen, with one statement, or not at all."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from omni.core import wake
from omni.core.actors import Actor
from omni.core.events import NewEvent, emit, emit_many, on
from omni.core.models import Event


@pytest.fixture
def woken():
    calls = []
    before = wake._hook
    wake.set_hook(lambda: calls.append(1))
    yield calls
    wake.set_hook(before)


@pytest.mark.django_db
def test_one_statement_writes_one_event_or_many():
    with CaptureQueriesContext(connection) as asked:
        emit("orders.placed", aggregate=("order", "1"), payload={})
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        emit_many([NewEvent("orders.placed", ("order", str(n))) for n in range(50)])
    assert len(asked) == 1
    emit_many([])
    assert Event.objects.count() == 51


@pytest.mark.django_db
def test_it_says_what_happened_about_what_by_whom_and_when():
    when = datetime(2026, 5, 1, 10, tzinfo=UTC)
    content = {"amount": Decimal("19.90"), "at": when, "id": uuid.UUID(int=7)}
    emit("orders.placed", aggregate=("order", 5), payload=content, by=Actor.system("seed"), occurred_at=when)
    event = Event.objects.get()
    assert event.aggregate == ("order", "5")
    assert event.payload == {
        "amount": "19.90",
        "at": "2026-05-01T10:00:00Z",
        "id": "00000000-0000-0000-0000-000000000007",
    }
    assert (event.actor, event.occurred_at) == ("system:seed", when)
    assert (event.position, event.sequence) == (None, None)
    assert event.uid.version == 7


@pytest.mark.django_db(transaction=True)
def test_after_the_commit_somebody_is_woken_and_not_before(woken):
    with transaction.atomic():
        emit("orders.placed", aggregate=("order", "1"), payload={})
        assert woken == []
    assert woken == [1]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_did_not_happen(woken):
    with pytest.raises(ValueError, match="undone"), transaction.atomic():
        emit("orders.placed", aggregate=("order", "1"), payload={})
        raise ValueError("undone")
    assert not Event.objects.exists()
    assert woken == []


@pytest.mark.django_db(transaction=True)
def test_a_wake_up_call_that_fails_costs_nothing():
    def broken():
        raise RuntimeError("no broker")

    before = wake._hook
    wake.set_hook(broken)
    try:
        with transaction.atomic():
            emit("orders.placed", aggregate=("order", "1"), payload={})
    finally:
        wake.set_hook(before)
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_a_half_stamped_event_cannot_be():
    emit("orders.placed", aggregate=("order", "1"), payload={})
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(position=1)


def test_two_subscribers_cannot_have_one_name(subscribers):
    on("orders.placed", name="projection")(lambda event: None)

    def another(event):
        """Somebody else."""

    with pytest.raises(ValueError, match="Two subscribers"):
        on("orders.placed", name="projection")(another)
