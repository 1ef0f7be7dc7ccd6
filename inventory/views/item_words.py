"""What an item is, as a piece of pages that know its SKU alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inventory.models import Variant
from omni.core.web import needs


@needs("work")
@require_safe
def item_words(request: HttpRequest, sku: str) -> HttpResponse:
    """Its picture and title; the bare SKU where the catalog does not know it."""
    variant = Variant.objects.select_related("product").filter(sku=sku).first()
    return render(request, "inventory/item_words.html", {"variant": variant, "sku": sku})
