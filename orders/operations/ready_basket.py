"""What is missing before a basket can become an order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from inventory.models import Variant
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
    lines = list(lines)
    restricted = without_age(basket, lines)
    checks = [age_words(restricted[0].variant.title)] if restricted else []
    wanted = [piece.item.title for line in lines for piece in pieces_wanted(line)]
    return checks + [_("Scan the serial number of %s before it leaves.") % title for title in wanted]


@dataclass(frozen=True)
class Wanted:
    """An item of a line that leaves with serial numbers: so many of them are known, of so many."""

    item: Variant
    known: int
    units: int


def pieces_wanted(line: BasketLine) -> list[Wanted]:
    """What of a line that is carried out still lacks serial numbers: the item, or parts of a kit."""
    if line.method != Method.CARRY_OUT:
        return []
    known = Counter(piece.variant_id for piece in line.pieces.all())
    found = [
        Wanted(item, known[item.pk], units * line.quantity) for item, units in line.parts if item.is_serial_tracked
    ]
    return [each for each in found if each.known < each.units]


def without_age(basket: Basket, lines: Iterable[BasketLine]) -> list[BasketLine]:
    """What is carried out and waits for a look at an ID."""
    if is_old_enough(age_of(basket)):
        return []
    return [line for line in lines if line.method == Method.CARRY_OUT and is_restricted(line)]


def is_restricted(line: BasketLine) -> bool:
    """Whether any of what it is has an age limit."""
    return any(item.is_age_restricted for item, _units in [(line.variant, 1), *line.parts])


def age_of(basket: Basket) -> AgeCheck | None:
    """The look at an ID that this basket's shopper had, if any."""
    return AgeCheck(basket.age_over, basket.age_check) if basket.age_over else None


def require_ready(basket: Basket) -> None:
    """Refuses 422 `not_ready` with the first thing to do."""
    lines = list(basket.lines.with_parts())
    problems = problems_of(basket, {line.method for line in lines}) or checks_of(basket, lines)
    if problems:
        raise Invalid("not_ready", problems[0])
