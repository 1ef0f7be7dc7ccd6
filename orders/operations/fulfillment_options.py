"""How a cart could reach its customer: by each service from where and by when, and from which stores it could be
collected. Reads only; an order placed now would be decided the same way."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

import numpy as np
from django.db import Error
from django.utils.translation import gettext as _

from inventory.atp import Shelves, Site, shelves_everywhere
from inventory.geo import Point
from inventory.known_places import Known, known_places, known_sites, seen_among, units_by_place
from inventory.models import Location, Product, Variant
from inventory.operations.promise_supply import Supply, read_supply
from omni.core.prepared import Columns, prepared
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models import OrderLine
from orders.models.order_line import Method
from orders.operations.later_options import LaterUnits, PickupLater, Wish, brought, pickups_later
from orders.operations.plan_lines import candidates, destination
from orders.operations.routing_policy import Policies, Policy, policies
from orders.operations.routing_problem import promised, ship_problem, value_of, zone_of
from orders.operations.send_to_store import may_be_sent, may_send
from orders.operations.wait_for_supply import parcel_places
from orders.routing.cost import Costs
from orders.routing.decide import Decision, Parcel, decide
from orders.routing.problem import Problem
from orders.routing.rules import Rules, names_services
from orders.routing.tables import Tables, promised_by, tables

logger = logging.getLogger(__name__)

Alike = dict[tuple[tuple[int, int], frozenset[str], int], Tables]  # by rules, services where these matter, and step

SERVICES = ("standard", "two_day", "next_day")
NEAREST = 5  # stores for a pickup
STORES_LOOKED_AT = 60

# Written out: composing it from expressions took longer than answering it.
VARIANT = Columns(Variant)
ITEMS = f"""
SELECT {VARIANT.of("v")}, p.category AS of_category, p.tags AS of_tags,
       (SELECT amount FROM inventory_price WHERE variant_id = v.id AND currency = %(currency)s) AS amount,
       EXISTS (SELECT FROM inventory_kitcomponent WHERE kit_id = v.id) AS is_kit,
       EXISTS (SELECT FROM inventory_supplyterm WHERE is_active) AS may_come
  FROM inventory_variant v JOIN inventory_product p ON p.id = v.product_id
 WHERE v.sku = ANY(%(skus)s::text[]) AND v.is_active
"""  # noqa: S608 - texts of our own


@dataclass(frozen=True)
class Asked:
    """Units of one item; `reference` is the caller's word for them."""

    reference: str
    sku: str
    quantity: int


@dataclass(frozen=True)
class ShipOption:
    """What one service would do: `decision` holds the parcels, `missing` units by reference."""

    service: str
    decision: Decision
    missing: dict[str, int]
    parcels: list["ShipParcel"]
    later: list[LaterUnits] | None = None  # all that is missing, as suppliers bring it

    @property
    def arrives_on(self) -> date | None:
        """When the last parcel is there; None where something is missing."""
        return None if self.missing else max((each.arrives_on for each in self.parcels), default=None)


@dataclass(frozen=True)
class ShipParcel:
    """A parcel: from where, when it leaves and arrives, whether that is later than the service promises."""

    location: Location
    ships_on: date
    arrives_on: date
    is_late: bool
    units: dict[str, int]


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

    def shippers(self, widen: bool) -> list[Site]:
        """As `plan_lines.candidates` has them for an order."""
        count = None if widen else setting(preferences.SEARCH_SITES)
        return known_sites(self.known, self.units, among=self.known.ships(self.now), near=self.near, count=count)

    def stores(self, seen: Collection[int] | None) -> list[Site]:
        """The nearest for pickup that have any of it."""
        among = self.known.picks_up(self.now) & seen_among(self.known, seen)
        among &= np.isin(self.known.ids, self.stock.location)
        return known_sites(self.known, self.units, among=among, near=self.near, count=STORES_LOOKED_AT)

    def lacking(self, seen: Collection[int] | None, wanted: dict[int, int]) -> list[Site]:
        """The nearest for pickup that lack some of it, or all."""
        known = self.known
        among = known.picks_up(self.now) & seen_among(known, seen)
        km = known.km(self.near)
        found = []
        for n in np.lexsort((known.ids, km)).tolist():  # NaN is last
            place, far = known.places[n], None if np.isnan(km[n]) else float(km[n])
            site = Site(place, far, self.units.get(place.pk, {}))
            if among[n] and not site.serves(wanted):
                found.append(site)
            if len(found) == NEAREST:
                break
        return found

    def senders(self, store: Location, _variants: Collection[int]) -> list[Site]:
        """As `send_to_store.senders_for` reads them."""
        among = self.known.ships(self.now) & np.array([may_send(each, store) for each in self.known.places], bool)
        count = setting(preferences.SEARCH_SITES)
        return known_sites(self.known, self.units, among=among, near=store.point, count=count)


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
    lines = _lines(asked, currency)
    known = known_places()
    stock = shelves_everywhere(variants={line.variant_id for line in lines}, channel=channel)
    chain = _Chain(known, stock, destination(address), now)
    with _degraded_tells():
        ship = _ship(lines, channel, tags, chain, services)
    supply = Supply([], {})
    if any(line.variant.may_come for line in lines):  # type: ignore[attr-defined]
        supply = read_supply(variants={line.variant_id for line in lines}, channel=channel, now=now)
    return Options(
        ship=_brought(lines, ship, supply), pickup=_pickup(lines, chain.stores(seen), now),
        pickup_later=_pickup_later(lines, chain, seen, channel, supply),
    )  # fmt: skip


def _items(skus: list[str], currency: str) -> dict[str, Any]:
    """Active items by SKU, with `amount`, what one costs in this currency, `is_kit`, and `may_come`: whether HQ
    sells anything before it is here."""
    with prepared() as cursor:
        cursor.execute(ITEMS, {"skus": skus, "currency": currency})
        rows = cursor.fetchall()
    found: dict[str, Any] = {}
    for *columns, category, tags, amount, is_kit, may_come in rows:
        item: Any = VARIANT.row(columns)
        item.product = Product(pk=item.product_id, category=category, tags=tags)
        item.amount, item.is_kit, item.may_come = amount, is_kit, may_come
        found[item.sku] = item
    return found


def _lines(asked: Sequence[Asked], currency: str) -> list[OrderLine]:
    found = _items(sorted({each.sku for each in asked}), currency)
    problems = [
        {"pointer": f"/lines/{n}/sku", "code": "unknown_sku", "detail": _("No item has the SKU %s.") % each.sku}
        for n, each in enumerate(asked) if each.sku not in found
    ]  # fmt: skip
    problems += [
        {"pointer": f"/lines/{n}/sku", "code": "kit", "detail": _("%s is a kit: ask for its parts.") % each.sku}
        for n, each in enumerate(asked) if each.sku in found and found[each.sku].is_kit
    ]  # fmt: skip
    if problems:
        raise Invalid("invalid_cart", _("This cart cannot be fulfilled as it is."), errors=problems)
    return [
        OrderLine(
            position=n, reference=each.reference, variant=found[each.sku], sku=each.sku, quantity=each.quantity,
            unit_price_amount=found[each.sku].amount or Decimal(0), method=Method.SHIP,
        )
        for n, each in enumerate(asked, start=1)
    ]  # fmt: skip


def _ship(
    lines: Sequence[OrderLine], channel: str, tags: Sequence[str], chain: _Chain, services: Sequence[str]
) -> list[ShipOption]:  # fmt: skip
    known = policies(now=chain.now)
    goods = value_of(lines, {line.position: line.quantity for line in lines})
    rules = {
        service: known.rules_for(channel=channel, services={service}, value=goods, tags=tags) for service in services
    }
    options: list[ShipOption] = []
    for widen in (False, True):
        found = chain.shippers(widen)
        problem = _problem(lines, found, known, [rules[each] for each in services], channel, tags, chain.now)
        alike: Alike = {}
        options = [_option(each, problem, Policy(rules[each], known.costs), lines, found, alike) for each in services]
        if not any(option.missing or option.decision.step for option in options):
            break
    return options


def shipped_alone(
    *, variants: Sequence[Variant], prices: Mapping[int, Decimal], channel: str, near: Point | None, now: datetime
) -> dict[int, ShipOption]:  # fmt: skip
    """Variant -> the plan that an order of one unit of it alone would get now, from here, without a service; of what
    nobody can ship, none. The same statements for any number of variants, once more for those that the nearest lack.

    Refuses `no_plan` where the engine fails. Variants come with their product.
    """
    left = [
        OrderLine(position=n, reference=str(n), variant=variant, sku=variant.sku, quantity=1, method=Method.SHIP,
                  unit_price_amount=prices.get(variant.pk, Decimal(0)))
        for n, variant in enumerate(variants, start=1)
    ]  # fmt: skip
    options: dict[int, ShipOption] = {}
    with _degraded_tells():
        known = policies(now=now)
        for widen in (False, True):
            options |= _alone(left, known, channel, near, now, widen)
            left = [line for line in left if (told := options[line.variant_id]).missing or told.decision.step]
            if not left:
                break
    return {pk: option for pk, option in options.items() if option.parcels}


def _alone(
    lines: Sequence[OrderLine], known: Policies, channel: str, near: Point | None, now: datetime, widen: bool
) -> dict[int, ShipOption]:  # fmt: skip
    rules = {
        line.position: known.rules_for(channel=channel, services=(), value=line.unit_price_amount, tags=())
        for line in lines
    }
    variants = sorted({line.variant_id for line in lines})
    found = [
        site for site in candidates(stores=Location.objects.none(), variants=variants, ships=True, channel=channel,
                                    near=near, now=now, widen=widen)
        if site.location.can_ship
    ]  # fmt: skip
    problem = _problem(lines, found, known, list(rules.values()), channel, (), now)
    options = {}
    for line, own in zip(lines, problem.lines, strict=True):
        places = [place for place in problem.places if own.item in place.shelves]
        mine = replace(problem, order=replace(problem.order, value=own.price), lines=[own], places=places)
        options[line.variant_id] = _option("", mine, Policy(rules[line.position], known.costs), [line], found, {})
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
    tags: Sequence[str], now: datetime,
) -> Problem:  # fmt: skip
    """The lines together, as all of these rules will be asked about them."""
    return ship_problem(
        lines=lines, quantities={line.position: line.quantity for line in lines}, sites=found,
        stock={site.location.pk: dict(site.available) for site in found},
        policy=Policy(rules[0], known.costs, known.prices), channel=channel, tags=tags, now=now, excluded={},
        bonds={}, also=rules[1:],
    )  # fmt: skip


def _option(
    service: str, problem: Problem, policy: Policy, lines: Sequence[OrderLine], found: Sequence[Site], alike: Alike
) -> ShipOption:
    first = min((place.leaves for place in problem.places if place.leaves), default=None)
    services = frozenset({service} if service else ())
    mine = replace(
        problem, order=replace(problem.order, services=services),
        deliver_by=promised(lines, services, policy.costs, first, zone_of(found)),
    )  # fmt: skip
    decision = decide(mine, policy.rules, policy.costs, others=0, at=partial(_arrays, mine, policy, alike))
    places = {site.location.pk: site.location for site in found}
    leaves = {place.id: place.leaves for place in problem.places}
    words = {line.position: line.reference for line in lines}
    parcels = [
        _parcel(each, decision, policy.costs, places[each.place], leaves[each.place], words)
        for each in decision.parcels
    ]  # fmt: skip
    missing = {words[position]: units for position, units in decision.missing.items()}
    return ShipOption(service, decision, missing, parcels)


def _arrays(problem: Problem, policy: Policy, alike: Alike, step: int) -> Tables:
    """Worked out once for services under the same rules: only by when it has to be there differs."""
    asked = problem.order.services if names_services(policy.rules) else frozenset()
    key = policy.rules.key, asked, step
    if key not in alike:
        alike[key] = tables(problem, policy.rules, policy.costs, step)
        return alike[key]
    return promised_by(alike[key], policy.costs, problem.deliver_by)


def _parcel(
    each: Parcel, decision: Decision, costs: Costs, place: Location, leaves: date | None, words: dict[int, str]
) -> ShipParcel:
    assert leaves is not None, "who ships has a carrier"
    days = next((t.days[each.zone] for t in costs.tariffs if t.service == each.service), 0)
    units = {
        words[given.position]: given.quantity for given in decision.given
        if given.place == each.place and given.position in each.positions
    }  # fmt: skip
    return ShipParcel(place, leaves, costs.arrives(leaves, days), each.late > 0, units)


def _brought(lines: Sequence[OrderLine], options: Sequence[ShipOption], supply: Supply) -> list[ShipOption]:
    """With what suppliers bring of the units that a service cannot have now."""
    if not supply.lines or not any(option.missing for option in options):
        return list(options)
    parcels, known = parcel_places(), {line.reference: line for line in lines}
    return [
        replace(each, later=brought([(known[name], n) for name, n in each.missing.items()], supply, parcels))
        if each.missing else each
        for each in options
    ]  # fmt: skip


def _pickup_later(
    lines: Sequence[OrderLine], chain: _Chain, seen: Collection[int] | None, channel: str, supply: Supply
) -> list[PickupLater]:
    """Stores that lack something now, where that can be sent to them or comes."""
    if not supply.lines and not may_be_sent(channel):
        return []
    wishes = [Wish(line.position, line.reference, line.variant, line.quantity) for line in lines]
    return pickups_later(wishes=wishes, stores=chain.lacking(seen, _wanted(lines)), channel=channel,
                         senders=chain.senders, supply=supply, now=chain.now)  # fmt: skip


def _wanted(lines: Sequence[OrderLine]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    return wanted


def _pickup(lines: Sequence[OrderLine], stores: Sequence[Site], now: datetime) -> list[PickupOption]:
    whole = [site for site in stores if site.serves(_wanted(lines))][:NEAREST]
    return [
        PickupOption(site, site.location.schedule.ready_by(now, timedelta(minutes=site.location.preparation_minutes)))
        for site in whole
    ]
