"""What the customer is told: once per event, with the code for them and without it for staff."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.urls import resolve
from django.utils import timezone

from omni.core import relay
from omni.core.actors import Actor
from omni.core.models import Event
from orders import events
from orders.models import FulfillmentOrder, Message, PickupChoice
from orders.operations.cancel import cancel
from orders.operations.claim import claim
from orders.operations.expire import expire, remind_due
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.request import Contact
from orders.operations.ship import ship
from orders.operations.short_pick import short_pick
from orders.operations.stage import stage
from orders.operations.tell_customer import tell_customer
from orders.pickup_code import pickup_code
from tests.factories import LocationFactory, line, person, placed, stocked

pytestmark = pytest.mark.django_db

NINE_TO_NINE = {day: [["09:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street", city="Minneapolis", region="MN", weekly_hours=NINE_TO_NINE)


@pytest.fixture
def picker(store):
    return Actor.of(person("associate", at=store))


def staged(order, store, picker):
    FulfillmentOrder.objects.filter(order=order).update(release_at=timezone.now())
    release_due(now=timezone.now())
    work = order.fulfillment_orders.get()
    pick_list = claim(location=store, numbers=[work.number], by=picker, now=timezone.now())
    for each in work.lines.select_related("variant"):
        for _ in range(each.quantity):
            pick(pick_list_id=pick_list.pk, code=each.variant.sku, by=picker, now=timezone.now())
    return stage(number=work.number, shelf_code="S-1", by=picker, now=timezone.now())


def told(topic):
    """Tell the news of this topic, twice as after a lost answer; the record and the one mail."""
    event = Event.objects.get(topic=topic)
    mail.outbox.clear()
    first = tell_customer(event=event, now=timezone.now())
    assert tell_customer(event=event, now=timezone.now()) == first
    assert Message.objects.filter(event_id=event.pk).count() == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([first.to], first.subject)
    assert first.sent_at is not None
    return first, sent


def test_ready_brings_the_code_and_the_store_s_own_closing_time(store, picker):
    order = placed(line(stocked(store, 2), 2, at=store), collector_name="Bob Byron")
    work = staged(order, store, picker)
    message, sent = told(events.STAGED)

    assert message.kind == Message.Kind.READY
    assert pickup_code(order.code_seed) in sent.body
    assert pickup_code(order.code_seed) not in message.body
    assert "••••••••" in message.body
    assert f"2 × {work.lines.get().order_line.title}" in sent.body
    assert "Bob Byron" in sent.body
    assert "9:00 PM" in sent.body, "the deadline is told on the clock of the store"


def test_the_reminder_brings_the_code_again(store, picker):
    order = placed(line(stocked(store, 1), at=store))
    work = staged(order, store, picker)
    assert remind_due(now=work.collect_by - timedelta(hours=1)) == 1
    assert remind_due(now=work.collect_by - timedelta(minutes=30)) == 0
    message, sent = told(events.REMINDER_DUE)

    assert message.kind == Message.Kind.REMINDER
    assert pickup_code(order.code_seed) in sent.body
    assert pickup_code(order.code_seed) not in message.body


def test_a_cancellation_names_the_items_by_their_titles(store):
    variant = stocked(store, 3)
    order = placed(line(variant, 3, at=store, reference="a"))
    cancel(number=order.number, lines=[("a", 2)], reason="too many", by=Actor.system("site"), now=timezone.now())
    message, sent = told(events.CANCELLED)

    assert message.kind == Message.Kind.CANCELLED
    assert f"2 × {variant.title}" in sent.body
    assert "You pay nothing for them." in sent.body


def test_not_collected_is_told(store, picker):
    work = staged(placed(line(stocked(store, 1), at=store)), store, picker)
    assert expire(number=work.number, now=work.collect_by)
    message, sent = told(events.EXPIRED)

    assert message.kind == Message.Kind.EXPIRED
    assert "Oak Street" in sent.body


def test_the_choice_comes_with_a_link_that_leads_to_it(store, picker):
    variant = stocked(store, 1)
    order = placed(line(variant, at=store))
    release_due(now=timezone.now())
    work = order.fulfillment_orders.get()
    pick_list = claim(location=store, numbers=[work.number], by=picker, now=timezone.now())
    short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=1, reason_code="not-found",
               by=picker, now=timezone.now())  # fmt: skip
    message, sent = told(events.CHOICE_OFFERED)

    token = PickupChoice.objects.get().token
    (link,) = (word for word in sent.body.split() if word.startswith(settings.PUBLIC_URL))
    match = resolve(link.removeprefix(settings.PUBLIC_URL))
    assert (match.view_name, match.kwargs) == ("orders:choice", {"token": token})
    assert token not in message.body
    assert f"1 × {variant.title}" in message.body


def test_shipped_brings_the_tracking_number(store, picker):
    variant = stocked(store, 1)
    work = staged(placed(line(variant)), store, picker)
    tell_customer(event=Event.objects.get(topic=events.STAGED), now=timezone.now())
    assert mail.outbox == [], "a shipment on its shelf is no news for the customer"
    ship(number=work.number, carrier="UPS", tracking_number="1Z999", by=picker, now=timezone.now())
    message, sent = told(events.SHIPPED)

    assert message.kind == Message.Kind.SHIPPED
    assert "1Z999" in sent.body
    assert f"1 × {variant.title}" in sent.body


def test_an_order_without_an_address_keeps_the_record_that_nobody_could_be_told(store, picker):
    staged(placed(line(stocked(store, 1), at=store), contact=Contact(name="Ada")), store, picker)
    message = tell_customer(event=Event.objects.get(topic=events.STAGED), now=timezone.now())

    assert (message.to, message.sent_at, mail.outbox) == ("", None, [])


def test_a_mail_that_failed_is_sent_later_under_the_same_id(store, picker, monkeypatch):
    staged(placed(line(stocked(store, 1), at=store)), store, picker)
    event = Event.objects.get(topic=events.STAGED)

    def away(*args, **kwargs):
        raise OSError("mail server is away")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="away"):
        patched.setattr("django.core.mail.EmailMessage.send", away)
        tell_customer(event=event, now=timezone.now())
    assert Message.objects.get().sent_at is None
    tell_customer(event=event, now=timezone.now())
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{event.uid}@")


@pytest.mark.django_db(transaction=True)
def test_the_relay_tells_each_event_once(store, picker):
    staged(placed(line(stocked(store, 1), at=store)), store, picker)
    while relay.run_once():
        pass
    told = sorted(Message.objects.values_list("kind", "channel"))
    assert told == [("ready", "email"), ("ready", "sms")]
    assert len(mail.outbox) == 1
    assert all(isinstance(message.sent_at, datetime) for message in Message.objects.all())
