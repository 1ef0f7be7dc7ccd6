"""What happened to each unit of an order line, in words: every unit is said exactly once."""

from collections import Counter
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders.models import FulfillmentLine, OrderLine
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method


@dataclass(frozen=True)
class Part:
    """So many units, and what is true of them."""

    quantity: int
    words: str
    tone: str = ""


def unit_parts(line: OrderLine, *, asked: int) -> list[Part]:
    """The parts of a line, done ones first; `asked` is how many units its customer is being asked about."""
    parts: Counter[tuple[str, str]] = Counter()
    for work_line in line.fulfillment_lines.all():
        parts[_gone(work_line), "done"] += work_line.issued_quantity
        parts[_here(work_line)] += work_line.open_quantity
    parts[_("the customer is asked"), "warn"] += min(asked, line.waiting_quantity)
    parts[_waiting(line), "warn"] += max(0, line.waiting_quantity - asked)
    parts[_("cancelled"), ""] += line.cancelled_quantity
    return [Part(quantity, words, tone) for (words, tone), quantity in parts.items() if quantity]


def _waiting(line: OrderLine) -> str:
    if line.expected_on is None:
        return _("waiting for stock")
    return _("waiting for the supplier, %s") % date_format(line.expected_on, "j M")


def _gone(line: FulfillmentLine) -> str:
    work = line.fulfillment_order
    if work.method == Method.PICKUP:
        return _("handed over at %s") % work.location.name
    if work.method == Method.CARRY_OUT:
        return _("carried out of %s") % work.location.name
    return _("shipped from %s") % work.location.name


def _here(line: FulfillmentLine) -> tuple[str, str]:
    work = line.fulfillment_order
    words = {"store": work.location.name, "shelf": work.shelf_code}
    if work.status == Status.STAGED:
        return _("ready at %(store)s, shelf %(shelf)s") % words, "info"
    if work.status == Status.PICKING:
        return _("being picked at %(store)s") % words, "info"
    return _("promised by %(store)s") % words, ""
