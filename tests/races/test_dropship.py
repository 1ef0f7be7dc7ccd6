"""A partner, a customer and a carrier speak at once: each unit ends in one way, and no order is lost."""

from collections import Counter

import pytest
from django.utils import timezone

from inventory.models import StockMovement
from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.models import Event
from orders import events
from orders.models import FulfillmentOrder, PartnerAlarm, Shipment
from orders.operations import partner_work, ship
from orders.operations.cancel import cancel
from orders.operations.confirm import confirm, withdraw_confirmation
from orders.operations.partner_alarms import watch_partners
from orders.operations.refuse_units import refuse_units
from orders.operations.ship_parcels import Left, ship_parcels
from tests.factories.partners import out, vendor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SITE, THEM = Actor.system("site"), Actor.system("partner")


def now():
    return timezone.now()


def audit() -> dict[str, list[str]]:
    return {finding.check: finding.first for finding in run_checks() if finding.count}


@pytest.fixture
def work(transactional_db):
    return out(vendor(), 2)


def refuse(work):
    return refuse_units(number=work.number, reason_code="out-of-stock", by=THEM, now=now())


def leave(work, tracking: str = "1Z1"):
    return ship_parcels(number=work.number, parcels=[Left("UPS", tracking)], by=THEM, now=now())


def conserved(work) -> tuple[int, int, int]:
    """(shipped, refused, cancelled) of the two units; the three are all of them."""
    line = FulfillmentOrder.objects.get(pk=work.pk).lines.get()
    ends = line.issued_quantity, line.short_quantity, line.cancelled_quantity
    assert sum(ends) == line.quantity
    return ends


def test_refusing_while_the_customer_cancels_ends_in_one_of_both(race, work):
    acts = [lambda: refuse(work), lambda: cancel(number=work.order.number, reason="no", by=SITE, now=now())]
    ends = race(2, lambda n: acts[n]() and None)
    assert ends in (Counter(ok=2), Counter(ok=1, cancelled=1))
    assert conserved(work) in {(0, 0, 2), (0, 2, 0)}
    work.order.refresh_from_db()
    assert work.order.status == "cancelled", "refused units wait, and then the customer cancels those"
    assert audit() == {}


def test_refusing_while_it_ships_ends_in_one_of_both(race, work):
    acts = [lambda: refuse(work), lambda: leave(work)]
    ends = race(2, lambda n: acts[n]() and None)
    assert ends in (Counter(ok=1, already_shipped=1), Counter(ok=1, refused=1))
    assert conserved(work) in {(2, 0, 0), (0, 2, 0)}
    assert audit() == {}


def test_shipping_while_the_customer_cancels_ends_in_one_of_both(race, work):
    acts = [lambda: leave(work), lambda: cancel(number=work.order.number, reason="no", by=SITE, now=now())]
    ends = race(2, lambda n: acts[n]() and None)
    assert ends in (Counter(ok=1, cancelled=1), Counter(ok=1, nothing_open=1))
    assert conserved(work) in {(2, 0, 0), (0, 0, 2)}
    assert audit() == {}


def test_the_same_shipment_told_four_times_at_once_leaves_once(race, work):
    assert race(4, lambda _n: leave(work) and None) == Counter(ok=4)
    assert (Shipment.objects.count(), StockMovement.objects.filter(kind="ship").count()) == (1, 1)
    assert Event.objects.filter(topic=events.SHIPPED).count() == 1
    assert audit() == {}


def test_taking_a_confirmation_back_while_it_ships_keeps_what_left(race, work):
    confirm(number=work.number, by=THEM, now=now())
    acts = [lambda: withdraw_confirmation(number=work.number, by=THEM, now=now()), lambda: leave(work)]
    race(2, lambda n: acts[n]() and None)
    assert conserved(work) == (2, 0, 0)
    assert audit() == {}


def test_confirming_twice_while_units_are_cancelled_stays_sound(race, work):
    reference = work.order.lines.get().reference
    acts = [
        lambda: confirm(number=work.number, by=THEM, now=now()),
        lambda: cancel(number=work.order.number, lines=[(reference, 1)], reason="one", by=SITE, now=now()),
        lambda: confirm(number=work.number, by=THEM, now=now()),
    ]
    assert race(3, lambda n: acts[n]() and None)["ok"] >= 1
    confirm(number=work.number, by=THEM, now=now())
    work.refresh_from_db()
    assert work.status == "accepted"
    assert audit() == {}


def test_two_clocks_raise_one_alarm(race, work):
    FulfillmentOrder.objects.update(confirm_by=now())
    race(4, lambda _n: watch_partners(now=now()) and None)
    assert PartnerAlarm.objects.count() == 1
    assert Event.objects.filter(topic=events.PARTNER_ALARM).count() == 1


def test_without_the_lock_a_refusal_and_a_shipment_would_both_be_believed(race, work, monkeypatch):
    """The twin of the races above with the guard off: what they would miss shows here."""

    def unlocked(self, number):
        return self.select_related("order", "location").get(number=number)

    monkeypatch.setattr(type(FulfillmentOrder.objects.all()), "lock", unlocked)
    monkeypatch.setattr(type(FulfillmentOrder.objects), "lock", unlocked, raising=False)
    seen: list[str] = []
    real = partner_work.refuse_over

    def slow(found):
        real(found)
        seen.append(found.status)
        while len(seen) < 2:
            pass

    monkeypatch.setattr(partner_work, "refuse_over", slow)
    monkeypatch.setattr(ship, "refuse_over", slow)
    acts = [lambda: refuse(work), lambda: leave(work)]
    race(2, lambda n: acts[n]() and None)
    assert seen[:2] == ["released", "released"], "both believed that it was open"
