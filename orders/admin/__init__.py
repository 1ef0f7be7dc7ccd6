"""HQ's pages of orders, the work given to locations, and what needs a person."""

from orders.admin import exceptions, orders, tiles, work

__all__ = ["exceptions", "orders", "tiles", "work"]
