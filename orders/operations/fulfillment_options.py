"""How a cart could reach its customer: by each service from where and by when, and from which stores it could be
collected. Reads only; an order placed now would be decided the same way."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import islice
from math import isnan
from typing import Any, NamedTuple

import numpy as np
from django.db import Error
from django.utils.translation import gettext as _

from inventory.atp import Shelves, Site, shelves_everywhere
from inventory.geo import Point
from inventory.known_places import Distances, Known, known_places, known_sites, seen_among, units_by_place
from inventory.models import Location, Variant
from inventory.operations.promise_supply import Supply, read_supply
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models import OrderLine
from orders.models.order_line import Method
from orders.operations.cart_lines import Asked, CartLines, cart_lines, opened_lines
from orders.operations.later_options import LaterUnits, PickupLater, brought, pickups_later
from orders.operations.plan_lines import candidates, destination
from orders.operations.request import LineRequest
from orders.operations.routing_policy import Policies, Policy, policies
from orders.operations.routing_problem import promised, ship_problem, value_of, zone_of
from orders.operations.send_to_store import may_be_sent, may_send
from orders.operations.wait_for_supply import parcel_places
from orders.operations.whole_kits import (
    WholeKit,
    bonds_of,
    is_missing,
    is_torn,
    kits_apart,
    whole_kits,
    widest_step,
)
from orders.routing import simple
from orders.routing.cost import Costs
from orders.routing.decide import Decision, Given, Parcel, decide, parcels_of
from orders.routing.problem import Problem
from orders.routing.rules import Rules, names_services
from orders.routing.tables import Tables, promised_by, tables

logger = logging.getLogger(__name__)

Alike = dict[tuple[tuple[int, int], frozenset[str], int], Tables]  # by rules, services where these matter, and step

SERVICES = ("standard", "two_day", "next_day")
NEAREST = 5  # stores for a pickup
STORES_LOOKED_AT = 60


@dataclass(frozen=True)
class ShipOption:
    """What one service would do: its parcels, and what nobody can ship now, by reference as it was asked for and by
    the position of the lines that it is planned as."""

    service: str
    missing: dict[str, int]
    lacking: Mapping[int, int]
    parcels: list["ShipParcel"]
    is_second_choice: bool  # the rules had to be widened: farther away there may be what HQ would rather take
    later: list[LaterUnits] | None = None  # all that is missing, as suppliers bring it

    @property
    def arrives_on(self) -> date | None:
        """When the last parcel is there; None where something is missing."""
        return None if self.missing else max((each.arrives_on for each in self.parcels), default=None)


@dataclass(frozen=True)
class ShipParcel:
    """A parcel: from where, when it leaves and arrives, whether that is later than the service promises. Of the kits in
    `split` it has some parts only, counted as kits."""

    location: Location
    ships_on: date
    arrives_on: date
    is_late: bool
    units: dict[str, int]
    split: list[str]


@dataclass(frozen=True)
class PickupOption:
    """A store that has everything."""

    site: Site
    ready_at: datetime | None


@dataclass(frozen=True)
class Options:
    """All of them."""

    ship: list[ShipOption]
    pickup: list[PickupOption]
    pickup_later: list[PickupLater]


@dataclass(frozen=True)
class _Chain:
    """The whole chain as one question finds it: what each location could give of the cart."""

    known: Known
    stock: Shelves
    near: Point | None
    now: datetime

    @cached_property
    def units(self) -> dict[int, dict[int, int]]:
        return units_by_place(self.stock)

    @cached_property
    def far(self) -> Distances:
        return self.known.distances(self.near)

    def shippers(self, widen: bool) -> list[Site]:
        """As `plan_lines.candidates` has them for an order."""
        count = None if widen else setting(preferences.SEARCH_SITES)
        return known_sites(self.known, self.units, among=self.known.ships(self.now), far=self.far, count=count)

    def stores(self, seen: Collection[int] | None) -> list[Site]:
        """The nearest for pickup that have any of it."""
        among = self.known.picks_up(self.now) & seen_among(self.known, seen)
        among &= np.isin(self.known.ids, self.stock.location)
        return known_sites(self.known, self.units, among=among, far=self.far, count=STORES_LOOKED_AT)

    def lacking(self, seen: Collection[int] | None, wanted: dict[int, int]) -> list[Site]:
        """The nearest for pickup that lack some of it, or all."""
        known = self.known
        among = known.picks_up(self.now) & seen_among(known, seen)
        found = []
        for n in self.far.nearest[among[self.far.nearest]].tolist():
            place, km = known.places[n], float(self.far.km[n])
            site = Site(place, None if isnan(km) else km, self.units.get(place.pk, {}))
            if not site.serves(wanted):
                found.append(site)
            if len(found) == NEAREST:
                break
        return found

    def senders(self, store: Location, _variants: Collection[int]) -> list[Site]:
        """As `send_to_store.senders_for` reads them."""
        among = self.known.ships(self.now) & np.array([may_send(each, store) for each in self.known.places], bool)
        count = setting(preferences.SEARCH_SITES)
        return known_sites(self.known, self.units, among=among, far=self.known.distances(store.point), count=count)


def fulfillment_options(
    *,
    asked: Sequence[Asked],
    channel: str,
    currency: str,
    address: dict[str, Any],
    services: Sequence[str],
    tags: Sequence[str],
    seen: Collection[int] | None,
    now: datetime,
) -> Options:
    """Refuses 422 `invalid_cart` what no item of ours is. Of the locations `seen` (None: all) stores are offered for
    pickup."""
    cart = cart_lines(asked, currency)
    variants = {line.variant_id for line in cart.lines}
    known = known_places()
    stock = shelves_everywhere(variants=variants, channel=channel)
    chain = _Chain(known, stock, destination(address), now)
    with _degraded_tells():
        ship = _ship(cart, channel, tags, chain, services)
    supply = Supply([], {})
    if any(line.variant.may_come for line in cart.lines):  # type: ignore[attr-defined]
        supply = read_supply(variants=variants, channel=channel, now=now)
    return Options(
        ship=_brought(cart, ship, supply), pickup=_pickup(cart.lines, chain.stores(seen), now),
        pickup_later=_pickup_later(cart, chain, seen, channel, supply),
    )  # fmt: skip


def _ship(
    cart: CartLines, channel: str, tags: Sequence[str], chain: _Chain, services: Sequence[str]
) -> list[ShipOption]:  # fmt: skip
    known = policies(now=chain.now)
    goods = value_of(cart.lines, _quantities(cart.lines))
    rules = {
        service: known.rules_for(channel=channel, services={service}, value=goods, tags=tags) for service in services
    }
    options: list[ShipOption] = []
    for widen in (False, True):
        found = chain.shippers(widen)
        kits = whole_kits(cart.lines, _quantities(cart.lines))
        problem = _problem(
            cart.lines, found, known, [rules[each] for each in services], channel, tags, chain.now, bonds_of(kits)
        )
        alike: Alike = {}
        options = [
            _option(each, problem, Policy(rules[each], known.costs), cart, kits, found, alike) for each in services
        ]
        if not any(option.missing or option.is_second_choice for option in options):
            break
    return options


def shipped_alone(
    *, variants: Sequence[Variant], prices: Mapping[int, Decimal], currency: str, channel: str, near: Point | None,
    now: datetime,
) -> dict[int, ShipOption]:  # fmt: skip
    """Variant -> the plan that an order of one unit of it alone would get now, from here, without a service; of what
    nobody can ship, none. The same statements for any number of variants, once more for those that the nearest lack.

    Refuses `no_plan` where the engine fails. Variants come with their product, and say `is_kit`; kits with their parts
    sold (`HAS_OLD_PART`).
    """
    carts = _carts_of_one(variants, prices, currency)
    left, options = list(carts), dict[int, ShipOption]()
    with _degraded_tells():
        known = policies(now=now)
        for widen in (False, True):
            options |= _alone({pk: carts[pk] for pk in left}, known, channel, near, now, widen)
            left = [pk for pk in left if options[pk].missing or options[pk].is_second_choice]
            if not left:
                break
    return {pk: option for pk, option in options.items() if option.parcels and not option.missing}


def _carts_of_one(
    variants: Sequence[Variant], prices: Mapping[int, Decimal], currency: str
) -> dict[int, CartLines]:  # fmt: skip
    """For each variant the lines of an order of one of it, numbered through."""
    items: dict[str, Any] = {variant.sku: variant for variant in variants}
    for variant in items.values():
        variant.amount = prices.get(variant.pk)
    whole = opened_lines(
        [LineRequest(str(variant.pk), variant.sku, 1, Method.SHIP) for variant in variants], items, currency
    )
    lines: dict[int, list[OrderLine]] = {variant.pk: [] for variant in variants}
    for line in whole.lines:
        lines[int(whole.names[line.position])].append(line)
    return {pk: CartLines(mine, whole.names) for pk, mine in lines.items()}


def _alone(
    carts: Mapping[int, CartLines], known: Policies, channel: str, near: Point | None, now: datetime, widen: bool
) -> dict[int, ShipOption]:  # fmt: skip
    kits = {pk: whole_kits(cart.lines, _quantities(cart.lines)) for pk, cart in carts.items()}
    bonds = {position: n for mine in kits.values() for position, n in bonds_of(mine).items()}
    values = {pk: value_of(cart.lines, _quantities(cart.lines)) for pk, cart in carts.items()}
    rules = {
        pk: known.rules_for(channel=channel, services=(), value=values[pk], tags=()) for pk in carts
    }  # fmt: skip
    lines = [line for cart in carts.values() for line in cart.lines]
    wanted = sorted({line.variant_id for line in lines})
    found = [
        site for site in candidates(stores=Location.objects.none(), variants=wanted, ships=True, channel=channel,
                                    near=near, now=now, widen=widen)
        if site.location.can_ship
    ]  # fmt: skip
    problem = _problem(lines, found, known, list(rules.values()), channel, (), now, bonds)
    asked = {each.position: each for each in problem.lines}
    options = {}
    for pk, cart in carts.items():
        own = [asked[line.position] for line in cart.lines]
        items = {each.item for each in own}
        places = [place for place in problem.places if items & place.shelves.keys()]
        order = replace(problem.order, value=sum(each.price * each.quantity for each in own))
        mine = replace(problem, order=order, lines=own, places=places)
        options[pk] = _option("", mine, Policy(rules[pk], known.costs), cart, kits[pk], found, {})
    return options


@contextmanager
def _degraded_tells() -> Iterator[None]:
    """Whatever breaks but the database is told as a refusal: nothing was asked for but words."""
    try:
        yield
    except Error:
        raise  # whoever answers knows what to say
    except Exception as trouble:
        logger.exception("Routing is degraded: nobody can be told beforehand")
        raise Refusal(
            "no_plan", _("Nobody can say beforehand how this cart would be shipped. It can be ordered all the same.")
        ) from trouble


def _problem(
    lines: Sequence[OrderLine], found: Sequence[Site], known: Policies, rules: Sequence[Rules], channel: str,
    tags: Sequence[str], now: datetime, bonds: Mapping[int, int],
) -> Problem:  # fmt: skip
    """The lines together, as all of these rules will be asked about them."""
    return ship_problem(
        lines=lines, quantities=_quantities(lines), sites=found,
        stock={site.location.pk: dict(site.available) for site in found},
        policy=Policy(rules[0], known.costs, known.prices), channel=channel, tags=tags, now=now, excluded={},
        bonds=bonds, also=rules[1:],
    )  # fmt: skip


def _option(
    service: str, problem: Problem, policy: Policy, cart: CartLines, kits: Sequence[WholeKit], found: Sequence[Site],
    alike: Alike,
) -> ShipOption:  # fmt: skip
    first = min((place.leaves for place in problem.places if place.leaves), default=None)
    services = frozenset({service} if service else ())
    mine = replace(
        problem, order=replace(problem.order, services=services),
        deliver_by=promised(cart.lines, services, policy.costs, first, zone_of(found)),
    )  # fmt: skip
    at = partial(_arrays, mine, policy, alike)
    plan = _planned(decide(mine, policy.rules, policy.costs, others=0, at=at), policy, cart.lines, kits, found, at)
    places = {site.location.pk: site.location for site in found}
    leaves = {place.id: place.leaves for place in problem.places}
    parcels = [
        _parcel(each, plan.given, policy.costs, places[each.place], leaves[each.place], cart) for each in plan.parcels
    ]
    return ShipOption(service, cart.as_asked(plan.missing), plan.missing, parcels, plan.is_second_choice)


class _Plan(NamedTuple):
    given: Sequence[Given]
    parcels: Sequence[Parcel]
    missing: Mapping[int, int]
    is_second_choice: bool


def _planned(
    decision: Decision, policy: Policy, lines: Sequence[OrderLine], kits: Sequence[WholeKit], found: Sequence[Site],
    at: Callable[[int], Tables],
) -> _Plan:  # fmt: skip
    """The engine's plan, or where that tears kits the one with whole kits here and there: as `route` has it."""
    plan = simple.Plan(
        [simple.Share(each.position, each.place, each.quantity) for each in decision.given], dict(decision.missing)
    )
    if any(is_torn(kit, plan) or is_missing(kit, plan) for kit in kits):
        widest = at(widest_step(policy.rules))
        apart = kits_apart(
            plan=plan, kits=kits, wants=[simple.Want(line.position, line.variant_id, line.quantity) for line in lines],
            held={site.location.pk: site.available for site in found}, found=widest,
        )  # fmt: skip
        if apart is not None:
            given = [Given(share.key, share.site, share.quantity) for share in apart.shares]
            return _Plan(given, parcels_of(widest, policy.costs, given), apart.missing, False)
    return _Plan(decision.given, decision.parcels, decision.missing, decision.step > 0)


def _arrays(problem: Problem, policy: Policy, alike: Alike, step: int) -> Tables:
    """Worked out once for services under the same rules: only by when it has to be there differs."""
    asked = problem.order.services if names_services(policy.rules) else frozenset()
    key = policy.rules.key, asked, step
    if key not in alike:
        alike[key] = tables(problem, policy.rules, policy.costs, step)
        return alike[key]
    return promised_by(alike[key], policy.costs, problem.deliver_by)


def _parcel(
    each: Parcel, given: Sequence[Given], costs: Costs, place: Location, leaves: date | None, cart: CartLines
) -> ShipParcel:
    assert leaves is not None, "who ships has a carrier"
    days = next((t.days[each.zone] for t in costs.tariffs if t.service == each.service), 0)
    units = {one.position: one.quantity for one in given if one.place == each.place and one.position in each.positions}
    return ShipParcel(
        place, leaves, costs.arrives(leaves, days), each.late > 0, cart.as_asked(units), cart.split(units)
    )


def _brought(cart: CartLines, options: Sequence[ShipOption], supply: Supply) -> list[ShipOption]:
    """With what suppliers bring of the units that a service cannot have now."""
    if not supply.lines or not any(option.missing for option in options):
        return list(options)
    parcels = parcel_places()
    return [replace(each, later=_later(cart, each.lacking, supply, parcels)) for each in options]


def _later(
    cart: CartLines, lacking: Mapping[int, int], supply: Supply, parcels: frozenset[int]
) -> list[LaterUnits] | None:  # fmt: skip
    if not lacking:
        return None
    units = [(line, lacking[line.position]) for line in cart.lines if line.position in lacking]
    rows = brought(units, supply, parcels)
    return None if rows is None else cart.later_as_asked(rows)


def _pickup_later(
    cart: CartLines, chain: _Chain, seen: Collection[int] | None, channel: str, supply: Supply
) -> list[PickupLater]:
    """Stores that lack something now, where that can be sent to them or comes."""
    if not supply.lines and not may_be_sent(channel):
        return []
    found = pickups_later(wishes=cart.lines, stores=chain.lacking(seen, _wanted(cart.lines)), channel=channel,
                          senders=chain.senders, supply=supply, now=chain.now)  # fmt: skip
    return [replace(each, units=cart.later_as_asked(each.units)) for each in found]


def _quantities(lines: Sequence[OrderLine]) -> dict[int, int]:
    return {line.position: line.quantity for line in lines}


def _wanted(lines: Sequence[OrderLine]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    return wanted


def _pickup(lines: Sequence[OrderLine], stores: Sequence[Site], now: datetime) -> list[PickupOption]:
    wanted = _wanted(lines)
    whole = islice((site for site in stores if site.serves(wanted)), NEAREST)
    return [
        PickupOption(site, site.location.schedule.ready_by(now, timedelta(minutes=site.location.preparation_minutes)))
        for site in whole
    ]
