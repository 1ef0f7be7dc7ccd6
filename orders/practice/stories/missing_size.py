"""The size that a shopper wants is in another store."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Basket
from orders.models.order_line import Method
from orders.practice.goods import BOOT_10, MUG
from orders.practice.play import Play, Step, Story, Wish


def steps(play: Play) -> Iterator[Step]:
    """What Gus bought before makes him a known customer; his new basket is the newest that was touched since."""
    since = play.orders[0].placed_at
    with_boots = Basket.objects.at(play.location).filter(lines__variant__sku=BOOT_10.sku, updated_at__gte=since)
    basket = with_boots.order_by("-updated_at").first()
    said = _("Gus wants the trail boots in size 10; this store has size 9 only. Open Sell and scan the label he shows.")
    then = Step(_("Size 10 is next door. Choose “Ship it home”."), page="orders:sell_product", at=(BOOT_10.product,))
    yield Step(said, basket is not None, page="orders:sell", scan=BOOT_10.barcode, then=then)
    said = _("Open the basket, go on to the customer, look for gus@practice.invalid and choose him.")
    yield Step(said, bool(basket and basket.contact_name), page="orders:basket")
    said = _("Check the address, go on to the payment and have the card presented. Nothing is charged.")
    yield Step(said, bool(basket and basket.order_id), page="orders:basket")


STORY = Story(
    "missing-size", gettext_lazy("A size that is not here"),
    gettext_lazy("Sell it from another store’s shelf and have it sent home."),
    wishes=[Wish("Gus Practice", [(MUG, 1)], Method.CARRY_OUT, tender="till_receipt")],
    steps=steps,
)  # fmt: skip
