"""HQ's pages of orders, the work given to locations, and what needs a person."""

from orders.admin import aisle, exceptions, money, orders, parcels, prices, tiles, work

__all__ = ["aisle", "exceptions", "money", "orders", "parcels", "prices", "tiles", "work"]
