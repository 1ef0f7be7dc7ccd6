"""Paper about money: the receipt of an order, with the code that the return desk scans, and the slip of a credit."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats
from django.views.decorators.http import require_safe

from inventory.models import Location
from inventory.places import StoreRequest
from omni.core.web import needs
from orders.models import Order, OrderLine, Refund
from orders.views.money import money_of
from orders.views.order import store_of, visible_order, with_kits


@needs("work")
@require_safe
def receipt(request: StoreRequest, number: int) -> HttpResponse:
    """What was bought, paid and given back; as a gift (`?gift=1`) without a single price."""
    found = visible_order(request, number)
    works = list(found.fulfillment_orders.all())
    place = store_of(request) or (works[0].location if works else None)
    money = money_of(found)
    money["refunds"] = [each for each in money["refunds"] if not each["refund"].failed_at]
    return render(request, "orders/receipt_print.html", {
        "order": found, "place": place, "bought": _on_paper(found.placed_at, place), "lines": _lines(found),
        "taxes": _taxes(found), "money": money,
        "is_gift": request.GET.get("gift") == "1", "code": receipt_code(found),
    })  # fmt: skip


@needs("work")
@require_safe
def credit_slip(request: StoreRequest, number: int, refund_id: int) -> HttpResponse:
    """The store credit that this order's refund became, to take along. Its code is as good as money."""
    found = visible_order(request, number)
    refunds = Refund.objects.filter(order=found, credit__isnull=False).select_related("credit")
    refund = get_object_or_404(refunds, pk=refund_id)
    return render(
        request, "orders/credit_slip.html", {"order": found, "credit": refund.credit, "place": store_of(request)}
    )


def receipt_code(order: Order) -> str:
    """What the QR code on a receipt holds: no address, so that no phone opens anything."""
    return f"R:{order.number}"


def _on_paper(when: datetime, place: Location | None) -> str:
    """The whole date, on the store's clock: paper is read years later."""
    local = when.astimezone(place.zone) if place else when
    return formats.date_format(local, "DATETIME_FORMAT")


def _lines(order: Order) -> list[dict[str, Any]]:
    return [_line(line) | {"kit": kit} for line, kit in with_kits(order.lines.all())]


def _line(line: OrderLine) -> dict[str, Any]:
    off = [{"code": each["code"], "amount": -Decimal(each["amount"])} for each in line.discounts]
    return {"line": line, "discounts": off, "amount": line.unit_price_amount * line.quantity}


def _taxes(order: Order) -> list[dict[str, Any]]:
    """One row per tax and rate, over goods and shipping."""
    sums: dict[tuple[str, str], Decimal] = {}
    for tax in _all_taxes(order):
        key = (tax["name"], tax.get("rate", ""))
        sums[key] = sums.get(key, Decimal(0)) + Decimal(tax["amount"])
    return [{"name": name, "rate": _percent(rate), "amount": amount} for (name, rate), amount in sums.items()]


def _all_taxes(order: Order) -> Iterable[dict[str, Any]]:
    yield from order.shipping_taxes
    for line in order.lines.all():
        yield from line.taxes


def _percent(rate: str) -> str:
    return f"{(Decimal(rate) * 100).normalize():f}%" if rate else ""
