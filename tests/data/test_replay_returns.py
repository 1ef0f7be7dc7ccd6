"""Real credit notes: exact, partial, over several sales, more than was bought, of no known sale, and anonymous."""

import os
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import F, Sum

from omni.core import relay
from omni.replay.returns import replay_returns
from orders.models import OrderLine, Payment
from returns.first_policies import make_first_policies
from returns.models import ReturnUnit
from tests.shop import audit

# One that meets each kind of match; all of the real returns: tests/campaign/test_returns.py.
SAMPLE = int(os.environ.get("RETURNS_SAMPLE", "38"))


@pytest.mark.django_db
def test_every_real_return_reaches_a_decision_and_none_refunds_more_than_was_paid(real_data):
    make_first_policies()
    decided = replay_returns(real_data, limit=SAMPLE, most_units=60)
    assert sum(decided.returns.values()) == SAMPLE
    kinds = Counter(match for match, _decision in decided.returns.elements())
    assert {"exact", "partial", "none", "over_return", "anonymous"} <= set(kinds)
    words = {decision for _match, decision in decided.returns}
    assert {"refunded", "refunded, a lead approved", "refunded; refused beyond what was bought"} <= words
    assert not Payment.objects.filter(refunded_amount__gt=F("captured_amount")).exists()
    assert not OrderLine.objects.filter(returned_quantity__gt=F("fulfilled_quantity")).exists()
    given = ReturnUnit.objects.filter(status="refunded").aggregate(total=Sum("refund_amount"))["total"]
    assert given == decided.refunded
    assert decided.refunded > Decimal(0)
    while relay.run_once():
        pass  # the provider is told of every refund
    assert audit() == {}
