"""Today: what needs hands, and the one button that begins."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Location
from orders.models import FulfillmentOrder, PickList
from tests.factories import LocationFactory, person

pytestmark = pytest.mark.django_db
TODAY = "/today/"


def due_in(work, minutes):
    FulfillmentOrder.objects.filter(pk=work.pk).update(due_at=timezone.now() + timedelta(minutes=minutes, seconds=30))


def test_the_front_door_leads_to_todays_work(ana):
    assert ana.get("/").url == TODAY


def test_somebody_without_a_store_chooses_one_first(client, store):
    client.force_login(person("associate", at=store))
    assert client.get(TODAY).url == f"/stores/?next={TODAY}"


def test_strangers_sign_in_first(client, store):
    assert client.get(TODAY).url.startswith("/sign-in/?next=")


def test_an_empty_store_says_what_will_appear_and_offers_no_button(ana):
    page = ana.get(TODAY).content.decode()
    assert "Nothing to pick" in page
    assert "all on time" in page
    assert "Start picking" not in page


def test_numbers_tell_late_due_and_what_to_carry(ana, released):
    for minutes, units in ((-20, 1), (10, 3), (40, 2), (90, 1)):
        due_in(released(units), minutes)

    numbers = ana.get(TODAY).context
    assert (numbers["queue"]["late"], numbers["queue"]["soon"], numbers["queue"]["total"]) == (1, 2, 4)
    assert numbers["soon"] == {"units": 5, "aisles": 1}
    assert [each["title"] for each in numbers["cards"]] == [
        f"#{work.order.number}" for work in FulfillmentOrder.objects.order_by("due_at")
    ]


def test_the_button_takes_what_is_due_within_the_hour(ana, released):
    for minutes in (-20, 10, 40, 90):
        due_in(released(), minutes)
    assert "Start picking the 3 most urgent" in ana.get(TODAY).content.decode()

    answer = ana.post(reverse("orders:start"), {"count": "3"})

    pick_list = PickList.objects.get()
    assert answer.url == f"/pick/{pick_list.number}/"
    taken = pick_list.fulfillment_orders.order_by("due_at")
    assert list(taken) == list(FulfillmentOrder.objects.order_by("due_at")[:3])


def test_the_button_takes_one_when_nothing_is_urgent_and_ten_at_most(ana, released):
    due_in(released(), 300)
    assert ana.get(TODAY).context["start"] == 1
    for _ in range(12):
        due_in(released(), 5)
    assert ana.get(TODAY).context["start"] == 10


@pytest.mark.parametrize("count", ["0", "11", "many", ""])
def test_the_button_takes_no_made_up_number(ana, released, count):
    released()
    ana.post(reverse("orders:start"), {"count": count})
    assert not PickList.objects.exists()


def test_somebody_with_a_list_goes_on_with_it(ana, released, claimed):
    pick_list = claimed(released(), by=ana.user)
    page = ana.get(TODAY).content.decode()
    assert f"Go on with {pick_list}" in page
    assert "Start picking" not in page


def test_a_lead_sees_who_is_picking_what_and_an_associate_does_not(at, released, claimed):
    ben = at("associate")
    claimed(released(2), by=ben.user)
    lead = at("lead")
    assert "0 of 2 picked" in lead.get(TODAY).content.decode()
    assert "Being picked now" not in ben.get(TODAY).content.decode()


def test_a_lead_pauses_the_store_and_takes_orders_again(at, store):
    lead = at("lead")
    assert reverse("inventory:pause") in lead.get(TODAY).content.decode()
    lead.post("/pause/", {"until": "60", "reason": "Two people ill"})
    store.refresh_from_db()
    assert store.is_paused(timezone.now() + timedelta(minutes=59))
    page = lead.get(TODAY).content.decode()
    assert "Two people ill" in page
    assert "Paused until" in page

    lead.post("/pause/resume/")
    assert not Location.objects.get(pk=store.pk).is_paused(timezone.now())


def test_a_pause_without_a_reason_keeps_what_was_chosen(at, store):
    answer = at("lead").post("/pause/", {"until": "120", "reason": ""})
    assert answer.status_code == 422
    assert answer.context["form"]["until"].value() == "120"
    assert "Nothing was saved yet" in answer.content.decode()
    store.refresh_from_db()
    assert store.paused_until is None


@pytest.mark.parametrize("path", ["/pause/", "/pause/resume/"])
def test_an_associate_may_not_pause(ana, store, path):
    answer = ana.post(path, {"until": "60", "reason": "why not"}, follow=True)
    assert "Your role does not allow this here" in answer.content.decode()
    store.refresh_from_db()
    assert store.paused_until is None


def test_an_unchanged_day_answers_304_and_a_new_order_comes_within_one_poll(at, released):
    released()
    ana = at("associate", htmx=True)
    drawn = ana.get(TODAY)
    assert "<html" not in drawn.content.decode()
    etag = drawn["ETag"]
    assert ana.get(TODAY, headers={"If-None-Match": etag}).status_code == 304
    new = released()
    again = ana.get(TODAY, headers={"If-None-Match": etag})
    assert f"#{new.order.number}" in again.content.decode()


def test_another_stores_work_is_not_counted(ana, released):
    released(location=LocationFactory())
    assert ana.get(TODAY).context["queue"]["total"] == 0


def test_queries_do_not_grow_with_the_orders(at, released, claimed, django_assert_max_num_queries):
    lead = at("manager")
    for _ in range(2):
        released()
    claimed(released(), by=person("associate"))
    for _ in range(2):
        with django_assert_max_num_queries(15) as few:
            lead.get(TODAY)
        for _ in range(6):
            released(2)
        claimed(released(), by=person("associate"))
        claimed(released(), by=person("associate"))
    with django_assert_max_num_queries(len(few)):
        lead.get(TODAY)
