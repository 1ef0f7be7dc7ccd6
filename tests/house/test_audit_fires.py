"""Each check of `manage.py audit` about stock and orders is quiet on a sound shop, and fires on its own violation."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from customers.operations.store_credit import issue_credit
from inventory.models import StockMovement
from inventory.operations.hold import place_hold
from inventory.operations.hold_apart import hold_apart
from inventory.operations.receive_transfer import receive_scan
from inventory.operations.reconcile import book_files
from omni.core.actors import Actor
from omni.core.checks import checks, run_checks
from orders.models import FulfillmentOrder
from orders.operations.arrive import Car, arrive
from orders.operations.authorize import start_payment
from orders.operations.call_provider import call_provider
from orders.operations.cancel import cancel
from orders.operations.claim import claim
from orders.operations.confirm import confirm
from orders.operations.hand_over import Collector, hand_over
from orders.operations.manifest import open_manifest
from orders.operations.partner_alarms import watch_partners
from orders.operations.pay_basket import start_basket_payment
from orders.operations.pick import pick
from orders.operations.place_basket import place_basket
from orders.operations.refund import refund
from orders.operations.release import release_due
from orders.operations.request import PaymentRequest
from orders.operations.settle import finalize_hand_overs
from orders.operations.ship_parcels import Left, ship_parcels
from orders.operations.short_pick import short_pick
from orders.operations.stage import stage
from returns.operations.exchange import Replacement, add_replacement, complete_exchange
from returns.operations.receive import Looked
from returns.operations.take_in_hand import take_in_hand
from tests.factories import BarcodeFactory, LocationFactory, line, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.factories.counts import counted_at
from tests.factories.feeds import feed_of, movements_sent, reconciled
from tests.factories.floor import staged
from tests.factories.kits import kit_of
from tests.factories.parcels import handed_over, labelled
from tests.factories.partners import out, vendor
from tests.factories.supply import announced, came, ordered, received, sold_before
from tests.factories.transfers import transfer_kept, transfer_sent
from tests.house.conftest import undone
from tests.house.world import begun_return

pytestmark = pytest.mark.django_db
NOW = timezone.now

UNGUARD = """
ALTER TABLE inventory_stocklevel DROP CONSTRAINT promises_tied_to_shelf;
ALTER TABLE inventory_locationday DROP CONSTRAINT capacity_never_exceeded;
ALTER TABLE inventory_transferline DROP CONSTRAINT transfer_conserves_units;
ALTER TABLE orders_shipment DROP CONSTRAINT parcel_left_with_somebody;
"""

VIOLATIONS = {
    "stock-promises": "UPDATE inventory_stocklevel SET reserved = on_hand + 5 WHERE on_hand > 0",
    "stock-ledger": "UPDATE inventory_stocklevel SET on_hand = on_hand + 1",
    "stock-held-ledger": "UPDATE inventory_stockheld SET quantity = quantity + 1",
    "stock-reserved": "UPDATE inventory_reservation SET quantity = quantity + 1 WHERE status = 'held'",
    "drift-repaired-once": """
        INSERT INTO inventory_drift (number, variant_id, location_id, bucket, shown_quantity, summed_quantity, status,
               trusted, found_at, asked_by_id, repair_reason, closed_by)
        SELECT 'on_hand', variant_id, location_id, '', 7, 5, 'repaired', 'number', now(),
               (SELECT id FROM core_user LIMIT 1), 'typed over', '' FROM inventory_stocklevel LIMIT 1""",
    "stock-issued-once": """
        UPDATE inventory_reservation SET status = 'consumed', closed_at = now() WHERE status = 'held'""",
    "stock-put-back": "UPDATE inventory_putback SET quantity = quantity + 1",
    "stock-not-found-is-counted": "UPDATE inventory_cyclecount SET done_at = now()",
    "transfers-conserve": "UPDATE inventory_transferline SET shipped_quantity = shipped_quantity + 1",
    "transfers-moved": """
        UPDATE inventory_transfer SET from_location_id = to_location_id, to_location_id = from_location_id""",
    "transfers-reserved": """
        UPDATE inventory_transferline SET approved_quantity = approved_quantity - 1
         WHERE picked_quantity < approved_quantity""",
    "transfers-scanned": "UPDATE inventory_transferscan SET undone_at = now()",
    "holds-not-overdue": "UPDATE inventory_hold SET expires_at = now() - interval '1 hour'",
    "capacity-in-use": "UPDATE inventory_locationday SET used = cap + 1",
    "changes-numbered": """
        INSERT INTO inventory_stockchange (sequence, variant_id, location_id, made_at)
        SELECT n, 1, 1, now() FROM unnest(ARRAY[1000001, 1000003]) AS n""",
    "changes-told": "UPDATE inventory_shelfnews SET made_at = now() - interval '6 minutes'",
    "ledger-months": """
        INSERT INTO inventory_stockmovement (variant_id, location_id, bucket, kind, quantity, on_hand_after, cause,
               reason, actor, source, source_event_id, occurred_at, recorded_at)
        SELECT variant_id, location_id, '', 'adjust', 1, 1, '', '', '', '', '', now(), now() + interval '5 years'
          FROM inventory_stocklevel LIMIT 1""",
    "snapshots-booked-once": "UPDATE inventory_snapshotrow SET difference = difference + 1 WHERE outcome = 'booked'",
    "snapshot-rows-known": "UPDATE inventory_snapshotrow SET variant_id = 0",
    "movement-files-booked-once": "UPDATE inventory_movementfile SET row_count = row_count + 1",
    "order-kits": "UPDATE orders_orderkit SET quantity = quantity + 1",
    "kits-have-no-shelf": """
        INSERT INTO inventory_stocklevel (variant_id, location_id, on_hand, reserved, safety_stock, shortfall, version,
                                          aisle, bin)
        SELECT kit_id, (SELECT min(location_id) FROM inventory_stocklevel), 1, 0, 0, 0, 0, '', ''
          FROM inventory_kitcomponent""",
    "adjustments-booked-once": "UPDATE inventory_adjustment SET quantity = quantity + 1",
    "order-units": "UPDATE orders_orderline SET allocated_quantity = 0 WHERE allocated_quantity > 0",
    "order-promises": "UPDATE orders_fulfillmentline SET quantity = quantity + 1",
    "order-orphan-promises": """
        UPDATE inventory_reservation SET demand_key = 'fulfillment-line:0' || id WHERE status = 'held'""",
    "order-off-shelf": "UPDATE inventory_reservation SET off_shelf_quantity = quantity WHERE status = 'held'",
    "order-label": "UPDATE orders_order SET status = 'cancelled' WHERE status <> 'cancelled'",
    "order-closed-work": "UPDATE orders_fulfillmentorder SET status = 'handed_over' WHERE closed_at IS NULL",
    "order-waiting-is-visible": "UPDATE orders_orderexception SET resolved_at = now()",
    "order-captures": """
        UPDATE orders_payment SET captured_amount = captured_amount - 1 WHERE captured_amount > refunded_amount + 1""",
    "order-captured-value": "UPDATE orders_capture SET amount = amount + 1000",
    "order-refunds": "UPDATE orders_payment SET refunded_amount = refunded_amount - 1 WHERE refunded_amount > 1",
    "order-refunded": "UPDATE orders_order SET refunded_amount = refunded_amount - 1 WHERE refunded_amount > 1",
    "order-refused-refunds": """
        UPDATE orders_refund SET refunded_at = NULL, failed_at = now() + interval '2 days' WHERE amount > 1""",
    "order-money-kept": "UPDATE orders_orderline SET unit_price_amount = unit_price_amount + 1",
    "money-answered": """
        UPDATE orders_refund SET refunded_at = NULL, requested_at = now() - interval '2 hours'""",
    "money-intents": "UPDATE orders_paymentintent SET asked_at = now() - interval '1 day'",
    "money-holds": "UPDATE orders_paymentintent SET status = 'declined' WHERE status <> 'used'",
    "credit-ledger": "UPDATE customers_storecredit SET balance_amount = balance_amount + 1",
    "credit-holds": "UPDATE customers_storecredithold SET amount = amount + 1",
    "order-capacity": "UPDATE orders_fulfillmentorder SET capacity_day = NULL",
    "order-hand-overs": "UPDATE orders_handover SET undone_at = now(), finalized_at = NULL",
    "order-arrivals": "UPDATE orders_arrival SET waited_seconds = NULL",
    "order-serials": "UPDATE orders_serialnumber SET status = 'picked'",
    "return-units-counted": "UPDATE orders_orderline SET returned_quantity = 0 WHERE returned_quantity > 0",
    "return-unit-once": "UPDATE returns_returnunit SET unit_index = 99 WHERE order_line_id IS NOT NULL",
    "return-refunded-once": "UPDATE returns_payout SET amount = amount + 1, tender_amount = tender_amount + 1",
    "return-money": "UPDATE orders_refund SET amount = amount + 1",
    "return-within-paid": "UPDATE returns_returnunit SET value_amount = 9999, refund_amount = 9999, fee_amount = 0",
    "counts-booked-once": "UPDATE inventory_countline SET state = 'matches' WHERE state = 'booked'",
    "counts-add-up": "UPDATE inventory_countscan SET quantity = quantity + 1",
    "counts-answer-tasks": """
        INSERT INTO inventory_cyclecount (variant_id, location_id, cause, reason, reasons, raised_at, count_key)
        SELECT variant_id, location_id, '', '', '{}', last_at, '' FROM inventory_countline WHERE state = 'booked'
            ON CONFLICT DO NOTHING""",
    "receipts-booked-once": "UPDATE inventory_receivedunits SET sellable = sellable + 1",
    "receipts-add-up": "UPDATE inventory_deliveryline SET received_quantity = received_quantity + 1",
    "purchases-add-up": "UPDATE inventory_purchaseorderline SET received_quantity = received_quantity + 1",
    "supply-promised": "UPDATE inventory_purchaseorderline SET promised_quantity = 0 WHERE promised_quantity > 0",
    "supply-kept": "UPDATE inventory_supplypromise SET quantity = quantity + 1 WHERE status = 'arrived'",
    "order-supply": "UPDATE inventory_supplypromise SET quantity = quantity + 100",
    "return-stock": "UPDATE returns_returnunit SET disposition = 'refurbish' WHERE disposition = 'restock'",
    "return-closed": "UPDATE returns_returnorder SET status = 'completed' WHERE status = 'authorized'",
    "exchange-linked": "UPDATE returns_payout SET replacement_id = NULL WHERE replacement_id IS NOT NULL",
    "parcel-units": "UPDATE orders_shipmentline SET quantity = quantity + 1",
    "parcel-of-shipped-work": "UPDATE orders_shipment SET handed_over_at = NULL",
    "parcel-labels": "UPDATE orders_shipment SET tracking_number = 'other' WHERE status = 'labelled'",
    "label-bought-once": """
        UPDATE orders_simulatedlabel SET key = key || '-again', bought_at = now() - interval '1 hour'""",
    "label-unresolved": "UPDATE orders_label SET status = 'asked', asked_at = now() - interval '1 hour'",
    "manifest-whole": """
        UPDATE orders_manifest SET status = 'closing', closed_at = now() - interval '1 hour'""",
    "basket-kept": """
        UPDATE inventory_hold SET lines = jsonb_set(lines, '{0,quantity}', '7')
         WHERE id IN (SELECT hold_id FROM orders_basket WHERE status = 'open')""",
    "basket-ended": "UPDATE inventory_hold SET status = 'open' WHERE status = 'used'",
    "carried-out-at-once": "UPDATE orders_orderline SET settled_quantity = 0 WHERE method = 'carry_out'",
    "partner-answers": "UPDATE orders_fulfillmentorder SET status = 'released' WHERE status = 'accepted'",
    "partner-parcels": "UPDATE orders_shipment SET tracking_number = '' WHERE sender_reference <> ''",
    "partner-alarms": """
        UPDATE orders_partneralarm SET raised_at = now() - interval '1 hour', since = now() - interval '30 minutes'""",
    "order-no-card-number": "UPDATE orders_payment SET reference = '4111111111111111'",
}


@pytest.fixture
def busy_shop():
    """One of everything the checks look at, made by the operations."""
    store, other = LocationFactory(pickup_capacity=50), LocationFactory()
    by = Actor.of(person("associate", at=store))
    variant = stocked(store, 20)
    stocked(other, 20, variant=variant)
    _given_back(_collected(store, variant, by), by)
    _credit_at_the_till(by)
    hold_apart(variant_id=variant.pk, location_id=store.pk, source="shelf", target="display", quantity=1, by=by,
               now=NOW())  # fmt: skip
    placed(line(kit_of({stocked(store, 5): 2}), 1, at=store))
    _short(store, variant, by)
    _cancelled_after_pick(store, variant, by)
    placed(line(variant, 2, at=store))
    place_hold(channel="web", expires_in=600, owner="site", now=NOW(), lines=[
        {"variant_id": variant.pk, "location_id": other.pk, "sku": variant.sku, "location": other.code, "quantity": 1}
    ])  # fmt: skip
    transfer_sent(store, other, {variant: 1}, by=by)
    transfer_kept(other, store, {variant: 1}, by=by)
    receive_scan(number=transfer_sent(store, other, {variant: 1}, by=by).number, code=variant.sku, by=by, now=NOW())
    _sold_and_served(store, variant)
    placed(line(variant, 500), on_shortage="accept")
    _returned(store, stocked(store, 10), by)
    counted = stocked(other, 10)
    reconciled(feed_of(), (counted, other, 9))
    movements_sent(feed_of("till"), ("till-7-1", counted, other, "pos_sale", 1, NOW()))
    book_files(now=NOW())
    counted_at(other, counted, 7, by=by)
    received(announced(other, {counted: 6}, order=ordered(other, {counted: 12})))
    _sold_before(store)
    labelled(other)
    open_manifest(location=other, carrier="SimPost", by=by, now=NOW())
    handed_over(other)
    tracked = stocked(store, 2, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    order = placed(line(tracked, 1, at=store))
    release_due(now=NOW())
    work = staged(order.fulfillment_orders.get(), by=person("associate", at=store))
    arrive(number=work.number, car=Car(bay="4"), by=by, now=NOW())
    hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), by=by, now=NOW())
    _partly_shipped_by_a_partner(by)


def _partly_shipped_by_a_partner(by) -> None:
    """And another order that it should have confirmed."""
    partner = vendor()
    work = out(partner, 2)
    confirm(number=work.number, by=by, now=NOW())
    some = Left("UPS", "1Z1", units={work.lines.get().pk: 1})
    ship_parcels(number=work.number, parcels=[some], by=by, now=NOW())
    FulfillmentOrder.objects.filter(pk=out(partner).pk).update(confirm_by=NOW() - timedelta(minutes=5))
    watch_partners(now=NOW())


def _sold_before(store) -> None:
    """Two orders wait for a supplier; the first one's units are here."""
    game = stocked(store, 0)
    sold_before(game)
    purchase = ordered(store, {game: 9})
    for _ in range(2):
        placed(line(game, 2, at=store), on_shortage="supply")
    came(store, purchase, game, 2)


def _sold_and_served(store, variant) -> None:
    """A basket that became an order, and one that is being served."""
    ana = person("associate", at=store)
    sold, by = basket_of(ana, store), Actor.of(ana)
    add(sold, variant)
    start_basket_payment(basket_id=sold.pk, method="till_receipt", reference="T-7", by=by, now=NOW())
    place_basket(basket_id=sold.pk, by=by, now=NOW())
    add(basket_of(ana, store), variant, "pickup", at=store)


def _picking(store, variant, by, **more):
    order = placed(line(variant, 2, at=store), **more)
    release_due(now=NOW())
    work = order.fulfillment_orders.get()
    return order, work, claim(location=store, numbers=[work.number], by=by, now=NOW())


def _given_back(order, by) -> None:
    call_provider(number=order.number, now=NOW())
    refund(order=order, amount=Decimal("19.99"), key="return:1", by=by, now=NOW())
    call_provider(number=order.number, now=NOW())


def _credit_at_the_till(by) -> None:
    """Held by a payment whose order does not stand yet."""
    credit = issue_credit(amount=Decimal(50), currency="USD", key="1", reason="goodwill", by=by, now=NOW())
    start_payment(key="p", owner_key="basket:1", method="store_credit", amount=Decimal(20), currency="USD",
                  reference=credit.code, by=by, now=NOW())  # fmt: skip


def _collected(store, variant, by):
    order, work, pick_list = _picking(store, variant, by, payments=[PaymentRequest("card", "psp_1", Decimal(100))])
    for _ in range(2):
        pick(pick_list_id=pick_list.pk, code=variant.sku, by=by, now=NOW())
    stage(number=work.number, shelf_code="S1", by=by, now=NOW())
    handed = hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), by=by, now=NOW())
    finalize_hand_overs(now=handed.undo_until)
    return order


def _short(store, variant, by) -> None:
    _order, work, pick_list = _picking(store, variant, by)
    short_pick(
        pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=1, reason_code="not-found", by=by, now=NOW()
    )


def _cancelled_after_pick(store, variant, by) -> None:
    order, _work, pick_list = _picking(store, variant, by)
    pick(pick_list_id=pick_list.pk, code=variant.sku, by=by, now=NOW())
    cancel(number=order.number, reason="test", by=by, now=NOW())


def _returned(store, variant, by) -> None:
    """Refunded, exchanged, and one just begun."""
    first, second, _begun = (begun_return(store, variant) for _ in range(3))
    take_in_hand(rma_number=first.rma_number, looked={first.units.get().pk: Looked()}, location=store, by=by, now=NOW())
    add_replacement(rma_number=second.rma_number, by=by, now=NOW(),
                    wanted=Replacement(variant.pk, "carry_out", store))  # fmt: skip
    complete_exchange(rma_number=second.rma_number, looked={second.units.get().pk: Looked()}, location=store, by=by,
                      now=NOW())  # fmt: skip


def fired(*names: str) -> set[str]:
    return {finding.check for finding in run_checks(names or None) if finding.count}


def test_a_busy_shop_is_sound(busy_shop):
    assert fired() == set()


def test_each_check_fires_on_its_violation(busy_shop):
    """One shop for all, as it takes seconds to make; each violation is taken back before the next."""
    silent, harmless = set(), set()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, violation in VIOLATIONS.items():
            with undone():
                cursor.execute(UNGUARD)
                cursor.execute(violation)
                if cursor.rowcount <= 0:
                    harmless.add(name)
                if not fired(name):
                    silent.add(name)
    assert harmless == set(), "each violation must find something to break"
    assert silent == set()


def test_no_check_is_forgotten():
    apps = ("inventory.audits", "inventory.transfer_audits", "customers.audits", "orders.audits", "returns.audits")
    ours = {name for name, each in checks().items() if each.find.__module__.startswith(apps)}
    assert ours == set(VIOLATIONS)


def test_the_ledger_cannot_be_rewritten(busy_shop):
    for act in (lambda: StockMovement.objects.update(quantity=1), lambda: StockMovement.objects.all().delete()):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            act()
