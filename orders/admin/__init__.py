"""HQ's pages of orders, the work given to locations, and what needs a person."""

from orders.admin import aisle, dropship, exceptions, money, orders, parcels, prices, routing_health, tiles, work

__all__ = [
    "aisle", "dropship", "exceptions", "money", "orders", "parcels", "prices", "routing_health", "tiles", "work",
]  # fmt: skip
