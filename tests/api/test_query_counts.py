"""Placing an order costs at most 14 questions to the database, however long it is; no answer grows with its rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from omni.core.settings_store import setting
from orders import preferences
from tests.api.conftest import carry_out, order_body, pickup, ship
from tests.factories import LocationFactory, stocked

CEILING = 14
ROUTED = 5  # parcels: rules and costs, what sells, what is found (two), and the decision that is kept
CARRIED = 35  # the hand-over and the money on top
PAYMENTS = [{"method": "card", "reference": "psp_1", "amount": "5000.00"}]


def statements(asked: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in asked if query["sql"] not in {"BEGIN", "COMMIT"}]


def place(site, *lines, **more) -> list[str]:
    setting(preferences.SEARCH_SITES)  # read every five seconds, by whoever comes by
    with CaptureQueriesContext(connection) as asked:
        answer = site.post("/orders", order_body(*lines, payments=PAYMENTS, **more))
    assert answer.status_code == 201, answer.content
    return statements(asked)


def mixed(variants, store):
    return [pickup(variant, store) if n % 2 else ship(variant) for n, variant in enumerate(variants)]


KINDS = {
    "pickup": lambda variants, store: [pickup(variant, store) for variant in variants],
    "ship": lambda variants, store: [ship(variant) for variant in variants],
    "mixed": mixed,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_an_order_costs_the_same_few_statements_for_two_lines_and_for_a_hundred(site, kind):
    store = LocationFactory()
    variants = [stocked(store, 50) for _ in range(100)]
    place(site, ship(variants[0]))  # the key's last use is written once a minute, the customer is known from now on

    short = place(site, *KINDS[kind](variants[:2], store))
    long = place(site, *KINDS[kind](variants, store))

    assert [sql.split()[0] for sql in short] == [sql.split()[0] for sql in long]
    assert len(short) <= CEILING + ROUTED * (kind != "pickup"), "\n".join(sql[:120] for sql in short)


@pytest.mark.django_db(transaction=True)
def test_carrying_out_costs_the_same_for_two_lines_and_for_a_hundred(site):
    store = LocationFactory()
    variants = [stocked(store, 50) for _ in range(100)]
    place(site, ship(variants[0]))

    short = place(site, *(carry_out(variant, store) for variant in variants[:2]))
    long = place(site, *(carry_out(variant, store) for variant in variants))

    assert [sql.split()[0] for sql in short] == [sql.split()[0] for sql in long]
    assert len(short) <= CARRIED, "\n".join(sql[:120] for sql in short)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "customer",
    [{"external_id": "brand-new", "name": "Bea", "email": "bea@example.org"}, {"email": "guest@example.org"}],
    ids=["with an external id", "guest"],
)
def test_a_brand_new_customer_costs_nothing_more(site, customer):
    store = LocationFactory(pickup_capacity=1000)
    variant = stocked(store, 50)
    place(site, ship(variant))

    assert len(place(site, pickup(variant, store), customer=customer)) <= CEILING
