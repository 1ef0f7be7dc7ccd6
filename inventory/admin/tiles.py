"""What of stock needs a person."""

from collections.abc import Iterator

from django.db.models import Count, Min, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.admin.snapshots import stopped_lately
from inventory.models import Feed, Location, PurchaseOrderLine, Snapshot, SnapshotRow, StockLevel, Transfer
from inventory.models.snapshot import Outcome
from omni.core.access import scopes
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import list_url
from omni.core.hq.tiles import Tile, needs_person
from omni.core.ui import words


@needs_person(40)
def shortfalls(request: HttpRequest) -> Iterator[Tile]:
    """Shelves that were emptied under their promises."""
    places = Location.objects.for_user(request.user, READ)
    count = StockLevel.objects.filter(shortfall__gt=0, location__in=places.values("pk")).count()
    label = ngettext("shelf holds less than is promised", "shelves hold less than is promised", count)
    yield Tile(count, label, list_url("inventory.stocklevel", short="yes"), "stop" if count else "done")


@needs_person(42)
def differences(request: HttpRequest) -> Iterator[Tile]:
    """What snapshots say otherwise than the ledger, too much to be booked without a person."""
    places = Location.objects.for_user(request.user, READ)
    waiting = SnapshotRow.objects.filter(outcome=Outcome.REVIEW, location__in=places.values("pk"))
    found = waiting.aggregate(count=Count("pk"), value=Sum("value"))
    label = ngettext("stock difference waits for a decision", "stock differences wait for a decision", found["count"])
    note = words.money_words(found["value"], currency="USD") if found["value"] else ""
    yield Tile(found["count"], label, list_url("inventory.snapshotrow"), "warn" if found["count"] else "done", note)


@needs_person(43)
def late_transfers(request: HttpRequest) -> Iterator[Tile]:
    """Units that left one location and should have arrived at another."""
    places = Location.objects.for_user(request.user, READ).values("pk")
    late = Transfer.objects.on_the_road().filter(to_location__in=places, expected_at__lt=timezone.now())
    found = late.aggregate(count=Count("pk", distinct=True), units=Sum("lines__in_transit_quantity", default=0))
    label = ngettext("transfer is late", "transfers are late", found["count"])
    note = ngettext("%d unit on the road", "%d units on the road", found["units"]) % found["units"]
    yield Tile(found["count"], label, list_url("inventory.transfer", road="late"), "warn" if found["count"] else "done",
               note if found["count"] else "")  # fmt: skip


@needs_person(43)
def late_supply(request: HttpRequest) -> Iterator[Tile]:
    """What customers were promised from purchase orders that did not come on their day."""
    places = Location.objects.for_user(request.user, READ).values("pk")
    late = PurchaseOrderLine.objects.filter(
        promised_quantity__gt=0, expected_on__lt=timezone.localdate(), purchase_order__location__in=places
    )
    found = late.aggregate(count=Count("purchase_order", distinct=True), units=Sum("promised_quantity", default=0))
    label = ngettext("late purchase order is sold already", "late purchase orders are sold already", found["count"])
    note = ngettext("%d unit", "%d units", found["units"]) % found["units"] if found["count"] else ""
    url = list_url("inventory.purchaseorderline", expected="late-promised")
    yield Tile(found["count"], label, url, "warn" if found["count"] else "done", note)


@needs_person(44)
def silent_feeds(request: HttpRequest) -> Iterator[Tile]:
    """Sources that missed their rhythm."""
    if scopes(request.user, CONFIGURE) is not None:
        return
    silent = Feed.objects.filter(is_active=True, silent_since__isnull=False)
    found = silent.aggregate(count=Count("pk"), oldest=Min("heard_at"))
    label = ngettext("stock feed is silent", "stock feeds are silent", found["count"])
    note = ""
    if found["oldest"]:
        note = _("the longest for %s") % words.ago_words(found["oldest"], now=timezone.now())
    yield Tile(found["count"], label, list_url("inventory.feed", silent="yes"), "stop" if found["count"] else "done",
               note)  # fmt: skip


@needs_person(46)
def snapshots(request: HttpRequest) -> Iterator[Tile]:
    """Snapshots that a worker is at, and those that were stopped."""
    if scopes(request.user, CONFIGURE) is not None:
        return
    if at_work := Snapshot.objects.unfinished().count():
        label = ngettext("stock snapshot is at work", "stock snapshots are at work", at_work)
        yield Tile(at_work, label, list_url("inventory.snapshot", state="work"), "info")
    stopped = stopped_lately(Snapshot.objects.all()).count()
    label = ngettext("stock snapshot was stopped", "stock snapshots were stopped", stopped)
    yield Tile(stopped, label, list_url("inventory.snapshot", state="stopped"), "stop" if stopped else "done",
               _("in the last 7 days"))  # fmt: skip
