"""How a cart could reach its customer: by each service from where and by when, and from which stores it could be
collected. Reads only; an order placed now would be decided the same way."""

import logging
from collections.abc import Sequence
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
from orders.operations.routing_policy import Policy, policies
from orders.operations.routing_problem import promised, ship_problem, value_of, zone_of
from orders.routing.cost import Costs
from orders.routing.decide import Decision, Parcel, decide
from orders.routing.problem import Problem

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
    try:
        ship = _ship(lines, channel, tags, near, services, now)
    except Error:
        raise  # the database's: whoever answers knows what to say
    except Exception as trouble:
        logger.exception("Routing is degraded: nobody can be told beforehand")
        raise Refusal(
            "no_plan", _("Nobody can say beforehand how this cart would be shipped. It can be ordered all the same.")
        ) from trouble
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
    quantities = {line.position: line.quantity for line in lines}
    variants = sorted({line.variant_id for line in lines})
    known = policies(now=now)
    goods = value_of(lines, quantities)
    rules = {
        service: known.rules_for(channel=channel, services={service}, value=goods, tags=tags) for service in services
    }
    for widen in (False, True):
        found = [
            site for site in candidates(stores=Location.objects.none(), variants=variants, ships=True, channel=channel,
                                        near=near, now=now, widen=widen)
            if site.location.can_ship
        ]  # fmt: skip
        problem = ship_problem(
            lines=lines, quantities=quantities, sites=found,
            stock={site.location.pk: dict(site.available) for site in found},
            policy=Policy(rules[services[0]], known.costs), channel=channel, tags=tags, now=now, excluded={}, bonds={},
            also=list(rules.values()),
        )  # fmt: skip
        options = [_option(each, problem, Policy(rules[each], known.costs), lines, found) for each in services]
        if not any(option.missing or option.decision.step for option in options):
            break
    return options


def _option(
    service: str, problem: Problem, policy: Policy, lines: Sequence[OrderLine], found: Sequence[Site]
) -> ShipOption:
    first = min((place.leaves for place in problem.places if place.leaves), default=None)
    mine = replace(
        problem, order=replace(problem.order, services=frozenset({service})),
        deliver_by=promised(lines, {service}, policy.costs, first, zone_of(found)),
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
