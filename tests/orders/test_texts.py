"""Text messages: short, once per event, to whoever can and may be texted; codes and links only for their owner."""

from datetime import timedelta

import pytest
from django.core import mail

from customers.models import Consent
from omni.core.models import Event
from orders import events
from orders.models import Message
from orders.operations.arrive import Car, arrive
from orders.operations.expire import remind_due, tell_last_day
from orders.operations.hold_order import hold_order
from orders.operations.request import Contact
from orders.operations.short_pick import short_pick
from orders.operations.tell_customer import tell_customer
from orders.operations.tell_delays import tell_delays
from orders.operations.text_customer import text_customer
from orders.pickup_code import pickup_code
from orders.sms import Sent, SmsRefused
from tests.factories import line, placed, stocked
from tests.shop import SITE, now, open_shop

pytestmark = pytest.mark.django_db
PHONE = "+16125550100"
sent: list[tuple[str, str, str]] = []


class Recorder:
    """A provider that keeps its promise: the same key sends nothing twice."""

    fails: list[Exception] = []

    def send(self, *, to, text, key):
        if self.fails:
            raise self.fails.pop()
        if key not in [each[2] for each in sent]:
            sent.append((to, text, key))
        return Sent(reference=key)


@pytest.fixture(autouse=True)
def provider(settings):
    settings.SMS_SENDER = f"{__name__}.Recorder"
    sent.clear()
    Recorder.fails = []


@pytest.fixture
def shop():
    return open_shop(name="Oak Street")


@pytest.fixture
def work(shop):
    return shop.staged(placed(line(stocked(shop.store, 1), at=shop.store)))


def text(topic):
    return text_customer(event=Event.objects.get(topic=topic), now=now())


def test_ready_brings_code_and_link_once_and_keeps_neither(work):
    message = text(events.STAGED)
    assert text(events.STAGED) == message
    ((to, words, _key),) = sent
    code = pickup_code(work.order.code_seed)
    assert to == PHONE
    assert code in words and "/my/" in words and "Oak Street" in words
    assert len(words) <= 200
    assert message.sent_at is not None
    assert code not in message.body and "/my/" not in message.body and "••••••••" in message.body


def test_e_mail_and_text_are_told_each_once(work):
    event = Event.objects.get(topic=events.STAGED)
    for _ in range(2):
        tell_customer(event=event, now=now())
        text_customer(event=event, now=now())
    assert sorted(Message.objects.filter(event_id=event.pk).values_list("channel", flat=True)) == ["email", "sms"]
    assert (len(mail.outbox), len(sent)) == (1, 1)
    assert "/my/" in mail.outbox[0].body


def test_a_lost_answer_is_asked_again_with_the_same_key(work):
    Recorder.fails = [TimeoutError("no answer")]
    with pytest.raises(TimeoutError):
        text(events.STAGED)
    assert Message.objects.get(channel="sms").sent_at is None
    text(events.STAGED)
    assert len(sent) == 1
    assert sent[0][2] == str(Event.objects.get(topic=events.STAGED).uid)


def test_what_the_provider_never_takes_is_noted_and_not_asked_again(work):
    Recorder.fails = [SmsRefused("the number is out of service")]
    for _ in range(2):
        message = text(events.STAGED)
    assert (message.problem, message.sent_at, sent) == ("the number is out of service", None, [])


@pytest.mark.parametrize("phone", ["", "6125550100"])
def test_nobody_is_texted_without_a_whole_number(shop, phone):
    order = placed(line(stocked(shop.store, 1), at=shop.store), contact=Contact(name="Ada", email="a@example.org"))
    type(order).objects.update(contact_phone=phone)
    shop.staged(order)
    assert text(events.STAGED) is None
    assert not Message.objects.exists()


def test_who_said_no_is_not_texted_until_they_say_yes_again(work):
    def said(is_given, ago):
        Consent.objects.create(customer=work.order.customer, channel="sms", purpose="service", is_given=is_given,
                               source="store", said_at=now() - timedelta(hours=ago), actor="test")  # fmt: skip

    Consent.objects.create(customer=work.order.customer, channel="sms", purpose="marketing", is_given=False,
                           source="store", said_at=now(), actor="test")  # fmt: skip
    said(True, 3)
    said(False, 2)
    assert text(events.STAGED) is None
    said(True, 1)
    assert text(events.STAGED).sent_at is not None


def test_reminder_then_last_day_each_once_and_not_at_the_same_moment(work):
    deadline = work.collect_by
    assert remind_due(now=deadline - timedelta(hours=20)) == 1
    assert tell_last_day(now=deadline - timedelta(hours=6)) == 0
    assert [tell_last_day(now=deadline - timedelta(hours=each)) for each in (4, 3)] == [1, 0]
    text(events.REMINDER_DUE)
    text(events.LAST_DAY)
    tell_customer(event=Event.objects.get(topic=events.LAST_DAY), now=now())
    assert [words.split(":")[0] for _to, words, _key in sent][1] == "Last day"
    assert "today is the last day" in mail.outbox[0].subject
    assert pickup_code(work.order.code_seed) in mail.outbox[0].body


def test_the_last_day_waits_when_the_reminder_has_just_gone_out(work):
    remind_due(now=work.collect_by - timedelta(hours=5))
    assert tell_last_day(now=work.collect_by - timedelta(hours=4)) == 0
    assert tell_last_day(now=work.collect_by - timedelta(hours=2)) == 1


def test_a_delay_is_told_once_and_not_of_held_or_ready_orders(shop, work):
    late = shop.release(placed(line(stocked(shop.store, 1), at=shop.store)))
    asked = placed(line(stocked(shop.store, 1), at=shop.store))
    shop.release(asked)
    hold_order(number=asked.number, kind="payment", note="", by=SITE, now=now())
    moment = late.due_at + timedelta(minutes=16)
    assert tell_delays(now=late.due_at + timedelta(minutes=14)) == 0
    assert [tell_delays(now=moment) for _ in range(2)] == [1, 0]
    message = text(events.DELAYED)
    tell_customer(event=Event.objects.get(topic=events.DELAYED), now=now())
    assert message.order_id == late.order_id
    assert "takes a little longer" in sent[0][1] and "takes a little longer" in mail.outbox[0].subject


def test_an_arrival_is_confirmed_by_text_only(work):
    arrive(number=work.number, car=Car(bay="4"), by=SITE, now=now())
    text(events.ARRIVED)
    assert sent[0][1] == "Oak Street knows that you are here and brings your order out."
    assert not mail.outbox


def test_a_choice_comes_with_its_link(shop):
    work, pick_list = shop.claim(placed(line(stocked(shop.store, 1), at=shop.store)))
    short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=1, reason_code="not-found",
               by=shop.picker, now=now())  # fmt: skip
    text(events.CHOICE_OFFERED)
    assert "/choice/" in sent[0][1]


def test_the_console_is_the_default(settings, work, capsys):
    settings.SMS_SENDER = "orders.sms.console.ConsoleSender"
    text(events.STAGED)
    assert f"SMS to {PHONE}" in capsys.readouterr().out
