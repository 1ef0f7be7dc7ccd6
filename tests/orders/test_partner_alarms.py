"""A partner that is late is told of once, to everybody whom it concerns, and nobody has to tick it off."""

from datetime import timedelta

import pytest
from django.core import mail

from inventory.operations.hear_feed import hear_feed, tell_silent_feeds
from omni.core import relay
from omni.core.models import Event
from orders import events
from orders.models import Message, Partner, PartnerAlarm
from orders.operations.cancel import cancel
from orders.operations.confirm import confirm
from orders.operations.partner_alarms import mail_alarm, watch_partners
from orders.operations.refuse_units import refuse_units
from orders.operations.ship_parcels import Left, ship_parcels
from tests.factories.partners import out, vendor, with_feed
from tests.shop import SITE, audit, now

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=5)
DAYS = timedelta(days=3)


@pytest.fixture
def partner():
    return vendor(contact_email="desk@windmill.example", contact_name="Willa")


@pytest.fixture
def unhurried(partner):
    """Has five days to ship: after some hours nothing but its answer is late, at whatever time of the day."""
    Partner.objects.filter(pk=partner.pk).update(ship_days=5)
    return Partner.objects.get(pk=partner.pk)


def kinds() -> list[str]:
    return sorted(PartnerAlarm.objects.open().values_list("kind", flat=True))


def deliver() -> None:
    relay.stamp()
    relay.deliver(to=["orders.mail_partner", "orders.tell_later"])


def test_work_that_is_not_confirmed_in_time_is_told_of_once_and_clears_itself(unhurried):
    work = out(unhurried)
    assert watch_partners(now=now()) == (0, 0)
    assert watch_partners(now=now() + HOURS) == (1, 0)
    assert watch_partners(now=now() + HOURS) == (0, 0)
    assert kinds() == ["unconfirmed"]
    (news,) = Event.objects.filter(topic=events.PARTNER_ALARM)
    assert (news.payload["kind"], news.payload["fulfillment_order"], news.payload["location"]) == (
        "unconfirmed", work.number, unhurried.location.code,
    )  # fmt: skip
    deliver()
    deliver()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["desk@windmill.example"], f"Order {work.number} waits for your answer")
    assert "/partner/" in letter.body
    confirm(number=work.number, by=SITE, now=now())
    assert watch_partners(now=now() + HOURS) == (0, 1)
    assert kinds() == []
    assert Event.objects.filter(topic=events.PARTNER_ALARM_CLEARED).count() == 1
    assert audit() == {}


@pytest.mark.parametrize("answer", ["ship", "refuse", "cancel", "confirm a later day"])
def test_what_has_not_left_when_promised_is_late_until_something_became_of_it(partner, answer):
    work = out(partner, 2)
    confirm(number=work.number, by=SITE, now=now())
    assert watch_partners(now=now() + DAYS) == (1, 0)
    assert kinds() == ["unshipped"]
    if answer == "ship":
        ship_parcels(number=work.number, parcels=[Left("UPS", "1Z1")], by=SITE, now=now())
    elif answer == "refuse":
        refuse_units(number=work.number, reason_code="out-of-stock", by=SITE, now=now())
    elif answer == "cancel":
        cancel(number=work.order.number, reason="too late", by=SITE, now=now())
    else:
        later = (now() + 2 * DAYS).date()
        confirm(number=work.number, ships_on=later, by=SITE, now=now())
    assert watch_partners(now=now() + DAYS) == (0, 1)
    assert audit() == {}


def test_a_part_that_left_does_not_hide_that_the_rest_is_late(partner):
    work = out(partner, 2)
    units = {work.lines.get().pk: 1}
    ship_parcels(number=work.number, parcels=[Left("UPS", "1Z1", units=units)], by=SITE, now=now())
    watch_partners(now=now() + DAYS)
    assert kinds() == ["unshipped"]


def test_a_silent_feed_is_its_partners_alarm_and_ends_with_its_next_word(partner):
    with_feed(partner, rhythm_minutes=60)
    assert watch_partners(now=now()) == (0, 0)
    tell_silent_feeds(now=now() + HOURS)
    assert watch_partners(now=now() + HOURS) == (1, 0)
    assert kinds() == ["silent"]
    deliver()
    assert mail.outbox[0].subject == "Your stock feed is silent"
    hear_feed(feed_id=partner.feed_id, now=now() + HOURS)
    assert watch_partners(now=now() + HOURS) == (0, 1)


def test_nobody_is_written_to_about_what_is_over_or_without_an_address(unhurried):
    work = out(unhurried)
    watch_partners(now=now() + HOURS)
    confirm(number=work.number, by=SITE, now=now())
    watch_partners(now=now() + HOURS)
    Partner.objects.update(contact_email="")
    out(unhurried)
    watch_partners(now=now() + HOURS)
    assert [mail_alarm(alarm_id=pk, uid=pk, now=now()) for pk in PartnerAlarm.objects.values_list("pk", flat=True)] == [
        False, False,
    ]  # fmt: skip
    assert mail.outbox == []


def test_a_partner_that_is_switched_off_raises_nothing(partner):
    out(partner)
    Partner.objects.update(is_active=False)
    assert watch_partners(now=now() + HOURS) == (0, 0)


def test_what_was_late_at_a_partner_that_is_switched_off_is_over(unhurried):
    out(unhurried)
    watch_partners(now=now() + HOURS)
    Partner.objects.update(is_active=False)
    assert watch_partners(now=now() + HOURS) == (0, 1)
    assert kinds() == []


def test_the_customer_of_a_later_day_gets_one_letter_that_says_which(partner):
    work = out(partner, 2)
    later = (now() + DAYS).date()
    confirm(number=work.number, ships_on=later, by=SITE, now=now())
    deliver()
    letter = Message.objects.get(kind="later")
    assert (letter.to, letter.subject) == ("ada@example.org", f"A part of order {work.order.number} leaves later")
    assert later.isoformat() in letter.body
    assert len(mail.outbox) == 1
