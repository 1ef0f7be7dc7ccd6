"""Customers of the chain: fictional people near its stores."""

from random import Random

import zipcodes

from customers.models import Customer
from inventory.models import Location
from omni.demo.names import FIRST, LAST
from omni.demo.places import STREETS
from orders.operations.request import Contact


class Regular:
    """Somebody who orders: as the site sends them, and where they live."""

    def __init__(self, n: int, name: str, store: Location, rng: Random) -> None:
        area = zipcodes.matching(store.postal_code)[0]
        code = (area["area_codes"] or ["612"])[0]
        self.contact = Contact(
            external_id=f"c-{1000 + n}", name=name, email=f"{_plain(name)}@example.com",
            phone=f"+1{code}55501{n % 100:02}",
        )  # fmt: skip
        self.address = {
            "name": name, "line1": f"{rng.randrange(100, 9900)} {rng.choice(STREETS)}", "line2": "",
            "city": store.city, "region": store.region, "postal_code": store.postal_code, "country": "US",
        }  # fmt: skip


def make_customers(*, rng: Random, stores: list[Location], count: int) -> list[Regular]:
    """`count` regulars spread over the stores, every sixth of them near the first one."""
    names = [f"{first} {last}" for first in FIRST for last in LAST]
    rng.shuffle(names)
    regulars = [
        Regular(n, name, stores[0] if n % 6 == 0 else rng.choice(stores), rng) for n, name in enumerate(names[:count])
    ]
    Customer.objects.bulk_create(
        Customer(external_id=each.contact.external_id, name=each.contact.name, email=each.contact.email,
                 phone=each.contact.phone)
        for each in regulars
    )  # fmt: skip
    return regulars


def _plain(name: str) -> str:
    return name.lower().replace(" ", ".").replace("'", "")
