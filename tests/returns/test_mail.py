"""By mail: one label per return whatever happens to the answer, parcels that nobody announced, messages."""

import pytest
from django.core import mail
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.models import Event
from orders.models import Message
from orders.operations.request import Contact
from returns.models import ReturnLabel, ReturnOrder
from returns.operations.authorize import Channel, Wanted, authorize
from returns.operations.find_purchase import find_purchase
from returns.operations.give_up import end_forgotten
from returns.operations.mail_label import make_label
from returns.operations.receive import Looked
from returns.operations.take_in import hold_unknown, open_sent_back, who_sent
from returns.operations.take_in_hand import take_in_hand
from returns.operations.tell_customer import tell_customer
from tests.factories import LocationFactory
from tests.factories.requests import ADDRESS
from tests.shop import audit, held

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


@pytest.fixture
def dc(db):
    return LocationFactory(kind="dc", code="DC-1", line1="5 Depot Rd", city="Chicago", region="IL", postal_code="60601")


def announced(desk, shirt, **address):
    order = desk.sold(shirt, shipping_address=ADDRESS | address)
    wanted = [Wanted(reference=order.lines.get().reference)]
    return authorize(order_number=order.number, wanted=wanted, channel=Channel.MAIL, location=None, by=BY,
                     now=timezone.now(), override=True)  # fmt: skip


def test_a_label_is_bought_once_and_sent_to_the_customer(desk, shirt, dc):
    found = announced(desk, shirt)
    for _ in range(3):
        label = make_label(rma_number=found.rma_number, now=timezone.now())
    assert (label.status, ReturnLabel.objects.count()) == ("bought", 1)
    assert bytes(label.pdf).startswith(b"%PDF")
    found.refresh_from_db()
    assert found.tracking_number == label.tracking_number
    for event in Event.objects.filter(topic="returns.labelled"):
        for _ in range(2):
            tell_customer(event=event, now=timezone.now())
    assert [message.subject for message in mail.outbox] == [f"Your label for return {found.rma}"]
    assert mail.outbox[0].attachments[0][0] == f"return-{found.rma}.pdf"


def test_a_lost_answer_is_looked_up_and_not_bought_again(desk, shirt, dc):
    found = announced(desk, shirt, line2="TIMEOUT")
    label = make_label(rma_number=found.rma_number, now=timezone.now())
    assert label.status == "bought"
    assert make_label(rma_number=found.rma_number, now=timezone.now()).tracking_number == label.tracking_number


def test_what_the_carrier_refuses_is_told_in_its_words(desk, shirt):
    LocationFactory(kind="dc", code="DC-1", line1="REFUSE Rd", city="Chicago", region="IL", postal_code="60601")
    found = announced(desk, shirt)
    label = make_label(rma_number=found.rma_number, now=timezone.now())
    assert (label.status, bool(label.refusal)) == ("refused", True)


def test_the_parcel_is_known_by_its_label_and_by_what_is_in_it(desk, shirt, dc):
    found = announced(desk, shirt)
    label = make_label(rma_number=found.rma_number, now=timezone.now())
    now = timezone.now()
    assert who_sent(code=label.tracking_number, here=desk.store, now=now) == found
    assert who_sent(code=f"RMA {found.rma}", here=desk.store, now=now) == found
    assert who_sent(code=str(found.order.number), here=desk.store, now=now) == found.order
    assert who_sent(code=shirt.sku, here=desk.store, now=now) == shirt
    assert who_sent(code="nothing known", here=desk.store, now=now) is None


def test_a_parcel_that_its_carrier_brings_back_opens_one_return(desk, shirt):
    order = desk.sold((shirt, 2))
    reference = order.lines.get().reference
    for _ in range(2):
        found = open_sent_back(order_number=order.number, lines=[(reference, 2)], shipment="S-1",
                               location=desk.store, by=BY, now=timezone.now())  # fmt: skip
    assert (ReturnOrder.objects.count(), found.channel, found.units.count()) == (1, "sent_back", 2)
    looked = {unit.pk: Looked() for unit in found.units.all()}
    payout = take_in_hand(rma_number=found.rma_number, looked=looked, location=desk.store, by=BY, now=timezone.now())
    assert payout.amount == order.total_amount
    assert open_sent_back(order_number=order.number, lines=[(reference, 2)], shipment="S-2", location=desk.store,
                          by=BY, now=timezone.now()) is None  # fmt: skip
    assert audit() == {}


def test_what_nobody_knows_is_held(desk, shirt):
    found = hold_unknown(sku=shirt.sku, location=desk.store, by=BY, now=timezone.now())
    assert (found.status, held(shirt, desk.store)) == ("received", {"inspection": 1})
    assert audit() == {}


def test_a_refund_is_told_once_with_what_went_where(desk, shirt):
    order = desk.sold(shirt, contact=Contact(name="Ada", email="ada@example.org"))
    wanted = [Wanted(reference=order.lines.get().reference)]
    found = authorize(order_number=order.number, wanted=wanted, channel=Channel.STORE, location=desk.store, by=BY,
                      now=timezone.now())  # fmt: skip
    take_in_hand(rma_number=found.rma_number, looked={found.units.get().pk: Looked()}, location=desk.store, by=BY,
                 now=timezone.now())  # fmt: skip
    for event in Event.objects.filter(topic__startswith="returns.re"):
        for _ in range(2):
            tell_customer(event=event, now=timezone.now())
    assert [message.kind for message in Message.objects.all()] == ["refunded"]
    assert mail.outbox[0].subject == "We gave back $19.99"
    assert "go back to how you paid" in mail.outbox[0].body


def test_what_nobody_brings_ends_by_itself(desk, shirt, settings_decided):
    settings_decided("returns.desk_hours", 1)
    order = desk.sold(shirt)
    found = authorize(order_number=order.number, wanted=[Wanted(reference=order.lines.get().reference)],
                      channel=Channel.STORE, location=desk.store, by=BY, now=timezone.now())  # fmt: skip
    later = timezone.now() + timezone.timedelta(hours=2)
    assert end_forgotten(now=later) == 1
    found.refresh_from_db()
    assert found.status == "cancelled"
    assert find_purchase(text=f"R:{order.number}", here=desk.store, now=later).orders[0] == order
    assert audit() == {}
