"""Take an order: prices frozen, units promised, everything told, in one transaction; or nothing at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.operations.resolve import resolve
from customers.phone import to_e164
from inventory.geo import Point
from inventory.models import Location
from inventory.operations.hold import use_hold
from inventory.operations.promise_supply import lock_orderable
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Refusal
from orders import events
from orders.models import FulfillmentLine, Order, OrderKit, OrderLine, Payment, RoutingDecision
from orders.models.exception import OrderException
from orders.models.order_line import Method
from orders.operations.alternatives import shortage_errors
from orders.operations.assign import Assigned, assign
from orders.operations.carry_out import carry_out
from orders.operations.check_request import Checked, check_request
from orders.operations.insert_payments import insert_payments
from orders.operations.keep_decision import keep_decisions
from orders.operations.open_kits import open_kits
from orders.operations.plan_lines import LinePlan, destination, plan_lines
from orders.operations.quote_prices import apply_quote
from orders.operations.raise_exception import raise_exception
from orders.operations.request import LineRequest, OrderRequest
from orders.operations.supply_days import give_back, write_days
from orders.operations.wait_for_supply import wait_for_supply
from orders.pickup_code import digest, pickup_code
from orders.pricing import line_amount, round_amount

PLANS = 3  # a plan is made on a read without locks; somebody may be faster


@dataclass(frozen=True)
class Placed:
    """A new order with all that was made for it, so that nobody has to read it back."""

    order: Order
    lines: list[OrderLine]
    payments: list[Payment]
    shares: list[FulfillmentLine]


def place(*, request: OrderRequest, places: QuerySet[Location], by: Actor, now: datetime) -> Order:
    """`place_whole` for callers that want the order only."""
    return place_whole(request=request, places=places, by=by, now=now).order


@operation
def place_whole(*, request: OrderRequest, places: QuerySet[Location], by: Actor, now: datetime) -> Placed:
    """Place an order and promise its units.

    Refuses 422 what cannot be an order, and 409 `insufficient_stock` (with alternatives) when units are missing and
    `on_shortage` is `refuse`; otherwise the units nobody has wait, visible as an exception. `places` are the stores
    the caller may use.
    """
    if request.quote_id:
        request = apply_quote(request, now=now)
    near = destination(request.shipping_address)
    checked = check_request(request, places, near=near, now=now)
    opened = open_kits(request, checked.variants)
    if not opened.kits:
        return _place(request, checked, {}, near=near, by=by, now=now)
    try:
        checked = check_request(opened.request, places, near=near, now=now)
        return _place(opened.request, checked, opened.kits, near=near, by=by, now=now)
    except Refusal as refusal:
        refusal.errors = opened.pointed(refusal.errors)
        raise


def _place(
    request: OrderRequest, checked: Checked, kits: Mapping[str, OrderKit], *, near: Point | None, by: Actor,
    now: datetime,
) -> Placed:  # fmt: skip
    if request.hold_id:
        if request.on_shortage != Order.OnShortage.REFUSE:  # what the hold frees are shelves: supply is locked before
            lock_orderable(variant_ids=[variant.pk for variant in checked.variants.values()])
        use_hold(hold_id=request.hold_id, owner=request.hold_owner or by.label, by=by, now=now)
    lines = _lines(request, checked, kits)
    # Units that the cart held became free a moment ago: what was read before does not know of them.
    known = None if request.hold_id else checked.candidates
    plan = _plan(request, lines, near, now, known=known)
    order = _insert(request, lines, plan, by, now)
    payments = insert_payments(order=order, requests=request.payments, by=by, now=now)
    # Before any shelf is locked: what arrives locks the order's line first and its shelf last.
    if plan.missing:
        wait_for_supply(lines=lines, channel=order.channel, now=now)
    planned = {line.pk: line.unallocated_quantity for line in lines}
    assigned, final = _promise(request, order, lines, plan, near, now)
    keep_decisions(order=order, decided=final.decided, kind=RoutingDecision.Kind.PLACEMENT, now=now)
    if plan.missing and any(line.unallocated_quantity < planned[line.pk] for line in lines):
        give_back(lines=planned, now=now)
    promised = write_days(lines) if any(line.unallocated_quantity for line in lines) else {}
    _require_supply(request, lines, promised, near, now)
    _wait(order, [line for line in lines if line.unallocated_quantity > promised.get(line.pk, 0)], now)
    emit(events.PLACED, aggregate=order.subject, payload=_news(order, lines), by=by)
    serials = {line.reference: line.serials for line in request.lines}
    carry_out(order=order, lines=lines, shares=assigned.lines, serials=serials, age=request.age_check, by=by, now=now)
    return Placed(order, lines, payments, assigned.lines)


def _lines(request: OrderRequest, checked: Checked, kits: Mapping[str, OrderKit]) -> list[OrderLine]:
    return [_line(n, each, request, checked, kits) for n, each in enumerate(request.lines, start=1)]


def _line(
    position: int, each: LineRequest, request: OrderRequest, checked: Checked, kits: Mapping[str, OrderKit]
) -> OrderLine:
    variant = checked.variants[each.sku]
    price = each.unit_price if each.unit_price is not None else variant.price_amount  # type: ignore[attr-defined]
    return OrderLine(
        position=position, reference=each.reference, variant=variant, sku=variant.sku, title=variant.title[:400],
        quantity=each.quantity, unit_price_amount=round_amount(price, request.currency),
        discount_amount=sum((part["amount"] for part in each.discounts), Decimal(0)),
        tax_amount=sum((part["amount"] for part in each.taxes), Decimal(0)),
        discounts=_plain(each.discounts), taxes=_plain(each.taxes), method=each.method,
        pickup_location=checked.sites[each.location].location if each.location else None,
        selling_location=checked.sites[each.selling_location].location if each.selling_location else None,
        associate=checked.associates[each.associate] if each.associate else None,
        service=each.service, deliver_by=each.deliver_by, gift_message=each.gift_message,
        kit=kits.get(each.kit), kit_units=each.kit_units or None,
    )  # fmt: skip


def _plain(parts: Sequence[dict]) -> list[dict]:
    """JSON keeps no Decimal: amounts are stored as the strings they came as."""
    return [{key: str(value) if isinstance(value, Decimal) else value for key, value in part.items()} for part in parts]


def _plan(request: OrderRequest, lines: list[OrderLine], near: Point | None, now: datetime, **how) -> LinePlan:
    quantities = {line.position: line.quantity for line in lines}
    how["tags"] = request.tags
    plan = plan_lines(lines=lines, quantities=quantities, channel=request.channel, near=near, now=now, **how)
    ship_missing = any(line.method == Method.SHIP and line.position in plan.missing for line in lines)
    if (ship_missing or plan.is_second_choice) and not how.get("widen"):
        how |= {"widen": True, "known": None}
        plan = plan_lines(lines=lines, quantities=quantities, channel=request.channel, near=near, now=now, **how)
    # What is carried out is there or not: nothing of it can wait.
    carried_missing = any(line.method == Method.CARRY_OUT and line.position in plan.missing for line in lines)
    if carried_missing or (plan.missing and request.on_shortage == Order.OnShortage.REFUSE):
        raise Refusal(
            "insufficient_stock", _("There is not enough stock for this order."),
            errors=shortage_errors(
                lines=lines, missing=plan.missing, channel=request.channel, near=near, now=now
            ),
        )  # fmt: skip
    return plan


def _insert(request: OrderRequest, lines: list[OrderLine], plan: LinePlan, by: Actor, now: datetime) -> Order:
    contact = request.contact
    phone = to_e164(contact.phone) or contact.phone[:20] if contact.phone else ""
    order = Order(
        channel=request.channel, channel_reference=request.channel_reference, currency=request.currency,
        customer=resolve(external_id=contact.external_id, name=contact.name, email=contact.email, phone=phone),
        contact_name=contact.name, contact_email=contact.email.lower(), contact_phone=phone,
        collector_name=request.collector_name, shipping_address=request.shipping_address,
        shipping_amount=request.shipping_charge, shipping_taxes=_plain(request.shipping_taxes),
        shipping_tax_amount=sum((tax["amount"] for tax in request.shipping_taxes), Decimal(0)),
        prices_include_tax=request.prices_include_tax, on_shortage=request.on_shortage, tags=list(request.tags),
        metadata=request.metadata, placed_at=now, updated_at=now, placed_by=by.label,
    )  # fmt: skip
    order.total_amount = _total(order, lines)
    if any(line.method == Method.PICKUP for line in lines):
        order.pickup_code_digest = digest(pickup_code(order.code_seed))
    order.fulfillment_count = plan.work_count
    order.save(force_insert=True)
    order.fulfillment_count = 0  # `assign` numbers the work from here; the row says already where it will end
    _count_allocated(lines, plan)
    kits = {line.kit.reference: line.kit for line in lines if line.kit}
    for kit in kits.values():
        kit.order = order
    if kits:
        OrderKit.objects.bulk_create(kits.values())
    for line in lines:
        line.order = order
    OrderLine.objects.bulk_create(lines)
    return order


def _total(order: Order, lines: list[OrderLine]) -> Decimal:
    included = order.prices_include_tax
    goods = sum(
        (line_amount(unit_price=line.unit_price_amount, quantity=line.quantity, discount=line.discount_amount,
                     tax=line.tax_amount, tax_included=included) for line in lines),
        Decimal(0),
    )  # fmt: skip
    return goods + order.shipping_amount + (Decimal(0) if included else order.shipping_tax_amount)


def _count_allocated(lines: list[OrderLine], plan: LinePlan) -> None:
    for line in lines:
        line.allocated_quantity = line.quantity - plan.missing.get(line.position, 0)


def _promise(
    request: OrderRequest,
    order: Order,
    lines: list[OrderLine],
    plan: LinePlan,
    near: Point | None,
    now: datetime,
) -> tuple[Assigned, LinePlan]:
    """Reserve the plan; when somebody was faster, plan again without the shelves that were short. With the plan that
    holds."""
    planned = plan.work_count
    assigned = assign(order=order, assignments=plan.assignments, now=now)
    without: set[tuple[int, int]] = set()
    for attempt in range(PLANS):
        if not assigned.failed:
            break
        without |= _unusable(assigned, lines)
        plan = _plan(request, lines, near, now, without=without, widen=attempt > 0)
        _count_allocated(lines, plan)
        OrderLine.objects.bulk_update(lines, ["allocated_quantity"])
        assigned = assign(order=order, assignments=plan.assignments, now=now)
    if assigned.failed:
        raise Refusal(
            "insufficient_stock", _("Other orders took these units a moment ago. Try again."),
            errors=shortage_errors(lines=lines, missing={}, channel=request.channel, near=near, now=now),
        )  # fmt: skip
    if order.fulfillment_count != planned:
        Order.objects.filter(pk=order.pk).update(fulfillment_count=order.fulfillment_count)
    return assigned, plan


def _require_supply(
    request: OrderRequest, lines: list[OrderLine], promised: Mapping[int, int], near: Point | None, now: datetime
) -> None:
    """An order that takes stock or supply and nothing else is not taken where neither suffices."""
    missing = {
        line.position: line.unallocated_quantity for line in lines
        if line.unallocated_quantity > promised.get(line.pk, 0)
    }  # fmt: skip
    if missing and request.on_shortage == Order.OnShortage.SUPPLY:
        raise Refusal(
            "insufficient_stock", _("There is not enough stock for this order, and no supplier brings enough."),
            errors=shortage_errors(lines=lines, missing=missing, channel=request.channel, near=near, now=now),
        )  # fmt: skip


def _unusable(assigned: Assigned, lines: list[OrderLine]) -> set[tuple[int, int]]:
    shelves = {(each.variant_id, each.location_id) for each in assigned.short if each.available < each.wanted}
    return shelves | {(line.variant_id, place.pk) for line in lines for place in assigned.closed}


def _news(order: Order, lines: list[OrderLine]) -> dict:
    return {
        "order": str(order.number), "channel": order.channel, "channel_reference": order.channel_reference,
        "status": order.status, "total": str(order.total_amount), "currency": order.currency,
        "lines": [
            {"reference": line.reference, "sku": line.sku, "quantity": line.quantity, "method": line.method,
             "waiting": line.unallocated_quantity,
             "expected_on": f"{line.expected_on}" if line.expected_on else None}
            for line in lines
        ],
    }  # fmt: skip


def _wait(order: Order, lines: list[OrderLine], now: datetime) -> None:
    """What nobody knows to come is for a person; what a supplier brings on its day is not."""
    if lines:
        detail = ", ".join(f"{line.unallocated_quantity} × {line.sku}" for line in lines)
        raise_exception(order=order, kind=OrderException.Kind.WAITING, detail=detail, now=now)
