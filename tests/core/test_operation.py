"""An act happens as a whole or not at all, and a deadlock's victim tries again."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from omni.core import operation as module
from omni.core.models import Setting
from omni.core.operation import operation, retried, retry
from omni.core.refusals import Refusal
from tests.core.conftest import at_once


@operation
def note(key):
    return Setting.objects.create(key=key, value=1)


@operation
def note_and_refuse(key):
    note(key)
    raise Refusal("no", "The world says no.")


@pytest.mark.django_db(transaction=True)
def test_a_refusal_leaves_nothing_behind():
    with pytest.raises(Refusal):
        note_and_refuse("a")
    assert not Setting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_refusal_inside_undoes_the_caller_who_does_not_say_otherwise():
    @operation
    def careless():
        note("before")
        try:
            note_and_refuse("inside")
        except Refusal:
            return "went on"

    careless()
    assert not Setting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_caller_that_wraps_the_call_goes_on():
    @operation
    def careful():
        note("before")
        try:
            with transaction.atomic():
                note_and_refuse("inside")
        except Refusal:
            note("after")

    careful()
    assert sorted(Setting.objects.values_list("key", flat=True)) == ["after", "before"]


@pytest.fixture
def no_pause(monkeypatch):
    pauses = []
    monkeypatch.setattr(module.time, "sleep", pauses.append)
    return pauses


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_that_lock_each_other_out_both_succeed_in_the_end():
    Setting.objects.bulk_create([Setting(key="a", value=0), Setting(key="b", value=0)])
    both_hold_one = threading.Barrier(2)
    tries = []

    def act(first, second):
        tries.append(first)
        with transaction.atomic():
            Setting.objects.select_for_update().get(key=first)
            if len(tries) <= 2:
                both_hold_one.wait(10)
            Setting.objects.select_for_update().get(key=second)
            return "done"

    results = at_once(lambda: retry(lambda: act("a", "b")), lambda: retry(lambda: act("b", "a")))
    assert results == ["done", "done"]
    assert len(tries) == 3


def failing(sqlstate):
    def act():
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'trial' USING ERRCODE = '{sqlstate}'; END $$")

    tries: list[int] = []
    return act, tries


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sqlstate", "expected"), [("40001", 3), ("40P01", 3), ("55P03", 1), ("57014", 1)])
def test_only_conflicts_are_tried_again_and_three_times_at_most(sqlstate, expected, no_pause):
    act, tries = failing(sqlstate)
    with pytest.raises(OperationalError):
        retried(act)()
    assert len(tries) == expected
    assert len(no_pause) == expected - 1
    assert all(0 <= pause <= 0.2 for pause in no_pause)


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_only_the_outermost_may_repeat(no_pause):
    act, tries = failing("40P01")
    with pytest.raises(OperationalError), transaction.atomic():
        retry(act)
    assert len(tries) == 1
