"""What of stock needs a person."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import ngettext

from inventory.models import Location, StockLevel
from omni.core.hq.permissions import READ
from omni.core.hq.show import list_url
from omni.core.hq.tiles import Tile, needs_person


@needs_person(40)
def shortfalls(request: HttpRequest) -> Iterator[Tile]:
    """Shelves that were emptied under their promises."""
    places = Location.objects.for_user(request.user, READ)
    count = StockLevel.objects.filter(shortfall__gt=0, location__in=places.values("pk")).count()
    label = ngettext("shelf holds less than is promised", "shelves hold less than is promised", count)
    yield Tile(count, label, list_url("inventory.stocklevel", short="yes"), "stop" if count else "done")
