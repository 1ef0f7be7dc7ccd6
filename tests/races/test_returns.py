"""Two desks, one unit; and what happens with the guards taken away."""

from collections import Counter
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from omni.core.actors import Actor
from orders.models import OrderLine, Payment, Refund
from returns.first_policies import make_first_policies
from returns.models import ReturnOrder, ReturnUnit
from returns.operations.bring import bring
from returns.operations.receive import Looked
from returns.operations.take_in_hand import take_in_hand
from tests.factories import stocked
from tests.returns.conftest import make_desk
from tests.shop import audit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BY = Actor.system("race")
INDEX = """
CREATE UNIQUE INDEX each_unit_returns_once ON returns_returnunit (order_line_id, unit_index)
 WHERE status IN ('authorized', 'received', 'refunded')"""


@pytest.fixture
def desk(transactional_db):
    make_first_policies()
    return make_desk(name="Oak Street")


@pytest.fixture
def sold(desk):
    variant = stocked(desk.store, 20)
    return desk.sold((variant, 2))


def bringing(desk, order):
    reference = order.lines.get().reference

    def act(n: int) -> str:
        bring(order_number=order.number, reference=reference, location=desk.store, by=BY, now=timezone.now(),
              key=f"scan-{n}")  # fmt: skip
        return "brought"

    return act


def test_more_than_was_bought_never_comes_back(race, desk, sold):
    assert race(6, bringing(desk, sold)) == Counter(brought=2, not_returnable=4)
    assert sorted(ReturnUnit.objects.values_list("unit_index", flat=True)) == [1, 2]
    assert OrderLine.objects.get().returned_quantity == 2
    assert audit() == {}


def careless(order, barrier: Barrier):
    """Look which unit is free, think, then write: how a shop takes the same thing back twice."""
    line = order.lines.get()

    def act(n: int) -> str:
        taken = set(ReturnUnit.objects.filter(order_line=line).values_list("unit_index", flat=True))
        free = min({1, 2} - taken)
        barrier.wait(timeout=10)
        with transaction.atomic():
            found = ReturnOrder.objects.create(order=order, currency="USD", opened_at=timezone.now(), opened_by="x")
            ReturnUnit.objects.create(return_order=found, order_line=line, unit_index=free, variant=line.variant,
                                      title="x", value_amount=1, refund_amount=1)  # fmt: skip
            OrderLine.objects.filter(pk=line.pk).update(returned_quantity=F("returned_quantity") + 1)
        return "brought"

    return act


def test_without_the_lock_the_unique_index_still_refuses(race, desk, sold):
    assert race(2, careless(sold, Barrier(2))) == Counter(brought=1, IntegrityError=1)
    assert ReturnUnit.objects.count() == 1


def test_without_lock_and_index_the_same_unit_comes_back_twice(race, desk, sold):
    """The negative control: with both guards off the damage is real."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX each_unit_returns_once")
    try:
        assert race(2, careless(sold, Barrier(2))) == Counter(brought=2)
        assert list(ReturnUnit.objects.values_list("unit_index", flat=True)) == [1, 1]
        assert "return-unit-once" in audit()
    finally:
        ReturnUnit.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(INDEX)


def test_a_return_pressed_at_two_desks_is_paid_once(race, desk, sold):
    bringing(desk, sold)(1)
    found = ReturnOrder.objects.get()
    unit = found.units.get()

    def act(n: int) -> str:
        payout = take_in_hand(rma_number=found.rma_number, looked={unit.pk: Looked()}, location=desk.store, by=BY,
                              now=timezone.now() + timedelta(seconds=n))  # fmt: skip
        return "paid" if payout else "nothing"

    ends = race(4, act)
    assert ends["paid"] == 1
    assert set(ends) <= {"paid", "not_open", "not_expected"}
    assert Refund.objects.count() == 1
    payment = Payment.objects.get()
    assert payment.refunded_amount == unit.value_amount
    assert audit() == {}
