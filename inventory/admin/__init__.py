"""HQ's pages of places, catalog and stock."""

from inventory.admin import catalog, closures, groups, places, stock, tasks, tiles

__all__ = ["catalog", "closures", "groups", "places", "stock", "tasks", "tiles"]
