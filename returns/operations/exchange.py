"""Take something else instead: it is held at once, the difference is paid or given back, both orders know each other.

What the returned units are worth travels as store credit that is issued and used in the same transaction: each order
keeps its own money, and no tender is touched for what only changes hands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.operations.store_credit import issue_credit
from inventory.atp import sites, supply
from inventory.models import Location, Price, Variant
from inventory.operations.hold import place_hold, release_hold, use_hold
from omni.core.actors import Actor
from omni.core.channels import Channel
from omni.core.currencies import amount_text, round_amount
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move_many
from orders.models import Order, PaymentIntent
from orders.models.order_line import Method
from orders.operations.age_check import AgeCheck
from orders.operations.place import place
from orders.operations.refund import CREDIT, ORIGINAL, refund
from orders.operations.request import Contact, LineRequest, OrderRequest, PaymentRequest
from orders.unit_money import Part, UnitMoney, unit_of
from returns import events
from returns.models import Exchange, Payout, ReturnOrder, ReturnUnit
from returns.models.return_unit import UnitStatus
from returns.operations.news import told
from returns.operations.pay_back import finish, received_units, require_approval
from returns.operations.receive import Looked, receive

HELD_SECONDS = 15 * 60
Status = Exchange.Status
CHANNEL = Channel.ENDLESS_AISLE  # what the order of a replacement is


@dataclass(frozen=True)
class Replacement:
    """One unit that the customer wants instead; `location` is where it is carried out, collected or sent from."""

    variant_id: int
    method: str
    location: Location


@dataclass(frozen=True)
class _Carried:
    """What is known of the pieces that leave at once, and of who takes them."""

    serials: Mapping[int, str]
    age: AgeCheck | None


@retried
@operation
def add_replacement(*, rma_number: int, wanted: Replacement, by: Actor, now: datetime) -> Exchange:
    """Hold one more unit for the exchange of this return; refuses `insufficient_stock` and `no_price`."""
    found = ReturnOrder.objects.lock(rma_number)
    _require_open(found)
    exchange, _new = Exchange.objects.get_or_create(
        return_order=found, status=Status.OPEN, defaults={"begun_at": now}
    )  # fmt: skip
    variant = Variant.objects.select_related("product").get(pk=wanted.variant_id)
    line = _priced(found, exchange, variant) | {
        "sku": variant.sku, "variant_id": variant.pk, "title": variant.title[:400], "method": wanted.method,
        "location": wanted.location.code, "location_id": wanted.location.pk,
    }  # fmt: skip
    return _hold(exchange, [*exchange.lines, line], by=by, now=now)


@operation
def drop_replacement(*, rma_number: int, position: int, by: Actor, now: datetime) -> Exchange:
    """Rather not this one; the others are held anew."""
    found = ReturnOrder.objects.lock(rma_number)
    exchange = open_exchange(found)
    if exchange is None or not 0 <= position < len(exchange.lines):
        raise Refusal("nothing_chosen", _("This is not part of the exchange any more."))
    left = [line for n, line in enumerate(exchange.lines) if n != position]
    return _hold(exchange, left, by=by, now=now)


@operation
def renew_exchange(*, rma_number: int, by: Actor, now: datetime) -> Exchange:
    """Keep the units for another quarter of an hour, where they are still to be had."""
    found = ReturnOrder.objects.lock(rma_number)
    exchange = open_exchange(found)
    if exchange is None:
        raise Refusal("nothing_chosen", _("Choose what the customer takes instead."))
    return _hold(exchange, exchange.lines, by=by, now=now)


@operation
def end_exchange(*, rma_number: int, by: Actor, now: datetime) -> None:
    """No exchange after all: the held units are free again, the return goes on as it was."""
    found = ReturnOrder.objects.lock(rma_number)
    exchange = open_exchange(found)
    if exchange is not None:
        _free(exchange, by=by, now=now)
        Exchange.objects.filter(pk=exchange.pk).update(status=Status.ENDED)


@retried
@operation
def complete_exchange(
    *, rma_number: int, looked: Mapping[int, Looked], location: Location, by: Actor, now: datetime,
    approved_by: Actor | None = None, payments: Sequence[PaymentIntent] = (), to: str = "",
    address: dict[str, Any] | None = None, serials: Mapping[int, str] | None = None, age: AgeCheck | None = None,
    till_reference: str = "",
) -> Payout:  # fmt: skip
    """Receive the units, place the replacement's order, and settle the difference: all of it, or nothing.

    `payments` are approved payments that cover what the replacement costs more. What is carried out leaves like what is
    sold: with the `serials` of tracked pieces, by their place in the exchange, and past an `age` check where one is
    needed. Refuses `nothing_chosen`, `hold_gone`, `not_covered`, `address_required` and whatever receiving, refunding
    and placing refuse.
    """
    if looked:
        receive(rma_number=rma_number, looked=looked, location=location, by=by, now=now)
    found = ReturnOrder.objects.lock(rma_number)
    exchange = open_exchange(found)
    units = received_units(found)
    if exchange is None or not exchange.lines or not units:
        raise Refusal("nothing_chosen", _("Choose what the customer takes instead."))
    require_approval(found, units, by=by, approved_by=approved_by, now=now)
    value = sum((unit.refund_amount for unit in units), Decimal(0))
    used = min(value, exchange.total_amount)
    _require_covered(found, exchange.total_amount - used, payments)
    payout = _pay(found, exchange, units, used=used, rest=value - used, to=to, by=by, now=now)
    carried = _Carried(serials or {}, age)
    order = _place(found, exchange, payout, payments, carried, location=location, address=address, by=by, now=now)
    Payout.objects.filter(pk=payout.pk).update(replacement=order, till_reference=till_reference.strip()[:100])
    payout.replacement, payout.till_reference = order, till_reference.strip()[:100]
    Exchange.objects.filter(pk=exchange.pk).update(status=Status.DONE, replacement=order)
    move_many(units, UnitStatus.REFUNDED, by=by, payout=payout)
    finish(found, by=by, now=now)
    _tell(found, units, payout, order, by=by)
    return payout


def open_exchange(found: ReturnOrder) -> Exchange | None:
    return found.exchanges.filter(status=Status.OPEN).first()


def difference(exchange: Exchange, units: Sequence[ReturnUnit]) -> Decimal:
    """What the customer pays; negative: what they get back."""
    return exchange.total_amount - sum((unit.refund_amount for unit in units), Decimal(0))


def best_source(variant_id: int, near: Location) -> Location | None:
    """From where a replacement is sent: this store where it has one, else whoever has most."""
    shippers = Location.objects.filter(is_active=True, can_ship=True)
    here = sites(places=shippers.filter(pk=near.pk), variants=[variant_id], channel=CHANNEL, near=None)
    if here and here[0].available:
        return here[0].location
    found = supply(variants=[variant_id], places=shippers, channel=CHANNEL, near=None, limit=1)
    best = found[variant_id].shelves if variant_id in found else []
    return best[0][0].location if best else None


def _require_open(found: ReturnOrder) -> None:
    if found.is_blind and not found.units.counted().exists():
        raise Refusal("nothing_returned", _("Scan what comes back first."))
    if found.status not in (ReturnOrder.Status.AUTHORIZED, ReturnOrder.Status.RECEIVED):
        raise Refusal("not_open", _("This return is %s already.") % found.get_status_display().lower())


def _priced(found: ReturnOrder, exchange: Exchange, variant: Variant) -> dict[str, Any]:
    """Another size of the same thing costs what was paid for the returned one; anything else costs today's price,
    taxed like what came back."""
    units = list(found.units.counted().select_related("order_line", "variant").order_by("pk"))
    even_before = sum(line["is_even"] and line["product_id"] == variant.product_id for line in exchange.lines)
    alike = [unit for unit in units if unit.order_line and unit.variant.product_id == variant.product_id]
    if len(alike) > even_before:
        return _row(_money(found, alike[even_before]), variant, is_even=True)
    price = Price.objects.filter(variant=variant, currency=found.currency).values_list("amount", flat=True).first()
    if price is None:
        raise Refusal("no_price", _("%s has no price in this currency.") % variant.title)
    return _row(_money_today(found, units, price), variant, is_even=False)


def _money(found: ReturnOrder, unit: ReturnUnit) -> UnitMoney:
    order = found.order
    assert order is not None and unit.order_line is not None and unit.unit_index is not None
    return unit_of(unit.order_line, unit.unit_index, currency=order.currency, tax_included=order.prices_include_tax)


def _money_today(found: ReturnOrder, units: Sequence[ReturnUnit], price: Decimal) -> UnitMoney:
    included = bool(found.order and found.order.prices_include_tax)
    line = next((unit.order_line for unit in units if unit.order_line), None)
    taxes = []
    for tax in line.taxes if line else ():
        rate = Decimal(tax.get("rate") or 0)
        base = price / (1 + rate) if included else price
        taxes.append(Part(tax["name"], round_amount(base * rate, found.currency), tax.get("rate", "")))
    return UnitMoney(list_amount=price, discounts=(), taxes=tuple(taxes), tax_included=included)


def _row(money: UnitMoney, variant: Variant, *, is_even: bool) -> dict[str, Any]:
    return {
        "product_id": variant.product_id, "is_even": is_even, "unit_price": str(money.list_amount),
        "discounts": [{"code": part.name, "amount": str(part.amount)} for part in money.discounts if part.amount],
        "taxes": [{"name": part.name, "rate": part.rate, "amount": str(part.amount)} for part in money.taxes],
        "total": str(money.total_amount),
    }  # fmt: skip


def _hold(exchange: Exchange, lines: list[dict[str, Any]], *, by: Actor, now: datetime) -> Exchange:
    """All units of the exchange under one hold, that begins anew with each change."""
    _free(exchange, by=by, now=now)
    exchange.lines = lines
    exchange.total_amount = sum((Decimal(line["total"]) for line in lines), Decimal(0))
    exchange.hold_id = exchange.held_until = None
    if lines:
        rows = [
            {"variant_id": line["variant_id"], "location_id": line["location_id"], "sku": line["sku"], "quantity": 1,
             "location": line["location"]} | ({"floor": 0} if line["method"] == Method.CARRY_OUT else {})
            for line in lines
        ]  # fmt: skip
        hold = place_hold(lines=rows, channel=CHANNEL, expires_in=HELD_SECONDS, owner=exchange.owner_key, now=now)
        exchange.hold_id, exchange.held_until = hold.pk, hold.expires_at
    exchange.save(update_fields=["lines", "total_amount", "hold_id", "held_until"])
    return exchange


def _free(exchange: Exchange, *, by: Actor, now: datetime) -> None:
    if exchange.hold_id:
        release_hold(hold_id=exchange.hold_id, by=by, now=now)


def _require_covered(found: ReturnOrder, due: Decimal, payments: Sequence[PaymentIntent]) -> None:
    paid = sum((each.amount for each in payments), Decimal(0))
    if paid != due:
        raise Refusal(
            "not_covered", _("%(due)s %(currency)s are to be paid first.")
            % {"due": amount_text(due - paid, found.currency), "currency": found.currency},
        )  # fmt: skip


def _pay(
    found: ReturnOrder, exchange: Exchange, units: Sequence[ReturnUnit], *, used: Decimal, rest: Decimal, to: str,
    by: Actor, now: datetime,
) -> Payout:  # fmt: skip
    """The worth that the replacement uses becomes store credit for it; what is left goes back as it was paid."""
    key = f"return:{found.rma}:{found.payouts.count() + 1}"
    code, credit = "", Decimal(0)
    if used:
        code = _credit(found, used, f"{key}:exchange", by=by, now=now)
    if rest and found.order is None:
        credit = rest
        issue_credit(amount=rest, currency=found.currency, key=f"{key}:rest", reason=_("Return without receipt"),
                     by=by, now=now, customer_id=found.customer_id, cause=f"return:{found.rma}")  # fmt: skip
    elif rest and found.order is not None:
        only_credit = any(unit.refund_to == CREDIT for unit in units)
        made = refund(order=found.order, amount=rest, key=key, by=by, now=now, reason=_("Return %s") % found.rma,
                      to=CREDIT if only_credit or to == CREDIT else ORIGINAL)  # fmt: skip
        credit = sum((one.amount for one in made if one.credit), Decimal(0))
    return Payout.objects.create(
        return_order=found, key=key, amount=used + rest, exchange_amount=used, credit_amount=credit,
        tender_amount=rest - credit, credit_code=code, made_at=now, made_by_id=by.user_id,
    )  # fmt: skip


def _credit(found: ReturnOrder, amount: Decimal, key: str, *, by: Actor, now: datetime) -> str:
    if found.order is None:
        credit = issue_credit(amount=amount, currency=found.currency, key=key, reason=_("Exchange"), by=by, now=now,
                              customer_id=found.customer_id, cause=f"return:{found.rma}")  # fmt: skip
        return str(credit.code)
    made = refund(order=found.order, amount=amount, key=key, by=by, now=now, reason=_("Exchange %s") % found.rma,
                  to=CREDIT)  # fmt: skip
    codes = {one.credit.code for one in made if one.credit}
    if len(codes) != 1:
        raise Refusal("exchange_not_paid", _("The worth of the returned items could not be carried over."))
    return str(codes.pop())


def _place(
    found: ReturnOrder, exchange: Exchange, payout: Payout, payments: Sequence[PaymentIntent], carried: "_Carried", *,
    location: Location, address: dict[str, Any] | None, by: Actor, now: datetime,
) -> Order:  # fmt: skip
    lines = exchange.lines
    ships = any(line["method"] == Method.SHIP for line in lines)
    target = address or (found.order.shipping_address if found.order else None)
    if ships and not target:
        raise Invalid("address_required", _("Say where the replacement is sent."))
    if exchange.hold_id:
        use_hold(hold_id=exchange.hold_id, owner=exchange.owner_key, by=by, now=now)
    tenders = (
        [PaymentRequest("store_credit", payout.credit_code, payout.exchange_amount)] if payout.exchange_amount else []
    )
    tenders += [PaymentRequest(each.method, each.reference, each.amount, intent_key=each.key) for each in payments]
    request = OrderRequest(
        channel=CHANNEL, channel_reference=f"exchange-{exchange.pk}", currency=found.currency,
        lines=[_line_request(n, line, location, carried.serials.get(n, "")) for n, line in enumerate(lines)],
        contact=_contact(found), age_check=carried.age,
        shipping_address=target if ships else None, payments=tenders,
        prices_include_tax=bool(found.order and found.order.prices_include_tax),
        metadata={"replaces": found.order.number if found.order else None, "return": found.rma},
    )  # fmt: skip
    return place(request=request, places=Location.objects.all(), by=by, now=now)


def _line_request(n: int, line: dict[str, Any], here: Location, serial: str) -> LineRequest:
    return LineRequest(
        reference=str(n + 1), sku=line["sku"], quantity=1, method=line["method"],
        location=None if line["method"] == Method.SHIP else line["location"], unit_price=Decimal(line["unit_price"]),
        discounts=[{"code": each["code"], "amount": Decimal(each["amount"])} for each in line["discounts"]],
        taxes=[_tax(each) for each in line["taxes"]], selling_location=here.code, serials=[serial] if serial else [],
    )  # fmt: skip


def _tax(each: dict[str, Any]) -> dict[str, Any]:
    rate = {"rate": Decimal(each["rate"])} if each.get("rate") else {}
    return {"name": each["name"], "amount": Decimal(each["amount"])} | rate


def _contact(found: ReturnOrder) -> Contact:
    order = found.order
    if order is None:
        return Contact()
    return Contact(
        external_id=order.customer.external_id if order.customer else None, name=order.contact_name,
        email=order.contact_email, phone=order.contact_phone,
    )  # fmt: skip


def _tell(found: ReturnOrder, units: Sequence[ReturnUnit], payout: Payout, order: Order, *, by: Actor) -> None:
    """Both orders tell of it, each in its own timeline."""
    news = told(found, units) | {
        "replacement": str(order.number), "amount": str(payout.amount), "exchanged": str(payout.exchange_amount),
        "payout": payout.key,
    }  # fmt: skip
    emit(events.EXCHANGED, aggregate=found.story_subject, by=by, payload=news)
    if found.order is not None:
        emit(events.EXCHANGED, aggregate=order.subject, by=by, payload=news | {
            "lines": [], "replaces": str(found.order.number)
        })  # fmt: skip
