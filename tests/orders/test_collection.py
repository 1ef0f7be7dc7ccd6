"""At the desk: in part, never, cancelled, put back, counted."""

from datetime import timedelta

import pytest

from inventory.operations.count import count_item
from inventory.operations.put_back import put_back
from orders.models import FulfillmentOrder, Order
from orders.operations.cancel import cancel
from orders.operations.claim import claim, give_back
from orders.operations.expire import expire, overdue, remind_due
from orders.operations.hand_over import Collector, hand_over
from orders.operations.pick import acknowledge_stop, pick, unpick
from orders.operations.short_pick import short_pick
from orders.operations.stage import stage
from orders.pickup_code import pickup_code
from tests.factories import line, person, placed, stocked
from tests.refusing import refused
from tests.shop import SITE, audit, held, level, now, open_shop

pytestmark = pytest.mark.django_db
BY_ID = Collector(check="photo_id", name="Ada Byron")


@pytest.fixture
def shop():
    return open_shop()


def test_part_is_handed_over_and_the_rest_stays_ready(shop):
    variant = stocked(shop.store, 3)
    order = placed(line(variant, 3, at=shop.store))
    work = shop.staged(order)

    hand_over(number=work.number, collector=BY_ID, units={work.lines.get().pk: 1}, by=shop.picker, now=now())

    work.refresh_from_db()
    order.refresh_from_db()
    assert (work.status, order.status) == ("staged", "partly_fulfilled")
    assert level(variant, shop.store) == (2, 2, 0)
    hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=now())
    assert level(variant, shop.store) == (0, 0, 0)
    assert audit() == {}


def test_part_is_handed_over_and_the_rest_cancelled_on_the_customers_word(shop):
    variant = stocked(shop.store, 3)
    order = placed(line(variant, 3, at=shop.store))
    work = shop.staged(order)

    hand_over(number=work.number, collector=BY_ID, units={work.lines.get().pk: 1}, cancel_remaining=True,
              by=shop.picker, now=now())  # fmt: skip

    work.refresh_from_db()
    order.refresh_from_db()
    assert (work.status, order.status) == ("handed_over", "fulfilled")
    assert held(variant, shop.store) == {"put_back": 2}
    assert audit() == {}


@pytest.mark.parametrize("units", [{0: 1}, {}, None])
def test_units_that_are_not_there_are_not_handed_over(shop, units):
    variant = stocked(shop.store, 1)
    work = shop.staged(placed(line(variant, at=shop.store)))
    wanted = {work.lines.get().pk: 2} if units is None else units
    with refused("bad_quantity"):
        hand_over(number=work.number, collector=BY_ID, units=wanted, by=shop.picker, now=now())
    assert level(variant, shop.store) == (1, 1, 0)


@pytest.mark.parametrize(
    ("collector", "code"),
    [
        (Collector(check="code", code="00000000"), "wrong_code"),
        (Collector(check="photo_id", name=" "), "name_required"),
        (Collector(check="override", note="known to me"), "lead_required"),
        (Collector(check="override", note="", may_override=True), "reason_required"),
        (Collector(check="looks honest"), "unknown_check"),
    ],
)
def test_nobody_gets_an_order_unchecked(shop, collector, code):
    work = shop.staged(placed(line(stocked(shop.store, 1), at=shop.store)))
    with refused(code):
        hand_over(number=work.number, collector=collector, by=shop.picker, now=now())
    assert FulfillmentOrder.objects.get().status == "staged"


def test_a_code_may_be_typed_as_people_type(shop):
    order = placed(line(stocked(shop.store, 1), at=shop.store))
    work = shop.staged(order)
    code = pickup_code(order.code_seed)
    typed = f" {code[:4].lower()}-{code[4:].lower()} ".replace("0", "o").replace("1", "l")
    hand_over(number=work.number, collector=Collector("code", code=typed), by=shop.picker, now=now())
    assert FulfillmentOrder.objects.get().status == "handed_over"


def test_what_nobody_collects_is_put_back_and_sells_again_only_after_its_scan(shop):
    variant = stocked(shop.store, 1)
    order = placed(line(variant, at=shop.store))
    work = shop.staged(order)
    assert overdue(now=work.collect_by - timedelta(seconds=1)) == []

    assert remind_due(now=work.collect_by - timedelta(hours=2)) == 1
    assert remind_due(now=work.collect_by - timedelta(hours=1)) == 0, "once"
    assert overdue(now=work.collect_by) == [work.number]
    assert expire(number=work.number, now=work.collect_by) is True
    assert expire(number=work.number, now=work.collect_by) is False

    assert (level(variant, shop.store), held(variant, shop.store)) == ((0, 0, 0), {"put_back": 1})
    with refused("insufficient_stock"):
        placed(line(variant, at=shop.store))
    task = shop.store.put_backs.get()
    with refused("wrong_item"):
        put_back(put_back_id=task.pk, code=stocked(shop.store, 1).sku, by=shop.picker, now=now())
    put_back(put_back_id=task.pk, code=variant.barcodes.get().code, by=shop.picker, now=now())
    assert (level(variant, shop.store), held(variant, shop.store)) == ((1, 0, 0), {})
    with refused("already_done"):
        put_back(put_back_id=task.pk, code=variant.sku, by=shop.picker, now=now())
    assert audit() == {}


def test_cancelling_part_takes_what_costs_least(shop):
    variant = stocked(shop.store, 5)
    order = placed(line(variant, 5, at=shop.store, reference="a"))
    _work, pick_list = shop.claim(order)
    pick(pick_list_id=pick_list.pk, code=variant.sku, by=shop.picker, now=now())

    cancel(number=order.number, lines=[("a", 4)], reason="fewer", by=SITE, now=now())

    assert held(variant, shop.store) == {}, "unpicked units are enough"
    assert level(variant, shop.store) == (5, 1, 0)
    with refused("stopped"):
        pick(pick_list_id=pick_list.pk, code=variant.sku, by=shop.picker, now=now())
    assert acknowledge_stop(pick_list_id=pick_list.pk, by=shop.picker) == 1
    with refused("over_scan"):
        pick(pick_list_id=pick_list.pk, code=variant.sku, by=shop.picker, now=now())
    assert audit() == {}


@pytest.mark.parametrize(
    ("lines", "code"),
    [([("a", 3)], "not_open"), ([("b", 1)], "invalid_cancellation"), ([("a", 0)], "invalid_cancellation"),
     ([("a", 1), ("a", 1)], "invalid_cancellation"), ([], "invalid_cancellation")],
)  # fmt: skip
def test_a_cancellation_that_makes_no_sense_changes_nothing(shop, lines, code):
    variant = stocked(shop.store, 2)
    order = placed(line(variant, 2, at=shop.store, reference="a"))
    with refused(code):
        cancel(number=order.number, lines=lines, reason="x", by=SITE, now=now())
    assert order.lines.get().cancelled_quantity == 0


def test_nothing_handed_over_can_be_cancelled(shop):
    order = placed(line(stocked(shop.store, 1), at=shop.store))
    hand_over(number=shop.staged(order).number, collector=BY_ID, by=shop.picker, now=now())
    with refused("nothing_open"):
        cancel(number=order.number, reason="x", by=SITE, now=now())
    row = order.lines.get()
    assert (row.fulfilled_quantity, row.cancelled_quantity, audit()) == (1, 0, {})


def test_an_unfinished_work_is_not_staged(shop):
    variant = stocked(shop.store, 2)
    work, _pick_list = shop.claim(placed(line(variant, 2, at=shop.store)))
    with refused("not_picked"):
        stage(number=work.number, shelf_code="S1", by=shop.picker, now=now())
    with refused("shelf_required"):
        stage(number=work.number, shelf_code="  ", by=shop.picker, now=now())
    work.refresh_from_db()
    assert (work.status, work.shelf_code, work.staged_at) == ("picking", "", None)


def test_a_list_put_down_goes_back_to_the_queue_but_for_what_was_picked(shop):
    variant = stocked(shop.store, 5)
    first, second = placed(line(variant, at=shop.store)), placed(line(variant, at=shop.store))
    numbers = [shop.release(order).number for order in (first, second)]
    pick_list = claim(location=shop.store, numbers=numbers, by=shop.picker, now=now())
    pick(pick_list_id=pick_list.pk, code=variant.sku, by=shop.picker, now=now())

    give_back(pick_list_id=pick_list.pk, by=shop.picker, now=now())

    assert sorted(FulfillmentOrder.objects.values_list("status", flat=True)) == ["picking", "released"]
    assert audit() == {}


def test_a_unit_picked_by_mistake_is_laid_back(shop):
    variant = stocked(shop.store, 2)
    work, pick_list = shop.claim(placed(line(variant, 2, at=shop.store)))
    pick(pick_list_id=pick_list.pk, code=variant.sku, by=shop.picker, now=now())
    line_id = work.lines.get().pk
    assert unpick(pick_list_id=pick_list.pk, line_id=line_id, by=shop.picker, now=now()).picked_quantity == 0
    with refused("nothing_picked"):
        unpick(pick_list_id=pick_list.pk, line_id=line_id, by=shop.picker, now=now())
    assert audit() == {}


@pytest.mark.parametrize(
    ("reason", "on_hand", "bucket"),
    [("not-found", 2, {"not_found": 1}), ("damaged", 2, {"damaged": 1}), ("sold-just-now", 3, {})],
)
def test_a_short_pick_changes_stock_as_its_reason_says(shop, reason, on_hand, bucket):
    variant = stocked(shop.store, 3)
    work, pick_list = shop.claim(placed(line(variant, 2, at=shop.store)))
    short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=1, reason_code=reason,
               by=shop.picker, now=now())  # fmt: skip
    assert (level(variant, shop.store), held(variant, shop.store)) == ((on_hand, 1, 0), bucket)
    assert shop.store.cycle_counts.count() == (1 if reason == "not-found" else 0)
    assert audit() == {}


@pytest.mark.parametrize(("counted", "on_hand"), [(0, 1), (1, 2), (2, 3), (5, 6)])
def test_a_count_is_a_difference_to_what_was_on_the_shelf(shop, counted, on_hand):
    """Three units: one picked (in the tote), one not found, so the ledger expects one on the shelf."""
    variant = stocked(shop.store, 3)
    work, pick_list = shop.claim(placed(line(variant, 2, at=shop.store)))
    pick(pick_list_id=pick_list.pk, code=variant.sku, by=shop.picker, now=now())
    short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=1, reason_code="not-found",
               by=shop.picker, now=now())  # fmt: skip
    task = shop.store.cycle_counts.get()

    task = count_item(cycle_count_id=task.pk, counted=counted, by=shop.picker, now=now())

    assert (task.expected_quantity, level(variant, shop.store)[0], held(variant, shop.store)) == (1, on_hand, {})
    with refused("already_counted"):
        count_item(cycle_count_id=task.pk, counted=1, by=shop.picker, now=now())
    assert audit() == {}


def test_an_order_with_everything_short_is_closed_and_asks(shop):
    variant = stocked(shop.store, 1)
    order = placed(line(variant, at=shop.store))
    work, pick_list = shop.claim(order)
    short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=1, reason_code="not-found",
               by=shop.picker, now=now())  # fmt: skip
    work.refresh_from_db()
    pick_list.refresh_from_db()
    order.refresh_from_db()
    assert (work.status, pick_list.finished_at is not None, order.status) == ("short", True, Order.Status.OPEN)


def test_the_second_person_reads_who_has_the_work(shop):
    work, _pick_list = shop.claim(placed(line(stocked(shop.store, 1), at=shop.store)))
    other = person("associate", at=shop.store)
    with refused("taken") as info:
        claim(location=shop.store, numbers=[work.number], by=shop.picker.__class__.of(other), now=now())
    assert shop.picker.label in str(info.value)
