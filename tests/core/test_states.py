"""Things move only where their class allows it, once, and history knows who and why."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from omni.core.actors import Actor
from omni.core.models import StateChange, User
from omni.core.refusals import Refusal
from omni.core.states import begin, move, move_many
from tests.core.conftest import at_once
from tests.core.parcel import Parcel, Status, drop_table, make_table


@pytest.fixture
def by(user):
    return Actor.of(user)


@pytest.fixture(autouse=True)
def table(request):
    whole = request.node.get_closest_marker("django_db").kwargs.get("transaction")
    request.getfixturevalue("transactional_db" if whole else "db")
    make_table()
    yield
    drop_table()


def story(parcel):
    lines = StateChange.objects.about(("core.parcel", str(parcel.pk)))
    return [(line.from_status, line.to_status, line.actor, line.reason) for line in lines]


@pytest.mark.django_db
def test_a_legal_move_is_written_with_who_and_why(by, user):
    parcel = Parcel.objects.create()
    begin(parcel, by=by)
    with CaptureQueriesContext(connection) as asked:
        move(parcel, Status.PICKED, by=by, reason="due at noon", shelf="A-1")
    assert len(asked) == 2
    assert (parcel.status, parcel.shelf) == ("picked", "A-1")
    parcel.refresh_from_db()
    assert (parcel.status, parcel.shelf) == ("picked", "A-1")
    assert story(parcel) == [("", "open", "Ana", ""), ("open", "picked", "Ana", "due at noon")]
    assert StateChange.objects.last().by == user


@pytest.mark.django_db
@pytest.mark.parametrize("to", [Status.GONE, Status.OPEN, "nonsense"])
def test_an_illegal_move_is_refused_in_a_sentence_and_changes_nothing(by, to):
    parcel = Parcel.objects.create()
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        move(parcel, to, by=by, shelf="A-1")
    assert refusal.value.code == "illegal_move"
    assert str(refusal.value) == f"parcel is Open and cannot become {dict(Status.choices).get(to, to)}."
    assert (parcel.status, parcel.shelf) == ("open", "")
    assert Parcel.objects.get().status == "open"
    assert story(parcel) == []


@pytest.mark.django_db
def test_what_somebody_else_moved_meanwhile_is_not_moved_again(by):
    parcel, seen_elsewhere = Parcel.objects.create(), Parcel.objects.get()
    move(seen_elsewhere, Status.PICKED, by=by)
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        move(parcel, Status.PICKED, by=by)
    assert refusal.value.code == "changed_meanwhile"
    assert parcel.status == "open"
    assert len(story(parcel)) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_moves_it(by):
    pk = Parcel.objects.create().pk

    def act():
        try:
            with transaction.atomic():
                move(Parcel.objects.get(pk=pk), Status.PICKED, by=by)
        except Refusal as refusal:
            return refusal.code
        return "moved"

    results = at_once(*[act] * 6)
    assert results.count("moved") == 1
    assert set(results) <= {"moved", "changed_meanwhile", "illegal_move"}
    assert len(story(Parcel(pk=pk))) == 1


@pytest.mark.django_db
def test_what_the_database_computes_is_read_again(by):
    parcel = Parcel.objects.create(scans=3)
    move(parcel, Status.PICKED, by=by, scans=F("scans") + 1)
    assert parcel.scans == 4


@pytest.mark.django_db
def test_many_move_in_two_statements(by):
    parcels = [Parcel.objects.create() for _ in range(20)]
    with CaptureQueriesContext(connection) as asked:
        move_many(parcels, Status.PICKED, by=by, reason="wave 1")
    assert len(asked) == 2
    assert {parcel.status for parcel in parcels} == {"picked"}
    assert Parcel.objects.filter(status="picked").count() == 20
    assert StateChange.objects.filter(reason="wave 1", from_status="open").count() == 20


@pytest.mark.django_db
def test_one_that_moved_meanwhile_keeps_all_where_they_are(by):
    parcels = [Parcel.objects.create() for _ in range(3)]
    Parcel.objects.filter(pk=parcels[1].pk).update(status="picked")
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        move_many(parcels, Status.PICKED, by=by)
    assert refusal.value.code == "changed_meanwhile"
    assert Parcel.objects.filter(status="picked").count() == 1
    assert not StateChange.objects.exists()


def _rewrite(line):
    StateChange.objects.filter(pk=line.pk).update(reason="it was never me")


@pytest.mark.django_db
@pytest.mark.parametrize("act", [lambda line: line.delete(), lambda line: line.save(), _rewrite])
def test_history_is_written_once(by, act):
    parcel = Parcel.objects.create()
    begin(parcel, by=by)
    line = StateChange.objects.get()
    with pytest.raises(IntegrityError, match="history is written once"), transaction.atomic():
        act(line)
    assert len(story(parcel)) == 1


@pytest.mark.django_db
def test_a_person_with_a_history_cannot_be_deleted(by, user):
    begin(Parcel.objects.create(), by=by)
    with pytest.raises(models.ProtectedError):
        user.delete()
    assert User.objects.filter(pk=user.pk).exists()
