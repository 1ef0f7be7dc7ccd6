"""The events are kept in months: each with its own indexes, made ahead, read as one feed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from omni.core.event_months import make_event_months
from omni.core.events import emit
from omni.core.models import Event
from omni.core.stamping import stamp

pytestmark = pytest.mark.django_db

MONTHS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
 WHERE i.inhparent = 'core_event'::regclass ORDER BY 1
"""
WHERE_IT_LIES = "SELECT tableoid::regclass::text FROM core_event WHERE id = %s"


def asked(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [value for (value,) in cursor.fetchall()]


def told(which, *, at):
    """An event of that moment; `emit` knows only now."""
    emit("orders.placed", aggregate=("order", which), payload={})
    newest = Event.objects.latest("pk")
    Event.objects.filter(pk=newest.pk).update(recorded_at=at)
    return newest.pk


def test_an_event_lies_in_its_month():
    now = timezone.now()
    assert asked(WHERE_IT_LIES, told("1", at=now)) == [f"core_event_{now.astimezone(UTC):%Y%m}"]


def test_an_event_of_a_month_that_nobody_made_is_kept_all_the_same():
    assert asked(WHERE_IT_LIES, told("1", at=timezone.now() - timedelta(days=400))) == ["core_event_default"]


def test_months_are_made_ahead_once_with_their_own_unique_indexes():
    for _ in range(2):
        make_event_months(datetime(2041, 12, 31, 23, tzinfo=UTC), months=1)
    made = [name for name in asked(MONTHS) if name >= "core_event_2041"]
    assert made == ["core_event_204112", "core_event_204201", "core_event_default"]
    first = told("1", at=datetime(2042, 1, 1, tzinfo=UTC))
    second = told("1", at=datetime(2042, 1, 31, 23, 59, tzinfo=UTC))
    assert asked(WHERE_IT_LIES, first) == asked(WHERE_IT_LIES, second) == ["core_event_204201"]
    stamp()
    for twice in ({"position": Event.objects.get(pk=first).position}, {"uid": Event.objects.get(pk=first).uid},
                  {"sequence": 1}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=second).update(**twice)


def test_positions_and_sequences_go_on_from_month_to_month():
    now = timezone.now()
    told("1", at=now)
    stamp()
    told("1", at=now + timedelta(days=31))
    told("2", at=now + timedelta(days=31))
    stamp()
    feed = list(Event.objects.stamped().after(0).values_list("position", "aggregate_id", "sequence"))
    assert feed == [(1, "1", 1), (2, "1", 2), (3, "2", 1)]


def test_the_newest_position_and_a_page_of_the_feed_are_found_by_indexes():
    """However many months there are: no month is read through."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in ("SELECT max(position) FROM core_event",
                    "SELECT * FROM core_event WHERE position > 5 ORDER BY position LIMIT 100"):  # fmt: skip
            cursor.execute("EXPLAIN " + sql)
            plan = "\n".join(row for (row,) in cursor.fetchall())
            assert "Merge Append" in plan and "Seq Scan" not in plan and "Sort  " not in plan, plan
