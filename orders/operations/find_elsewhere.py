"""Units that a location could not give: shipped from another one at once, or the pickup customer chooses."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import Location, Variant
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.settings_store import setting
from orders import events, preferences
from orders.models import Exclusion, FulfillmentOrder, Order, OrderException, OrderLine, PickupChoice, RoutingDecision
from orders.models.order_line import Method
from orders.operations.assign import allocate
from orders.operations.keep_decision import keep_decisions
from orders.operations.plan_lines import destination, plan_lines
from orders.operations.raise_exception import raise_exception

PLANS = 3


@dataclass(frozen=True)
class Substitute:
    """An item of the same store that the customer may take instead, at its price in the shop now."""

    variant: Variant
    price: Decimal


def exclude(*, lines: Sequence[OrderLine], location: Location, reason: str, now: datetime) -> None:
    """These lines are never offered to this location again; each failure counts towards the cap."""
    Exclusion.objects.bulk_create(
        [Exclusion(order_line=line, location=location, reason=reason[:200], created_at=now) for line in lines],
        ignore_conflicts=True,
    )
    OrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(attempts=F("attempts") + 1)


def find_elsewhere(
    *, work: FulfillmentOrder, units: Mapping[OrderLine, int], by: Actor, now: datetime,
    instead: Substitute | None = None,
) -> bool:  # fmt: skip
    """Re-plan unallocated `units` of locked work after its location failed them. Never moves a pickup silently;
    its customer may take something else `instead`, where the store offers it.

    Returns whether everything found a place.
    """
    if work.method == Method.PICKUP:
        for line, quantity in units.items():
            offer_choice(order=work.order, line=line, quantity=quantity, location=work.location, by=by, now=now,
                         instead=instead)  # fmt: skip
        return False
    return ship_from_anywhere(order=work.order, units=units, by=by, now=now, promised_at=work.cutoff_at)


def ship_from_anywhere(
    *,
    order: Order,
    units: Mapping[OrderLine, int],
    by: Actor,
    now: datetime,
    promised_at: datetime | None = None,
) -> bool:
    """Promise `units` from whatever locations have them, as shipments; what nobody has waits for a person.

    So does what leaves later than the carrier it was `promised_at` for: never silently. Returns whether everything
    found a place.
    """
    tried = {line.pk: line for line in OrderLine.objects.filter(pk__in=[line.pk for line in units])}
    exhausted = [line for line in tried.values() if line.attempts >= setting(preferences.MAX_ATTEMPTS)]
    lines = [_as_shipment(line) for line in units if line.pk not in {each.pk for each in exhausted}]
    missing, works = _promise(order, lines, {line.position: n for line, n in units.items()}, by, now)
    _tell_late([work for work in works if promised_at and work.cutoff_at and work.cutoff_at > promised_at], now)
    if exhausted:
        raise_exception(order=order, kind=OrderException.Kind.ATTEMPTS, now=now,
                        detail=", ".join(f"{line.sku}: {line.attempts} failed" for line in exhausted))  # fmt: skip
    if missing:
        raise_exception(order=order, kind=OrderException.Kind.WAITING, now=now,
                        detail=", ".join(f"{quantity} × {sku}" for sku, quantity in missing.items()))  # fmt: skip
    return not exhausted and not missing


def _tell_late(works: Sequence[FulfillmentOrder], now: datetime) -> None:
    """These leave after the carrier that their order was promised."""
    for work in works:
        leaves = work.cutoff_at.astimezone(work.location.zone) if work.cutoff_at else now
        detail = _("%(work)s leaves %(place)s on %(when)s, later than promised") % {
            "work": work.number, "place": work.location.name, "when": f"{leaves:%Y-%m-%d %H:%M}",
        }  # fmt: skip
        raise_exception(order=work.order, kind=OrderException.Kind.LATE, detail=detail, now=now)


def offer_choice(
    *, order: Order, line: OrderLine, quantity: int, location: Location, by: Actor, now: datetime,
    instead: Substitute | None = None,
) -> PickupChoice:  # fmt: skip
    """Ask the customer about units their store does not have; more units of the line join an open question."""
    choice = PickupChoice.objects.select_for_update().filter(order_line=line, answer="").first()
    if choice:
        choice.quantity += quantity
        choice.save(update_fields=["quantity"])
    else:
        choice = PickupChoice.objects.create(order_line=line, location=location, quantity=quantity, offered_at=now)
    if instead:
        choice.substitute, choice.substitute_price_amount = instead.variant, instead.price
        choice.save(update_fields=["substitute", "substitute_price_amount"])
    emit(events.CHOICE_OFFERED, aggregate=order.subject, by=by, payload={
        "order": str(order.number), "reference": line.reference, "sku": line.sku, "quantity": choice.quantity,
        "location": location.code, "choice_id": choice.pk, "substitute": instead.variant.sku if instead else None,
    })  # fmt: skip
    return choice


def _as_shipment(line: OrderLine) -> OrderLine:
    """The line as a plan for shipping sees it; a pickup line the customer chose to have shipped keeps its row."""
    shipped = copy.copy(line)
    shipped.method, shipped.pickup_location = Method.SHIP, None
    return shipped


def _promise(
    order: Order, lines: Sequence[OrderLine], quantities: Mapping[int, int], by: Actor, now: datetime
) -> tuple[dict[str, int], list[FulfillmentOrder]]:
    """Allocate what can be; returns SKU -> units that found no place, and the work that was made."""
    excluded = excluded_sites(lines)
    near = destination(order.shipping_address)
    without: set[tuple[int, int]] = set()
    for attempt in range(PLANS):
        plan = plan_lines(lines=lines, quantities=quantities, channel=order.channel, near=near, now=now,
                          excluded=excluded, widen=attempt > 0, without=without, tags=order.tags)  # fmt: skip
        if (plan.missing or plan.is_second_choice) and attempt == 0:
            continue  # look everywhere before taking less than everything
        assigned = allocate(order=order, assignments=plan.assignments, by=by, now=now, is_again=True)
        if not assigned.failed:
            keep_decisions(order=order, decided=plan.decided, kind=RoutingDecision.Kind.REPLAN, now=now)
            skus = {line.position: line.sku for line in lines}
            return {skus[position]: quantity for position, quantity in plan.missing.items()}, assigned.works
        without |= {(each.variant_id, each.location_id) for each in assigned.short if each.available < each.wanted}
        without |= {(line.variant_id, place.pk) for line in lines for place in assigned.closed}
    return {line.sku: quantities[line.position] for line in lines}, []


def excluded_sites(lines: Sequence[OrderLine]) -> dict[int, frozenset[int]]:
    """By line position, the locations that have failed the line."""
    failed: dict[int, set[int]] = {}
    rows = Exclusion.objects.filter(order_line__in=[line.pk for line in lines])
    for line_id, location_id in rows.values_list("order_line_id", "location_id"):
        failed.setdefault(line_id, set()).add(location_id)
    return {line.position: frozenset(failed.get(line.pk, ())) for line in lines}
