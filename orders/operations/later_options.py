"""What a cart can have later: from what suppliers bring, or sent to the store where it is collected.

The code that places an order answers: `plan_lines` says from where a pickup comes, `Supply` shares out what suppliers
bring, and a day is that of the last unit. Reads only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inventory.atp import Site
from inventory.operations.promise_supply import Share, Supply
from orders.models import Order, OrderLine
from orders.models.order_line import Method
from orders.operations.assign import due_of
from orders.operations.plan_lines import plan_lines
from orders.operations.send_to_store import Senders
from orders.operations.wait_for_supply import wants_of

STOCK, TRANSFER, SUPPLY = "stock", "transfer", "supply"


@dataclass(frozen=True)
class LaterUnits:
    """Units of a line, and how they come: `kind` and `expected_on` of what a supplier brings."""

    reference: str
    quantity: int
    how: str
    kind: str = ""
    expected_on: date | None = None


@dataclass(frozen=True)
class PickupLater:
    """A store that lacks some of it. `ready_at` where all of it is at hand or sent there, about; None where a supplier
    brings some of it, on `expected_on`."""

    site: Site
    ready_at: datetime | None
    expected_on: date | None
    units: list[LaterUnits]

    @property
    def on_shortage(self) -> str:
        """What an order has to say to get it."""
        return str(Order.OnShortage.SUPPLY if self.expected_on else Order.OnShortage.REFUSE)


def brought(units: Sequence[tuple[OrderLine, int]], supply: Supply, parcels: frozenset[int]) -> list[LaterUnits] | None:
    """What suppliers bring of these units; None where that is not all of them, for then an order is not taken."""
    wants = wants_of([(line, line.reference, quantity) for line, quantity in units], parcels)
    by_line: dict[str, list[Share]] = {}
    for share in supply.foreseen(wants):
        by_line.setdefault(share.want.demand_key, []).append(share)
    if any(sum(share.quantity for share in by_line.get(line.reference, ())) < n for line, n in units):
        return None
    return [
        LaterUnits(reference, sum(share.quantity for share in shares), SUPPLY, shares[-1].kind,
                   max(share.day for share in shares))
        for reference, shares in by_line.items()
    ]  # fmt: skip


def pickups_later(
    *,
    wishes: Sequence[OrderLine],
    stores: Sequence[Site],
    channel: str,
    senders: Senders,
    supply: Supply,
    now: datetime,
) -> list[PickupLater]:
    """Of these stores, each of which lacks something, those that will have everything; `wishes` are lines as an order
    would have them."""
    found = (_later(wishes, site, channel, senders, supply, now) for site in stores)
    return [each for each in found if each is not None]


def _later(
    wishes: Sequence[OrderLine], site: Site, channel: str, senders: Senders, supply: Supply, now: datetime
) -> PickupLater | None:
    lines = [
        OrderLine(position=each.position, reference=each.reference, variant=each.variant, quantity=each.quantity,
                  method=Method.PICKUP, pickup_location=site.location, kit=each.kit, kit_units=each.kit_units)
        for each in wishes
    ]  # fmt: skip
    plan = plan_lines(
        lines=lines, quantities={line.position: line.quantity for line in lines}, channel=channel, near=None, now=now,
        known=[site], senders=senders,
    )  # fmt: skip
    dues = [due_of(each, now) for each in plan.assignments]
    missing = [(line, plan.missing[line.position]) for line in lines if line.position in plan.missing]
    awaited = brought(missing, supply, frozenset()) if missing else []
    if awaited is None or None in dues:
        return None
    units = [
        LaterUnits(each.line.reference, each.quantity, TRANSFER if each.source else STOCK) for each in plan.assignments
    ]
    ready_at = max((each.at for each in dues if each), default=None) if not missing else None
    expected_on = max((each.expected_on for each in awaited if each.expected_on), default=None)
    return PickupLater(site, ready_at, expected_on, _together(units) + awaited)


def _together(units: Sequence[LaterUnits]) -> list[LaterUnits]:
    """One row for a line, however many locations send it."""
    sums: dict[tuple[str, str], int] = {}
    for each in units:
        sums[each.reference, each.how] = sums.get((each.reference, each.how), 0) + each.quantity
    return [LaterUnits(reference, quantity, how) for (reference, how), quantity in sums.items()]
