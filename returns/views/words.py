"""How returns, purchases and refunds read at the desk."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.shelves import label
from omni.core.ui.words import money_words
from orders.card_number import is_card_number
from orders.models import Order, Payment
from orders.names import short_name
from orders.operations.refund import CREDIT, FIRST
from returns.models import Disposition, Payout, ReturnOrder
from returns.models.return_order import Status
from returns.models.return_unit import UnitStatus

TONES: dict[str, str] = {
    Status.WAITING: "warn", Status.AUTHORIZED: "info", Status.RECEIVED: "info", Status.COMPLETED: "done",
    Status.REFUSED: "stop", Status.CANCELLED: "",
}  # fmt: skip
UNIT_TONES: dict[str, str] = {
    UnitStatus.AUTHORIZED: "info", UnitStatus.RECEIVED: "info", UnitStatus.REFUNDED: "done",
    UnitStatus.REFUSED: "stop", UnitStatus.CANCELLED: "",
}  # fmt: skip


def who_bought(order: Order) -> str:
    """A name for the list: others can read along."""
    return short_name(order.contact_name) or _("Guest")


def purchase_row(order: Order, url: str) -> dict:
    lines = list(order.lines.all())
    return {
        "order": order, "url": url, "who": who_bought(order), "lines": lines[:4],
        "units": sum(line.fulfilled_quantity for line in lines),
        "paid": ", ".join(dict.fromkeys(payment.words for payment in order.payments.all() if not payment.voided_at)),
    }  # fmt: skip


def where_to(order: Order | None, amount: Decimal, *, only_credit: bool) -> list[tuple[str, Decimal, bool]]:
    """(tender, amount, is cash) as the refund will go, before it is given: never more than was taken on each."""
    if order is None or only_credit:
        return [(_("Store credit"), amount, False)] if amount else []
    left, parts = amount, []
    for payment in sorted(order.payments.all(), key=lambda each: (FIRST.index(Payment.Kind(each.kind)), each.pk)):
        part = min(left, payment.refundable_amount)
        if part > 0:
            is_cash = payment.kind == Payment.Kind.TILL
            words = _("In cash at the till (%s)") % payment.words if is_cash else payment.words
            parts.append((words, part, is_cash))
            left -= part
    return [*parts, (_("Store credit"), left, False)] if left else parts


def unreceipted(where: list[tuple[str, Decimal, bool]], data: Mapping[str, str]) -> str:
    """What is missing where cash is given out: the number of the till's own receipt for it; empty when nothing is."""
    typed = data.get("till_reference", "").strip()
    if data.get("to") == CREDIT or not any(is_cash for _words, _amount, is_cash in where):
        return ""
    if is_card_number(re.sub(r"[\s-]", "", typed)):
        return _("This looks like a card number. Type the receipt's number.")
    return "" if typed else _("Pay it out at the till first, then type the number of the till’s refund receipt.")


def paid_out(payout: Payout, currency: str) -> list[str]:
    """What was given back, as a person tells the customer."""
    told = []
    if payout.tender_amount:
        told.append(_("%s back to how it was paid") % money_words(payout.tender_amount, currency=currency))
    if payout.credit_amount:
        told.append(_("%(amount)s as store credit %(code)s") % {
            "amount": money_words(payout.credit_amount, currency=currency), "code": payout.credit_code
        })  # fmt: skip
    if payout.exchange_amount and payout.replacement:
        told.append(_("%(amount)s for replacement order %(number)s") % {
            "amount": money_words(payout.exchange_amount, currency=currency), "number": payout.replacement.number
        })  # fmt: skip
    return told or [money_words(0, currency=currency)]


def where_put(disposition: str, shelf: tuple[str, str] = ("", "")) -> str:
    """What the associate does with the thing in their hand."""
    if disposition == Disposition.RESTOCK:
        place = label(*shelf)
        return _("On sale again: put it back at %s") % place if place else _("On sale again: put it back on its shelf")
    return str(_PUT[disposition]) if disposition in _PUT else ""


def returned_units(found: ReturnOrder, statuses: Sequence[str]) -> list:
    return [unit for unit in found.units.all() if unit.status in statuses]


_PUT: dict[str, Any] = {
    Disposition.OPEN_BOX: gettext_lazy("Held as open box: keep it apart"),
    Disposition.REFURBISH: gettext_lazy("Held for repair: keep it apart"),
    Disposition.QUARANTINE: gettext_lazy("Held for inspection: keep it apart"),
    Disposition.RETURN_TO_VENDOR: gettext_lazy("Goes back to the vendor: keep it apart"),
    Disposition.DISPOSE: gettext_lazy("Not sellable: dispose of it"),
}
