"""What of an order may come back: the facts of each unit, and what the policy says about it. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from inventory.models import Location, Variant
from omni.core.currencies import exponent
from orders.models import FulfillmentLine, Order, OrderLine, SerialNumber
from orders.unit_money import unit_of
from returns.models import ReturnReason, ReturnUnit
from returns.policy import RECEIPT, Because, Decision, Rule, Unit, decide


@dataclass(frozen=True)
class Terms:
    """What is the same for every unit of an order on one day; read once."""

    order: Order
    today: date
    rules: Sequence[Rule]
    sold_on: Mapping[int, date]
    serials: Mapping[int, frozenset[str]]

    def decide(
        self, line: OrderLine, index: int, *, grade: str = "A", reason: ReturnReason | None = None, serial: str = ""
    ) -> Decision:
        """The policy's word about unit `index` of this line, in this condition."""
        money = unit_of(line, index, currency=self.order.currency, tax_included=self.order.prices_include_tax)
        return decide(
            Unit(
                value=money.total_amount, today=self.today, kind=RECEIPT, category=line.variant.product.category,
                channel=self.order.channel, sold_on=self.sold_on.get(line.pk), is_final_sale=line.variant.is_final_sale,
                is_fulfilled=index <= line.fulfilled_quantity, grade=grade, is_our_fault=is_our_fault(reason),
                needs_serial=line.variant.is_serial_tracked, serial=serial,
                sold_serials=self.serials.get(line.pk, frozenset()), currency=self.order.currency,
                decimals=exponent(self.order.currency),
            ),
            self.rules,
        )  # fmt: skip


@dataclass(frozen=True)
class Assessed:
    """A line as the desk shows it: units that can come back now, those that did, and the word about the next one."""

    line: OrderLine
    free: Sequence[int]
    returned: Sequence[ReturnUnit]
    decision: Decision

    @property
    def reasons(self) -> tuple[Because, ...]:
        return self.decision.reasons

    @property
    def left(self) -> int:
        return len(self.free)


def terms_of(order: Order, *, location: Location | None, now: datetime, rules: Sequence[Rule]) -> Terms:
    """Three queries, however long the order."""
    zone = location.zone if location else ZoneInfo("UTC")
    return Terms(
        order=order, today=now.astimezone(zone).date(), rules=rules, sold_on=_sold_on(order, zone),
        serials=_serials(order),
    )  # fmt: skip


def assess(terms: Terms, lines: Iterable[OrderLine]) -> list[Assessed]:
    """Each line with its free units and the decision about the next of them. Lines come with variant and product."""
    shown = list(lines)
    counted: dict[int, list[ReturnUnit]] = {line.pk: [] for line in shown}
    units = ReturnUnit.objects.counted().filter(order_line__in=list(counted)).select_related("return_order")
    for unit in units.order_by("unit_index"):
        counted[unit.order_line_id].append(unit)  # type: ignore[index]
    return [_assessed(terms, line, counted[line.pk]) for line in shown]


def free_units(line: OrderLine, taken: Iterable[int]) -> list[int]:
    """The units of a line that were handed over or shipped and are in no return, the first ones first."""
    return sorted(set(range(1, line.fulfilled_quantity + 1)) - set(taken))


def is_our_fault(reason: ReturnReason | None) -> bool:
    return reason is not None and reason.is_our_fault


def returnable_lines(order: Order) -> list[OrderLine]:
    """With everything that the policy asks about."""
    lines = order.lines.select_related("variant__product", "order", "pickup_location", "kit").order_by("position")
    return list(lines)


def tracked(variant: Variant) -> bool:
    return variant.is_serial_tracked


def _assessed(terms: Terms, line: OrderLine, returned: Sequence[ReturnUnit]) -> Assessed:
    free = free_units(line, (unit.unit_index or 0 for unit in returned))
    decision = terms.decide(line, free[0] if free else min(line.fulfilled_quantity + 1, line.quantity))
    return Assessed(line, free, returned, decision)


def _sold_on(order: Order, zone: ZoneInfo) -> dict[int, date]:
    """When the last units of each line reached their customer, else when they were bought."""
    lines = FulfillmentLine.objects.filter(fulfillment_order__order=order, issued_quantity__gt=0)
    closed = lines.values_list("order_line").annotate(at=Max("fulfillment_order__closed_at"))
    times = {line: at or order.placed_at for line, at in closed}
    return {line: at.astimezone(zone).date() for line, at in times.items()}


def _serials(order: Order) -> dict[int, frozenset[str]]:
    rows = SerialNumber.objects.out().filter(fulfillment_line__order_line__order=order)
    found: dict[int, set[str]] = {}
    for line, serial in rows.values_list("fulfillment_line__order_line", "serial"):
        found.setdefault(line, set()).add(serial)
    return {line: frozenset(serials) for line, serials in found.items()}
