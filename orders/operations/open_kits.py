"""A kit that is ordered is opened into its parts at once: each is a line that is promised, picked and returned as any.

The kit's price is kept beside them, and what it cost is shared out to the cent (docs/decisions/0021).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery

from inventory.models import KitComponent, Price, Variant
from orders.kit_money import Part, Priced, shares, unit_prices
from orders.models import OrderKit, OrderLine
from orders.operations.request import LineRequest, OrderRequest
from orders.pricing import exponent, round_amount

LONGEST = 100


@dataclass(frozen=True)
class Opened:
    """The order as it is placed, its kits by reference, and for each line which one was asked for."""

    request: OrderRequest
    kits: Mapping[str, OrderKit]
    asked: Sequence[int]

    def pointed(self, errors: Sequence[dict]) -> list[dict]:
        """Errors that speak of the lines that came in."""
        return [each | {"pointer": _asked_pointer(each["pointer"], self.asked)} for each in errors]


def open_kits(request: OrderRequest, variants: Mapping[str, Any]) -> Opened:
    """`variants` by SKU say `is_kit` and `price_amount`; without a kit the request stays as it is. One query."""
    sold = {line.sku: variants[line.sku] for line in request.lines if variants[line.sku].is_kit}
    if not sold:
        return Opened(request, {}, range(len(request.lines)))
    parts = _parts(sold.values(), request.currency)
    lines: list[LineRequest] = []
    asked: list[int] = []
    kits: dict[str, OrderKit] = {}
    for n, line in enumerate(request.lines):
        opened = [line]
        if line.sku in sold:
            opened, kits[line.reference] = _opened(n, line, sold[line.sku], parts[sold[line.sku].pk], request.currency)
        lines += opened
        asked += [n] * len(opened)
    return Opened(replace(request, lines=lines), kits, asked)


def _parts(kits, currency: str) -> dict[int, list[KitComponent]]:
    price = Price.objects.filter(variant=OuterRef("component"), currency=currency).values("amount")[:1]
    rows = KitComponent.objects.filter(kit__in=[kit.pk for kit in kits]).select_related("component")
    found: dict[int, list[KitComponent]] = {}
    for row in rows.annotate(price_amount=Subquery(price)).order_by("pk"):
        found.setdefault(row.kit_id, []).append(row)
    return found


def _opened(
    n: int, line: LineRequest, kit: Variant, parts: list[KitComponent], currency: str
) -> tuple[list[LineRequest], OrderKit]:
    price = round_amount(line.unit_price if line.unit_price is not None else kit.price_amount, currency)  # type: ignore[attr-defined]
    cent = Decimal(1).scaleb(-exponent(currency))
    priced = unit_prices(price, _weighed(parts), cent=cent)
    values = [each.unit_price * each.units * line.quantity for each in priced]
    discounts = [_shared(part, values, cent) for part in line.discounts]
    taxes = [_shared(part, values, cent) for part in line.taxes]
    serials = _serials(line.serials, priced, parts, line.quantity)
    lines = [
        replace(
            line, reference=f"{line.reference[: LONGEST - 4]}.{m}", sku=each.key, quantity=each.units * line.quantity,
            serials=serials[m - 1], unit_price=each.unit_price,
            discounts=[row[m - 1] for row in discounts if row[m - 1]["amount"]],
            taxes=[row[m - 1] for row in taxes if row[m - 1]["amount"]], kit=line.reference, kit_units=each.units,
        )
        for m, each in enumerate(priced, start=1)
    ]  # fmt: skip
    return lines, OrderKit(
        position=n + 1, reference=line.reference, variant=kit, sku=kit.sku, title=kit.title[:400],
        quantity=line.quantity, line_count=len(lines), may_split=kit.may_split, unit_price_amount=price,
        discount_amount=sum((part["amount"] for part in line.discounts), Decimal(0)),
        tax_amount=sum((part["amount"] for part in line.taxes), Decimal(0)),
    )  # fmt: skip


def _serials(
    said: Sequence[str], priced: Sequence[Priced], parts: Sequence[KitComponent], quantity: int
) -> list[Sequence[str]]:  # fmt: skip
    """Those of a kit are those of its tracked parts, part by part; what is too much stands with the last of them, and
    is refused there."""
    tracked = {part.component.sku for part in parts if part.component.is_serial_tracked}
    taking = [m for m, each in enumerate(priced) if each.key in tracked] or [0]
    found: list[Sequence[str]] = [()] * len(priced)
    left = list(said)
    for m in taking:
        units = len(left) if m == taking[-1] else priced[m].units * quantity
        found[m], left = left[:units], left[units:]
    return found


def _weighed(parts: Sequence[Any]) -> list[Part]:
    """By the parts' own prices; where one has none, by their costs; else each unit is worth the same."""
    for worth in ([part.price_amount for part in parts], [part.component.unit_cost for part in parts]):
        if all(each is not None for each in worth):
            break
    else:
        worth = [Decimal(1)] * len(parts)
    return [Part(part.component.sku, part.quantity, each) for part, each in zip(parts, worth, strict=True)]


def _shared(part: Mapping[str, Any], values: Sequence[Decimal], cent: Decimal) -> list[dict[str, Any]]:
    return [{**part, "amount": amount} for amount in shares(part["amount"], values, cent=cent)]


def _asked_pointer(pointer: str, asked: Sequence[int]) -> str:
    parts = pointer.split("/")
    if len(parts) > 2 and parts[1] == "lines" and parts[2].isdigit():
        parts[2] = str(asked[int(parts[2])])
    return "/".join(parts)


def units_of(order, wanted: Sequence[tuple[str, int]], lines: Sequence[OrderLine]) -> list[tuple[int, str, int]]:
    """(place in `wanted`, line, units): so many of a kit, named by its reference, are so many of each of its parts."""
    known = {line.reference for line in lines}
    kits: dict[str, list[OrderLine]] = {}
    if any(reference not in known for reference, _units in wanted):
        for line in order.lines.filter(kit__isnull=False).select_related("kit").order_by("position"):
            kits.setdefault(line.kit.reference, []).append(line)
    found = []
    for n, (reference, units) in enumerate(wanted):
        if reference in known or reference not in kits:
            found.append((n, reference, units))
        else:
            found += [(n, line.reference, units * (line.kit_units or 1)) for line in kits[reference]]
    return found
