"""What a basket can have later, from suppliers or sent to the store: asked for a store's shopper, kept for nobody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.incoming import Incoming, incoming
from inventory.models import Location, SupplyTerm
from inventory.operations.promise_supply import read_supply
from omni.core.channels import Channel
from omni.core.refusals import Refusal
from orders.models import Basket, BasketLine, OrderKit, OrderLine
from orders.models.order_line import Method
from orders.operations.plan_lines import destination, plan_lines
from orders.operations.send_to_store import may_be_sent, ready_when_sent, senders_for, sent_units
from orders.operations.wait_for_supply import parcel_places, wants_of


def coming(*, variants: Collection[int], here: Location | None, now: datetime) -> dict[int, Incoming]:
    """variant -> what could be ordered for pickup `here`, or without a place to be shipped."""
    if not variants:
        return {}
    places = Location.objects.active().filter(can_ship=True)
    if here is not None:
        places = Location.everywhere.filter(pk=here.pk, is_active=True, can_pick_up=True)
    return incoming(variants=variants, places=places, channel=Channel.ENDLESS_AISLE, today=timezone.localdate(now))


@dataclass(frozen=True)
class Sent:
    """Units that other locations can send to a store, and when it can have them ready, about."""

    units: int
    ready_at: datetime


def sent_here(*, variants: Collection[int], here: Location, now: datetime) -> dict[int, Sent]:
    """variant -> what an order for pickup `here` would get from elsewhere; nothing where HQ does not send for shoppers
    in stores. At most one query."""
    if not variants or not may_be_sent(Channel.ENDLESS_AISLE) or not here.can_pick_up or here.is_paused(now):
        return {}
    ready = ready_when_sent(here, now)
    if ready is None:
        return {}
    found = senders_for(Channel.ENDLESS_AISLE, now)(here, variants)
    return {variant: Sent(units, ready.at) for variant, units in sent_units(found).items() if units > 0}


@dataclass(frozen=True)
class Awaited:
    """What a line of a basket waits for: first what is sent to its store, then what a supplier brings."""

    sent: Sent | None
    brought: Incoming

    @property
    def units(self) -> int:
        return (self.sent.units if self.sent else 0) + self.brought.units

    def words(self, quantity: int, here: Location | None) -> str:
        """What the shopper is told of so many units."""
        rest = quantity - (self.sent.units if self.sent else 0)
        if self.sent and here and rest <= 0:
            return sent_words(self.sent, here)
        return later_words(self.brought.kind, self.brought.day(rest))


def coming_for(line: BasketLine, *, now: datetime) -> Awaited:
    here = line.location if line.method == Method.PICKUP else None
    variant = line.variant_id
    sent = sent_here(variants=[variant], here=here, now=now).get(variant) if here else None
    return Awaited(sent, coming(variants=[variant], here=here, now=now).get(variant, Incoming()))


def require_coming(line: BasketLine, quantity: int, *, now: datetime) -> None:
    """Raises Refusal `insufficient_stock` with what comes."""
    units = coming_for(line, now=now).units
    if units < quantity:
        detail = _("Only %(available)d of %(sku)s come.") % {"available": units, "sku": line.variant.sku}
        raise Refusal("insufficient_stock", detail, errors=[
            {"pointer": "/lines/0", "code": "insufficient_stock", "wanted": quantity, "available": units,
             "detail": detail}
        ])  # fmt: skip


def lines_that_do_not_come(basket: Basket, *, now: datetime) -> list[BasketLine]:
    """Of what it wants later those lines of which not all can be had any more, asked together as an order would ask:
    each unit that lies elsewhere or is on its way serves one line. What the basket keeps is nobody else's."""
    later = basket.lines.filter(is_later=True).with_parts().order_by("position")
    wanted = {line.position: line for line in later}
    lines, named = _opened(list(wanted.values()))
    missing = _not_here(lines, basket, now)
    if missing:
        ships = any(line.method == Method.SHIP for line in lines)
        wants = wants_of([(line, line.reference, missing[line.position]) for line in lines if line.position in missing],
                         parcel_places() if ships else frozenset())  # fmt: skip
        supply = read_supply(variants={want.variant_id for want in wants}, channel=Channel.ENDLESS_AISLE, now=now)
        for share in supply.share(wants):
            missing[int(share.want.demand_key)] -= share.quantity
    short = {named[position] for position, units in missing.items() if units > 0}
    return [line for n, line in wanted.items() if n in short or not _takes_pickups(line.location)]


def _opened(wanted: Sequence[BasketLine]) -> tuple[list[OrderLine], dict[int, int]]:
    """Lines as an order would have them, kits as their parts; and to which of the basket each belongs."""
    lines: list[OrderLine] = []
    named: dict[int, int] = {}
    for line in wanted:
        kit = OrderKit(position=line.position, line_count=len(line.parts), may_split=line.variant.may_split)
        for item, units in line.parts:
            n = len(lines) + 1
            named[n] = line.position
            lines.append(
                OrderLine(position=n, reference=str(n), variant=item, quantity=units * line.quantity,
                          method=line.method, pickup_location=line.location, kit=kit if line.is_kit else None,
                          kit_units=units if line.is_kit else None)
            )  # fmt: skip
    return lines, named


def _not_here(lines: Sequence[OrderLine], basket: Basket, now: datetime) -> dict[int, int]:
    """By position, how many units no location has for them now."""
    quantities = {line.position: line.quantity for line in lines}
    missing = quantities
    for widen in (False, True):
        if missing:
            missing = plan_lines(
                lines=lines, quantities=quantities, channel=Channel.ENDLESS_AISLE,
                near=destination(basket.shipping_address), now=now, widen=widen,
            ).missing  # fmt: skip
    return dict(missing)


def _takes_pickups(place: Location | None) -> bool:
    return place is None or (place.is_active and place.can_pick_up)


def sent_words(sent: Sent, here: Location) -> str:
    """ "Sent to this store, ready about 4 Dec"."""
    day = here.schedule.local_day(sent.ready_at)
    return _("Sent to this store, ready about %s") % date_format(day, "j M")


def later_words(kind: str, day: date | None) -> str:
    """ "Backorder, expected 4 Dec": what a shopper is told."""
    if day is None:
        return _("Backorder, we do not know the day yet")
    words = _("Preorder, expected %s") if kind == SupplyTerm.Kind.PREORDER else _("Backorder, expected %s")
    return words % date_format(day, "j M")
