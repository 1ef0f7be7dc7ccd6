"""Make the whole chain, its stock, its people and its orders, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from inventory.operations.learn_words import learn_words
from omni.core import past
from omni.core.actors import Actor
from omni.core.channels import Channel
from omni.core.operations.change_setting import change_setting
from omni.demo import chain_stories, home_stories, parcel_stories, partner_stories, return_stories, sale_stories
from omni.demo.catalog import make_catalog
from omni.demo.confidence import make_visits
from omni.demo.customers import make_customers
from omni.demo.feeds import make_feeds
from omni.demo.kits import make_kits
from omni.demo.network import make_network
from omni.demo.people import make_key, make_staff
from omni.demo.scene import Scene
from omni.demo.shelves import sold_out, stock_shelves
from orders import preferences
from orders.operations.release import release_due
from orders.operations.settle import finalize_hand_overs

FULL = 200  # orders for which the stories' counts are written

# What this chain does once it is open; its stories are told without.
SETTINGS = {
    preferences.DEMO_PARTNERS: True, preferences.SHIP_TO_STORE_CHANNELS: f"{Channel.WEB}, {Channel.ENDLESS_AISLE}",
}  # fmt: skip

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much of a chain to make."""

    stores: int = 60
    products: int = 1200
    customers: int = 300
    orders: int = FULL


@transaction.atomic
def make_chain(*, seed: int, size: Size, now: datetime, tell: Tell) -> dict[str, Any]:
    """Make everything or nothing; returns the sign-ins and the API key. `tell` hears of each step."""
    rng = Random(seed)
    network = make_network(rng=rng, stores=size.stores)
    tell(_("%(count)d locations") % {"count": len(network.all)})
    items = make_catalog(rng=rng, products=size.products)
    tell(_("%(products)d products, %(variants)d variants") % {"products": size.products, "variants": len(items)})
    stock = stock_shelves(rng=rng, network=network, items=items, now=now, tell=lambda done, of: tell(
        _("opening stock: %(done)d of %(of)d shelves") % {"done": done, "of": of}
    ))  # fmt: skip
    make_kits(items=items, stock=stock, home=network.home)
    learn_words()
    staff = make_staff(rng=rng, network=network)
    regulars = make_customers(rng=rng, stores=network.stores, count=size.customers)
    tell(_("%(count)d customers") % {"count": len(regulars)})
    partner_stories.make_agreement(network)
    _look_at_the_tables()
    key, token = make_key()
    scene = Scene(
        rng=rng, now=now, network=network, staff=staff, regulars=regulars,
        items={item.variant.pk: item for item in items}, sold_out=sold_out(items), stock=stock, shop=Actor.of_key(key),
    )  # fmt: skip
    with past.told():
        _tell_stories(scene, size.orders, tell)
    tell(_("%(rows)d rows of a stock snapshot compared") % {"rows": make_feeds(scene).compared_count})
    partner_stories.send_stock_file(scene)
    tell(_("%(count)d visits of pickers to shelves") % {"count": make_visits(scene)})
    for name, value in SETTINGS.items():
        change_setting(key=name, value=value, by=Actor.system("demo"), reason="demo chain")
    _look_at_the_tables()
    return {"people": staff.sign_ins, "api_key": token}


def _tell_stories(scene: Scene, orders: int, tell: Tell) -> None:
    """Fewer orders tell each story less often, but every story at least once; collected ones fill up the number."""
    sale_stories.prices(scene)
    parts = (home_stories, parcel_stories, sale_stories, return_stories, partner_stories, chain_stories)
    for story, count in [each for part in parts for each in part.STORIES]:
        for _time in range(max(1, round(count * orders / FULL))):
            story(scene)
            if scene.orders % 25 == 0:
                tell(_("%(done)d orders") % {"done": scene.orders})
    while scene.orders < orders:
        chain_stories.handed_over(scene)
    while release_due(now=scene.now):
        pass
    while finalize_hand_overs(now=scene.now):
        pass
    tell(_("%(done)d orders") % {"done": scene.orders})


def _look_at_the_tables() -> None:
    """The database's statistics have not seen these rows yet: its plans would be made blind."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
