"""What a shop is told about units that are not here yet, and what it may do about them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from omni.core import relay
from tests.api.conftest import order_body, pickup, ship
from tests.factories import LocationFactory, placed, stocked
from tests.factories import line as wanted
from tests.factories.rules import active
from tests.factories.supply import came, in_days, moved, ordered, sold_before
from tests.shop import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee(store):
    return stocked(store, 2)


def seen(site, tee, **more):
    answer = site.get("/availability", sku=tee.sku, **more)
    assert answer.status_code == 200, answer.content
    (item,) = answer.json()["results"]
    return tuple(item[key] for key in ("available_now", "available_to_order", "order_kind", "promise_date"))


def day(days: int) -> str:
    return f"{in_days(days)}"


def test_availability_says_now_and_later(site, store, tee):
    assert seen(site, tee) == (2, 0, None, None)
    ordered(store, {tee: 4}, days=3)
    ordered(store, {tee: 4}, days=9)
    assert seen(site, tee) == (2, 0, None, None), "HQ did not say that it may be sold before it is here"
    sold_before(tee, extra_days=1, most_units=6)
    assert seen(site, tee) == (2, 6, "backorder", day(4))
    assert [seen(site, tee, quantity=n)[3] for n in (2, 6, 7, 8, 9)] == [day(4), day(4), day(10), day(10), None]
    assert seen(site, tee, near="55401")[1:] == seen(site, tee, location=store.code)[1:] == seen(site, tee)[1:]
    placed(wanted(tee, 5), on_shortage="supply")
    assert seen(site, tee) == (0, 3, "backorder", day(4))


def test_only_places_that_could_give_it_by_this_way_count(site, store, tee):
    elsewhere = LocationFactory(can_ship=False, can_pick_up=True)
    sold_before(tee, extra_days=0)
    ordered(elsewhere, {tee: 4})
    assert seen(site, tee, method="ship")[1] == 0
    assert seen(site, tee, method="pickup")[1] == 4
    assert seen(site, tee, method="pickup", location=store.code)[1] == 0
    assert seen(site, tee, method="pickup", location=elsewhere.code)[1:] == (4, "backorder", day(3))


def test_the_rules_of_the_channel_hold_for_what_comes_too(site, store, tee):
    sold_before(tee)
    ordered(store, {tee: 4})
    active(effect="exclude", channels=["phone"])
    assert seen(site, tee, channel="phone")[1] == 0
    assert seen(site, tee, channel="web")[1] == 4


def test_many_items_cost_no_more_queries_than_one(site, store, tee):
    def queries(*tees) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert site.get("/availability", sku=[each.sku for each in tees]).status_code == 200
        return len(asked)

    queries(tee)
    without = queries(tee)
    sold_before(None, category="", extra_days=0)
    tees = [tee, *(stocked(store, 0) for _ in range(9))]
    for each in tees:
        ordered(store, {each: 4})
    assert queries(*tees) == queries(tee) == without + 1


def test_an_item_before_its_street_date_is_not_here_for_anybody(site, store):
    game = stocked(store, 5)
    ordered(store, {game: 5})
    sold_before(game, kind="preorder", street_on=in_days(20))
    assert seen(site, game) == (0, 5, "preorder", day(20))
    assert seen(site, game, location=store.code)[0] == 0
    refused = site.post("/orders", order_body(pickup(game, store, 1)))
    assert refused.status_code == 409
    placed_now = site.post("/orders", order_body(pickup(game, store, 1), on_shortage="supply"))
    assert placed_now.json()["lines"][0]["expected_on"] == day(20)


def test_an_order_from_supply_says_its_day_and_follows_it(site, store, tee):
    sold_before(tee)
    purchase = ordered(store, {tee: 4})
    body = order_body(ship(tee, 4), on_shortage="supply")
    order = site.post("/orders", body)
    assert order.status_code == 201, order.content
    (line,) = order.json()["lines"]
    assert (line["waiting_quantity"], line["expected_on"]) == (2, day(3))
    assert order.json()["actions"], "it can be cancelled"
    too_many = site.post("/orders", order_body(ship(tee, 4), on_shortage="supply"))
    assert (too_many.status_code, too_many.json()["code"]) == (409, "insufficient_stock")

    moved(purchase, tee, 4, days=9)
    while relay.run_once():
        pass
    path = f"/orders/{order.json()['number']}"
    assert site.get(path).json()["lines"][0]["expected_on"] == day(9)
    came(store, purchase, tee, 4)
    while relay.run_once():
        pass
    (line,) = site.get(path).json()["lines"]
    assert (line["waiting_quantity"], line["expected_on"]) == (0, None)
    assert audit() == {}
