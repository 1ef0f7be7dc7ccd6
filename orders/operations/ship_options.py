"""How a cart could be shipped: by each service from where and by when, as an order placed now would be decided."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any, NamedTuple

from django.db import Error
from django.utils.translation import gettext as _

from inventory.atp import Site
from inventory.geo import Point
from inventory.models import Location, Variant
from omni.core.refusals import Refusal
from orders.models import OrderLine
from orders.models.order_line import Method
from orders.operations.cart_lines import CartLines, opened_lines
from orders.operations.later_options import LaterUnits
from orders.operations.plan_lines import candidates
from orders.operations.request import LineRequest
from orders.operations.routing_policy import Policies, Policy, policies
from orders.operations.routing_problem import promised, ship_problem, value_of, zone_of
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
from orders.routing.decide import Decision, Given, Parcel, decide, parcels_of, still_best
from orders.routing.problem import Problem
from orders.routing.rules import Rules, names_services
from orders.routing.tables import Tables, promised_by, tables

logger = logging.getLogger(__name__)

SERVICES = ("standard", "two_day", "next_day")


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


class _Alike:
    """What services under the same rules share: only by when an order has to be there differs between them."""

    def __init__(self) -> None:
        self._tables: dict[tuple[_Under, int], Tables] = {}  # by step, too
        self._decisions: dict[_Under, Decision] = {}

    def tables(self, problem: Problem, policy: Policy, step: int) -> Tables:
        """Worked out once, and for another service from there."""
        key = _under(problem, policy.rules), step
        if key not in self._tables:
            self._tables[key] = tables(problem, policy.rules, policy.costs, step)
            return self._tables[key]
        return promised_by(self._tables[key], policy.costs, problem.deliver_by)

    def decision(self, problem: Problem, policy: Policy, at: Callable[[int], Tables]) -> Decision:
        """The service's own, or the one before where that is the best for it too. `at` gives its tables of a step."""
        under = _under(problem, policy.rules)
        before = self._decisions.get(under)
        if before is not None and still_best(before, at(0)):
            return replace(before, tables=at(0))
        self._decisions[under] = decide(problem, policy.rules, policy.costs, others=0, at=at)
        return self._decisions[under]


_Under = tuple[tuple[int, int], frozenset[str]]  # rules, and the services where these matter


def _under(problem: Problem, rules: Rules) -> _Under:
    return rules.key, problem.order.services if names_services(rules) else frozenset()


def ship_options(
    *, cart: CartLines, channel: str, tags: Sequence[str], services: Sequence[str],
    shippers: Callable[[bool], Sequence[Site]], now: datetime,
) -> list[ShipOption]:  # fmt: skip
    """What each of these services would do. `shippers` finds who could ship: the nearest, or (True) all.

    Refuses `no_plan` where the engine fails.
    """
    with _degraded_tells():
        return _by_service(cart, channel, tags, services, shippers, now)


def _by_service(
    cart: CartLines, channel: str, tags: Sequence[str], services: Sequence[str],
    shippers: Callable[[bool], Sequence[Site]], now: datetime,
) -> list[ShipOption]:  # fmt: skip
    known = policies(now=now)
    goods = value_of(cart.lines, _quantities(cart.lines))
    rules = {
        service: known.rules_for(channel=channel, services={service}, value=goods, tags=tags) for service in services
    }
    options: list[ShipOption] = []
    for widen in (False, True):
        found = shippers(widen)
        kits = whole_kits(cart.lines, _quantities(cart.lines))
        problem = _problem(
            cart.lines, found, known, [rules[each] for each in services], channel, tags, now, bonds_of(kits)
        )
        alike = _Alike()
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
        options[pk] = _option("", mine, Policy(rules[pk], known.costs), cart, kits[pk], found, _Alike())
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
    alike: _Alike,
) -> ShipOption:  # fmt: skip
    first = min((place.leaves for place in problem.places if place.leaves), default=None)
    services = frozenset({service} if service else ())
    mine = replace(
        problem, order=replace(problem.order, services=services),
        deliver_by=promised(cart.lines, services, policy.costs, first, zone_of(found)),
    )  # fmt: skip
    at = cache(partial(alike.tables, mine, policy))
    plan = _planned(alike.decision(mine, policy, at), policy, cart.lines, kits, found, at)
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


def _parcel(
    each: Parcel, given: Sequence[Given], costs: Costs, place: Location, leaves: date | None, cart: CartLines
) -> ShipParcel:
    assert leaves is not None, "who ships has a carrier"
    days = next((t.days[each.zone] for t in costs.tariffs if t.service == each.service), 0)
    units = {one.position: one.quantity for one in given if one.place == each.place and one.position in each.positions}
    return ShipParcel(
        place, leaves, costs.arrives(leaves, days), each.late > 0, cart.as_asked(units), cart.split(units)
    )


def _quantities(lines: Sequence[OrderLine]) -> dict[int, int]:
    return {line.position: line.quantity for line in lines}
