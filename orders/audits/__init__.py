"""What must always hold about orders; `manage.py audit` asks."""

from orders.audits import baskets, dropship, money, parcels, promises

__all__ = ["baskets", "dropship", "money", "parcels", "promises"]
