"""What counts for an order: HQ's rules and costs, now or at the time of a decision, and the prices of what orders to
come will need.

A placement asks one small query; what a version says is read once by each process, since it never changes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import translation

from inventory.models import Location
from inventory.models.location_set import names_of_groups_and_sets
from omni.core.prepared import prepared
from orders.models import CostParameters, RuleFilter, RulePrice, RuleSet, RuleStep
from orders.models import Tariff as TariffRow
from orders.operations.default_costs import default_tariffs
from orders.operations.known_prices import NO_PRICES, KnownPrices, known_prices
from orders.routing.batch import UNIT
from orders.routing.cost import Costs, Tariff, Work
from orders.routing.rules import CHEAPEST, PARK, Filter, FilterKind, Objective, Price, Rules, Step, What, Who
from orders.rule_presets import Preset
from orders.rule_words import filter_words, price_words

SATURDAY, SUNDAY = 5, 6
Key = tuple[int, int]

NOW = """
SELECT (SELECT json_agg(json_build_array(id, version, channels, services, tags, minimum_amount::text)
                        ORDER BY priority, id) FROM orders_ruleset WHERE status = 'active'),
       (SELECT id FROM orders_costparameters WHERE status = 'set' AND effective_from <= %(now)s
         ORDER BY effective_from DESC, id DESC LIMIT 1),
       (SELECT id FROM orders_tariff WHERE status = 'set' AND effective_from <= %(now)s
         ORDER BY effective_from DESC, id DESC LIMIT 1),
       (SELECT json_build_array(id, weight, digest, broken_because) FROM orders_priceset
         WHERE solved_at <= %(now)s AND good_until > %(now)s AND NOT is_failed ORDER BY solved_at DESC, id DESC LIMIT 1)
"""


@dataclass(frozen=True)
class Policy:
    """What counts for an order."""

    rules: Rules
    costs: Costs
    prices: KnownPrices = NO_PRICES


@dataclass(frozen=True)
class Policies:
    """What counts at a moment, asked once for many orders."""

    costs: Costs
    sets: tuple[list[Any], ...]
    prices: KnownPrices = NO_PRICES

    def rules_for(self, *, channel: str, services: Collection[str], value: Decimal, tags: Collection[str]) -> Rules:
        """The first active rule set by priority whose conditions such an order meets, else the built-in "Cheapest"."""
        chosen = next((row for row in self.sets if _meets(row, channel, services, value, tags)), None)
        return rules_of((chosen[0], chosen[1])) if chosen else CHEAPEST


def policies(*, now: datetime) -> Policies:
    """The rule sets and costs in effect, in one query."""
    sets, parameters, tariff, prices = _read(now)
    return Policies(costs_of((parameters or 0, tariff or 0)), tuple(sets), known_prices(prices))


def policy_for(
    *, channel: str, services: Collection[str], value: Decimal, tags: Collection[str], now: datetime
) -> Policy:  # fmt: skip
    """The rules and costs that count for an order. `value` is that of the goods."""
    found = policies(now=now)
    return Policy(
        found.rules_for(channel=channel, services=services, value=value, tags=tags), found.costs, found.prices
    )


def costs_now(*, now: datetime) -> Costs:
    """The costs in effect."""
    _sets, parameters, tariff, _prices = _read(now)
    return costs_of((parameters or 0, tariff or 0))


def rules_of(key: Key) -> Rules:
    """The rules of a version, whatever became of it. (0, 0): the built-in ones. Raises RuleSet.DoesNotExist."""
    return CHEAPEST if key == CHEAPEST.key else _rules(*key)


@lru_cache(maxsize=256)
def costs_of(key: Key) -> Costs:
    """The costs of a moment: parameters, and the tariffs in effect when that one was the latest to come."""
    parameters = CostParameters.objects.get(pk=key[0]) if key[0] else CostParameters()
    return costs_from(parameters, _tariffs(key[1]), key=key)


@lru_cache(maxsize=256)
def _rules(pk: int, version: int) -> Rules:
    row = RuleSet.objects.get(pk=pk, version=version)
    if row.status == RuleSet.Status.DRAFT:
        raise ValueError(f"{row} is a draft: read it with draft_rules")
    return draft_rules(row)


def draft_rules(row: RuleSet) -> Rules:
    """What a rule set says now; of a draft, until the next edit."""
    filters = list(RuleFilter.objects.filter(rule_set=row))
    steps = list(RuleStep.objects.filter(rule_set=row))
    prices = list(RulePrice.objects.filter(rule_set=row))
    groups = group_names()
    with translation.override("en"):  # explanations are stored: one language for all readers
        return Rules(
            key=(row.pk, row.version), name=row.name, objective=Objective(row.objective),
            filters=tuple(_filter(each, groups) for each in filters if each.step_id is None),
            prices=tuple(_price(each, groups) for each in prices),
            ladder=(*(_step(each, filters, groups) for each in steps), PARK) if steps else CHEAPEST.ladder,
            most=row.most_shipments or 0, least=_money(row.least_amount), split=_money(row.split_amount),
            unit_value_percent=row.unit_value_percent,
        )  # fmt: skip


def preset_rules(preset: Preset) -> Rules:
    """What a preset says, without a rule set."""
    with translation.override("en"):
        ladder = [
            Step(str(step.name), tuple(_filter(RuleFilter(**each), {}) for each in step.filters), step.is_partial)
            for step in preset.steps
        ]
        return Rules(
            key=(0, 0), name=str(preset.label), ladder=(*ladder, PARK),
            objective=Objective(preset.fields.get("objective", Objective.COST)),
        )  # fmt: skip


def group_names() -> dict[int, str]:
    """What rules name by number: groups, and below zero sets."""
    return names_of_groups_and_sets()


def costs_from(row: CostParameters, tariffs: tuple[Tariff, ...], *, key: Key) -> Costs:
    """Parameters as routing counts."""
    work = {str(kind): _work(row, kind) for kind in Location.Kind.values}
    return Costs(
        key=key, tariffs=tariffs, work=work, packaging=_money(row.packaging_amount), split=_money(row.split_amount),
        late=_money(row.late_amount), wait=_money(row.wait_amount), unserved=_money(row.unserved_amount),
        failure=_money(row.failure_amount),
        margin_percent=row.margin_percent, lost_percent=row.lost_percent, markdown_percent=row.markdown_percent,
        cover_days=row.cover_days, most_unit_value=_money(row.most_unit_value_amount),
        inches_per_pound=row.inches_per_pound,
        free_weekdays=frozenset({SUNDAY} if row.on_saturdays else {SATURDAY, SUNDAY}), holidays=frozenset(row.holidays),
    )  # fmt: skip


def _read(now: datetime) -> tuple[list[list[Any]], int | None, int | None, tuple[int, int, str, str] | None]:
    with prepared() as cursor:
        cursor.execute(NOW, {"now": now})
        sets, parameters, tariff, prices = cursor.fetchone()
    return sets or [], parameters, tariff, tuple(prices) if prices else None


def _meets(row: list[Any], channel: str, services: Collection[str], value: Decimal, tags: Collection[str]) -> bool:
    _pk, _version, channels, by, tagged, minimum = row
    return (
        (not channels or channel in channels)
        and (not by or not set(by).isdisjoint(services))
        and (not tagged or not set(tagged).isdisjoint(tags))
        and (minimum is None or value >= Decimal(minimum))
    )


def _tariffs(latest: int) -> tuple[Tariff, ...]:
    """The tariffs in effect when this one was the latest to come; the built-in ones before any."""
    if not latest:
        return default_tariffs()
    last = TariffRow.objects.get(pk=latest)
    rows = TariffRow.objects.in_effect(last.effective_from).exclude(effective_from=last.effective_from, pk__gt=last.pk)
    found: dict[str, TariffRow] = {}
    for each in rows:
        found.setdefault(each.service, each)
    return tuple(
        Tariff(name, tuple(tuple(zone) for zone in found[name].rates), tuple(found[name].days))
        for name in sorted(found) if found[name].rates
    )  # fmt: skip


def _work(row: CostParameters, kind: str) -> Work:
    def of(what: str) -> Decimal:
        return Decimal(getattr(row, f"{kind}_{what}"))

    return Work(_money(of("hour_amount")), float(of("parcel_minutes")), float(of("unit_minutes")),
                _money(of("parcel_amount")))  # fmt: skip


def _filter(each: RuleFilter, groups: dict[int, str]) -> Filter:
    return Filter(
        kind=FilterKind(each.kind), name=filter_words(each, groups), groups=frozenset(each.group_ids),
        kinds=frozenset(each.kinds), number=each.number, who=Who(frozenset(each.services)),
        what=What(each.path, each.tag, each.is_hazmat),
    )  # fmt: skip


def _price(each: RulePrice, groups: dict[int, str]) -> Price:
    return Price(
        name=price_words(each, groups), amount=_money(each.amount), groups=frozenset(each.group_ids),
        kinds=frozenset(each.kinds), who=Who(frozenset(each.services)),
    )  # fmt: skip


def _step(step: RuleStep, filters: list[RuleFilter], groups: dict[int, str]) -> Step:
    own = tuple(_filter(each, groups) for each in filters if each.step_id == step.pk)
    return Step(step.name, own, partial=step.is_partial)


def _money(amount: Any) -> int:
    """As routing counts: hundredths of a cent."""
    return round(Decimal(amount or 0) * UNIT)
