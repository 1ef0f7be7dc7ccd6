"""A customer moves house between ordering and release: the site sends the new address, the plan follows."""

import pytest

from omni.core import relay
from orders.models import FulfillmentOrder, Order
from orders.operations.cancel import cancel
from tests.api.conftest import order_body, pickup, ship
from tests.factories import LocationFactory, stocked
from tests.factories.requests import ADDRESS
from tests.shop import SITE, audit, now

pytestmark = pytest.mark.django_db
CHICAGO = ADDRESS | {"line1": "2 Lake St", "city": "Chicago", "region": "IL", "postal_code": "60601"}


@pytest.fixture
def number(site):
    mug = stocked(LocationFactory(name="Minneapolis", latitude=44.98, longitude=-93.27), 5)
    stocked(LocationFactory(name="Chicago", latitude=41.88, longitude=-87.63), 5, variant=mug)
    return site.post("/orders", order_body(ship(mug), shipping_address=ADDRESS)).json()["number"]


def where() -> str:
    relay.stamp()
    relay.deliver(to=["orders.follow_address"])
    return FulfillmentOrder.objects.get().location.name


def test_the_answer_has_the_address_and_the_plan_follows(site, number):
    assert where() == "Minneapolis"
    answer = site.post(f"/orders/{number}/shipping-address", CHICAGO)
    assert answer.status_code == 200, answer.content
    assert answer.json()["shipping_address"] == CHICAGO
    assert where() == "Chicago"
    assert audit() == {}


def test_an_address_is_whole(site, number):
    answer = site.post(f"/orders/{number}/shipping-address", {"city": "Chicago", "zip": "60601"})
    assert answer.status_code == 400
    assert {(error["pointer"], error["code"]) for error in answer.json()["errors"]} == {
        ("/line1", "required"), ("/country", "required"), ("/zip", "unknown_field"),
    }  # fmt: skip
    assert Order.objects.get().shipping_address == ADDRESS


def test_what_is_over_goes_nowhere(site, number):
    cancel(number=int(number), reason="x", by=SITE, now=now())
    answer = site.post(f"/orders/{number}/shipping-address", CHICAGO)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_open")


def test_what_is_collected_has_no_address(site, store):
    number = site.post("/orders", order_body(pickup(stocked(store, 1), store), shipping_address=None)).json()["number"]
    answer = site.post(f"/orders/{number}/shipping-address", CHICAGO)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_shipped")
