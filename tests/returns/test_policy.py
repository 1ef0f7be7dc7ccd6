"""What may come back: the most specific rule decides, every reason is named, money adds up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.policy import GRADES, Outcome, Rule, Unit, choose, decide, in_order

TODAY = date(2026, 5, 20)
EVERYTHING = Rule(1, "Everything", window_days=30, lowest_grade="C", override="approve",
                  dispositions={"A": "restock", "B": "open_box", "C": "refurbish", "D": "dispose"})  # fmt: skip
PHONES = Rule(2, "Phones", category="Electronics > Phones", window_days=14, fee_percent=Decimal(15), override="adjust")
WEB_PHONES = Rule(3, "Phones, web", category="Electronics > Phones", channel="web", window_days=20)
RULES = [EVERYTHING, PHONES, WEB_PHONES]


def unit(**more) -> Unit:
    values = {"value": Decimal("19.99"), "today": TODAY, "sold_on": TODAY - timedelta(days=5), "category": "Apparel",
              "channel": "pos"}  # fmt: skip
    return Unit(**(values | more))


def codes(decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def test_a_unit_within_everything_that_is_asked_is_eligible_for_all_its_money():
    decision = decide(unit(), RULES)
    assert (decision.outcome, decision.refund, decision.fee) == (Outcome.ELIGIBLE, Decimal("19.99"), 0)
    assert (decision.disposition, decision.rule) == ("restock", EVERYTHING)


@pytest.mark.parametrize(("category", "channel", "name"), [
    ("Electronics > Phones > Cases", "web", "Phones, web"),
    ("electronics>phones", "pos", "Phones"),
    ("Electronics > Phonesque", "web", "Everything"),
    ("", "", "Everything"),
])  # fmt: skip
def test_the_most_specific_rule_decides(category, channel, name):
    assert choose(RULES, kind="receipt", category=category, channel=channel, on=TODAY).name == name


def test_between_equals_the_one_that_began_last_decides():
    summer = Rule(9, "Summer", starts_on=TODAY - timedelta(days=1))
    over = Rule(10, "Over", starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=2))
    assert choose([summer, over, EVERYTHING], kind="receipt", category="", channel="", on=TODAY) == summer


def test_the_last_day_counts():
    last = unit(sold_on=TODAY - timedelta(days=30))
    late = unit(sold_on=TODAY - timedelta(days=31))
    assert decide(last, RULES).is_eligible
    decision = decide(late, RULES)
    assert (decision.outcome, codes(decision), decision.override) == (
        Outcome.NEEDS_APPROVAL,
        ["window_over"],
        "approve",
    )
    assert decision.reasons[0].facts["over"] == 1


def test_every_reason_is_named():
    decision = decide(unit(sold_on=date(2025, 1, 1), is_final_sale=True, grade="D"), RULES)
    assert codes(decision) == ["final_sale", "window_over", "condition"]


def test_what_is_our_fault_costs_no_fee_and_counts_in_any_condition():
    phone = {"category": "Electronics > Phones", "value": Decimal("100.00")}
    assert decide(unit(**phone), RULES).fee == Decimal("15.00")
    broken = decide(unit(**phone, is_our_fault=True, grade="D", is_final_sale=True), RULES)
    assert (broken.is_eligible, broken.refund) == (True, Decimal("100.00"))


@pytest.mark.parametrize(("facts", "code"), [
    ({"is_fulfilled": False}, "not_fulfilled"),
    ({"other_return": "50000001"}, "in_other_return"),
    ({"needs_serial": True, "serial": "B", "sold_serials": frozenset("A")}, "wrong_serial"),
])  # fmt: skip
def test_nobody_may_decide_against_a_fact(facts, code):
    decision = decide(unit(**facts), RULES)
    assert (decision.outcome, codes(decision)) == (Outcome.NOT_ELIGIBLE, [code])


def test_where_nobody_may_override_it_is_not_eligible():
    strict = [Rule(1, "Strict", window_days=1, override="")]
    assert decide(unit(), strict).outcome == Outcome.NOT_ELIGIBLE


def test_without_a_rule_hq_decides():
    decision = decide(unit(), [])
    assert (decision.outcome, codes(decision), decision.override) == (
        Outcome.NEEDS_APPROVAL,
        ["no_policy"],
        "configure",
    )
    assert decision.disposition == "quarantine"


def test_a_fee_in_another_currency_is_not_taken():
    rules = [Rule(1, "All", fee_amount=Decimal(5), fee_currency="USD")]
    assert decide(unit(currency="GBP"), rules).fee == 0
    assert decide(unit(value=Decimal("3.00")), rules).fee == Decimal("3.00")


money = st.decimals(0, 5000, places=2)
rule = st.builds(
    Rule, id=st.integers(1, 99), name=st.just("r"), category=st.sampled_from(["", "A", "A > B", "A > B > C", "D"]),
    channel=st.sampled_from(["", "web", "pos"]), window_days=st.none() | st.integers(0, 90),
    is_final_sale=st.booleans(), lowest_grade=st.sampled_from(GRADES), fee_percent=st.decimals(0, 100, places=2),
    fee_amount=money, override=st.sampled_from(["", "approve"]),
    starts_on=st.none() | st.dates(date(2026, 5, 1), date(2026, 6, 9)),
    ends_on=st.none() | st.dates(date(2026, 5, 1), date(2026, 6, 9)),
)  # fmt: skip
facts = st.builds(
    Unit, value=money, today=st.just(TODAY), category=st.sampled_from(["", "A", "A > B", "A > B > C", "E"]),
    channel=st.sampled_from(["web", "pos"]), sold_on=st.none() | st.dates(date(2026, 1, 1), TODAY),
    is_fulfilled=st.booleans(), other_return=st.sampled_from(["", "50000001"]), is_final_sale=st.booleans(),
    grade=st.sampled_from(GRADES), is_our_fault=st.booleans(),
)  # fmt: skip
unlike = st.lists(rule, max_size=6, unique_by=lambda each: each.id)


@given(facts, unlike)
def test_refund_and_fee_are_what_was_paid_and_never_negative(thing, rules):
    decision = decide(thing, rules)
    assert decision.refund + decision.fee == thing.value
    assert decision.refund >= 0 and decision.fee >= 0
    assert decision.fee.as_tuple().exponent >= -2


@given(facts, unlike)
def test_eligible_is_exactly_what_nothing_speaks_against(thing, rules):
    decision = decide(thing, rules)
    assert decision.is_eligible == (not decision.reasons)
    if any(reason.is_final for reason in decision.reasons):
        assert decision.outcome == Outcome.NOT_ELIGIBLE


@given(facts, unlike, st.randoms())
def test_the_order_of_the_rows_decides_nothing(thing, rules, random):
    shuffled = list(rules)
    random.shuffle(shuffled)
    assert decide(thing, shuffled) == decide(thing, rules)
    assert in_order(shuffled) == in_order(rules)


@given(facts, unlike, st.integers(1, 60))
def test_a_day_later_is_never_better(thing, rules, days):
    """With rules that hold throughout, waiting opens nothing."""
    lasting = [each for each in rules if each.starts_on is None and each.ends_on is None]
    later = Unit(**{**thing.__dict__, "today": thing.today + timedelta(days=days)})
    if decide(later, lasting).is_eligible:
        assert decide(thing, lasting).is_eligible
