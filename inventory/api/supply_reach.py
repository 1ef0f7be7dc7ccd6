"""What of its supply a key may see, and what its bodies name: for orders to suppliers and for deliveries alike."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from inventory.models import Delivery, Location, PurchaseOrder, Variant
from omni.core.api import CursorPages, api_key
from omni.core.refusals import Invalid

READ, WRITE = "supply:read", "supply:write"


class NewestFirst(CursorPages):
    """What was ordered or announced last."""

    ordering = ("-id",)


def orders_of(request: Request) -> QuerySet[PurchaseOrder]:
    """Orders to the key's locations, with their lines."""
    places = Location.objects.within(api_key(request).location_scopes)
    return (
        PurchaseOrder.objects.filter(location__in=places).select_related("location").prefetch_related("lines__variant")
    )


def deliveries_of(request: Request) -> QuerySet[Delivery]:
    """Deliveries to the key's locations, with their lines and cartons."""
    places = Location.objects.within(api_key(request).location_scopes)
    rows = Delivery.objects.filter(location__in=places).select_related("location", "purchase_order")
    return rows.prefetch_related("lines__variant", "cartons__scans")


def only_asked(rows: QuerySet[Any], asked: Mapping[str, Any]) -> QuerySet[Any]:
    """Of one location or in one state, where that was asked for."""
    if "location" in asked:
        rows = rows.filter(location__code=asked["location"])
    return rows.filter(status=asked["status"]) if "status" in asked else rows


def place_named(request: Request, code: str) -> Location:
    """The key's location with this code; Invalid (422) `unknown_location`."""
    place = Location.objects.within(api_key(request).location_scopes).filter(code=code).first()
    if place is None:
        raise invalid("location", "unknown_location", _("No location has the code %s.") % code)
    return place


def variants_named(lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """SKU -> id of all that the lines name; Invalid (422) `unknown_sku` for the first that nobody has."""
    skus = {line["sku"] for line in lines}
    ids = dict(Variant.objects.filter(sku__in=skus).values_list("sku", "pk"))
    if missing := sorted(skus - set(ids)):
        raise invalid("lines", "unknown_sku", _("No variant has the SKU %s.") % missing[0])
    return ids


def invalid(name: str, code: str, detail: str) -> Invalid:
    """A refusal that points at one field of the body."""
    return Invalid(code, detail, errors=[{"pointer": f"/{name}", "code": code, "detail": detail}])
