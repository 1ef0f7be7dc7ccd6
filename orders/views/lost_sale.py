"""Nobody had it: one tap, and one tap to take it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory.models import Variant
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.web import at_location, refusals_shown
from orders.models import LostSale
from orders.operations.lost_sale import record_lost_sale, undo_lost_sale
from orders.sell_forms import LostSaleForm


@at_location
@require_POST
@refusals_shown
def lose(request: StoreRequest) -> HttpResponse:
    """HQ wants to know."""
    form = LostSaleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was wanted."))
        return redirect("orders:sell")
    said = form.cleaned_data
    lost = record_lost_sale(
        location=request.location, key=said["key"], sku=said["sku"], wanted=said["wanted"],
        quantity=said["quantity"] or 1, by=Actor.of(request.user), now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Told to HQ: nobody had %s.") % lost.wanted)
    return redirect(_page_of(lost))


@at_location
@require_POST
@refusals_shown
def undo(request: StoreRequest, lost_sale_id: int) -> HttpResponse:
    """It was found after all."""
    lost = get_object_or_404(LostSale.objects.at(request.location), pk=lost_sale_id)
    undo_lost_sale(lost_sale_id=lost.pk, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("Taken back."))
    return redirect(_page_of(lost))


def _page_of(lost: LostSale) -> str:
    if lost.variant_id is None:
        return reverse("orders:sell")
    variant = Variant.objects.select_related("product").get(pk=lost.variant_id)
    return f"{reverse('orders:sell_product', args=[variant.product.code])}?sku={variant.sku}"
