"""What must always hold about orders; `manage.py audit` asks."""

from orders.audits import baskets, money, parcels, promises

__all__ = ["baskets", "money", "parcels", "promises"]
