"""The desk sees who stands outside at once: on top, with bay, car and clock; and can say it itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omni.core.actors import Actor
from orders.models import Arrival
from orders.operations.arrive import Car, arrive, on_my_way
from orders.operations.hand_over import Collector, hand_over
from tests.factories import LocationFactory
from tests.factories.floor import staged

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)
SITE = Actor.system("site")


@pytest.fixture
def ready(released, ana):
    return staged(released(2), by=ana.user, shelf="R-4")


def came(work, minutes, **car):
    at = timezone.now() - timedelta(minutes=minutes)
    type(work).objects.filter(pk=work.pk).update(staged_at=at - timedelta(minutes=5))
    type(work.order).objects.filter(pk=work.order_id).update(placed_at=at - timedelta(minutes=60))
    return arrive(number=work.number, car=Car(**car), by=SITE, now=at)


def test_who_is_outside_stands_on_top_with_bay_car_and_clock(ana, ready, released):
    on_the_way = staged(released(), by=ana.user)
    on_my_way(number=on_the_way.number, car=Car(), by=SITE, now=timezone.now())
    came(ready, 3, bay="4", car="Honda", color="silver")
    shown = ana.get("/pickup/").context
    first, second = shown["arrivals"]
    assert (first["work"].pk, first["arrival"].bay, first["car"]) == (ready.pk, "4", "silver Honda")
    assert 180 <= first["seconds"] < 190
    assert first["tone"] == "warn"
    assert (second["work"].pk, second["seconds"]) == (on_the_way.pk, None)
    assert shown["works"] == []


def test_longer_than_the_goal_is_late_and_the_longest_wait_comes_first(ana, ready, released):
    late = staged(released(), by=ana.user)
    came(ready, 1)
    came(late, 6)
    first, second = ana.get("/pickup/").context["arrivals"]
    assert (first["work"].pk, first["tone"]) == (late.pk, "stop")
    assert (second["work"].pk, second["tone"]) == (ready.pk, "")


def test_the_poll_answers_304_until_somebody_comes(at, ana, ready):
    quick = at(user=ana.user, htmx=True)
    first = quick.get("/pickup/")
    assert quick.get("/pickup/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    arrive(number=ready.number, car=Car(bay="4"), by=SITE, now=timezone.now())
    answer = quick.get("/pickup/", headers={"If-None-Match": first["ETag"]})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert f'data-sound-once="arrival-{Arrival.objects.get().pk}"' in text


def test_not_ready_says_so_and_who_picks_it(ana, released, claimed):
    work = released()
    claimed(work, by=ana.user)
    arrive(number=work.number, car=Car(), by=SITE, now=timezone.now())
    text = ana.get("/pickup/").content.decode()
    assert "Not ready" in text and "is picking it" in text


def test_the_tab_and_today_show_who_must_not_wait(ana, ready):
    assert "customer outside" not in ana.get("/today/").content.decode()
    came(ready, 2)
    text = ana.get("/today/").content.decode()
    assert "customer outside" in text
    assert "Waiting now:" in text
    hand_over(number=ready.number, collector=Collector("photo_id", name="Ada"), by=SITE, now=timezone.now())
    assert "customer outside" not in ana.get("/today/").content.decode()


def test_the_desk_notes_an_arrival_by_hand_and_that_somebody_left(ana, ready):
    url = f"/pickup/{ready.number}/arrival/"
    assert ana.get(url).status_code == 200
    answer = ana.post(url, {"act": "arrived", "bay": "9", "car": "", "color": ""}, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        f"Noted: the customer of order {ready.order.number} is here."
    ]
    arrival = Arrival.objects.get()
    assert (arrival.bay, arrival.told_by) == ("9", ana.user.shown_name)
    assert ana.get(f"/pickup/{ready.number}/").context["arrival"]["arrival"] == arrival
    ana.post(url, {"act": "call_off"})
    assert not Arrival.objects.open().exists()


@refusing
def test_what_was_collected_cannot_be_waited_for(ana, ready):
    hand_over(number=ready.number, collector=Collector("photo_id", name="Ada"), by=SITE, now=timezone.now())
    answer = ana.post(f"/pickup/{ready.number}/arrival/", {"act": "arrived"})
    assert answer.status_code == 409
    assert "Nothing of this order waits here any more" in answer.content.decode()


def test_another_stores_work_is_not_found(at, ready):
    elsewhere = at("associate", location=LocationFactory())
    assert elsewhere.post(f"/pickup/{ready.number}/arrival/", {"act": "arrived"}).status_code == 404
    assert not Arrival.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_cars(ana, released, django_assert_max_num_queries):
    for _ in range(4):
        came(staged(released(), by=ana.user), 1)
    with django_assert_max_num_queries(9):
        ana.get("/pickup/")
