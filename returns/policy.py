"""What may come back, on which terms: facts in, one decision per unit out. No database, no clock, no words.

The most specific rule decides: the deepest category first, then a rule for the channel before one for all, then the
one that began last. A rule says what it asks for; `decide` says what of it is not met, each with a code and the facts
that a sentence needs (`returns/words.py` says them).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

GRADES = ("A", "B", "C", "D")
LEVEL = " > "  # between the levels of a category path

RECEIPT, BLIND = "receipt", "blind"
ORIGINAL, STORE_CREDIT = "original", "store_credit"


class Outcome(StrEnum):
    ELIGIBLE = "eligible"
    NEEDS_APPROVAL = "needs_approval"
    NOT_ELIGIBLE = "not_eligible"


@dataclass(frozen=True)
class Rule:
    """One row of HQ's policy. `window_days` None: for ever. `override` names the capability that may decide
    otherwise; empty: nobody. `dispositions` is what to do with a unit of each grade."""

    id: int
    name: str = ""
    kind: str = RECEIPT
    category: str = ""
    channel: str = ""
    window_days: int | None = None
    is_final_sale: bool = False
    lowest_grade: str = "D"
    fee_percent: Decimal = Decimal(0)
    fee_amount: Decimal = Decimal(0)
    fee_currency: str = ""
    refund_to: str = ORIGINAL
    override: str = ""
    most_amount: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    dispositions: Mapping[str, str] = field(default_factory=dict)

    def covers(self, *, kind: str, category: str, channel: str, on: date) -> bool:
        """True where the rule speaks of such a thing on that day."""
        return (
            self.kind == kind
            and (not self.channel or self.channel == channel)
            and (self.starts_on is None or self.starts_on <= on)
            and (self.ends_on is None or on <= self.ends_on)
            and levels(category)[: len(levels(self.category))] == levels(self.category)
        )

    @property
    def precedence(self) -> tuple:
        """Greater decides first."""
        return len(levels(self.category)), bool(self.channel), self.starts_on or date.min, self.id


@dataclass(frozen=True)
class Unit:
    """What is known of one unit that somebody brings back. `value` is what was paid for it, tax included."""

    value: Decimal
    today: date
    kind: str = RECEIPT
    category: str = ""
    channel: str = ""
    sold_on: date | None = None
    is_fulfilled: bool = True
    other_return: str = ""
    is_final_sale: bool = False
    grade: str = "A"
    is_our_fault: bool = False
    needs_serial: bool = False
    serial: str = ""
    sold_serials: frozenset[str] = frozenset()
    decimals: int = 2
    currency: str = "USD"


@dataclass(frozen=True)
class Because:
    """One reason, with the facts of its sentence; `is_final` where nobody may decide otherwise."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    is_final: bool = False


@dataclass(frozen=True)
class Decision:
    """What happens with the unit: `refund` is `value` less `fee`."""

    outcome: Outcome
    reasons: tuple[Because, ...]
    rule: Rule | None
    fee: Decimal
    refund: Decimal
    refund_to: str
    override: str
    disposition: str

    @property
    def is_eligible(self) -> bool:
        return self.outcome == Outcome.ELIGIBLE


def levels(category: str) -> list[str]:
    """`Apparel > Shirts` as its levels, however it is written."""
    return [part.strip().casefold() for part in category.split(">") if part.strip()]


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """The order in which rules are asked."""
    return sorted(rules, key=lambda rule: rule.precedence, reverse=True)


def choose(rules: Iterable[Rule], *, kind: str, category: str, channel: str, on: date) -> Rule | None:
    """The rule that decides; None where none speaks of this."""
    fitting = [rule for rule in rules if rule.covers(kind=kind, category=category, channel=channel, on=on)]
    return max(fitting, key=lambda rule: rule.precedence, default=None)


def decide(unit: Unit, rules: Sequence[Rule]) -> Decision:
    """May this unit come back, and for how much? Every reason against it is named, not only the first."""
    rule = choose(rules, kind=unit.kind, category=unit.category, channel=unit.channel, on=unit.today)
    reasons = tuple(_facts_against(unit)) + tuple(_rule_against(unit, rule))
    fee = _fee(unit, rule)
    override = rule.override if rule else "configure"
    return Decision(
        outcome=_outcome(reasons, override), reasons=reasons, rule=rule, fee=fee, refund=unit.value - fee,
        refund_to=rule.refund_to if rule else ORIGINAL, override=override, disposition=suggest(unit.grade, rule),
    )  # fmt: skip


def suggest(grade: str, rule: Rule | None) -> str:
    """What to do with a unit in this condition."""
    return rule.dispositions.get(grade, "quarantine") if rule else "quarantine"


def _outcome(reasons: Sequence[Because], override: str) -> Outcome:
    if not reasons:
        return Outcome.ELIGIBLE
    if not override or any(reason.is_final for reason in reasons):
        return Outcome.NOT_ELIGIBLE
    return Outcome.NEEDS_APPROVAL


def _facts_against(unit: Unit) -> Iterable[Because]:
    """What no policy can change."""
    if not unit.is_fulfilled:
        yield Because("not_fulfilled", is_final=True)
    if unit.other_return:
        yield Because("in_other_return", {"return": unit.other_return}, is_final=True)
    if unit.serial and unit.serial not in unit.sold_serials and (unit.needs_serial or unit.sold_serials):
        yield Because("wrong_serial", {"serial": unit.serial}, is_final=True)


def _rule_against(unit: Unit, rule: Rule | None) -> Iterable[Because]:
    if rule is None:
        yield Because("no_policy")
        return
    if (unit.is_final_sale or rule.is_final_sale) and not unit.is_our_fault:
        yield Because("final_sale", {"rule": rule.name})
    if rule.window_days is not None and unit.sold_on is not None:
        last = unit.sold_on + timedelta(days=rule.window_days)
        if unit.today > last:
            yield Because("window_over", {
                "days": rule.window_days, "last": last, "over": (unit.today - last).days, "rule": rule.name,
            })  # fmt: skip
    if unit.grade and GRADES.index(unit.grade) > GRADES.index(rule.lowest_grade) and not unit.is_our_fault:
        yield Because("condition", {"grade": unit.grade, "lowest": rule.lowest_grade, "rule": rule.name})


def _fee(unit: Unit, rule: Rule | None) -> Decimal:
    """Never more than was paid, and none where the fault is ours."""
    if rule is None or unit.is_our_fault:
        return Decimal(0)
    flat = rule.fee_amount if rule.fee_currency in ("", unit.currency) else Decimal(0)
    fee = unit.value * rule.fee_percent / 100 + flat
    return min(unit.value, fee.quantize(Decimal(1).scaleb(-unit.decimals), ROUND_HALF_UP))
