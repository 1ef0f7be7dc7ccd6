"""The customer's own page, without an account: what it says in every state, and what can be said on it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.models import Event
from orders.customer_link import link_token
from orders.models import Arrival, FulfillmentOrder, Order
from orders.operations.cancel import cancel
from orders.operations.expire import expire
from orders.operations.hand_over import Collector, hand_over
from orders.operations.hold_order import hold_order
from orders.operations.ship import ship
from orders.pickup_code import pickup_code
from tests.factories import line, placed, stocked
from tests.factories.floor import staged

pytestmark = pytest.mark.django_db
SITE = Actor.system("site")


def url(order, act=""):
    return f"/my/{link_token(order)}/{act}"


def page(order, **headers):
    return Client(headers=headers).get(url(order))


def words(order):
    return page(order).content.decode()


@pytest.fixture
def ready(released, ana):
    """On its shelf."""
    return staged(released(2), by=ana.user)


def test_the_page_shows_status_items_code_and_store_to_whoever_has_the_link(ready):
    answer = page(ready.order)
    text = answer.content.decode()
    code = pickup_code(ready.order.code_seed)
    assert answer.status_code == 200
    assert "Ready for you" in text
    assert f"{code[:4]} {code[4:]}" in text
    assert "Oak Street" in text and "Open today:" in text
    assert ready.lines.get().variant.product.title in text
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "private, no-store"
    for secret in ("ada@example.org", "+16125550100", "1 Main St"):
        assert secret not in text


def test_the_code_is_shown_only_while_it_opens_something(released, ana):
    work = released()
    code = pickup_code(work.order.code_seed)[:4]
    assert code not in words(work.order)
    staged(work, by=ana.user)
    assert code in words(work.order)
    hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), by=SITE, now=timezone.now())
    text = words(work.order)
    assert code not in text and "Collected" in text


def test_every_state_of_a_pickup_has_its_words(released, claimed, ana):
    work = released()
    assert "We have your order" in words(work.order)
    FulfillmentOrder.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    assert "We are running late" in words(work.order)
    FulfillmentOrder.objects.update(due_at=timezone.now() + timedelta(hours=1))
    claimed(work, by=ana.user)
    assert "Your items are being collected" in words(work.order)
    cancel(number=work.order.number, reason="no", by=SITE, now=timezone.now())
    assert "Cancelled" in words(work.order)


def test_not_collected_on_hold_waiting_and_shipped_have_theirs(store, released, ready, ana):
    hold_order(number=ready.order.number, kind="payment", note="declined", by=SITE, now=timezone.now())
    text = words(ready.order)
    assert "We have a question about your order" in text and "declined" not in text
    assert "I am here" not in text
    gone = staged(released(), by=ana.user)
    expire(number=gone.number, now=timezone.now() + timedelta(days=30))
    assert "Not collected" in words(gone.order)
    parcel = staged(released(ship=True), by=ana.user)
    ship(number=parcel.number, carrier="UPS", tracking_number="1Z999", by=SITE, now=timezone.now())
    text = words(parcel.order)
    assert "On its way to you" in text and "1Z999" in text
    waiting = placed(line(stocked(store, 1), 5, at=store), on_shortage="accept")
    assert "Waiting for stock" in words(waiting)


@pytest.mark.parametrize("spoil", [
    lambda token: "nonsense", lambda token: token[:-1], lambda token: f"zz.{token.partition('.')[2]}",
    lambda token: "a" * 300, lambda token: f"{token}.x", lambda token: ".." , lambda token: "%20.a.b",
])  # fmt: skip
def test_a_link_that_nobody_here_made_is_nothing(ready, spoil):
    assert Client().get(f"/my/{spoil(link_token(ready.order))}/").status_code == 404


def test_another_seed_ends_the_links_of_an_order(ready, time_machine):
    old = url(ready.order)
    assert Client().get(old).status_code == 200
    Order.objects.filter(pk=ready.order_id).update(code_seed="01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c11")
    assert Client().get(old).status_code == 404


def test_an_old_link_says_that_it_is_over_and_nothing_else(ready, time_machine):
    old = url(ready.order)
    time_machine.move_to(timezone.now() + timedelta(days=46))
    answer = Client().get(old)
    assert answer.status_code == 410
    assert "no longer valid" in answer.content.decode()
    assert ready.lines.get().variant.product.title not in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert Client().post(f"{old}arrival/", {"work": ready.number, "act": "arrived"}).status_code == 410
    assert not Arrival.objects.exists()


def say(order, work, act, **more):
    return Client().post(url(order, "arrival/"), {"work": work.number, "act": act, **more}, follow=True)


def test_on_my_way_here_moved_and_gone_again(ready):
    order = ready.order
    text = say(order, ready, "on_my_way", bay="", car="Honda", color="red").content.decode()
    assert "They know that you are coming" in text
    text = say(order, ready, "arrived", bay="4", car="Honda", color="red").content.decode()
    assert "You are checked in" in text and "red Honda" in text
    say(order, ready, "arrived", bay="5", car="Honda", color="red")
    assert Arrival.objects.get().bay == "5"
    text = say(order, ready, "call_off").content.decode()
    assert "Coming by car?" in text
    assert not Arrival.objects.open().exists()
    assert Event.objects.filter(topic="orders.arrived", actor="customer").count() == 1


def test_arriving_early_is_answered_with_what_happens_next(released):
    work = released()
    text = say(work.order, work, "arrived", bay="2").content.decode()
    assert "almost ready" in text
    assert Arrival.objects.get().arrived_at


def test_work_of_another_order_cannot_be_named(ready, released):
    other = released()
    text = say(ready.order, other, "arrived").content.decode()
    assert "That did not work" in text
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("data", [{}, {"act": "dance"}, {"act": "arrived", "bay": "x" * 21}, {"act": ""}])
def test_what_cannot_be_read_is_said_and_changes_nothing(ready, data):
    answer = Client().post(url(ready.order, "arrival/"), {"work": ready.number, **data}, follow=True)
    assert "That did not work" in answer.content.decode()
    assert not Arrival.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_to_collect_is_said_in_words(ready):
    hand_over(number=ready.number, collector=Collector("photo_id", name="Ada"), by=SITE, now=timezone.now())
    assert "Nothing of this order waits here any more" in say(ready.order, ready, "arrived").content.decode()


def test_a_form_of_another_site_is_refused(ready):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url(ready.order, "arrival/"), {"work": ready.number, "act": "arrived"}).status_code == 403
    assert not Arrival.objects.exists()


def test_the_customer_names_who_collects_and_takes_it_back(ready):
    client = Client()
    for _ in range(2):
        text = client.post(url(ready.order, "collector/"), {"name": " Bea  Lee "}, follow=True).content.decode()
    assert "Bea Lee collects it" in text
    assert Event.objects.filter(topic="orders.collector_named").count() == 1
    client.post(url(ready.order, "collector/"), {"name": ""})
    assert Order.objects.get(pk=ready.order_id).collector_name == ""


def test_the_page_asks_and_gets_304_until_something_changes(ready):
    client = Client(headers={"HX-Request": "true"})
    first = client.get(url(ready.order))
    assert "<html" not in first.content.decode()
    again = client.get(url(ready.order), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-store"
    say(ready.order, ready, "arrived", bay="4")
    assert client.get(url(ready.order), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_one_phone_in_a_loop_stops_itself(ready, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # else a new minute may begin, which counts anew
    here, sender = url(ready.order, "arrival/"), {"REMOTE_ADDR": "203.0.113.9"}
    answers = [Client().post(here, {"act": "x"}, **sender).status_code for _ in range(22)]
    assert answers[:20] == [302] * 20
    assert answers[-1] == 429
    assert Client().post(here, {"act": "x"}, REMOTE_ADDR="203.0.113.10").status_code == 302
