"""One product: every size and color with how it can be had, and each way one tap away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory import confidence
from inventory.incoming import ANY_TERM
from inventory.kits import HAS_OLD_PART, IS_KIT
from inventory.models import KitComponent, Price, Product, StockLevel, Variant
from inventory.places import StoreRequest
from inventory.shelves import label
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.ui.words import distance_words
from omni.core.web import at_location
from orders.models import LostSale
from orders.models.order_line import Method
from orders.operations.basket_price import currency_of
from orders.operations.change_basket import add_to_basket, open_basket
from orders.operations.coming import later_words, sent_words
from orders.operations.lost_sale import UNDO
from orders.operations.plan_lines import destination
from orders.sell_forms import AddForm
from orders.views.sell_basket import ShownBasket, bar
from orders.views.sell_matrix import rows
from orders.views.sell_ways import Near, Ways, add_later, add_sent, ways_of

NEARBY_SHOWN = 4


@at_location
@require_safe
def product(request: StoreRequest, code: str) -> HttpResponse:
    """`?sku=` chooses a variant, `?line=` says which line of the basket shall be had another way."""
    found = get_object_or_404(Product, code=code)
    variants: list[Any] = list(
        Variant.objects.filter(product=found, is_active=True)
        .order_by("pk")
        .annotate(may_come=ANY_TERM, is_kit=IS_KIT, has_old_part=HAS_OLD_PART)
    )
    for variant in variants:
        variant.product = found
    now, here = timezone.now(), request.location
    currency = currency_of(here)
    prices = dict(Price.objects.filter(variant__in=variants, currency=currency).values_list("variant_id", "amount"))
    context = bar(request, now=now)
    basket = context["bar"]
    ships_to = destination(basket.basket.shipping_address) if basket else None
    sold = [variant for variant in variants if not variant.has_old_part]
    ways = ways_of(sold, here=here, now=now, prices=prices, currency=currency, ships_to=ships_to)
    add_sent(ways, here=here, now=now)
    if any(variant.may_come for variant in variants):
        add_later(ways, here=here, now=now)
    chosen = _chosen(request, variants)
    ways |= {variant.pk: Ways() for variant in variants if variant.has_old_part}  # no order of it is taken
    context |= {
        "product": found, "variants": variants, "chosen": chosen, "currency": currency,
        "price": prices.get(chosen.pk) if chosen else min(prices.values(), default=None),
        "has_prices": len(set(prices.values())) > 1, "line": _line(request, context["bar"], chosen),
        "rows": rows(variants, ways, here=here, in_basket=_in_basket(context["bar"])),
        "lost": LostSale.objects.at(here).undoable(request.user, now - UNDO).filter(variant__product=found).first(),
    }  # fmt: skip
    if chosen:
        context |= _offers(request, chosen, ways[chosen.pk])
    return render(request, "orders/sell_product.html", context)


@at_location
@require_POST
def add(request: StoreRequest) -> HttpResponse:
    """Into the basket; back to the product with what happened."""
    form = AddForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how the shopper gets it."))
        return redirect("orders:sell")
    wanted, by, now = form.cleaned_data, Actor.of(request.user), timezone.now()
    variant = get_object_or_404(Variant.objects.select_related("product"), sku=wanted["sku"])
    back = f"{reverse('orders:sell_product', args=[variant.product.code])}?{urlencode({'sku': variant.sku})}"
    try:
        basket = open_basket(location=request.location, by=by, now=now)
        add_to_basket(
            basket_id=basket.pk, sku=variant.sku, method=wanted["method"], place=wanted["place"] or None,
            quantity=wanted["quantity"] or 1, is_later=wanted["later"], key=wanted["key"], by=by, now=now,
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, _why(refusal, variant))
        return redirect(back)
    messages.success(request, _("In the basket: %s.") % variant.title)
    return redirect(back)


def _why(refusal: Refusal, variant: Variant) -> str:
    if refusal.code != "insufficient_stock":
        return str(refusal)
    left = refusal.errors[0].get("available", 0) if refusal.errors else 0
    if left:
        return _("Only %(left)d of %(item)s can be had that way now. Take fewer, or choose another way.") % {
            "left": left, "item": variant.title,
        }  # fmt: skip
    return _("The last one of %s was taken a moment ago. Below is what is left.") % variant.title


def _chosen(request: StoreRequest, variants: list[Variant]) -> Variant | None:
    sku = request.GET.get("sku", "")
    if len(variants) == 1:
        return variants[0]
    return next((variant for variant in variants if variant.sku == sku), None)


def _line(request: StoreRequest, shown: ShownBasket | None, chosen: Variant | None):
    """The line of the basket that shall be had another way."""
    position = request.GET.get("line", "")
    if shown is None or chosen is None or not position.isdigit():
        return None
    lines = [each.line for each in shown.lines if each.line.position == int(position)]
    return next((line for line in lines if line.variant_id == chosen.pk), None)


def _in_basket(shown: ShownBasket | None) -> dict[int, int]:
    units: dict[int, int] = {}
    for each in shown.lines if shown else ():
        units[each.line.variant_id] = units.get(each.line.variant_id, 0) + each.line.quantity
    return units


def _offers(request: StoreRequest, chosen: Any, ways) -> dict:
    here = request.location
    parts = KitComponent.objects.by_kit([chosen.pk]).get(chosen.pk, []) if chosen.is_kit else []
    levels = {row.variant_id: row for row in StockLevel.objects.filter(
        variant__in=[row.component_id for row in parts] or [chosen.pk], location=here
    )}  # fmt: skip
    level, key = levels.get(chosen.pk), (chosen.pk, here.pk)
    sure = confidence.words(confidence.confidences([key]).get(key)) if ways.carry and not parts else ""
    return {
        "ways": ways, "shelf": ", ".join(filter(None, [label(level.aisle, level.bin), sure])) if level else "",
        "parts": [{"item": row.component, "units": row.quantity, "on_shelf": _on_shelf(levels.get(row.component_id))}
                  for row in parts],
        "nearby": [_near(each, here.country) for each in ways.nearby[:NEARBY_SHOWN]],
        "sent": ways.pickup_sent and {"words": sent_words(ways.pickup_sent, here), "units": ways.pickup_sent.units},
        "later": [
            {"method": method, "title": title, "words": later_words(each.kind, each.day()), "units": each.units,
             "place": place, "icon": icon}
            for each, method, title, place, icon in (
                (ways.ships_later, Method.SHIP, _("Order it, shipped home"), "", "truck"),
                (ways.pickup_later, Method.PICKUP, _("Order it, picked up here"), here.code, "store"),
            ) if each
        ],
        "carry": Method.CARRY_OUT, "pickup": Method.PICKUP, "ship": Method.SHIP,
    }  # fmt: skip


def _on_shelf(level: StockLevel | None) -> dict:
    """Where a part of a kit lies here, and how many can be sold."""
    if level is None:
        return {"units": 0, "where": ""}
    return {"units": max(0, level.on_hand - level.reserved), "where": label(level.aisle, level.bin)}


def _near(near: Near, country: str) -> dict:
    return {"near": near, "place": near.place, "distance": distance_words(near.distance_km, country=country)}
