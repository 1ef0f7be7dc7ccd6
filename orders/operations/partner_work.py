"""A partner's work, locked; and the plain answer where it is over already."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from omni.core.refusals import Invalid, Refusal
from orders.models import FulfillmentLine, FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method

ANSWERABLE = (Status.RELEASED, Status.ACCEPTED)


def lock_partner_work(number: str) -> FulfillmentOrder:
    """The work, which a partner may still answer. Raises Refusal with what became of it."""
    work = FulfillmentOrder.objects.lock(number)
    if work.location.picks_by_hand or work.method != Method.SHIP:
        raise Refusal("not_partners", _("This is not the work of a partner."))
    refuse_over(work)
    if work.order.hold:
        raise Refusal("on_hold", _("This order is on hold."))
    return work


def refuse_over(work: FulfillmentOrder) -> None:
    """Raises Refusal `already_shipped`, `cancelled`, `refused` or `not_released` where nothing is left to answer."""
    if work.status in ANSWERABLE:
        return
    code, words = {
        Status.SHIPPED: ("already_shipped", _("%s has left already; nothing of it is open.")),
        Status.CANCELLED: ("cancelled", _("The customer cancelled %s. Do not ship it.")),
        Status.DECLINED: ("refused", _("%s was given to somebody else. Do not ship it.")),
    }.get(Status(work.status), ("not_released", _("%s is not released to you at the moment.")))
    raise Refusal(code, words % work.number, status_now=work.status)


def locked_lines(work: FulfillmentOrder) -> list[FulfillmentLine]:
    lines = work.lines.select_related("order_line", "confirmation").order_by("pk")
    return list(lines.select_for_update(of=("self",)))


def chosen_units(lines: list[FulfillmentLine], units: Mapping[int, int] | None) -> dict[FulfillmentLine, int]:
    """Open units by line; all of them without `units`. Raises Refusal `not_open` with how many are."""
    if units is None:
        return {line: line.open_quantity for line in lines if line.open_quantity}
    known = {line.pk: line for line in lines}
    if not units or set(units) - set(known) or any(quantity < 1 for quantity in units.values()):
        raise Invalid("bad_quantity", _("Choose at least one unit of this order."))
    over = [known[pk] for pk, quantity in units.items() if quantity > known[pk].open_quantity]
    if over:
        raise Refusal("not_open", _("Of %(sku)s only %(open)d units are still open.")
                      % {"sku": over[0].order_line.sku, "open": over[0].open_quantity},
                      errors=[{"pointer": f"/lines/{line.order_line.reference}", "code": "not_open",
                               "detail": str(line.open_quantity), "available": line.open_quantity}
                              for line in over])  # fmt: skip
    return {known[pk]: quantity for pk, quantity in units.items()}


def confirmed_quantity(line: FulfillmentLine) -> int:
    """Units that the partner has promised to ship and that are still here. What a customer cancels is taken from the
    unconfirmed ones first, and what has left is confirmed by leaving."""
    said = getattr(line, "confirmation", None)
    return max(0, min(said.quantity, line.wanted_quantity) - line.issued_quantity) if said else 0
