"""Where do you work now? One store is chosen by itself; of many, the last one comes first."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from inventory.models import Location
from inventory.models.location import LocationQuerySet
from inventory.places import StoreRequest, sign
from omni.core import practice
from omni.core.web import choose_location, signed_in

SHOWN = 50
SEARCH_FROM = 8
LAST = "last_store"
A_YEAR = 365 * 24 * 3600


@signed_in
@practice.outside()
def choose_store(request: StoreRequest) -> HttpResponse:
    """The real stores in which this person works; choosing one goes on to where they wanted to be."""
    stores = Location.objects.for_user(request.user).active().filter(kind=Location.Kind.STORE)
    if request.method == "POST":
        wanted = request.POST.get("store", "")
        return _enter(request, get_object_or_404(stores, pk=int(wanted) if wanted.isdecimal() else 0))
    query = request.GET.get("q", "").strip()[:100].replace("\0", "")
    found = list(_matching(stores, query).with_closures()[: SHOWN + 1])
    if len(found) == 1 and not query:
        return _enter(request, found[0])
    context = {
        "stores": [_row(store) for store in found[:SHOWN]],
        "last": _last(request, stores),
        "query": query,
        "searchable": bool(query) or len(found) > SEARCH_FROM,
        "more": len(found) > SHOWN,
        "next": request.GET.get("next", ""),
        "current": request.session.get("location_id"),
    }
    template = "inventory/choose_store.html"
    return render(request, f"{template}#stores" if request.htmx else template, context)


def _matching(stores: LocationQuerySet, query: str) -> LocationQuerySet:
    if not query:
        return stores
    named = Q(name__icontains=query) | Q(city__icontains=query)
    return stores.filter(named | Q(code__istartswith=query) | Q(postal_code__startswith=query))


def _last(request: StoreRequest, stores: LocationQuerySet) -> dict | None:
    """The store chosen on this device before, while it is still one of the person's."""
    kept = request.COOKIES.get(LAST, "")
    if not kept.isdecimal():
        return None
    store = stores.with_closures().filter(pk=int(kept[:18])).first()
    return _row(store) if store else None


def _row(store: Location) -> dict:
    facts = [store.code, ", ".join(part for part in (store.city, store.region) if part)]
    return {"id": str(store.pk), "name": store.name, "facts": [fact for fact in facts if fact],
            "sign": sign(store, timezone.now())}  # fmt: skip


def _enter(request: StoreRequest, store: Location) -> HttpResponse:
    choose_location(request, store.pk)
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = redirect(wanted if ours else "/")
    response.set_cookie(LAST, str(store.pk), max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response
