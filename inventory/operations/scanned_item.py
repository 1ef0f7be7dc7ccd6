"""What a scanned or typed code means on the shop floor."""

from django.utils.translation import gettext as _

from inventory.gtin import normalize
from inventory.models import Barcode, Variant
from omni.core.refusals import Refusal


def scanned_item(code: str) -> tuple[Variant, int]:
    """The item of a code, and how many units one scan of it counts. Refusal `unknown_code`."""
    barcode = Barcode.objects.filter(code=normalize(code)).select_related("variant__product").first()
    if barcode:
        return barcode.variant, barcode.pack_quantity
    variant = Variant.objects.filter(sku__iexact=code.strip()).select_related("product").first()
    if variant is None:
        raise Refusal("unknown_code", _("No item has the code %s. Scan the item's own barcode.") % code[:40])
    return variant, 1
