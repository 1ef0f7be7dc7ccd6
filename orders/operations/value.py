"""What goods are worth to their customer, from the frozen prices: the one figure for captures, refunds and audits."""

from collections.abc import Mapping
from decimal import Decimal

from orders.models import Order, OrderLine
from orders.unit_money import first_units_total


def value_of(order: Order, units: Mapping[OrderLine, int]) -> Decimal:
    """What so many units of each line cost together; shipping is owed with the first unit."""
    if not any(units.values()):
        return Decimal(0)
    how = {"currency": order.currency, "tax_included": order.prices_include_tax}
    return shipping_total(order) + sum(
        (first_units_total(line, quantity, **how) for line, quantity in units.items()),  # type: ignore[arg-type]
        Decimal(0),
    )


def shipping_total(order: Order) -> Decimal:
    """Tax included."""
    return order.shipping_amount + (Decimal(0) if order.prices_include_tax else order.shipping_tax_amount)
