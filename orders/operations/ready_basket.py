"""What is missing before a basket can become an order."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from omni.core.refusals import Invalid
from orders.models import Basket, BasketLine
from orders.models.order_line import Method
from orders.operations.age_check import AgeCheck, age_words, is_old_enough


def problems_of(basket: Basket, methods: set[str]) -> list[str]:
    """Sentences that say what to write down first; empty when nothing is missing."""
    problems = []
    if not methods:
        problems.append(_("There is nothing in this basket yet."))
    if methods - {Method.CARRY_OUT} and not (basket.contact_email or basket.contact_phone):
        problems.append(_("Ask for a phone number or an e-mail: what is picked up or shipped needs somebody to tell."))
    if Method.SHIP in methods and not basket.shipping_address:
        problems.append(_("Ask for the address to ship to."))
    return problems


def checks_of(basket: Basket, lines: Iterable[BasketLine]) -> list[str]:
    """What to do with the things themselves before they leave: scan which piece it is, look at an ID."""
    restricted = without_age(basket, lines)
    checks = [age_words(restricted[0].variant.title)] if restricted else []
    return checks + [
        _("Scan the serial number of %s before it leaves.") % line.variant.title
        for line in lines
        if pieces_wanted(line)
    ]


def pieces_wanted(line: BasketLine) -> int:
    """How many units of a line that is carried out still lack their serial number."""
    if line.method != Method.CARRY_OUT or not line.variant.is_serial_tracked:
        return 0
    return max(0, line.quantity - len(line.pieces.all()))


def without_age(basket: Basket, lines: Iterable[BasketLine]) -> list[BasketLine]:
    """What is carried out and waits for a look at an ID."""
    if is_old_enough(age_of(basket)):
        return []
    return [line for line in lines if line.method == Method.CARRY_OUT and line.variant.is_age_restricted]


def age_of(basket: Basket) -> AgeCheck | None:
    """The look at an ID that this basket's shopper had, if any."""
    return AgeCheck(basket.age_over, basket.age_check) if basket.age_over else None


def require_ready(basket: Basket) -> None:
    """Refuses 422 `not_ready` with the first thing to do."""
    lines = list(basket.lines.select_related("variant__product").prefetch_related("pieces"))
    problems = problems_of(basket, {line.method for line in lines}) or checks_of(basket, lines)
    if problems:
        raise Invalid("not_ready", problems[0])
