"""What people practice at the return desk: a return for money, and an exchange for something that costs more."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models.order_line import Method
from orders.practice.goods import CAP, LAMP, TEE
from orders.practice.play import Play, Step, Story, Wish
from orders.practice.stories import tell
from returns.models import ReturnOrder
from returns.models.return_unit import UnitStatus


def tell_stories() -> None:
    """After those of orders; called once, when the app is ready."""
    tell(RETURN)
    tell(EXCHANGE)


def _begun(play: Play) -> ReturnOrder | None:
    found = ReturnOrder.objects.filter(order=play.orders[0].pk).prefetch_related("units", "payouts", "exchanges")
    return found.order_by("-pk").first()


def _bring(play: Play, found: ReturnOrder | None, barcode: str, item: str) -> Step:
    """The receipt, then what comes back."""
    number = play.orders[0].number
    then = Step(_("Scan %s, which comes back.") % item, page="returns:purchase", at=(number,), scan=barcode)
    said = _("%s has a receipt. Open Returns and scan its code.") % play.story.wishes[0].customer
    return Step(said, found is not None, page="returns:desk", scan=f"R:{number}", then=then)


def _return(play: Play) -> Iterator[Step]:
    found = _begun(play)
    at = {"page": "returns:one", "at": (found.rma_number,)} if found else {"page": "returns:desk"}
    yield _bring(play, found, TEE.barcode, TEE.title)
    unit = next(iter(found.units.all()), None) if found else None
    looked = unit is not None and (unit.grade != "A" or unit.status != UnitStatus.AUTHORIZED)
    said = _("It was worn: choose why it comes back, and condition B. What becomes of it follows by itself.")
    yield Step(said, looked, **at)
    paid = bool(found and found.payouts.all())
    said = _(
        "It was paid at the till, so pay it out there. Type a receipt number such as R-1, then take it back and refund."
    )
    yield Step(said, paid, **at)


def _exchange(play: Play) -> Iterator[Step]:
    found = _begun(play)
    at = {"page": "returns:one", "at": (found.rma_number,)} if found else {"page": "returns:desk"}
    chosen = next(iter(found.exchanges.all()), None) if found else None
    over = {"page": "returns:exchange", "at": (found.rma_number,)} if found else at
    yield _bring(play, found, CAP.barcode, CAP.title)
    scan = Step(_("Scan the lamp that she takes instead."), scan=LAMP.barcode, **over)
    said = _("She would rather have the lamp: choose “Exchange instead”.")
    yield Step(said, bool(chosen and chosen.lines), then=scan if found else None, **at)
    said = _("The lamp costs more: choose “Paid at the till”, type a receipt number such as T-1, and exchange.")
    yield Step(said, bool(found and found.payouts.all()), **over)


RETURN = Story(
    "return", gettext_lazy("A return"),
    gettext_lazy("Find the purchase by its receipt, look at the item, give the money back."),
    wishes=[Wish("Hana Practice", [(TEE, 1)], Method.CARRY_OUT, tender="till_receipt")],
    steps=_return,
)  # fmt: skip
EXCHANGE = Story(
    "exchange", gettext_lazy("An exchange"),
    gettext_lazy("Take one thing back, hand out another, and take the difference."),
    wishes=[Wish("Ida Practice", [(CAP, 1)], Method.CARRY_OUT, tender="till_receipt")],
    steps=_exchange,
)  # fmt: skip
