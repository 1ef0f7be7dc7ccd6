"""A story as somebody plays it: its orders as they really are now, and the step that comes next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from inventory.models import Location
from orders.models import FulfillmentLine, FulfillmentOrder, Order, Shipment
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.pickup_code import code_of
from orders.practice.goods import BY_SKU, Good

ACCEPTED = {Status.ACCEPTED, Status.PICKING, Status.STAGED, Status.HANDED_OVER, Status.SHIPPED}
BEGUN = {Status.PICKING, Status.STAGED, Status.HANDED_OVER, Status.SHIPPED}
ON_A_SHELF = BEGUN - {Status.PICKING}


@dataclass(frozen=True)
class Wish:
    """One order of a story: who wants how many of what."""

    customer: str
    goods: Sequence[tuple[Good, int]]
    method: str = Method.PICKUP
    tender: str = "card"


@dataclass(frozen=True)
class Step:
    """One thing to do: what to do, whether it really happened, on which page, and what to scan for it.

    `then` is what there is to do once somebody is on its page: the second half of the same step.
    """

    say: Any
    done: bool = False
    page: str = ""
    scan: str = ""
    at: tuple[Any, ...] = ()
    then: "Step | None" = None

    @property
    def room(self) -> str:
        """The address of its page."""
        return reverse(self.page, args=self.at) if self.page else ""

    def seen_from(self, path: str) -> "Step":
        """Its second half for whoever is there already."""
        return self.then if self.then and path.startswith(self.then.room) else self


@dataclass(frozen=True)
class Story:
    """What is learned, by which orders, in which steps. `steps` reads a play and says what is done of it."""

    key: str
    title: Any
    about: Any
    wishes: Sequence[Wish]
    steps: "Callable[[Play], Iterable[Step]]"


class Play:
    """One telling of a story at one practice store."""

    def __init__(self, story: Story, location: Location, orders: Sequence[Order]) -> None:
        self.story, self.location, self.orders = story, location, orders

    @cached_property
    def works(self) -> list[FulfillmentOrder]:
        """The work that this store got from it."""
        mine = [w for order in self.orders for w in order.fulfillment_orders.all() if w.location_id == self.location.pk]
        return sorted(mine, key=lambda work: work.pk)

    @cached_property
    def lines(self) -> list[FulfillmentLine]:
        """Everything to pick here, in the order of the walk."""
        lines = [line for work in self.works for line in work.lines.all()]
        return sorted(lines, key=lambda line: (self.good(line).aisle, self.good(line).bin, line.pk))

    @property
    def elsewhere(self) -> list[FulfillmentOrder]:
        """Work that went to another store."""
        return [w for order in self.orders for w in order.fulfillment_orders.all() if w.location_id != self.location.pk]

    @property
    def numbers(self) -> str:
        return ", ".join(f"#{order.number}" for order in self.orders)

    def good(self, line: FulfillmentLine) -> Good:
        return BY_SKU[line.order_line.sku]

    def all_are(self, statuses: Iterable[str]) -> bool:
        return bool(self.works) and all(work.status in set(statuses) for work in self.works)

    @property
    def is_accepted(self) -> bool:
        return self.all_are(ACCEPTED)

    @property
    def is_begun(self) -> bool:
        return self.all_are(BEGUN)

    @property
    def is_on_a_shelf(self) -> bool:
        return self.all_are(ON_A_SHELF)

    @property
    def is_handed_over(self) -> bool:
        return self.all_are({Status.HANDED_OVER})

    @property
    def is_shipped(self) -> bool:
        return self.all_are({Status.SHIPPED})

    def code(self, order: Order) -> str:
        """What the customer of a practice order shows at the desk."""
        return code_of(order.code_seed, order.pickup_code_digest)

    @cached_property
    def steps(self) -> list[Step]:
        """A step is done once it happened, or anything after it did: nobody is sent back to what was skipped."""
        steps = list(self.story.steps(self)) if self.orders else []
        last = max((n for n, step in enumerate(steps) if step.done), default=-1)
        return [replace(step, done=n <= last) for n, step in enumerate(steps)]

    @property
    def now(self) -> Step | None:
        return next((step for step in self.steps if not step.done), None)

    @property
    def is_done(self) -> bool:
        return bool(self.steps) and self.now is None


def reference(location: Location, key: str, telling: int) -> str:
    """The channel's reference of a practice order begins with this."""
    return f"practice:{location.pk}:{telling}:{key}:"


def newest(location: Location, stories: Iterable[Story]) -> dict[str, Play]:
    """By story the last telling at this store; five queries for all."""
    lines = FulfillmentLine.objects.select_related("order_line").order_by("pk")
    parcels = Shipment.objects.real().order_by("pk")
    works = FulfillmentOrder.objects.prefetch_related(Prefetch("lines", lines), Prefetch("shipments", parcels))
    works = works.order_by("pk")
    orders = Order.objects.filter(channel_reference__startswith=f"practice:{location.pk}:").order_by("pk")
    tellings: dict[str, dict[int, list[Order]]] = {}
    for order in orders.prefetch_related(Prefetch("fulfillment_orders", works)):
        _practice, _location, telling, key, _n = order.channel_reference.split(":")
        tellings.setdefault(key, {}).setdefault(int(telling), []).append(order)
    return {
        story.key: Play(story, location, tellings.get(story.key, {0: []})[max(tellings.get(story.key, {0: []}))])
        for story in stories
    }


def current(plays: dict[str, Play]) -> Play | None:
    """The play that was begun last."""
    begun = [play for play in plays.values() if play.orders]
    return max(begun, key=lambda play: play.orders[-1].pk, default=None)
