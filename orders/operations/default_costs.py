"""The costs with which a fresh installation routes: the parameters' own defaults, and what the built-in carriers
charge."""

from functools import cache

from orders.carriers.tariff import SERVICES, Service, price
from orders.routing.batch import UNIT
from orders.routing.cost import GRAMS_PER_POUND, MOST_POUNDS, ZONES, Tariff


@cache
def default_tariffs() -> tuple[Tariff, ...]:
    """By started pounds; what is too heavy for a service goes on at its rate, as several parcels would."""
    return tuple(Tariff(f"{each.carrier}/{each.name}", _rates(each), each.days) for each in SERVICES)


def _rates(service: Service) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(
            int(price(service, zone + 1, round(pounds * GRAMS_PER_POUND)) * UNIT) for pounds in range(MOST_POUNDS + 1)
        )
        for zone in range(ZONES)
    )
