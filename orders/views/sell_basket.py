"""The basket as pages show it: what is in it, for how long it is kept, what each line is promised."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inventory.geo import distance_km
from inventory.models import Location
from inventory.places import StoreRequest
from omni.core.settings_store import setting
from omni.core.ui.words import distance_words, local_words
from orders import preferences
from orders.models import Basket, BasketLine, PaymentIntent
from orders.models.order_line import Method
from orders.operations.age_check import born_by
from orders.operations.basket_price import Priced, PricedLine, priced
from orders.operations.change_basket import BINDING
from orders.operations.coming import coming_for
from orders.operations.day_capacity import due
from orders.operations.keep_units import is_kept, kept_parts, places_of
from orders.operations.pay_basket import paid
from orders.operations.ready_basket import checks_of, pieces_wanted, problems_of, without_age

SOON = 120  # seconds


@dataclass(frozen=True)
class ShownLine:
    """One line with its own promise; `gone` units are not kept (any more), or of what comes later not to be had."""

    line: BasketLine
    price: PricedLine
    way: str
    promise: str
    icon: str
    gone: int = 0


@dataclass
class ShownBasket:
    """What the pages know of a basket."""

    basket: Basket
    lines: list[ShownLine]
    price: Priced
    now: datetime
    intents: list[PaymentIntent] = field(default_factory=list)

    @property
    def units(self) -> int:
        return sum(each.line.quantity for each in self.lines)

    @property
    def is_kept(self) -> bool:
        return is_kept(self.basket)

    @property
    def ran_out(self) -> bool:
        return bool(self.lines) and self.basket.hold is not None and not self.is_kept

    @property
    def kept_until(self) -> datetime | None:
        return self.basket.hold.expires_at if self.basket.hold is not None and self.is_kept else None

    @property
    def seconds(self) -> int:
        """For how long its units are still kept."""
        return max(0, int((self.kept_until - self.now).total_seconds())) if self.kept_until else 0

    @property
    def clock(self) -> str:
        """The same in minutes and seconds: "8:41"."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"

    @property
    def tone(self) -> str:
        return "warn" if self.seconds <= SOON else "info"

    @property
    def gone(self) -> list[ShownLine]:
        return [each for each in self.lines if each.gone] if self.is_kept else []

    @property
    def approved(self) -> list[PaymentIntent]:
        return [each for each in self.intents if each.status == PaymentIntent.Status.APPROVED]

    @property
    def paid(self) -> Decimal:
        return paid(self.intents)

    @property
    def due(self) -> Decimal:
        return self.price.total - self.paid

    @property
    def is_bound(self) -> bool:
        """Paid for, or a payment is on its way."""
        return any(each.status in BINDING for each in self.intents)

    @property
    def problems(self) -> list[str]:
        unpriced = [_("%s has no price and cannot be sold here.") % line.variant.title for line in self.price.unpriced]
        return problems_of(self.basket, {each.line.method for each in self.lines}) + unpriced

    @property
    def checks(self) -> list[str]:
        """What to do with the things themselves before the money is taken."""
        return checks_of(self.basket, [each.line for each in self.lines])

    @property
    def without_age(self) -> list[BasketLine]:
        """What waits for a look at the shopper's ID."""
        return without_age(self.basket, [each.line for each in self.lines])

    @property
    def minimum_age(self) -> int:
        return setting(preferences.MINIMUM_AGE)

    @property
    def born_by(self) -> date:
        """The latest birthday that is old enough today."""
        return born_by(self.now, self.basket.location)

    @property
    def wanted_piece(self) -> dict | None:
        """Whose serial number is asked for next: the line that came first."""
        wanted = next(((each.line, piece) for each in self.lines for piece in pieces_wanted(each.line)), None)
        if wanted is None:
            return None
        line, piece = wanted
        said = {"n": piece.known + 1, "all": piece.units}
        return {
            "item": piece.item.title, "hidden": [{"name": "position", "value": line.position}],
            "hint": _("Piece %(n)d of %(all)d. It is printed on the box or the back.") % said,
        }  # fmt: skip

    @property
    def etag(self) -> str:
        """Changes with everything that another device could have done."""
        hold = self.basket.hold
        moved = [(each.pk, each.status, each.tries) for each in self.intents]
        kept = (hold.status, hold.expires_at.timestamp()) if hold else ()
        seen = repr((self.basket.version, self.basket.status, kept, moved, get_language()))
        return f'"{hashlib.sha256(seen.encode()).hexdigest()[:32]}"'


def current(request: StoreRequest) -> Basket | None:
    """The basket that this person serves here, on whichever device."""
    return Basket.objects.open_of(request.user, request.location).select_related("location", "hold").first()


def shown(basket: Basket, *, now: datetime) -> ShownBasket:
    """With lines, prices, payments and promises; a few queries, whatever the number of lines."""
    lines = list(basket.lines.with_parts())
    for line in lines:
        line.basket = basket
    price = priced(basket, lines, now=now)
    parts = kept_parts(basket)
    shippers = _shippers(parts)
    rows = [_shown_line(each, parts.get(each.line.position, []), shippers, now) for each in price.lines]
    return ShownBasket(basket, rows, price, now, list(PaymentIntent.objects.of(basket.owner)))


def _shown_line(price: PricedLine, parts: list[dict], shippers: dict[int, Location], now: datetime) -> ShownLine:
    line = price.line
    if line.is_later:
        return ShownLine(line=line, price=price, **_later(line, now))
    places = [shippers[pk] for part in parts for pk in places_of(part) if pk in shippers]
    gone = max(0, line.quantity - sum(part["quantity"] for part in parts))
    return ShownLine(line=line, price=price, gone=gone, **_words(line, places, now))


def bar(request: StoreRequest, *, now: datetime) -> dict:
    """The basket at the foot of the selling pages."""
    basket = current(request)
    return {"bar": shown(basket, now=now) if basket else None}


def _shippers(parts: dict[int, list[dict]]) -> dict[int, Location]:
    ids = {pk for rows in parts.values() for part in rows for pk in places_of(part)}
    return Location.everywhere.with_closures().in_bulk(ids) if ids else {}


def _later(line: BasketLine, now: datetime) -> dict:
    found = coming_for(line, now=now)
    way, icon = (_("Ship"), "truck") if line.method == Method.SHIP else (_("Pick up here"), "pickup")
    said = [found.words(line.quantity, line.location), _("promised once it is paid")]
    gone = max(0, line.quantity - found.units)
    return {"way": way, "promise": " · ".join(said), "icon": icon, "gone": gone}


def _words(line: BasketLine, places: list[Location], now: datetime) -> dict:
    if line.method == Method.CARRY_OUT:
        return {"way": _("Take it along"), "promise": _("From this store, now"), "icon": "cart"}
    if line.method == Method.PICKUP and line.location:
        place = next((each for each in places if each.pk == line.location_id), line.location)
        ready = due(place, Method.PICKUP, now)
        here = place.pk == line.basket.location_id
        way = _("Pick up here") if here else _("Pick up at %s") % place.name
        return {
            "way": way,
            "promise": _ready(place, ready.at if ready else None, now) + _far(line, place),
            "icon": "pickup",
        }
    dues = [(by.promised_at, each) for each in places if (by := due(each, Method.SHIP, now))]
    if not dues:
        return {"way": _("Ship"), "promise": _("Sent as soon as it is found"), "icon": "truck"}
    leaves, last = max(dues, key=lambda each: each[0])
    promise = _("Leaves %(place)s by %(when)s") % {"place": last.name, "when": _clock(last, leaves, now)}
    return {"way": _("Ship"), "icon": "truck", "promise": promise}


def _ready(place: Location, ready: datetime | None, now: datetime) -> str:
    return _("Ready by %s") % _clock(place, ready, now) if ready else _("Ready when the store opens")


def _far(line: BasketLine, place: Location) -> str:
    here = line.basket.location
    if place.pk == here.pk or here.point is None or place.point is None:
        return ""
    return " · " + distance_words(distance_km(here.point, place.point), country=here.country)


def _clock(place: Location, when: datetime, now: datetime) -> str:
    return local_words(when, zone=place.zone, now=now)
