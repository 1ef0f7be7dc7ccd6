"""Pay what is in a basket: never more than it costs, whoever presses how often on however many devices."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from orders.models import Basket, PaymentIntent
from orders.operations.authorize import start_payment
from orders.operations.basket_price import priced
from orders.operations.change_basket import lock_open, touch
from orders.operations.coming import lines_that_do_not_come
from orders.operations.keep_units import keep_missing
from orders.operations.ready_basket import require_ready

Status, Method = PaymentIntent.Status, PaymentIntent.Method


@operation
def start_basket_payment(
    *, basket_id, method: str, amount: Decimal | None = None, reference: str = "", by: Actor, now: datetime
) -> PaymentIntent:
    """A payment of what is still due, or of a part of it; a second press meets the payment that the first one began.

    The units are kept anew, so that they outlast the terminal; what comes later, which nobody keeps, is asked for
    again. Refuses `gone` where not all of it can be had any more, `paid` where nothing is due, `too_much`, and what
    `start_payment` refuses.
    """
    basket = lock_open(basket_id, by)
    require_ready(basket)
    intents = list(PaymentIntent.objects.of(basket.owner))
    waiting = next((each for each in intents if each.is_unknown), None)
    if waiting:
        return waiting
    price = priced(basket, list(basket.lines.select_related("variant__product", "location")), now=now)
    if price.unpriced:
        raise Refusal("no_price", _("%s has no price and cannot be sold here.") % price.unpriced[0].variant.title)
    due = price.total - paid(intents)
    if due <= 0:
        raise Refusal("paid", _("This basket is paid. Place the order."))
    part = due if amount is None else amount
    if part > due:
        raise Invalid("too_much", _("Only %s is still to be paid.") % due)
    gone = keep_missing(basket=basket, by=by, now=now)
    if gone:
        raise Refusal("gone", _("Some of this was sold meanwhile. Look at the basket before you take the money."))
    late = lines_that_do_not_come(basket, now=now)
    if late:
        names = ", ".join(dict.fromkeys(line.variant.title for line in late))
        raise Refusal("gone", _("No longer to be had later, or not all of it: %s. Look at the basket before you take "
                                "the money.") % names)  # fmt: skip
    again = next((each for each in intents if _is_same(each, method, part)), None)
    if again:
        return again
    return start_payment(
        key=f"{basket.owner}:{len(intents) + 1}", owner_key=basket.owner, method=method, amount=part,
        currency=price.currency, reference=reference, by=by, now=now,
    )  # fmt: skip


def paid(intents) -> Decimal:
    """What is approved of these payments."""
    return sum((each.amount for each in intents if each.status == Status.APPROVED), Decimal(0))


@operation
def note_payment(*, basket_id, now: datetime) -> None:
    """A payment moved: other devices that show this basket look again."""
    touch(Basket.objects.lock(basket_id), now)


def _is_same(intent: PaymentIntent, method: str, amount: Decimal) -> bool:
    """A card that was not presented yet, or was declined, is asked for under the same payment."""
    open_card = intent.method == Method.CARD and intent.status in (Status.NEW, Status.DECLINED)
    return open_card and method == Method.CARD and intent.amount == amount
