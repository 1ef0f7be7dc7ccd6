"""How a cart could reach its customer: by each service from where and by when, and from which stores it could be
collected. Reads only; an order placed now would be decided the same way."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import Error
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from inventory.atp import Site, open_for_work, sites, stocking
from inventory.geo import Point
from inventory.models import KitComponent, Location, Price, Variant
from omni.core.refusals import Invalid, Refusal
from orders.models import OrderLine
from orders.models.order_line import Method
from orders.operations.plan_lines import candidates, destination
from orders.operations.routing_policy import Policies, Policy, policies
from orders.operations.routing_problem import promised, ship_problem, value_of, zone_of
from orders.routing.cost import Costs
from orders.routing.decide import Decision, Parcel, decide
from orders.routing.problem import Problem
from orders.routing.rules import Rules

logger = logging.getLogger(__name__)

SERVICES = ("standard", "two_day", "next_day")
NEAREST = 5  # stores for a pickup


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


def fulfillment_options(
    *,
    asked: Sequence[Asked],
    channel: str,
    currency: str,
    address: dict[str, Any],
    services: Sequence[str],
    tags: Sequence[str],
    places: QuerySet[Location],
    now: datetime,
) -> Options:
    """Refuses 422 `invalid_cart` what no item of ours is. `places` are the stores that may be offered for pickup."""
    lines = _lines(asked, currency)
    near = destination(address)
    with _degraded_tells():
        ship = _ship(lines, channel, tags, near, services, now)
    return Options(ship, _pickup(lines, channel, places, near, now))


def _lines(asked: Sequence[Asked], currency: str) -> list[OrderLine]:
    price = Price.objects.filter(variant=OuterRef("pk"), currency=currency).values("amount")[:1]
    rows = Variant.objects.filter(sku__in={each.sku for each in asked}, is_active=True).select_related("product")
    found = {
        row.sku: row
        for row in rows.annotate(amount=Subquery(price), is_kit=Exists(KitComponent.objects.filter(kit=OuterRef("pk"))))
    }
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
    lines: Sequence[OrderLine], channel: str, tags: Sequence[str], near: Point | None,
    services: Sequence[str], now: datetime,
) -> list[ShipOption]:  # fmt: skip
    known = policies(now=now)
    goods = value_of(lines, {line.position: line.quantity for line in lines})
    rules = {
        service: known.rules_for(channel=channel, services={service}, value=goods, tags=tags) for service in services
    }
    options: list[ShipOption] = []
    for widen in (False, True):
        problem, found = _read(lines, known, [rules[each] for each in services], channel, tags, near, now, widen)
        options = [_option(each, problem, Policy(rules[each], known.costs), lines, found) for each in services]
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
    problem, found = _read(lines, known, list(rules.values()), channel, (), near, now, widen)
    options = {}
    for line, own in zip(lines, problem.lines, strict=True):
        places = [place for place in problem.places if own.item in place.shelves]
        mine = replace(problem, order=replace(problem.order, value=own.price), lines=[own], places=places)
        options[line.variant_id] = _option("", mine, Policy(rules[line.position], known.costs), [line], found)
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


def _read(
    lines: Sequence[OrderLine], known: Policies, rules: Sequence[Rules], channel: str, tags: Sequence[str],
    near: Point | None, now: datetime, widen: bool,
) -> tuple[Problem, list[Site]]:  # fmt: skip
    """The lines together as one problem, and the locations that are in it."""
    variants = sorted({line.variant_id for line in lines})
    found = [
        site for site in candidates(stores=Location.objects.none(), variants=variants, ships=True, channel=channel,
                                    near=near, now=now, widen=widen)
        if site.location.can_ship
    ]  # fmt: skip
    problem = ship_problem(
        lines=lines, quantities={line.position: line.quantity for line in lines}, sites=found,
        stock={site.location.pk: dict(site.available) for site in found}, policy=Policy(rules[0], known.costs),
        channel=channel, tags=tags, now=now, excluded={}, bonds={}, also=rules[1:],
    )  # fmt: skip
    return problem, found


def _option(
    service: str, problem: Problem, policy: Policy, lines: Sequence[OrderLine], found: Sequence[Site]
) -> ShipOption:
    first = min((place.leaves for place in problem.places if place.leaves), default=None)
    services = frozenset({service} if service else ())
    mine = replace(
        problem, order=replace(problem.order, services=services),
        deliver_by=promised(lines, services, policy.costs, first, zone_of(found)),
    )  # fmt: skip
    decision = decide(mine, policy.rules, policy.costs, others=0)
    places = {site.location.pk: site.location for site in found}
    leaves = {place.id: place.leaves for place in problem.places}
    words = {line.position: line.reference for line in lines}
    parcels = [
        _parcel(each, decision, policy.costs, places[each.place], leaves[each.place], words)
        for each in decision.parcels
    ]  # fmt: skip
    missing = {words[position]: units for position, units in decision.missing.items()}
    return ShipOption(service, decision, missing, parcels)


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


def _pickup(
    lines: Sequence[OrderLine], channel: str, places: QuerySet[Location], near: Point | None, now: datetime
) -> list[PickupOption]:
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    stores = open_for_work(places.filter(can_pick_up=True, kind=Location.Kind.STORE), now)
    found = sites(
        places=Location.objects.none(), variants=list(wanted), channel=channel, near=near,
        nearest_of=stocking(variants=list(wanted), places=stores, channel=channel), count=60,
    )  # fmt: skip
    whole = [site for site in found if site.serves(wanted)][:NEAREST]
    return [
        PickupOption(site, site.location.schedule.ready_by(now, timedelta(minutes=site.location.preparation_minutes)))
        for site in whole
    ]
