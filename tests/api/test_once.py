"""An order sent twice is one order, whatever went wrong in between."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from inventory.models import StockLevel
from orders.models import Order
from tests.api.conftest import order_body, pickup, rows, ship
from tests.factories import LocationFactory, stocked


@pytest.mark.django_db
def test_a_repeated_request_gets_the_stored_answer(site, store):
    body = order_body(pickup(stocked(store, 5), store))
    first, again = site.post("/orders", body, key="k-1"), site.post("/orders", body, key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_a_key_used_for_another_order_is_refused(site, store):
    variant = stocked(store, 5)
    site.post("/orders", order_body(pickup(variant, store)), key="k-1")
    before = rows()
    answer = site.post("/orders", order_body(pickup(variant, store)), key="k-1")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert rows() == before


@pytest.mark.django_db
def test_the_same_reference_answers_the_existing_order(site, store):
    body = order_body(pickup(stocked(store, 1), store))
    first = site.post("/orders", body)
    again = site.post("/orders", body)
    assert (first.status_code, again.status_code) == (201, 200), "although the last unit is gone"
    assert again.json() == first.json()
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_the_same_reference_is_found_by_its_constraint_too(site, store):
    body = order_body(pickup(stocked(store, 9), store))
    first, again = site.post("/orders", body), site.post("/orders", body)
    assert (again.status_code, again.json()) == (200, first.json())
    assert StockLevel.objects.get().reserved == 1
    replayed = site.post("/orders", body, key="k-9"), site.post("/orders", body, key="k-9")
    assert [answer.status_code for answer in replayed] == [200, 200]
    assert replayed[1]["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_the_same_reference_with_a_used_hold_answers_the_existing_order(site, store):
    variant = stocked(store, 1)
    hold = site.post("/holds", {"lines": [{"sku": variant.sku, "quantity": 1, "location": store.code}]}).json()
    body = order_body(pickup(variant, store), hold=hold["id"])
    assert [site.post("/orders", body).status_code for _ in range(2)] == [201, 200]


@pytest.mark.django_db
def test_another_callers_reference_is_not_answered_with_their_order(site, new_site, store):
    body = order_body(pickup(stocked(store, 9), store))
    site.post("/orders", body)
    before = rows()
    answer = new_site(name="marketplace").post("/orders", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "reference_taken")
    assert rows() == before


def at_once(*acts):
    """Run each on a thread and a connection of its own, all starting together; results in order."""
    start = Barrier(len(acts))

    def alone(act):
        try:
            start.wait(timeout=20)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_parallel_requests_with_one_key_are_one_order(site, new_site):
    store = LocationFactory()
    body = order_body(pickup(stocked(store, 5), store))
    twin = new_twin(site)
    one, two = at_once(lambda: site.post("/orders", body, key="k-1"), lambda: twin.post("/orders", body, key="k-1"))
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.content == two.content
    assert sorted(["Idempotency-Replayed" in one, "Idempotency-Replayed" in two]) == [False, True]
    assert (Order.objects.count(), StockLevel.objects.get().reserved) == (1, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_parallel_requests_with_one_reference_are_one_order(site):
    store = LocationFactory()
    body = order_body(pickup(stocked(store, 5), store))
    twin = new_twin(site)
    one, two = at_once(lambda: site.post("/orders", body), lambda: twin.post("/orders", body))
    assert sorted([one.status_code, two.status_code]) == [200, 201]
    assert one.json() == two.json()
    assert (Order.objects.count(), StockLevel.objects.get().reserved) == (1, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_last_unit_is_sold_once_over_http(site):
    store = LocationFactory()
    variant = stocked(store, 1)
    buyers = [new_twin(site) for _ in range(4)]
    acts = [lambda buyer=buyer: buyer.post("/orders", order_body(pickup(variant, store))) for buyer in buyers]
    answers = at_once(*acts)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"insufficient_stock"}
    assert StockLevel.objects.get().reserved == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_first_orders_of_one_customer_know_the_same_customer(site):
    store = LocationFactory()
    variant = stocked(store, 9)
    buyers = [new_twin(site) for _ in range(2)]
    acts = [lambda buyer=buyer: buyer.post("/orders", order_body(ship(variant))) for buyer in buyers]
    assert [answer.status_code for answer in at_once(*acts)] == [201, 201]
    assert len(set(Order.objects.values_list("customer", flat=True))) == 1


def new_twin(site):
    """The same caller on a connection of its own."""
    twin = type(site).__new__(type(site))
    twin.key, twin.client = site.key, type(site.client)(raise_request_exception=False)
    twin.client.credentials(**site.client._credentials)
    return twin
