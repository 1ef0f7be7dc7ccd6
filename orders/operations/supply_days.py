"""What order lines are promised from suppliers: when the last of it comes, and what they need no longer."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Max, Sum

from inventory.models import SupplyPromise
from inventory.operations.promise_supply import give_back_supply, lock_promised
from orders.models import OrderLine, PickupChoice

PREFIX = "order-line:"


def demand_key(line_id: int) -> str:
    return f"{PREFIX}{line_id}"


def order_lines_of(demand_keys: Iterable[str]) -> list[int]:
    """Ids of the order lines behind demand keys."""
    return [int(key.removeprefix(PREFIX)) for key in demand_keys if key.startswith(PREFIX)]


def lock_supply_of(lines: Sequence[OrderLine]) -> bool:
    """Before any capacity and shelf; whether they wait for a supplier at all."""
    return lock_promised(demand_keys=[demand_key(line.pk) for line in lines])


def give_back(*, lines: Collection[int], now: datetime) -> None:
    """The counters of these lines (ids) were written: what they no longer wait for, others may have."""
    rows = list(OrderLine.objects.filter(pk__in=lines))
    give_back_supply(demands={demand_key(line.pk): line.waiting_quantity for line in rows}, now=now)
    write_days(rows)


def kept_units(lines: Sequence[OrderLine]) -> dict[int, int]:
    """By line, the units that arrived for it and that it takes in a moment."""
    rows = SupplyPromise.objects.filter(demand_key__in=[demand_key(line.pk) for line in lines],
                                        status=SupplyPromise.Status.ARRIVED)  # fmt: skip
    units = rows.values_list("demand_key").annotate(n=Sum("quantity")).order_by()
    return {int(key.removeprefix(PREFIX)): n for key, n in units}


def asked_units(lines: Sequence[OrderLine]) -> dict[int, int]:
    """By line, the units about which its customer is asked: they wait for the answer, not for a supplier."""
    rows = PickupChoice.objects.filter(order_line__in=[line.pk for line in lines], answer="")
    return dict(rows.values_list("order_line").annotate(n=Sum("quantity")).order_by())


def write_days(lines: Sequence[OrderLine]) -> dict[int, int]:
    """The last day of each line's promises, none where a part of it waits for nobody knows what; returns {line id:
    units that are promised or kept}."""
    rows = SupplyPromise.objects.filter(
        demand_key__in=[demand_key(line.pk) for line in lines], status__in=SupplyPromise.OPEN
    ).values("demand_key").annotate(units=Sum("quantity"), day=Max("promised_on")).order_by()  # fmt: skip
    known = {row["demand_key"]: (row["units"], row["day"]) for row in rows}
    asked = asked_units(lines)
    promised = {}
    for line in lines:
        units, day = known.get(demand_key(line.pk), (0, None))
        promised[line.pk] = units
        wanted = day if units and units >= line.unallocated_quantity - asked.get(line.pk, 0) else None
        if wanted != line.expected_on:
            line.expected_on = wanted
            OrderLine.objects.filter(pk=line.pk).update(expected_on=wanted)
    return promised
