"""What can be had, where, and by when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.api.reach import channel_of
from inventory.api.serializers.availability import AvailabilityQuery, AvailabilitySerializer, point
from inventory.atp import Site, Supply, open_for_work, shelves_everywhere, state, supply_at
from inventory.incoming import Incoming, incoming
from inventory.known_places import known_places, known_supply
from inventory.models import Location
from omni.core.api import ConditionalReads, ProblemSerializer, ZonedTimeField, api_key
from omni.core.prepared import prepared
from omni.core.problems import CONTENT_TYPE
from omni.core.refusals import Invalid

UNKNOWN = OpenApiResponse(ProblemSerializer, "A SKU, location or place that nobody knows.")
# `has_terms`: whether HQ lets anything be sold before it comes, so that most shops ask nothing more.
ITEMS = """
SELECT id, sku, is_active, EXISTS (SELECT FROM inventory_supplyterm WHERE is_active) AS has_terms
  FROM inventory_variant WHERE sku = ANY(%s::text[])
"""
METHODS = {"pickup": {"can_pick_up": True}, "ship": {"can_ship": True}, None: {}}


class Item(NamedTuple):
    """What an answer about an item needs to know of it."""

    pk: int
    sku: str
    is_active: bool
    has_terms: bool


class Availability(ConditionalReads, APIView):
    """Stock that could be promised now; reading it promises nothing."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(
        operation_id="availability",
        tags=["inventory"],
        parameters=[AvailabilityQuery],
        responses={200: AvailabilitySerializer, (422, CONTENT_TYPE): UNKNOWN},
    )
    def get(self, request: Request) -> Response:
        """Totals over all locations, and per item the nearest that have it, with their promises."""
        asked = AvailabilityQuery.read(request)
        now = timezone.now()
        skus = list(dict.fromkeys(asked["sku"]))
        variants = variants_of(skus)
        key = api_key(request)
        active = [row.pk for row in variants.values() if row.is_active]
        found = _found(asked, key.location_scopes, channel_of(key, asked), active)
        coming = {}
        if any(row.has_terms for row in variants.values()):
            coming = incoming(variants=active, places=_places(asked, key.location_scopes),
                              channel=channel_of(key, asked), today=timezone.localdate(now))  # fmt: skip
        promise = _promise(now)
        results = [
            _item(sku, found.get(variants[sku].pk, Supply()), asked.get("method"), asked["quantity"], promise)
            | _later(found.get(variants[sku].pk, Supply()), coming.get(variants[sku].pk, Incoming()), asked["quantity"])
            for sku in skus
        ]
        return Response({"results": results})


def _places(asked: dict[str, Any], scope: frozenset[str] | None) -> QuerySet[Location]:
    places = Location.objects.within(scope).filter(is_active=True, **METHODS[asked.get("method")])
    return places.filter(code__in=asked["location"]) if "location" in asked else places


def _later(supply: Supply, coming: Incoming, quantity: int) -> dict[str, Any]:
    """What is missing of the quantity comes on the promise date; all of it where nothing is here."""
    return {
        "available_now": supply.total, "available_to_order": coming.units, "order_kind": coming.kind or None,
        "promise_date": coming.day(max(1, quantity - supply.total)),
    }  # fmt: skip


def variants_of(skus: list[str]) -> dict[str, Item]:
    """SKU -> its item; refuses 422 `unknown_sku` what no item of ours is."""
    with prepared() as cursor:
        cursor.execute(ITEMS, [skus])
        found = {item.sku: item for item in map(Item._make, cursor.fetchall())}
    unknown = [sku for sku in skus if sku not in found]
    if unknown:
        raise _unknown("/sku", "unknown_sku", [_("No variant has the SKU %s.") % sku for sku in unknown])
    return found


def _found(asked: dict[str, Any], scope: frozenset[str] | None, channel: str, variants: list[int]) -> dict[int, Supply]:
    method, now = asked.get("method"), timezone.now()
    near = point(asked["near"]) if "near" in asked else None
    if "location" in asked:
        mine = Location.objects.within(scope)
        places = open_for_work(mine.filter(**METHODS[method]), now)
        named = named_locations(mine, asked["location"])
        return supply_at(variants=variants, places=places, named=named, channel=channel, near=near)
    known = known_places()
    stock = shelves_everywhere(variants=variants, channel=channel)
    among = known.works(now, method) & known.within(scope)
    return known_supply(known, stock, among=among, near=near, quantity=asked["quantity"], limit=asked["limit"])


def named_locations(mine: QuerySet[Location], codes: list[str]) -> QuerySet[Location]:
    named = mine.filter(code__in=codes, is_active=True)
    unknown = set(codes) - set(named.values_list("code", flat=True))
    if unknown:
        details = [_("No location has the code %s.") % code for code in sorted(unknown)]
        raise _unknown("/location", "unknown_location", details)
    return named


def _unknown(pointer: str, code: str, details: list[str]) -> Invalid:
    errors = [{"pointer": pointer, "code": code, "detail": detail} for detail in details]
    return Invalid(code, " ".join(details), errors=errors)


def _item(
    sku: str, supply: Supply, method: str | None, quantity: int, promise: Callable[[Location], str | None]
) -> dict[str, Any]:
    return {
        "sku": sku,
        "total": supply.total,
        "state": state(supply.total, quantity),
        "locations": [_shelf(site, available, method, quantity, promise) for site, available in supply.shelves],
    }


def _shelf(
    site: Site, available: int, method: str | None, quantity: int, promise: Callable[[Location], str | None]
) -> dict[str, Any]:
    """As `ShelfSerializer` says: thousands of them would take it longer than all the rest."""
    place = site.location
    promised = promise(place) if available >= quantity else None
    return {
        "location": place.code,
        "name": place.name,
        "available": available,
        "state": state(available, quantity),
        "distance_km": None if site.distance_km is None else round(site.distance_km, 1),
        "ready_by": promised if place.can_pick_up and method != "ship" else None,
        "ship_by": promised if place.can_ship and method != "pickup" else None,
    }


def _promise(now: datetime) -> Callable[[Location], str | None]:
    """When a location could have something ready, on its own clock; worked out once for each."""
    told: dict[int, str | None] = {}

    def of(place: Location) -> str | None:
        if place.pk not in told:
            preparation = timedelta(minutes=place.preparation_minutes)
            ready = None if place.is_paused(now) else place.schedule.ready_by(now, preparation)
            told[place.pk] = ZonedTimeField().to_representation(ready.astimezone(place.zone)) if ready else None
        return told[place.pk]

    return of
