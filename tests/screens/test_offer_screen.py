"""The queue of a store that is asked about parcels: one tap says yes to all, a lead takes later waves early."""

import pytest

from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import Status
from tests.factories import LocationFactory, line, placed, stocked
from tests.shop import now

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)
QUEUE = "/pick/"


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def status(work):
    work.refresh_from_db()
    return work.status


def test_one_tap_accepts_all_that_is_offered_and_nothing_else(ana, released):
    pickup, one, two = released(), released(ship=True), released(ship=True)
    page = ana.get(QUEUE).content.decode()
    assert "2 orders are offered to this store" in page
    assert "Accept by" in page

    answer = ana.post("/pick/accept/", {"all": "1"}, follow=True)

    assert said(answer) == ["2 orders are accepted and stay here."]
    assert [status(work) for work in (pickup, one, two)] == [Status.RELEASED, Status.ACCEPTED, Status.ACCEPTED]
    assert "offered to this store" not in answer.content.decode()


def test_only_the_ticked_ones_are_accepted(ana, released):
    one, two = released(ship=True), released(ship=True)
    ana.post("/pick/accept/", {"work": [two.number]})
    assert [status(work) for work in (one, two)] == [Status.RELEASED, Status.ACCEPTED]


def test_another_stores_parcels_cannot_be_accepted(ana, released):
    work = released(ship=True, location=LocationFactory(latitude=44.0))
    answer = ana.post("/pick/accept/", {"work": [work.number]}, follow=True)
    assert "nothing to accept" in said(answer)[0]
    assert status(work) == Status.RELEASED


def test_what_went_elsewhere_in_the_meantime_is_said(ana, released):
    work = released(ship=True)
    FulfillmentOrder.objects.filter(pk=work.pk).update(status=Status.ACCEPTED)
    answer = ana.post("/pick/accept/", {"work": [work.number]}, follow=True)
    assert "nothing to accept" in said(answer)[0]


def test_accepted_parcels_are_picked_like_the_others(ana, released):
    work = released(ship=True)
    ana.post("/pick/accept/", {"all": "1"})
    ana.post("/pick/start/", {"count": "1"})
    assert status(work) == Status.PICKING


def test_a_lead_takes_the_next_waves_early_and_an_associate_may_not(at, ana, store):
    placed(line(stocked(store, 1)))
    work = FulfillmentOrder.objects.get()
    FulfillmentOrder.objects.update(release_at=work.due_at)
    lead = at("lead")
    assert "Take them now" not in ana.get(QUEUE).content.decode()
    assert "1 more to ship with later waves" in ana.get(QUEUE).content.decode()
    ana.post("/pick/pull/")
    assert status(work) == Status.PLANNED

    assert "Take them now" in lead.get(QUEUE).content.decode()
    answer = lead.post("/pick/pull/", follow=True)

    assert said(answer) == ["1 order came early."]
    assert status(work) == Status.RELEASED
    assert work.confirm_by > now()
