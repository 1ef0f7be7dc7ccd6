"""Whoever asked to be forgotten is named on no order that is done."""

import pytest
from django.utils import timezone

from customers.operations.erase import erase_customer
from omni.core.actors import Actor
from orders.models import Message, Order
from orders.operations.cancel import cancel
from orders.operations.forget_customer import forget_erased
from tests.factories import line, placed, stocked
from tests.factories.network import LocationFactory
from tests.shop import audit

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


def test_a_done_order_forgets_them_and_an_open_one_keeps_them_until_it_is(db):
    now = timezone.now()
    store = LocationFactory()
    done, still_open = (placed(line(stocked(store, 1))) for _ in range(2))
    customer = done.customer
    assert still_open.customer == customer
    cancel(number=done.number, reason="x", by=BY, now=now)
    Message.objects.create(order=done, kind="cancelled", event_id=1, to="ada@example.org", subject="x", body="Dear Ada")
    erase_customer(customer_id=customer.pk, by=BY, now=now)
    assert forget_erased(now=now) == 1
    done.refresh_from_db()
    still_open.refresh_from_db()
    assert (done.contact_name, done.contact_email, done.contact_phone) == ("—", "", "")
    assert "line1" not in (done.shipping_address or {})
    assert Message.objects.get(event_id=1).body == "—"
    assert still_open.contact_email
    cancel(number=still_open.number, reason="x", by=BY, now=now)
    assert (forget_erased(now=now), forget_erased(now=now)) == (1, 0)
    assert not Order.objects.exclude(contact_email="").exists()
    assert audit() == {}
