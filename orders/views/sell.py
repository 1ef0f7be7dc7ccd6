"""Sell what this shop or any other has: find it first, by a scan, a SKU or a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from inventory.atp import sites
from inventory.kits import IS_KIT
from inventory.models import Location, Product, StockLevel, Variant
from inventory.places import StoreRequest
from inventory.search import Found, Hit, search
from omni.core.channels import Channel
from omni.core.web import at_location
from orders.models import Basket, LostSale
from orders.operations.basket_price import currency_of
from orders.operations.lost_sale import UNDO
from orders.views.sell_basket import bar

WAITING_SHOWN = 6


@dataclass(frozen=True)
class Result:
    """A product as the list of results shows it."""

    product: Product
    url: str
    sku: str | None
    color: str
    here: int
    variants: int
    least: Decimal | None
    most: Decimal | None


@at_location
@require_safe
def find(request: StoreRequest) -> HttpResponse:
    """As somebody types the list follows; Enter on a code goes straight to its product."""
    text = request.GET.get("q", "")[:100]
    found = search(text)
    if request.GET.get("go") and found.exact:
        product = Product.objects.get(pk=found.exact.product_id)
        return redirect(f"{reverse('orders:sell_product', args=[product.code])}?sku={found.exact.sku}")
    here = request.location
    context = {"q": text, "found": found, "results": _results(found, here), "currency": currency_of(here)}
    if not text:
        context |= _around(request)
    if request.htmx:
        response = render(request, "orders/sell.html#results", context)
    else:
        response = render(request, "orders/sell.html", context | bar(request, now=timezone.now()))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _around(request: StoreRequest) -> dict:
    """What else can be gone on with."""
    now = timezone.now()
    waiting = Basket.objects.waiting_at(request.location).exclude(status=Basket.Status.OPEN, associate=request.user)
    lost = LostSale.objects.at(request.location).undoable(request.user, now - UNDO).first()
    return {"waiting": waiting.with_units().select_related("associate")[:WAITING_SHOWN], "lost": lost}


def _results(found: Found, here: Location) -> Sequence[Result]:
    """In the order of the search; two queries, and one more for the kits among them."""
    ids = [hit.product_id for hit in found.hits]
    if not ids:
        return []
    active = Q(variants__is_active=True)
    in_currency = active & Q(variants__prices__currency=currency_of(here))
    first = Variant.objects.filter(product=OuterRef("pk"), is_active=True).order_by("pk").values("options")[:1]
    shelf = (
        StockLevel.objects.filter(location=here, variant__product=OuterRef("pk"), on_hand__gt=F("reserved"))
        .order_by().values("variant__product").annotate(units=Sum(F("on_hand") - F("reserved"))).values("units")
    )  # fmt: skip
    kits = (
        Variant.objects.filter(IS_KIT, product=OuterRef("pk"), is_active=True)
        .order_by().values("product").annotate(ids=ArrayAgg("pk")).values("ids")
    )  # fmt: skip
    products = Product.objects.annotate(
        shown_variants=Count("variants", filter=active, distinct=True),
        least=Min("variants__prices__amount", filter=in_currency),
        most=Max("variants__prices__amount", filter=in_currency),
        here=Subquery(shelf), options=Subquery(first), kits=Subquery(kits),
    ).in_bulk(ids)  # fmt: skip
    units = _kits_here([pk for product in products.values() for pk in product.kits or ()], here)
    return [_result(products[hit.product_id], hit, units) for hit in found.hits if hit.product_id in products]


def _kits_here(kits: Sequence[int], here: Location) -> dict[int, int]:
    """Kit -> how many of it could be carried out: as many as the shelves have all parts of."""
    if not kits:
        return {}
    place = Location.everywhere.filter(pk=here.pk)
    found = sites(places=place, variants=kits, channel=Channel.ENDLESS_AISLE, near=None)
    return found[0].on_shelf if found else {}


def _result(product, hit: Hit, kits: dict[int, int]) -> Result:
    url = reverse("orders:sell_product", args=[product.code])
    options = {name.lower(): str(value) for name, value in (product.options or {}).items()}
    return Result(
        product=product, url=f"{url}?sku={hit.sku}" if hit.sku else url, sku=hit.sku, color=options.get("color", ""),
        here=(product.here or 0) + sum(kits.get(pk, 0) for pk in product.kits or ()),
        variants=product.shown_variants, least=product.least, most=product.most,
    )  # fmt: skip
