"""HQ's pages of places, catalog and stock."""

from inventory.admin import (
    catalog,
    closures,
    confidence,
    differences,
    drift,
    feeds,
    groups,
    incoming,
    location_sets,
    movement_files,
    places,
    rules,
    snapshots,
    stock,
    supply,
    tasks,
    tiles,
    transfers,
)

__all__ = [
    "catalog", "closures", "confidence", "differences", "drift", "feeds", "groups", "incoming", "location_sets",
    "movement_files", "places", "rules", "snapshots", "stock", "supply", "tasks", "tiles", "transfers",
]  # fmt: skip
