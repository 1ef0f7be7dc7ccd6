"""What HQ's page of a routing decision shows: its bill, what else there was, who was shut out, the nearest on a map."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from inventory.geo import KM_PER_MILE, Point, distance_km
from inventory.models import Location
from omni.core.hq.show import page_url
from orders.admin.decision_map import Pin, decision_map
from orders.models import Order, RoutingDecision
from orders.operations.plan_lines import destination
from orders.routing.explain import Because
from orders.routing.rules import PAUSED
from orders.routing_words import NOTHING, Names, item_words, money, moved_words, places_of, reason_words, yielded_words


def decision_context(decision: RoutingDecision) -> dict[str, Any]:
    """In two queries: the order's lines, and every location that it speaks of."""
    told = decision.explanation
    places = Location.everywhere.in_bulk(places_of([decision]))
    lines = dict(decision.order.lines.values_list("position", "title"))
    names = Names({pk: place.name for pk, place in places.items()}, lines)
    target = destination(decision.order.shipping_address)
    ends = _ends(told, places, names, target) if "moved" in told else []
    near = ends or _near(told.get("near", ()), places, names, target)
    return {
        "decision": decision, "links": _links(decision), "step": _step(told.get("step", "")),
        "parcels": _parcels(told.get("parcels", ()), names), "bill": _bill(told, names),
        "priced": _priced(told), "total": None if decision.amount is None else money(decision.amount),
        "others": [
            {"places": ", ".join(names.place(pk) for pk in pks) or _("nobody"),
             "more": _("%s more") % money(more) if more >= NOTHING else _("the same")}
            for more, pks in told.get("others", ())
        ],
        "shut": [(_("paused") if rule == PAUSED else rule, count) for rule, count in
                 sorted(told.get("shut", {}).items(), key=lambda each: -each[1])],
        "near": near, "map": _map(told, places, near, target) if near else None,
        "is_moved": bool(ends), "room": _room(told.get("moved", {})),
        "moved": [moved_words(decision, names), *yielded_words(decision, names)] if "moved" in told else [],
        "zip": str((decision.order.shipping_address or {}).get("postal_code", ""))[:5],
    }  # fmt: skip


def _links(decision: RoutingDecision) -> dict[str, str]:
    """To what it was decided by; nothing for what is built in."""
    found = {"order": page_url("orders.order", decision.order_id)}
    for name, model, pk in (
        ("rules", "orders.ruleset", decision.rule_set_id),
        ("costs", "orders.costparameters", decision.cost_parameters_id),
        ("tariff", "orders.tariff", decision.tariff_id),
        ("prices", "orders.priceset", decision.price_set_id),
    ):
        if pk:
            found[name] = page_url(model, pk)
    return found


def _priced(told: dict[str, Any]) -> str:
    """What it pays for what orders to come will need; nothing where no prices counted."""
    return money(told["priced"]) if "priced" in told else ""


def _step(name: str) -> str:
    built_in = {
        "anywhere": _("Anywhere"),
        "partial": _("Anywhere, partly"),
        "park": _("Park for a person"),
        "together": _("None: all unreleased orders together"),
    }
    return built_in.get(name, name)


def _parcels(parcels: Any, names: Names) -> list[dict[str, Any]]:
    return [
        {"place": names.place(place), "service": service, "zone": zone + 1, "pounds": pounds, "late": late,
         "items": names.items(positions)}
        for place, service, zone, pounds, late, positions in parcels
    ]  # fmt: skip


def _bill(told: Mapping[str, Any], names: Names) -> list[dict[str, str]]:
    """By location and purpose, in the order in which they come."""
    sums: dict[tuple[str, str], int] = {}
    for kind, name, at, amount in told.get("items", ()):
        what = capfirst(item_words(kind, name)), names.place(at) if at else ""
        sums[what] = sums.get(what, 0) + amount
    return [{"what": what, "place": place, "amount": money(amount)} for (what, place), amount in sums.items()]


def _near(near: Any, places: Mapping[int, Location], names: Names, target: Point | None) -> list[dict[str, Any]]:
    return [
        {"number": n, "pk": each[0], "name": names.place(each[0]), "url": page_url("inventory.location", each[0]),
         "miles": _miles(places.get(each[0]), target), "is_chosen": each[1] == Because.TAKEN,
         "why": capfirst(reason_words(each, names))}
        for n, each in enumerate(near, start=1)
    ]  # fmt: skip


def _ends(
    told: Mapping[str, Any], places: Mapping[int, Location], names: Names, target: Point | None
) -> list[dict[str, Any]]:  # fmt: skip
    """Of a plan that moved: where it comes from now, then where it came from before."""
    now = list(dict.fromkeys(parcel[0] for parcel in told.get("parcels", ())))
    return [
        {"number": n, "pk": pk, "name": names.place(pk), "url": page_url("inventory.location", pk),
         "miles": _miles(places.get(pk), target), "is_chosen": pk in now,
         "why": _("Sends a parcel") if pk in now else _("Would have sent it before")}
        for n, pk in enumerate([*now, *told["moved"].get("from", ())], start=1)
    ]  # fmt: skip


def _room(moved: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Which orders it made room for, and which made room for it: words, number, page."""
    said = [(words, each[0]) for way, words in (("for", _("Made room for")), ("by", _("Has room from")))
            for each in moved.get(way, ())]  # fmt: skip
    pks = dict(Order.objects.filter(number__in=[number for _words, number in said]).values_list("number", "pk"))
    return [(words, number, page_url("orders.order", pks[number])) for words, number in said if number in pks]


def _miles(place: Location | None, target: Point | None) -> str:
    if place is None or place.point is None or target is None:
        return ""
    return f"{distance_km(place.point, target) / KM_PER_MILE:,.0f}"


def _map(
    told: Mapping[str, Any], places: Mapping[int, Location], near: list[dict[str, Any]], target: Point | None
) -> Any:  # fmt: skip
    """The ten nearest, and senders from farther away under the numbers behind them."""
    chosen = list(dict.fromkeys(parcel[0] for parcel in told.get("parcels", ())))
    shown = [each["pk"] for each in near]
    numbered = enumerate([*shown, *(pk for pk in chosen if pk not in shown)], start=1)
    return decision_map(
        [Pin(n, point, pk in chosen) for n, pk in numbered if pk in places and (point := places[pk].point)], target
    )
