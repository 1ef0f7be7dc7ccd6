"""HQ's pages of orders, the work given to locations, what needs a person, and how orders are routed."""

from orders.admin import (
    aisle,
    dropship,
    exceptions,
    money,
    orders,
    parcels,
    price_sets,
    prices,
    routing_costs,
    routing_decisions,
    routing_frontier,
    routing_health,
    routing_replay,
    rule_sets,
    tariffs,
    tiles,
    work,
)

__all__ = [
    "aisle", "dropship", "exceptions", "money", "orders", "parcels", "price_sets", "prices", "routing_costs",
    "routing_decisions", "routing_frontier", "routing_health", "routing_replay", "rule_sets", "tariffs", "tiles",
    "work",
]  # fmt: skip
