"""A cart's lines as an order would have them: kits opened into their parts, and units told in what was asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from inventory.models import Product, Variant
from omni.core.prepared import Columns, prepared
from omni.core.refusals import Invalid
from orders.models import OrderLine
from orders.models.order_line import Method
from orders.operations.later_options import STOCK, SUPPLY, TRANSFER, LaterUnits
from orders.operations.open_kits import open_kits
from orders.operations.request import LineRequest, OrderRequest

MOST_LINES = 200  # that are planned, each part of a kit for itself

# Written out: composing it from expressions took longer than answering it.
VARIANT = Columns(Variant)
ITEMS = f"""
SELECT {VARIANT.of("v")}, p.category AS of_category, p.tags AS of_tags,
       (SELECT amount FROM inventory_price WHERE variant_id = v.id AND currency = %(currency)s) AS amount,
       EXISTS (SELECT FROM inventory_kitcomponent WHERE kit_id = v.id) AS is_kit,
       EXISTS (SELECT FROM inventory_supplyterm WHERE is_active) AS may_come
  FROM inventory_variant v JOIN inventory_product p ON p.id = v.product_id
 WHERE v.sku = ANY(%(skus)s::text[]) AND v.is_active AND p.is_active
"""  # noqa: S608 - texts of our own


@dataclass(frozen=True)
class Asked:
    """Units of one item; `reference` is the caller's word for them."""

    reference: str
    sku: str
    quantity: int


@dataclass(frozen=True)
class CartLines:
    """The lines to plan, and by their position which of those asked for each belongs to."""

    lines: Sequence[OrderLine]
    names: Mapping[int, str]

    def as_asked(self, units: Mapping[int, int]) -> dict[str, int]:
        """Units by line position in what was asked for, by reference: of a kit as many as any part of is among them."""
        told: dict[str, int] = {}
        for line in self.lines:
            if units.get(line.position):
                name = self.names[line.position]
                told[name] = max(told.get(name, 0), _kits(line, units[line.position]))
        return told

    def split(self, units: Mapping[int, int]) -> list[str]:
        """The kits of which some part is among these units and another is not."""
        kits: dict[str, set[tuple[int, int]]] = {}
        for line in self.lines:
            if line.kit_units:
                kits.setdefault(self.names[line.position], set()).add(
                    divmod(units.get(line.position, 0), line.kit_units)
                )
        return [name for name, counts in kits.items() if len(counts) > 1]

    def later_as_asked(self, rows: Sequence[LaterUnits]) -> list[LaterUnits]:
        """A kit comes as its last part does: one of which any part is brought is brought, and so on."""
        of_kits: dict[str, list[LaterUnits]] = {}
        told = []
        for row in rows:
            line = self._by_reference[row.reference]
            if line.kit_units:
                of_kits.setdefault(self.names[line.position], []).append(row)
            else:
                told.append(row)
        return told + [each for name, mine in of_kits.items() for each in self._later_kits(name, mine)]

    def _later_kits(self, name: str, rows: Sequence[LaterUnits]) -> list[LaterUnits]:
        found: list[LaterUnits] = []
        units: dict[str, int] = {}
        counted = 0
        for how in (SUPPLY, TRANSFER, STOCK):
            mine = [row for row in rows if row.how == how]
            for row in mine:
                units[row.reference] = units.get(row.reference, 0) + row.quantity
            kits = max((_kits(self._by_reference[each], n) for each, n in units.items()), default=0)
            if kits > counted:
                last = max(mine, key=lambda row: (str(row.expected_on or ""), row.kind))
                found.append(replace(last, reference=name, quantity=kits - counted))
                counted = kits
        return found[::-1]

    @cached_property
    def _by_reference(self) -> dict[str, OrderLine]:
        return {line.reference: line for line in self.lines}


def _kits(line: OrderLine, units: int) -> int:
    """In how many kits so many units of a part are; of what is no kit, the units."""
    return -(-units // (line.kit_units or 1))


def cart_lines(asked: Sequence[Asked], currency: str) -> CartLines:
    """Refuses 422 `invalid_cart` what no item of ours is. One statement, and two more where there are kits."""
    found = _items(sorted({each.sku for each in asked}), currency)
    problems = [
        _problem(n, "unknown_sku", _("No item has the SKU %s.") % each.sku)
        for n, each in enumerate(asked) if each.sku not in found
    ]  # fmt: skip
    _refuse(problems)
    wanted = [LineRequest(each.reference, each.sku, each.quantity, Method.SHIP) for each in asked]
    opened = opened_lines(wanted, found, currency)
    if len(opened.lines) > MOST_LINES:
        detail = _("A cart is looked at up to %d lines, each part of its kits for itself.") % MOST_LINES
        _refuse([{"pointer": "/lines", "code": "too_many", "detail": detail}])
    return opened


def opened_lines(wanted: Sequence[LineRequest], items: Mapping[str, Any], currency: str) -> CartLines:
    """`items` by SKU say `is_kit` and `amount`, and come with their product. Refuses what no order could be made of."""
    priced = [replace(line, unit_price=items[line.sku].amount or Decimal(0)) for line in wanted]
    opened = open_kits(OrderRequest("", "", currency, priced), items)
    known = dict(items)
    if opened.kits:
        known |= _items(sorted({line.sku for line in opened.request.lines} - known.keys()), currency)
        _refuse(_problems_of_kits(wanted, opened.request.lines, opened.asked, known))
    lines = [
        OrderLine(
            position=n, reference=each.reference, variant=known[each.sku], sku=each.sku, quantity=each.quantity,
            unit_price_amount=each.unit_price or Decimal(0), method=Method.SHIP, kit=opened.kits.get(each.kit),
            kit_units=each.kit_units or None,
        )
        for n, each in enumerate(opened.request.lines, start=1)
    ]  # fmt: skip
    return CartLines(lines, {n: wanted[at].reference for n, at in enumerate(opened.asked, start=1)})


def _problems_of_kits(
    wanted: Sequence[LineRequest], lines: Sequence[LineRequest], asked: Sequence[int], known: Mapping[str, Any]
) -> list[dict]:
    """What an order of these kits would be refused for."""
    problems = [
        _problem(at, "inactive_sku", _("A part of %s is no longer sold.") % wanted[at].sku)
        for at in dict.fromkeys(at for line, at in zip(lines, asked, strict=True) if line.sku not in known)
    ]
    seen: dict[str, int] = {}
    for line, at in zip(lines, asked, strict=True):
        if seen.setdefault(line.reference, at) != at:
            text = _("Another line is the part of a kit that an order would call %s.") % line.reference
            problems.append(_problem(at, "duplicate", text, "reference"))
    return problems


def _problem(n: int, code: str, detail: str, name: str = "sku") -> dict:
    return {"pointer": f"/lines/{n}/{name}", "code": code, "detail": detail}


def _refuse(problems: Sequence[dict]) -> None:
    if problems:
        raise Invalid("invalid_cart", _("This cart cannot be fulfilled as it is."), errors=list(problems))


def _items(skus: list[str], currency: str) -> dict[str, Any]:
    """Active items by SKU, with `amount`, what one costs in this currency, `is_kit`, and `may_come`: whether HQ
    sells anything before it is here."""
    with prepared() as cursor:
        cursor.execute(ITEMS, {"skus": skus, "currency": currency})
        rows = cursor.fetchall()
    found: dict[str, Any] = {}
    for *columns, category, tags, amount, is_kit, may_come in rows:
        item: Any = VARIANT.row(columns)
        item.product = Product(pk=item.product_id, category=category, tags=tags)
        item.amount, item.is_kit, item.may_come = amount, is_kit, may_come
        found[item.sku] = item
    return found
