"""Who tells the chain what lies where: tills, a warehouse, a silent partner; and what one night's file said."""

from datetime import timedelta
from decimal import Decimal

from inventory.models import Feed, Snapshot, StockLevel
from inventory.operations.hear_feed import tell_silent_feeds
from inventory.operations.receive_snapshot import receive_snapshot
from inventory.operations.reconcile import reconcile
from omni.core.actors import Actor
from omni.demo.scene import Scene

BY = Actor.system("demo")
SHELVES = 160
EVERY_SMALL, EVERY_LARGE = 9, 14  # each so many shelves differ a little, or much
QUIET = timedelta(hours=7)


def make_feeds(scene: Scene) -> Snapshot:
    """Three sources; the warehouse system has counted the home store this night."""
    Feed.objects.create(code="tills", name="Store tills", kind=Feed.Kind.POS, rhythm_minutes=30, heard_at=scene.now)
    nightly = Feed.objects.create(
        code="nightly", name="Nightly stock file", kind=Feed.Kind.WMS, rhythm_minutes=24 * 60, heard_at=scene.now,
        columns={"sku": "ItemNo", "location": "Site", "quantity": "OnHand"},
    )  # fmt: skip
    Feed.objects.create(
        code="partner", name=scene.network.vendor.name, kind=Feed.Kind.PARTNER, rhythm_minutes=120,
        group=scene.network.vendor.group, tolerance_units=0,
        tolerance_value=Decimal(0), heard_at=scene.now - QUIET,
    )  # fmt: skip
    tell_silent_feeds(now=scene.now)
    snapshot = receive_snapshot(
        feed=nightly, chunks=[_file(scene)], name="nightly-stock.csv", as_of=scene.now, by=BY, now=scene.now
    )
    while reconcile(now=scene.now):
        pass
    snapshot.refresh_from_db()
    return snapshot


def _file(scene: Scene) -> bytes:
    """What the home store's shelves hold, with a few differences and two rows that cannot be."""
    home = scene.home
    shelves = StockLevel.objects.filter(location=home, on_hand__gt=0).select_related("variant").order_by("variant__sku")
    rows = ["ItemNo,Site,OnHand"]
    for n, shelf in enumerate(shelves[:SHELVES], start=1):
        gone = 1 if n % EVERY_SMALL == 0 else 6 if n % EVERY_LARGE == 0 else 0
        found = 4 if n % (3 * EVERY_LARGE) == 0 else 0
        rows.append(f"{shelf.variant.sku},{home.code},{max(0, shelf.on_hand - gone) + 2 * found}")
    rows += [f"OLD-CATALOG-17,{home.code},3", f"{shelf.variant.sku},{home.code},two"]
    return "\n".join([*rows, ""]).encode()
