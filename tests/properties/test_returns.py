"""Whatever people do with returns, in whatever order: units, stock and money add up after every act."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.refusals import Refusal
from orders.models import Order, OrderLine, Payment
from returns.first_policies import make_first_policies
from returns.models import ReturnOrder, ReturnUnit
from returns.models.disposition import HELD
from returns.operations.authorize import Channel, Wanted, authorize
from returns.operations.exchange import Replacement, add_replacement, complete_exchange
from returns.operations.give_up import cancel_return, refuse_return, take_out
from returns.operations.receive import Looked, receive
from returns.operations.regrade import regrade
from returns.operations.take_in_hand import take_in_hand
from tests.factories import LocationFactory, stocked
from tests.returns.conftest import make_desk

pytestmark = pytest.mark.django_db
BY, LEAD = Actor.system("desk"), Actor.system("lead")
ACTS = ("announce", "bring", "receive", "pay", "exchange", "take out", "cancel", "refuse", "regrade")
step = st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(1, 3), st.sampled_from("ABCD"))


class Shop:
    """Two stores, one order of two lines with a discount and a tax that do not divide evenly."""

    def __init__(self) -> None:
        make_first_policies()
        self.desk = make_desk()
        self.other = LocationFactory()
        shirts, mugs = stocked(self.desk.store, 30), stocked(self.desk.store, 30)
        self.variant = mugs
        odd = {"discounts": [{"code": "X", "amount": Decimal("1.00")}],
               "taxes": [{"name": "MN", "rate": "0.06875", "amount": Decimal("4.05")}]}  # fmt: skip
        self.order: Order = self.desk.sold((shirts, 3, odd), (mugs, 2))

    def do(self, act: str, which: int, quantity: int, grade: str) -> None:
        now, place = timezone.now(), (self.desk.store, self.other)[which % 2]
        if act in ("announce", "bring"):
            lines = list(self.order.lines.order_by("position"))
            wanted = [Wanted(reference=lines[which % 2].reference, quantity=quantity)]
            channel = Channel.MAIL if act == "announce" else Channel.STORE
            authorize(order_number=self.order.number, wanted=wanted, channel=channel, override=True, by=BY, now=now,
                      location=None if act == "announce" else place)  # fmt: skip
            return
        returns = list(ReturnOrder.objects.order_by("pk"))
        if not returns:
            return
        found = returns[which % len(returns)]
        expected = list(found.units.filter(status="authorized").order_by("pk"))[:quantity]
        rma = {"rma_number": found.rma_number, "by": BY, "now": now}
        looked = {unit.pk: Looked(grade=grade) for unit in expected}
        if act == "receive":
            receive(**rma, looked=looked, location=place)
        elif act == "pay":
            take_in_hand(**rma, looked=looked, location=place, approved_by=LEAD)
        elif act == "exchange":
            add_replacement(**rma, wanted=Replacement(self.variant.pk, "carry_out", self.desk.store))
            complete_exchange(**rma, looked=looked, location=self.desk.store, approved_by=LEAD)
        elif act == "take out" and expected:
            take_out(**rma, unit_id=expected[0].pk)
        elif act == "cancel":
            cancel_return(**rma, reason="kept")
        elif act == "refuse":
            refuse_return(**rma, reason="worn")
        elif act == "regrade":
            unit = ReturnUnit.objects.filter(disposition__in=HELD, status__in=["received", "refunded"]).first()
            if unit:
                regrade(unit_id=unit.pk, grade=grade, disposition=("restock", "dispose", "refurbish")[which % 3],
                        by=BY, now=now)  # fmt: skip


@given(st.lists(step, min_size=3, max_size=12))
def test_any_sequence_of_acts_keeps_units_stock_and_money_together(steps):
    with transaction.atomic():
        shop = Shop()
        for each in steps:
            try:
                with transaction.atomic():
                    shop.do(*each)
            except Refusal:
                continue
        found = {finding.check: finding.first for finding in run_checks() if finding.count}
        assert found == {}
        payment = Payment.objects.get(order=shop.order)
        assert payment.refunded_amount <= payment.captured_amount
        assert all(line.returned_quantity <= line.fulfilled_quantity for line in OrderLine.objects.all())
        transaction.set_rollback(True)
