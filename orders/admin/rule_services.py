"""Services that a rule set speaks of and no order asks for: a slip of the pen, by which its rules never hold."""

from orders.models import OrderLine, RuleSet
from orders.operations.ship_options import SERVICES
from orders.routing.cost import SERVICE_DAYS

KNOWN = tuple(dict.fromkeys([*SERVICES, *SERVICE_DAYS]))
LAST = 5_000  # lines of orders that are looked at, where a service is none of these


def unknown_services(rules: RuleSet) -> list[str]:
    """Those that its conditions, filters and prices name, by name; a channel may have services of its own."""
    parts = [*rules.filters.values_list("services", flat=True), *rules.prices.values_list("services", flat=True)]
    unknown = {*rules.services}.union(*parts) - {*KNOWN}
    if unknown:
        unknown -= {*OrderLine.objects.order_by("-pk").values_list("service", flat=True)[:LAST]}
    return sorted(unknown)
