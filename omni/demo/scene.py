"""What every story needs: who is there, what lies where, and how an order is put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from inventory.models import Barcode, Location
from omni.core.actors import Actor
from omni.core.models import Grant, User
from omni.core.models.user import Role
from omni.demo.catalog import Item
from omni.demo.customers import Regular
from omni.demo.network import Network
from omni.demo.people import Staff
from orders.models import Order
from orders.models.order_line import Method
from orders.operations.place import place as place_order
from orders.operations.request import LineRequest, OrderRequest, PaymentRequest

KEPT_BACK = 3  # units that a story leaves on a shelf, so that plans find what the story expects


@dataclass
class Scene:
    """The chain at `now`; `stock` is what the stories have not used yet."""

    rng: Random
    now: datetime
    network: Network
    staff: Staff
    regulars: Sequence[Regular]
    items: dict[int, Item]
    sold_out: Sequence[Item]
    stock: dict[int, dict[int, int]]
    shop: Actor
    orders: int = 0
    pieces: int = 0
    _pickers: dict[int, User] = field(default_factory=dict)
    _barcodes: dict[int, str] = field(default_factory=dict)

    @property
    def home(self) -> Location:
        return self.network.home

    def ago(self, minutes: float) -> datetime:
        return self.now - timedelta(minutes=minutes)

    def store(self) -> Location:
        """Any store but the home store."""
        return self.rng.choice(self.network.stores[1:] or self.network.stores)

    def day(self, place: Location, days: int) -> datetime:
        """About noon of an open day of the place, at least `days` days ago."""
        schedule = place.schedule
        for back in range(days, days + 10):
            day = schedule.local_day(self.now) - timedelta(days=back)
            if schedule.spans(day):
                at = time(self.rng.randrange(11, 14), self.rng.randrange(60))
                return datetime.combine(day, at, place.zone).astimezone(UTC)
        return self.ago(days * 24 * 60)

    def before(self, place: Location, due: datetime) -> datetime:
        """When to order so that the place promises to be ready by `due`, or as short as can be before."""
        at = due - timedelta(minutes=place.preparation_minutes)
        for _step in range(200):
            ready = place.schedule.ready_by(at, timedelta(minutes=place.preparation_minutes))
            if ready and ready <= due:
                return at
            at -= timedelta(minutes=10)
        return at

    def picker(self, place: Location) -> Actor:
        """Somebody who works there; a store without demo people gets one colleague."""
        if place == self.home:
            return Actor.of(self.rng.choice(self.staff.pickers))
        if place.pk not in self._pickers:
            user = User.objects.create_user(f"picker-{place.code}", password=None, display_name=f"Sam ({place.city})")
            Grant.objects.create(user=user, role=Role.ASSOCIATE, scope=place.scope)
            self._pickers[place.pk] = user
        return Actor.of(self._pickers[place.pk])

    def barcode(self, variant_id: int) -> str:
        """What is printed on one unit of it."""
        if not self._barcodes:
            self._barcodes = dict(Barcode.objects.filter(pack_quantity=1).values_list("variant_id", "code"))
        return self._barcodes[variant_id]

    def serial(self) -> str:
        """What is printed on the box of one piece; no piece twice."""
        self.pieces += 1
        return f"LK{self.rng.randrange(10**4, 10**5)}{self.pieces:04}"

    def basket(self, place: Location, lines: int | None = None, units: int = 0) -> list[tuple[Item, int]]:
        """Some items that the place has enough of."""
        shelf = self.stock[place.pk]
        wanted = [
            (units or self.rng.choice([1, 1, 1, 1, 2])) for _ in range(lines or self.rng.choice([1, 1, 1, 2, 2, 3]))
        ]
        chosen: list[tuple[Item, int]] = []
        variants = sorted(shelf)
        for quantity in wanted:
            taken = {item.variant.pk for item, _quantity in chosen}
            fitting = [pk for pk in variants if shelf[pk] >= quantity + KEPT_BACK and pk not in taken]
            variant = self.rng.choice(fitting)
            shelf[variant] -= quantity
            chosen.append((self.items[variant], quantity))
        return chosen

    def one_of(self, place: Location, fits: Callable[[Item], bool]) -> list[tuple[Item, int]]:
        """One unit of something of a kind that the place has; of anything where it has none of the kind."""
        shelf = self.stock[place.pk]
        fitting = [pk for pk in sorted(shelf) if shelf[pk] > KEPT_BACK and fits(self.items[pk])]
        if not fitting:
            return self.basket(place, lines=1, units=1)
        variant = self.rng.choice(fitting)
        shelf[variant] -= 1
        return [(self.items[variant], 1)]

    def pickup(self, place: Location, at: datetime, basket: Sequence[tuple[Item, int]] | None = None, **more) -> Order:
        """An order that its customer collects at `place`."""
        basket = basket or self.basket(place)
        lines = [self._line(n, item, quantity, place) for n, (item, quantity) in enumerate(basket, start=1)]
        return self._place(self._customer(place), lines, basket, at, **more)

    def ship(self, near: Location, at: datetime, basket: Sequence[tuple[Item, int]] | None = None, **more) -> Order:
        """An order that is sent to somebody who lives near a location; the plan decides from where."""
        basket = basket or self.basket(near)
        lines = [self._line(n, item, quantity) for n, (item, quantity) in enumerate(basket, start=1)]
        return self._place(self._customer(near), lines, basket, at, shipping_charge=Decimal("4.95"), **more)

    def mixed(self, place: Location, at: datetime) -> Order:
        """Half of it is collected, half is sent."""
        basket = self.basket(place, lines=2)
        lines = [self._line(1, *basket[0], place), self._line(2, *basket[1])]
        return self._place(self._customer(place), lines, basket, at, shipping_charge=Decimal("4.95"))

    def _customer(self, place: Location) -> Regular:
        near = [each for each in self.regulars if each.address["postal_code"] == place.postal_code]
        return self.rng.choice(near or list(self.regulars))

    def _line(self, n: int, item: Item, quantity: int, place: Location | None = None) -> LineRequest:
        return LineRequest(
            reference=str(n), sku=item.variant.sku, quantity=quantity, unit_price=item.price,
            method=Method.PICKUP if place else Method.SHIP, location=place.code if place else None,
        )  # fmt: skip

    def _place(self, regular: Regular, lines, basket, at: datetime, shipping_charge=Decimal(0), **more) -> Order:
        self.orders += 1
        number = f"LM-{20000 + self.orders}"
        total = sum((item.price * quantity for item, quantity in basket), shipping_charge)
        request = OrderRequest(
            channel="web", channel_reference=number, currency="USD", lines=lines, contact=regular.contact,
            shipping_address=None if all(line.location for line in lines) else regular.address,
            shipping_charge=shipping_charge, payments=[PaymentRequest("card", f"psp_{number.lower()}", total)], **more,
        )  # fmt: skip
        return place_order(request=request, places=Location.objects.all(), by=self.shop, now=at)
