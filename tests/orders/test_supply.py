"""Sold before it is here: promised from what suppliers bring, released when it comes, told when its day moves."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from inventory.models import Location, PurchaseOrderLine, Reservation, SupplyPromise
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.finish_delivery import finish_delivery
from inventory.operations.order_supply import cancel_purchase_order, close_purchase_order
from inventory.operations.receive_scans import mark_damaged, receive, undo_receipt
from inventory.operations.set_term import set_term
from inventory.operations.supply_moves import move_late_supply
from omni.core import relay
from omni.core.models import Event
from omni.core.refusals import Refusal
from orders import events
from orders.models import OrderException
from orders.operations.cancel import cancel
from orders.operations.wait_for_supply import arrived_orders, take_arrived, unpromised_orders
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.rules import active
from tests.factories.supply import BY, announced, came, in_days, moved, ordered, sold_before
from tests.refusing import refused
from tests.shop import SITE, audit, level, now, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return open_shop(can_ship=True)


@pytest.fixture
def tee(shop):
    return stocked(shop.store, 0)


def told():
    """Every subscriber heard everything."""
    while relay.run_once():
        pass


def waiting(order):
    order_line = order.lines.get()
    return order_line.waiting_quantity, order_line.expected_on


def promises(order) -> list[tuple]:
    rows = SupplyPromise.objects.filter(demand_key=f"order-line:{order.lines.get().pk}").order_by("pk")
    return list(rows.values_list("quantity", "status"))


def buy(tee, quantity, **more):
    return placed(line(tee, quantity), **{"on_shortage": "supply"} | more)


def test_what_is_here_is_promised_now_and_the_rest_from_the_supplier(shop):
    tee = stocked(shop.store, 1)
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 10})
    order = buy(tee, 3)

    assert waiting(order) == (2, in_days(3))
    assert purchase.lines.get().promised_quantity == 2
    assert not OrderException.objects.exists(), "nobody has to look at what comes by itself"
    assert Event.objects.get(topic=events.PLACED).payload["lines"][0]["expected_on"] == f"{in_days(3)}"
    assert audit() == {}


def test_the_earliest_supplier_is_promised_first_and_the_line_waits_for_the_last(shop, tee):
    sold_before(tee, extra_days=2)
    late, early = ordered(shop.store, {tee: 5}, days=9), ordered(shop.store, {tee: 5}, days=4)
    assert waiting(buy(tee, 5)) == (5, in_days(6))
    assert (early.lines.get().promised_quantity, late.lines.get().promised_quantity) == (5, 0)
    assert waiting(buy(tee, 1)) == (1, in_days(11))
    assert audit() == {}


def test_no_more_is_sold_than_comes_or_than_the_term_allows(shop, tee):
    term = sold_before(tee, most_units=4)
    ordered(shop.store, {tee: 10})
    buy(tee, 3)
    with refused("insufficient_stock"), transaction.atomic():
        buy(tee, 2)
    buy(tee, 1)
    term.most_units = None
    term.save()
    with refused("insufficient_stock"), transaction.atomic():
        buy(tee, 7)
    buy(tee, 6)
    assert PurchaseOrderLine.objects.get().promised_quantity == 10
    with pytest.raises(IntegrityError, match="promised_of_what_comes"), transaction.atomic():
        PurchaseOrderLine.objects.update(promised_quantity=11)
    assert audit() == {}


def test_without_a_term_or_with_a_purchase_order_kept_back_nothing_is_promised(shop, tee):
    purchase = ordered(shop.store, {tee: 10})
    order = placed(line(tee, 1), on_shortage="backorder")
    assert waiting(order) == (1, None)
    assert OrderException.objects.get().kind == "waiting"
    purchase.is_orderable = False
    purchase.save()
    sold_before(tee)
    told()
    assert waiting(order) == (1, None)
    assert audit() == {}


def test_the_closest_term_decides(shop, tee):
    tee.product.category = "Apparel > Shirts"
    tee.product.save()
    ordered(shop.store, {tee: 10})
    sold_before(None, category="", extra_days=9)
    sold_before(None, category="apparel>shirts", extra_days=5)
    sold_before(None, category="App", extra_days=1)
    assert waiting(buy(tee, 1))[1] == in_days(8)
    sold_before(tee, extra_days=2)
    assert waiting(buy(tee, 1))[1] == in_days(5)


def test_a_channel_that_a_rule_excludes_from_the_place_cannot_order_from_its_supply(shop, tee):
    sold_before(tee)
    ordered(shop.store, {tee: 10})
    active(effect="exclude", channels=["marketplace"])
    with refused("insufficient_stock"), transaction.atomic():
        buy(tee, 1, channel="marketplace")
    assert waiting(buy(tee, 1)) == (1, in_days(3))


def test_a_pickup_waits_for_what_comes_to_its_own_store(shop, tee):
    sold_before(tee)
    dc = LocationFactory(can_ship=True)
    ordered(dc, {tee: 10}, days=1)
    with refused("insufficient_stock"), transaction.atomic():
        placed(line(tee, 1, at=shop.store), on_shortage="supply")
    ordered(shop.store, {tee: 10}, days=5)
    assert waiting(placed(line(tee, 1, at=shop.store), on_shortage="supply")) == (1, in_days(5))


def test_what_arrives_is_kept_for_the_oldest_promise_and_becomes_its_work(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 10})
    first, second = buy(tee, 3), buy(tee, 3)
    came(shop.store, purchase, tee, 4)

    assert level(tee, shop.store) == (4, 4, 0), "nobody who comes by can buy them"
    assert promises(first) == [(3, "arrived")]
    assert promises(second) == [(2, "waiting"), (1, "arrived")]
    assert audit() == {}
    told()
    assert waiting(first) == (0, None)
    assert waiting(second) == (2, in_days(3))
    assert {work.status for work in first.fulfillment_orders.all()} == {"planned"}
    assert {row.demand_key.partition(":")[0] for row in Reservation.objects.held()} == {"fulfillment-line"}
    assert Event.objects.filter(topic=events.SUPPLY_RELEASED).count() == 2
    assert "is here" in mail.outbox[-1].subject
    assert audit() == {}

    came(shop.store, purchase, tee, 6)
    told()
    assert waiting(second) == (0, None)
    assert level(tee, shop.store) == (10, 6, 0)
    assert audit() == {}


def test_an_early_order_serves_whoever_was_promised_first(shop, tee):
    sold_before(tee)
    soon, later = ordered(shop.store, {tee: 2}, days=3), ordered(shop.store, {tee: 2}, days=9)
    first, second = buy(tee, 2), buy(tee, 2)
    came(shop.store, later, tee, 2)
    assert promises(first) == [(2, "arrived")]
    assert promises(second) == [(2, "waiting")]
    assert SupplyPromise.objects.waiting().get().order_line.purchase_order == soon
    told()
    assert waiting(second) == (2, in_days(9)), "as it was told"
    assert audit() == {}


@pytest.mark.parametrize("is_ordered", [True, False])
def test_more_than_was_ordered_serves_the_next(shop, tee, is_ordered):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 1})
    ordered(shop.store, {tee: 5}, days=9)
    first, second = buy(tee, 1), buy(tee, 2)
    came(shop.store, purchase if is_ordered else None, tee, 4)
    told()
    assert (waiting(first), waiting(second)) == ((0, None), (0, None))
    assert level(tee, shop.store) == (4, 3, 0)
    assert PurchaseOrderLine.objects.filter(promised_quantity__gt=0).count() == 0
    assert audit() == {}


def test_damaged_units_serve_nobody_and_the_next_supplier_is_asked(shop, tee):
    sold_before(tee)
    purchase, other = ordered(shop.store, {tee: 3}), ordered(shop.store, {tee: 3}, days=9)
    order = buy(tee, 3)
    came(shop.store, purchase, tee, 1, damaged=2)
    told()
    assert waiting(order) == (2, in_days(9))
    assert other.lines.get().promised_quantity == 2
    assert "2 × " in mail.outbox[-1].body
    assert audit() == {}


def test_a_short_delivery_that_is_closed_goes_to_the_next_supplier_or_to_a_person(shop, tee):
    sold_before(tee)
    purchase, other = ordered(shop.store, {tee: 5}), ordered(shop.store, {tee: 2}, days=9)
    first, second, third = buy(tee, 1), buy(tee, 2), buy(tee, 2)
    delivery = announced(shop.store, loose={tee: 5}, order=purchase)
    receive(delivery_id=delivery.pk, code=tee.sku, by=BY, now=now())
    ends = {each.pk: "close" for each in delivery.lines.all()}
    finish_delivery(delivery_id=delivery.pk, decisions=ends, reason="no more", by=BY, now=now())
    assert promises(third) == [(2, "lost")]
    assert audit() == {}
    told()
    assert waiting(first) == (0, None)
    assert (waiting(second), waiting(third)) == ((2, in_days(9)), (2, None)), "whoever ordered first comes first"
    assert other.lines.get().promised_quantity == 2
    (exception,) = OrderException.objects.filter(resolved_at=None)
    assert exception.order == third and "supplier" in exception.detail
    assert audit() == {}


def test_a_cancelled_purchase_order_loses_its_promises(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 5})
    order = buy(tee, 2)
    cancel_purchase_order(number=purchase.number, reason="bankrupt", by=BY, now=now())
    told()
    assert waiting(order) == (2, None)
    assert "do not know the day" in mail.outbox[-1].subject
    assert OrderException.objects.get().resolved_at is None
    ordered(shop.store, {tee: 5}, days=4)
    told()
    assert waiting(order) == (2, in_days(4)), "what is ordered anew is promised to whoever waits"
    assert OrderException.objects.get().resolved_at is not None
    assert audit() == {}


@pytest.mark.parametrize("days", [9, 1])
def test_another_day_moves_promises_and_tells_each_order_once(shop, tee, days):
    sold_before(tee)
    mug = stocked(shop.store, 0)
    sold_before(mug)
    purchase = ordered(shop.store, {tee: 5, mug: 5})
    both = placed(line(tee, 1), line(mug, 1), on_shortage="supply")
    other = buy(tee, 1)
    moved(purchase, tee, 5, days=days)
    moved(purchase, mug, 5, days=days)
    mail.outbox.clear()
    told()
    assert [each.expected_on for each in both.lines.all()] == [in_days(days)] * 2
    assert waiting(other) == (1, in_days(days))
    heard = Event.objects.filter(topic=events.SUPPLY_CHANGED)
    assert sorted(each.payload["order"] for each in heard) == sorted([str(both.number), str(other.number)])
    assert len(mail.outbox) == 2
    assert ("We are sorry" in mail.outbox[0].body) is (days == 9)
    told()
    assert len(mail.outbox) == 2
    assert audit() == {}


def test_what_did_not_come_on_its_day_is_expected_later_and_told(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 5})
    order = buy(tee, 1)
    assert move_late_supply(now=now() + timedelta(days=3)) == 0
    overdue = now() + timedelta(days=4)
    assert move_late_supply(now=overdue) == 1
    assert move_late_supply(now=overdue) == 0
    told()
    assert waiting(order) == (1, in_days(11))
    assert waiting(buy(tee, 1, now=overdue)) == (1, in_days(11)), "nobody is promised a day that has passed"
    came(shop.store, purchase, tee, 5)
    told()
    assert waiting(order) == (0, None)
    assert audit() == {}


def test_a_cancelled_order_gives_its_supply_back(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 5})
    order = buy(tee, 4)
    cancel(number=order.number, lines=[(order.lines.get().reference, 1)], reason="one less", by=SITE, now=now())
    assert (purchase.lines.get().promised_quantity, promises(order)) == (3, [(3, "waiting"), (1, "released")])
    assert waiting(order) == (3, in_days(3))
    came(shop.store, purchase, tee, 2)
    cancel(number=order.number, reason="none", by=SITE, now=now())
    assert purchase.lines.get().promised_quantity == 0
    assert level(tee, shop.store) == (2, 0, 0), "what was kept for it is free at once"
    assert audit() == {}
    told()
    assert waiting(buy(tee, 2)) == (0, None)


def test_stock_that_comes_from_elsewhere_frees_the_supply(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 5})
    order = buy(tee, 3)
    back = Reported("till-1", tee.sku, shop.store.code, "pos_return", 2, now())
    apply_movements(reported=[back], source="till", locations=Location.objects.all(), by=SITE, now=now())
    told()
    assert waiting(order) == (1, in_days(3))
    assert purchase.lines.get().promised_quantity == 1
    assert audit() == {}


def test_units_that_are_taken_back_or_found_damaged_ask_the_supplier_again(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 3})
    order = buy(tee, 3)
    delivery = came(shop.store, purchase, tee, 3)
    scan = delivery.scans.get()
    undo_receipt(scan_id=scan.pk, by=BY, now=now())
    told()
    assert waiting(order) == (3, in_days(3)) or order.fulfillment_orders.exists()
    assert audit() == {}
    delivery = came(shop.store, purchase, tee, 3)
    mark_damaged(line_id=delivery.lines.get().pk, units=1, by=BY, now=now())
    told()
    assert level(tee, shop.store)[2] == 0
    assert audit() == {}


def test_a_preorder_is_not_released_before_its_street_date_even_from_the_shelf(shop):
    game = stocked(shop.store, 0)
    sold_before(game, kind="preorder", street_on=in_days(20))
    purchase = ordered(shop.store, {game: 5})
    order = buy(game, 2)
    assert waiting(order) == (2, in_days(20))
    came(shop.store, purchase, game, 5)
    told()
    assert arrived_orders(now=now()) == [order.number]
    assert take_arrived(number=order.number, now=now()) == 0
    assert level(game, shop.store) == (5, 2, 0)
    with refused("insufficient_stock"), transaction.atomic():
        buy(game, 1)
    assert take_arrived(number=order.number, now=now() + timedelta(days=21)) == 2
    assert waiting(order) == (0, None)
    assert audit() == {}


def test_a_street_date_that_moves_tells_its_customers(shop, tee):
    term = sold_before(tee, kind="preorder", street_on=in_days(20))
    ordered(shop.store, {tee: 5})
    order = buy(tee, 1)
    term.street_on = in_days(30)
    set_term(term=term, by=BY, now=now())
    told()
    assert waiting(order) == (1, in_days(30))


def test_a_street_date_that_moves_after_the_goods_came_tells_its_customers_too(shop):
    game = stocked(shop.store, 0)
    term = sold_before(game, kind="preorder", street_on=in_days(20))
    purchase = ordered(shop.store, {game: 5})
    order = buy(game, 2)
    came(shop.store, purchase, game, 5)
    told()
    term.street_on = in_days(60)
    set_term(term=term, by=BY, now=now())
    told()
    assert waiting(order) == (2, in_days(60))
    assert Event.objects.filter(topic=events.SUPPLY_CHANGED).count() == 1
    assert take_arrived(number=order.number, now=now() + timedelta(days=21)) == 0
    term.street_on = None
    set_term(term=term, by=BY, now=now())
    assert take_arrived(number=order.number, now=now()) == 2
    assert audit() == {}


def test_whoever_cannot_be_served_holds_up_nobody(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 9})
    orders = [buy(tee, 1) for _ in range(5)]
    Location.objects.update(ship_capacity=0)
    came(shop.store, purchase, tee, 5)
    minutes = [set(arrived_orders(now=now() + timedelta(minutes=n), limit=2)) for n in range(4)]
    assert set().union(*minutes) == {order.number for order in orders}
    assert all(orders[0].number in each for each in minutes), "the oldest each time"


def test_a_preorder_kept_on_a_shelf_that_is_emptied_waits_again(shop):
    game = stocked(shop.store, 0)
    sold_before(game, kind="preorder", street_on=in_days(20))
    purchase = ordered(shop.store, {game: 2})
    ordered(shop.store, {game: 5}, days=30)
    first, second = buy(game, 1), buy(game, 1)
    came(shop.store, purchase, game, 2)
    sale = Reported("till-1", game.sku, shop.store.code, "pos_sale", 1, now())
    apply_movements(reported=[sale], source="till", locations=Location.objects.all(), by=SITE, now=now())
    told()
    assert level(game, shop.store) == (1, 1, 0)
    assert promises(first) == [(1, "arrived")]
    assert waiting(second) == (1, in_days(30))
    assert audit() == {}


def test_a_store_that_cannot_take_the_work_now_keeps_the_units_for_it(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 2})
    order = buy(tee, 2)
    came(shop.store, purchase, tee, 2)
    Location.objects.filter(pk=shop.store.pk).update(weekly_hours={})
    told()
    assert promises(order) == [(2, "arrived")]
    assert level(tee, shop.store) == (2, 2, 0)
    shop.store.save()
    assert take_arrived(number=order.number, now=now()) == 2
    assert audit() == {}


def test_a_place_that_ships_no_more_lets_go_of_what_it_keeps(shop, tee):
    sold_before(tee)
    purchase = ordered(shop.store, {tee: 2})
    dc = LocationFactory(can_ship=True)
    ordered(dc, {tee: 2}, days=8)
    order = buy(tee, 2)
    came(shop.store, purchase, tee, 2)
    Location.objects.filter(pk=shop.store.pk).update(can_ship=False)
    told()
    assert waiting(order) == (2, in_days(8))
    assert level(tee, shop.store) == (2, 0, 0)
    assert audit() == {}


def test_orders_without_a_day_are_promised_when_something_is_ordered(shop, tee):
    order = placed(line(tee, 1), on_shortage="accept")
    assert unpromised_orders(now=now()) == []
    sold_before(tee)
    assert unpromised_orders(now=now()) == []
    purchase = ordered(shop.store, {tee: 2})
    assert unpromised_orders(now=now()) == [order.number]
    told()
    assert waiting(order) == (1, in_days(3))
    assert OrderException.objects.get().resolution
    close_purchase_order(number=purchase.number, reason="never mind", by=BY, now=now())
    told()
    assert waiting(order) == (1, None)
    assert audit() == {}


def test_a_refused_order_leaves_no_trace(shop, tee):
    sold_before(tee)
    ordered(shop.store, {tee: 2})
    with pytest.raises(Refusal), transaction.atomic():
        placed(line(tee, 3), on_shortage="supply")
    assert not SupplyPromise.objects.exists()
    assert PurchaseOrderLine.objects.get().promised_quantity == 0
