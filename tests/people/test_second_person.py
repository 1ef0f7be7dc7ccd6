"""What needs two people takes the second one's own PIN, at the store where they may."""

import pytest
from django.template.loader import render_to_string

from inventory.places import second_person
from inventory.second_person import SecondPersonForm
from omni.core.actors import Actor
from omni.core.models import Event, Pin
from omni.core.refusals import NotAllowed
from tests.factories import LocationFactory
from tests.people.conftest import PIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(with_pin, store):
    return with_pin("associate", at=store)


@pytest.fixture
def luis(with_pin, store):
    return with_pin("lead", at=store)


@pytest.fixture
def asked(store, ana, now):
    """`asked(who, pin=...)`: the refusal's code, or the Actor."""

    def ask(who, *, pin=PIN, other_than=ana, location=store):
        try:
            return second_person(username=who.username, pin=pin, capability="approve", location=location,
                                 other_than=other_than, now=now)  # fmt: skip
        except NotAllowed as refusal:
            return refusal.code

    return ask


def test_a_lead_gives_their_word_and_it_is_written_down(asked, luis, ana, store):
    assert asked(luis) == Actor.of(luis)
    told = Event.objects.get(topic="people.second_person")
    assert (told.actor, told.payload) == (
        luis.shown_name, {"capability": "approve", "location": store.code, "asked_by": ana.shown_name},
    )  # fmt: skip


def test_a_district_manager_counts_in_every_store_of_the_group(asked, with_pin, store):
    assert asked(with_pin("district", at=store.group)) != "not_allowed"


def test_nobody_is_their_own_second_person(asked, luis):
    assert asked(luis, other_than=luis) == "same_person"
    assert asked(luis, other_than=Actor.of(luis)) == "same_person"


def test_an_associate_or_another_stores_lead_may_not(asked, with_pin, store):
    assert asked(with_pin("associate", at=store)) == "not_allowed"
    assert asked(with_pin("lead", at=LocationFactory())) == "not_allowed"
    assert not Event.objects.filter(topic="people.second_person").exists()


def test_a_wrong_pin_counts(asked, luis):
    assert [asked(luis, pin="999111") for _ in range(5)] == ["wrong_pin"] * 4 + ["pin_locked"]
    assert asked(luis) == "pin_locked"


def test_a_temporary_pin_approves_nothing(asked, luis):
    Pin.objects.filter(user=luis).update(is_temporary=True)
    assert asked(luis) == "pin_temporary"


def form(store, ana, data=None):
    return SecondPersonForm(data, capability="approve", location=store, other_than=ana)


def test_the_form_offers_those_who_may_and_gives_the_actor(store, ana, luis, with_pin, now):
    with_pin("lead", at=LocationFactory(), username="elsewhere")
    empty = form(store, ana)
    assert [value for value, _name in empty.fields["approver"].choices] == ["", luis.username]
    filled = form(store, ana, {"second-approver": luis.username, "second-pin": PIN})
    assert filled.approve(now) == Actor.of(luis)


def test_the_form_says_at_the_field_why_not_and_never_gives_the_pin_back(store, ana, luis, now):
    filled = form(store, ana, {"second-approver": luis.username, "second-pin": "999111"})
    assert filled.approve(now) is None
    page = render_to_string("components/second_person.html", {"form": filled, "why": "A refund above 100.00 USD."})
    assert "4 tries are left" in page
    assert "999111" not in page
    assert "A refund above 100.00 USD." in page
