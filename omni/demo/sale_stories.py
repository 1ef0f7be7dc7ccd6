"""What is sold at the counter: baskets that wait, sales from other stores' shelves, and what nobody had."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.demo.acts import released, sent
from omni.demo.catalog import Item
from omni.demo.customers import Regular
from omni.demo.scene import Scene
from orders.models import Basket, Order, Promotion, TaxRate
from orders.models.order_line import Method
from orders.operations.change_basket import add_to_basket, open_basket
from orders.operations.hand_basket import park_basket
from orders.operations.lost_sale import record_lost_sale
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket


def prices(scene: Scene) -> None:
    """A week of candles, a code for the newsletter, and the tax of the home store's state, which leaves clothes out."""
    begins = scene.ago(10 * 24 * 60)
    Promotion.objects.create(code="GLOW10", name=_("Candle week"), percent=Decimal(10), starts_at=begins,
                             category="Home > Candles", ends_at=begins + timedelta(days=24))  # fmt: skip
    Promotion.objects.create(code="HELLO5", name=_("Newsletter"), needs_code=True, amount=Decimal(5), currency="USD",
                             category="Apparel", starts_at=begins)  # fmt: skip
    home = scene.home
    for category in ("home", "electronics"):
        TaxRate.objects.create(name=f"{home.region} sales tax", country=home.country, region=home.region,
                               tax_category=category, rate=Decimal("0.06875"))  # fmt: skip


def parked(scene: Scene) -> None:
    """The shopper is back after lunch; anybody goes on with it."""
    by = Actor.of(scene.staff.pickers[0])
    basket = _filled(scene, by, scene.home, scene.ago(4))
    park_basket(basket_id=basket.pk, note=_("red scarf, back after lunch"), by=by, now=scene.ago(2))


def served(scene: Scene) -> None:
    """A colleague is with a shopper."""
    _filled(scene, Actor.of(scene.staff.pickers[1]), scene.home, scene.ago(3))


def nobody_had_it(scene: Scene) -> None:
    """Wanted, and not to be had; HQ sees it."""
    words = [_("gift card sleeve"), _("rain cover for a stroller"), _("left-handed scissors")]
    for n, item in enumerate([*scene.sold_out[:2], None, None]):
        place = scene.home if n % 2 == 0 else scene.store()
        record_lost_sale(
            location=place, key=f"demo-{n}", sku=item.variant.sku if item else "", wanted=scene.rng.choice(words),
            quantity=scene.rng.choice([1, 1, 2]), by=scene.picker(place), now=scene.ago(scene.rng.randrange(20, 900)),
        )  # fmt: skip


def sold_today(scene: Scene) -> None:
    """One thing taken along, one that another store sends: that store is asked."""
    order = sold(scene, scene.home, scene.ago(scene.rng.randrange(20, 200)))
    released(order, scene.ago(15))


def sold_before(scene: Scene) -> None:
    """Some days ago; the parcel has left."""
    store = scene.store()
    at = scene.day(store, scene.rng.randrange(2, 7))
    works = released(sold(scene, store, at), at + timedelta(minutes=31))
    sent(scene, [work for work in works if work.method == Method.SHIP], at + timedelta(hours=2))


def sold(scene: Scene, place: Location, at: datetime) -> Order:
    """A basket paid at the till of `place`."""
    by = scene.picker(place)
    basket = _filled(scene, by, place, at)
    regular = _somebody(scene, place)
    basket.contact_name, basket.contact_email = regular.contact.name, regular.contact.email
    basket.contact_phone, basket.shipping_address = regular.contact.phone, regular.address
    basket.save()
    scene.orders += 1
    start_basket_payment(basket_id=basket.pk, method="till_receipt", reference=f"T-{scene.orders:05}", by=by, now=at)
    return place_basket(basket_id=basket.pk, by=by, now=at)


def _filled(scene: Scene, by: Actor, place: Location, at: datetime) -> Basket:
    """Something of this shelf to take along, something of another house's to be sent."""
    basket = open_basket(location=place, by=by, now=at)
    ((here, quantity),) = scene.basket(place, lines=1)
    wanted: list[tuple[Item, str, int]] = [(here, Method.CARRY_OUT, quantity)]
    center = scene.rng.choice(scene.network.centers)
    wanted += [(item, Method.SHIP, units) for item, units in scene.basket(center, lines=1, units=1)]
    for n, (item, method, units) in enumerate(wanted):
        basket = add_to_basket(basket_id=basket.pk, sku=item.variant.sku, method=method, quantity=units,
                               key=f"demo-{n}", by=by, now=at)  # fmt: skip
    return basket


def _somebody(scene: Scene, place: Location) -> Regular:
    near = [each for each in scene.regulars if each.address["postal_code"] == place.postal_code]
    return scene.rng.choice(near or list(scene.regulars))


# How often each is told when 200 orders are asked for.
STORIES = [(sold_before, 4), (sold_today, 3), (parked, 1), (served, 1), (nobody_had_it, 1)]
