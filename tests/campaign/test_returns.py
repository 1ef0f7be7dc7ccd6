"""All real credit notes of the data set, with the counts of what became of them."""

import os
import sys

import pytest
from django.db.models import F

from omni.core import relay
from omni.replay.returns import replay_returns
from orders.models import Payment
from returns.first_policies import make_first_policies
from tests.campaign.test_replay import DATA
from tests.shop import audit

pytestmark = [pytest.mark.campaign, pytest.mark.django_db]
RETURNS = int(os.environ.get("CAMPAIGN_RETURNS", "10000"))


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def test_every_real_return_reaches_a_decision():
    if not (DATA / "orders").is_dir():
        pytest.skip(f"no real data at {DATA} (set REAL_DATA)")
    make_first_policies()
    decided = replay_returns(DATA, limit=RETURNS, tell=say)
    say("\n".join(decided.lines()))
    assert not Payment.objects.filter(refunded_amount__gt=F("captured_amount")).exists()
    assert decided.refunded <= decided.paid + decided.credit
    while relay.run_once():
        pass  # the provider is told of every refund
    assert audit() == {}
