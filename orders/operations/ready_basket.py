"""What is missing before a basket can become an order."""

from django.utils.translation import gettext as _

from omni.core.refusals import Invalid
from orders.models import Basket
from orders.models.order_line import Method


def problems_of(basket: Basket, methods: set[str]) -> list[str]:
    """Sentences that say what to do first; empty when nothing is missing."""
    problems = []
    if not methods:
        problems.append(_("There is nothing in this basket yet."))
    if methods - {Method.CARRY_OUT} and not (basket.contact_email or basket.contact_phone):
        problems.append(_("Ask for a phone number or an e-mail: what is picked up or shipped needs somebody to tell."))
    if Method.SHIP in methods and not basket.shipping_address:
        problems.append(_("Ask for the address to ship to."))
    return problems


def require_ready(basket: Basket) -> None:
    """Refuses 422 `not_ready` with the first thing to do."""
    problems = problems_of(basket, set(basket.lines.values_list("method", flat=True)))
    if problems:
        raise Invalid("not_ready", problems[0])
