"""Units that are not there: refused, waiting, promised later, sold at the till meanwhile."""

from datetime import timedelta

import pytest

from inventory.models import Location, LocationDay, StockLevel
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.hold import expire_holds, place_hold
from omni.core.actors import Actor
from orders.models import Exclusion, FulfillmentOrder, Order, OrderException, PickupChoice
from orders.operations.answer_choice import answer_choice
from orders.operations.decline import decline
from orders.operations.hold_order import hold_order, unhold_order
from orders.operations.place import place
from orders.operations.promise_waiting import promise_waiting, waiting_orders
from orders.operations.release import release_due
from orders.operations.resolve_shortfall import resolve_shortfall
from orders.operations.retry_waiting import retry_waiting
from tests.factories import LocationFactory, line, order_request, placed, stocked
from tests.refusing import refused
from tests.shop import SITE, audit, level, now, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return open_shop()


def sell_at_till(variant, store, quantity: int) -> None:
    sale = Reported("till-1", variant.sku, store.code, "pos_sale", quantity, now())
    apply_movements(reported=[sale], source="till", locations=Location.objects.all(), by=SITE, now=now())


def test_a_shop_that_can_say_no_hears_what_is_possible(shop):
    near, far = LocationFactory(latitude=45.2), LocationFactory(latitude=48.0)
    variant = stocked(shop.store, 1)
    stocked(far, 9, variant=variant)
    stocked(near, 5, variant=variant)

    with refused("insufficient_stock") as info:
        placed(line(variant, 3, at=shop.store))

    (error,) = info.value.errors
    assert (error["pointer"], error["wanted"], error["available"]) == ("/lines/0", 3, 1)
    assert [each["location"] for each in error["alternatives"]] == [near.code, far.code]
    assert Order.objects.count() == 0
    assert level(variant, shop.store) == (1, 0, 0)


def test_an_order_sold_elsewhere_is_always_stored_and_promised_when_stock_comes(shop):
    variant = stocked(shop.store, 1)
    order = placed(line(variant, 3), on_shortage="accept")

    order_line = order.lines.get()
    assert (order_line.allocated_quantity, order_line.waiting_quantity) == (1, 2)
    assert OrderException.objects.get(order=order).kind == "waiting"
    assert audit() == {}

    stocked(LocationFactory(), 5, variant=variant)
    assert waiting_orders(variant_ids=[variant.pk]) == [order.number]
    assert promise_waiting(number=order.number, now=now()) == 2
    assert OrderException.objects.get(order=order).resolved_at is not None
    assert audit() == {}


def test_stock_goes_to_the_order_that_waits_longest(shop):
    variant = stocked(shop.store, 0)
    first, second = (placed(line(variant), on_shortage="accept") for _ in range(2))
    stocked(shop.store, 1, variant=variant)

    for number in waiting_orders():
        promise_waiting(number=number, now=now())

    assert [order.lines.get().waiting_quantity for order in (first, second)] == [0, 1]


def test_a_backordered_pickup_waits_for_its_own_store(shop):
    variant = stocked(shop.store, 0)
    stocked(LocationFactory(), 5, variant=variant)
    order = placed(line(variant, at=shop.store), on_shortage="backorder")

    assert promise_waiting(number=order.number, now=now()) == 0, "another store's unit never moves a pickup"
    stocked(shop.store, 1, variant=variant)
    assert promise_waiting(number=order.number, now=now()) == 1


def test_the_till_sells_a_promised_unit_and_the_shipment_moves(shop):
    variant = stocked(shop.store, 1)
    order = placed(line(variant))
    other = LocationFactory()
    stocked(other, 1, variant=variant)

    sell_at_till(variant, shop.store, 1)
    assert level(variant, shop.store) == (0, 1, 1)
    resolve_shortfall(variant_id=variant.pk, location_id=shop.store.pk, now=now())

    assert level(variant, shop.store) == (0, 0, 0)
    assert level(variant, other) == (1, 1, 0)
    assert order.fulfillment_orders.exclude(status="declined").get().location == other
    assert audit() == {}


def test_the_last_promise_made_is_the_first_to_move(shop):
    variant = stocked(shop.store, 2)
    first, second = placed(line(variant, at=shop.store)), placed(line(variant, at=shop.store))

    sell_at_till(variant, shop.store, 1)
    resolve_shortfall(variant_id=variant.pk, location_id=shop.store.pk, now=now())

    assert PickupChoice.objects.get().order_line.order == second, "a pickup is never moved silently"
    assert first.lines.get().allocated_quantity == 1


def test_a_receipt_heals_a_shortfall(shop):
    variant = stocked(shop.store, 1)
    placed(line(variant, at=shop.store))
    sell_at_till(variant, shop.store, 1)
    receipt = Reported("wms-1", variant.sku, shop.store.code, "receipt", 4, now())
    apply_movements(reported=[receipt], source="wms", locations=Location.objects.all(), by=SITE, now=now())
    assert level(variant, shop.store) == (4, 1, 0)
    assert resolve_shortfall(variant_id=variant.pk, location_id=shop.store.pk, now=now()) == 0


def test_on_hand_may_go_below_zero_and_says_so(shop):
    variant = stocked(shop.store, 1)
    sell_at_till(variant, shop.store, 3)
    assert level(variant, shop.store) == (-2, 0, 0)


def test_a_declined_shipment_goes_elsewhere_and_never_back(shop):
    variant = stocked(shop.store, 1)
    order = placed(line(variant))
    other = LocationFactory()
    stocked(other, 1, variant=variant)
    work = shop.release(order)

    decline(number=work.number, reason="Too much work", by=shop.picker, now=now())

    assert order.fulfillment_orders.exclude(pk=work.pk).get().location == other
    assert Exclusion.objects.get().location == shop.store
    again = order.fulfillment_orders.exclude(pk=work.pk).get()
    decline(number=again.number, reason="Too much work", by=shop.picker, now=now())
    assert order.lines.get().waiting_quantity == 1
    assert OrderException.objects.filter(order=order, resolved_at=None).exists()
    assert audit() == {}


def test_a_capped_line_waits_for_a_person(shop, settings_decided):
    settings_decided("orders.max_attempts", 1)
    variant = stocked(shop.store, 1)
    order = placed(line(variant))
    other = LocationFactory()
    stocked(other, 1, variant=variant)

    decline(number=shop.release(order).number, reason="Too much work", by=shop.picker, now=now())

    assert OrderException.objects.get(order=order).kind == "attempts"
    assert order.lines.get().waiting_quantity == 1
    assert waiting_orders() == []
    assert promise_waiting(number=order.number, now=now()) == 0, "the clock does not decide what a person shall"

    assert retry_waiting(number=order.number, by=SITE, now=now()) == 1
    assert order.fulfillment_orders.get(status="planned").location == other
    assert OrderException.objects.get(order=order).resolved_at is not None
    with refused("nothing_waits"):
        retry_waiting(number=order.number, by=SITE, now=now())
    assert audit() == {}


def test_trying_again_where_nobody_else_has_it_says_so(shop, settings_decided):
    settings_decided("orders.max_attempts", 1)
    variant = stocked(shop.store, 1)
    order = placed(line(variant))
    decline(number=shop.release(order).number, reason="Too much work", by=shop.picker, now=now())
    with refused("insufficient_stock"):
        retry_waiting(number=order.number, by=SITE, now=now())
    assert order.lines.get().attempts == 1


@pytest.fixture
def asked(shop):
    """A customer whose store was short of one unit."""
    variant = stocked(shop.store, 1)
    order = placed(line(variant, at=shop.store))
    decline(number=shop.release(order).number, reason="Out of stock", by=shop.picker, now=now())
    return order, variant, PickupChoice.objects.get()


def test_the_customer_collects_elsewhere(asked):
    order, variant, choice = asked
    other = LocationFactory()
    stocked(other, 1, variant=variant)

    answer_choice(choice_id=choice.pk, answer="other_store", location_code=other.code, by=SITE, now=now())

    work = order.fulfillment_orders.get(status="planned")
    assert (work.location, work.method) == (other, "pickup")
    assert audit() == {}


def test_the_customer_has_it_shipped(asked):
    order, variant, choice = asked
    stocked(LocationFactory(), 1, variant=variant)

    answer_choice(choice_id=choice.pk, answer="ship", by=SITE, now=now())

    assert order.fulfillment_orders.get(status="planned").method == "ship"
    with refused("already_answered"):
        answer_choice(choice_id=choice.pk, answer="cancel", by=SITE, now=now())
    assert audit() == {}


def test_the_customer_gives_up(asked):
    order, _variant, choice = asked

    answer_choice(choice_id=choice.pk, answer="cancel", by=SITE, now=now())

    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    choice.refresh_from_db()
    assert (choice.answer, audit()) == ("cancel", {})


def test_a_store_that_sold_out_meanwhile_is_refused_and_the_question_stays_open(asked):
    _order, _variant, choice = asked
    with refused("insufficient_stock"):
        answer_choice(
            choice_id=choice.pk, answer="other_store", location_code=LocationFactory().code, by=SITE, now=now()
        )
    choice.refresh_from_db()
    assert choice.answer == ""


def test_two_works_today_and_the_third_tomorrow_until_a_slot_comes_back():
    shop = open_shop(pickup_capacity=2)
    variant = stocked(shop.store, 9)
    orders = [placed(line(variant, at=shop.store)) for _ in range(3)]
    days = [order.fulfillment_orders.get().capacity_day for order in orders]
    assert days[0] == days[1] == days[2] - timedelta(days=1)

    decline(number=shop.release(orders[0]).number, reason="Too much work", by=shop.picker, now=now())

    assert LocationDay.objects.get(day=days[0]).used == 1
    assert placed(line(variant, at=shop.store)).fulfillment_orders.get().capacity_day == days[0]
    assert audit() == {}


def test_a_location_without_coordinates_ranks_last():
    nowhere = LocationFactory(latitude=None, longitude=None)
    variant = stocked(nowhere, 1)
    far = LocationFactory(latitude=60.0)
    stocked(far, 1, variant=variant)
    assert placed(line(variant)).fulfillment_orders.get().location == far
    assert placed(line(variant)).fulfillment_orders.get().location == nowhere


def test_paused_and_closed_locations_get_no_shipments(shop):
    other = LocationFactory()
    variant = stocked(shop.store, 5)
    stocked(other, 1, variant=variant)
    Location.objects.filter(pk=shop.store.pk).update(paused_until=now() + timedelta(hours=1))
    assert placed(line(variant)).fulfillment_orders.get().location == other
    with refused("insufficient_stock"):
        placed(line(variant))


def test_a_hold_keeps_units_until_it_ends(shop):
    variant = stocked(shop.store, 1)
    hold = place_hold(channel="web", owner="key:site", expires_in=60, now=now(), lines=[
        {"variant_id": variant.pk, "location_id": shop.store.pk, "sku": variant.sku, "location": shop.store.code,
         "quantity": 1}
    ])  # fmt: skip
    with refused("insufficient_stock"):
        placed(line(variant, at=shop.store))
    assert expire_holds(now=now()) == 0
    assert expire_holds(now=hold.expires_at) == 1
    assert level(variant, shop.store) == (1, 0, 0)
    assert placed(line(variant, at=shop.store)).lines.get().allocated_quantity == 1
    assert audit() == {}


def test_an_order_takes_the_place_of_its_hold(shop):
    variant = stocked(shop.store, 1)
    by = Actor.system("site")
    hold = place_hold(channel="web", owner=by.label, expires_in=60, now=now(), lines=[
        {"variant_id": variant.pk, "location_id": shop.store.pk, "sku": variant.sku, "location": shop.store.code,
         "quantity": 1}
    ])  # fmt: skip
    request = order_request(line(variant, at=shop.store), hold_id=str(hold.pk))

    order = place(request=request, places=Location.objects.all(), by=by, now=now())

    assert order.lines.get().allocated_quantity == 1
    assert level(variant, shop.store) == (1, 1, 0)
    with refused("hold_gone"):
        place(request=order_request(line(variant, at=shop.store), hold_id=str(hold.pk)), places=Location.objects.all(),
              by=by, now=now())  # fmt: skip
    assert audit() == {}


def test_safety_stock_is_not_promised(shop):
    variant = stocked(shop.store, 3, safety_stock=2)
    placed(line(variant, at=shop.store))
    with refused("insufficient_stock"):
        placed(line(variant, at=shop.store))
    assert StockLevel.objects.get().available == 0


def test_works_on_hold_never_reach_a_store(shop):
    variant = stocked(shop.store, 2)
    order = placed(line(variant, at=shop.store))
    hold_order(number=order.number, kind="fraud_review", note="look", by=SITE, now=now())
    assert release_due(now=now()) == 0
    assert level(variant, shop.store) == (2, 1, 0)
    unhold_order(number=order.number, by=SITE, now=now())
    assert release_due(now=now()) == 1
    hold_order(number=order.number, kind="payment", note="", by=SITE, now=now())
    assert FulfillmentOrder.objects.get().status == "planned", "work nobody started leaves the queue again"
    assert audit() == {}


def test_what_could_be_had_instead_costs_the_same_for_one_line_and_for_many(shop, django_assert_max_num_queries):
    elsewhere = LocationFactory()
    variants = [stocked(elsewhere, 5) for _ in range(12)]

    def ask(count: int) -> list[dict]:
        with django_assert_max_num_queries(12), refused("insufficient_stock") as info:
            placed(*(line(variant, 3, at=shop.store) for variant in variants[:count]))
        return info.value.errors

    ask(1)
    errors = ask(12)
    assert [each["pointer"] for each in errors] == [f"/lines/{n}" for n in range(12)]
    assert {place["location"] for each in errors for place in each["alternatives"]} == {elsewhere.code}
