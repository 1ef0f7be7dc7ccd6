"""Where somebody walks to find an item: a piece of queries about a variant at a location."""

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from inventory.models.stock_level import StockLevel


def shelf_of(variant: str = "variant_id", location: str = "location_id") -> dict[str, Coalesce]:
    """Annotations `aisle` and `bin` for rows that know a variant and a location."""
    level = StockLevel.objects.filter(variant=OuterRef(variant), location=OuterRef(location))
    return {name: Coalesce(Subquery(level.values(name)[:1]), Value("")) for name in ("aisle", "bin")}
