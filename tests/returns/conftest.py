"""A shop that sold something, and people at its desk."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.models import User
from omni.core.operations.set_pin import keep_pin
from orders.models import Capture, Order, Payment
from orders.operations.request import PaymentRequest
from orders.operations.settle import book_capture
from returns.first_policies import make_first_policies
from tests.factories import LocationFactory, line, person, placed, stocked

PIN = "482915"


@dataclass
class Desk:
    """A store with an associate and a lead; `client` is the associate's browser there."""

    store: Location
    associate: User
    lead: User
    client: Client

    @property
    def by(self) -> Actor:
        return Actor.of(self.associate)

    def sold(self, *lines, at=None, paid=True, now=None, card="card", **more) -> Order:
        """Carried out of `at` (here where nothing is said), and paid."""
        place = at or self.store
        wanted = [line(variant, quantity, at=place, **rest) for variant, quantity, rest in map(_each, lines)]
        wanted = [_carried(each) for each in wanted]
        total = sum((_total(each) for each in wanted), Decimal(0))
        payments = [PaymentRequest(card, f"psp_{id(wanted)}", total)] if paid else []
        order = placed(*wanted, channel="pos", payments=more.pop("payments", payments), now=now, **more)
        capture_all(order)
        return order


def _each(row):
    variant, quantity, *rest = row if isinstance(row, tuple) else (row, 1)
    return variant, quantity, rest[0] if rest else {}


def _carried(each):
    return type(each)(**{**each.__dict__, "method": "carry_out"})


def _total(each) -> Decimal:
    price = each.unit_price if each.unit_price is not None else Decimal("19.99")
    return (price * each.quantity - sum((d["amount"] for d in each.discounts), Decimal(0))
            + sum((t["amount"] for t in each.taxes), Decimal(0)))  # fmt: skip


def capture_all(order: Order) -> None:
    """As the provider answers a moment later."""
    for capture in Capture.objects.filter(payment__order=order, captured_at=None):
        book_capture(capture_id=capture.pk, provider_reference=f"sim_{capture.pk}", now=timezone.now())


def payment_of(order: Order) -> Payment:
    return Payment.objects.get(order=order)


@pytest.fixture
def first_policies(db):
    """What a new retailer starts with; a test that empties tables may have taken it away."""
    make_first_policies()


def make_desk(**store) -> Desk:
    place = LocationFactory(**store)
    associate, lead = person("associate", at=place), person("lead", at=place)
    keep_pin(user=lead, pin=PIN, by=Actor.of(lead), now=timezone.now())
    client = Client()
    client.force_login(associate, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(place.pk)
    session.save()
    return Desk(place, associate, lead, client)


@pytest.fixture
def desk(first_policies) -> Desk:
    return make_desk(name="Oak Street")


@pytest.fixture
def shirt(desk):
    return stocked(desk.store, 20)


@pytest.fixture
def other_store(shirt):
    place = LocationFactory(name="Lake Street")
    stocked(place, 5, variant=shirt)
    return place


@pytest.fixture
def long_ago():
    """`long_ago(order, days=31)`: as if it had been handed over then."""

    def move_back(order, *, days: int) -> None:
        when = timezone.now() - timedelta(days=days)
        order.fulfillment_orders.update(closed_at=when)
        Order.objects.filter(pk=order.pk).update(placed_at=when)

    return move_back
