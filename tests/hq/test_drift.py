"""Drift in HQ: a typed-over number is found, shown, asked about by one person and put right by another."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.models import CycleCount, Drift, Reservation, StockHeld, StockLevel, StockMovement
from inventory.operations.look_for_drift import look_after_audit, look_for_drift
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.repair_drift import approve_repair, ask_for_repair
from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.hq.show import list_url, page_url
from omni.core.models import AuditRun, Event
from omni.core.refusals import Invalid, NotAllowed, Refusal
from tests.factories import LocationFactory, line, person, placed, stocked

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
CHECKS = ("stock-ledger", "stock-held-ledger", "stock-reserved", "stock-promises", "drift-repaired-once")


def sound() -> bool:
    return not any(finding.count for finding in run_checks(CHECKS))


def typed_over(table: str, **numbers: int) -> None:
    """What nobody is supposed to do."""
    words = ", ".join(f"{name} = {value}" for name, value in numbers.items())
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {words}")


@pytest.fixture
def shelf():
    """Five units by the ledger, seven by the number."""
    variant = stocked(LocationFactory(), 5)
    typed_over("inventory_stocklevel", on_hand=7)
    look_for_drift(now=timezone.now())
    return StockLevel.objects.get(variant=variant)


@pytest.fixture
def two():
    return [Actor.of(person("hq", username=name)) for name in ("hana", "hugo")]


def act(client, name, row, **fields):
    url = reverse("admin:inventory_drift_act", args=[name])
    return client.get(url, {"pk": row.pk}), client.post(url, {"pk": row.pk, **fields}, follow=True)


def repaired(row, two, trusted, now=None):
    now = now or timezone.now()
    ask_for_repair(drift_id=row.pk, trusted=trusted, reason="restored backup", by=two[0], now=now)
    return approve_repair(drift_id=row.pk, by=two[1], now=now)


def test_what_is_found_is_found_once(shelf):
    row = Drift.objects.get()
    assert (row.number, row.shown_quantity, row.summed_quantity, row.difference) == ("on_hand", 7, 5, 2)
    assert look_for_drift(now=timezone.now()) == 0
    assert Event.objects.get(topic="inventory.drift_found").payload == {"drift": [row.pk]}


def test_nothing_is_looked_for_where_no_audit_saw_drift(shelf):
    Drift.objects.all().delete()
    assert look_after_audit(now=timezone.now()) == 0
    AuditRun.objects.create(results=[{"check": "stock-ledger", "count": 1}], violations=1)
    assert look_after_audit(now=timezone.now()) == 1


def test_the_number_is_right_one_movement_makes_the_ledger_agree(shelf, two):
    row = repaired(Drift.objects.get(), two, "number")
    movement = StockMovement.objects.get(kind="repair")
    assert (movement.quantity, movement.on_hand_after, movement.actor) == (2, 7, two[1].label)
    shelf.refresh_from_db()
    assert (shelf.on_hand, row.status) == (7, "repaired")
    assert CycleCount.objects.get().cause == row.cause, "neither side knew what really lies there"
    assert sound()


def test_the_ledger_is_right_the_shelf_follows_and_both_movements_say_so(shelf, two):
    repaired(Drift.objects.get(), two, "rows")
    written = StockMovement.objects.filter(kind="repair").order_by("pk")
    assert list(written.values_list("quantity", "on_hand_after")) == [(2, 7), (-2, 5)]
    shelf.refresh_from_db()
    assert shelf.on_hand == 5
    assert sound()


def test_promises_without_a_piece_after_a_repair_are_told(two):
    place = LocationFactory()
    variant = stocked(place, 2)
    placed(line(variant, 2, at=place))
    typed_over("inventory_stocklevel", on_hand=0, shortfall=2)
    look_for_drift(now=timezone.now())
    repaired(Drift.objects.get(), two, "rows")
    level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved, level.shortfall) == (2, 2, 0)
    assert sound()


def test_what_is_promised_becomes_the_sum_of_its_reservations(two):
    place = LocationFactory()
    variant = stocked(place, 3)
    placed(line(variant, 1, at=place))
    typed_over("inventory_stocklevel", reserved=3)
    look_for_drift(now=timezone.now())
    row = Drift.objects.get()
    with pytest.raises(Invalid, match="only these can be right"), transaction.atomic():
        ask_for_repair(drift_id=row.pk, trusted="number", reason="?", by=two[0], now=timezone.now())
    repaired(row, two, "rows")
    assert StockLevel.objects.get().reserved == sum(Reservation.objects.values_list("quantity", flat=True)) == 1
    assert not StockMovement.objects.filter(kind="repair").exists()
    assert sound()


@pytest.mark.parametrize(("trusted", "left"), [("number", 6), ("rows", 4)])
def test_what_is_held_apart_drifts_and_is_repaired_too(two, trusted, left):
    place, now = LocationFactory(), timezone.now()
    variant = stocked(place, 1)
    move_stock(moves=[Move(variant.pk, place.pk, "damage", 4, "damaged")], by=BY, now=now)
    typed_over("inventory_stockheld", quantity=6)
    look_for_drift(now=now)
    repaired(Drift.objects.get(), two, trusted)
    assert StockHeld.objects.get().quantity == left
    assert sound()


def test_nobody_approves_what_they_asked_for(shelf, two):
    row = Drift.objects.get()
    ask_for_repair(drift_id=row.pk, trusted="number", reason="backup", by=two[0], now=timezone.now())
    with pytest.raises(NotAllowed), transaction.atomic():
        approve_repair(drift_id=row.pk, by=two[0], now=timezone.now())
    assert not StockMovement.objects.filter(kind="repair").exists()


def test_a_shelf_that_moved_since_is_not_repaired_unseen(shelf, two):
    row, now = Drift.objects.get(), timezone.now()
    ask_for_repair(drift_id=row.pk, trusted="rows", reason="backup", by=two[0], now=now)
    move_stock(moves=[Move(shelf.variant_id, shelf.location_id, "pos_sale", -1)], by=BY, now=now)
    with pytest.raises(Refusal, match="By now the number is 6 and its rows add up to 4"), transaction.atomic():
        approve_repair(drift_id=row.pk, by=two[1], now=now)
    look_for_drift(now=now)
    row.refresh_from_db()
    assert (row.status, row.shown_quantity, row.repair_reason) == ("found", 6, ""), "asked for anew on the new numbers"


def test_what_agrees_by_now_is_closed(shelf):
    typed_over("inventory_stocklevel", on_hand=5)
    look_for_drift(now=timezone.now())
    assert Drift.objects.get().status == "gone"


def test_two_people_in_hq_put_a_number_right(shelf):
    hana, hugo = Client(), Client()
    asking = person("hq", username="hana")
    hana.force_login(asking, "django.contrib.auth.backends.ModelBackend")
    hugo.force_login(person("hq", username="hugo"), "django.contrib.auth.backends.ModelBackend")
    row = Drift.objects.get()
    AuditRun.objects.create(results=[], violations=1)
    assert list_url("inventory.drift", open="yes") in hana.get(reverse("admin:inventory_health")).content.decode()
    page, _ = act(hana, "ask", row, trusted="rows", reason="restored backup")
    assert "7 become 5" in page.content.decode(), "a dry run before anything is asked"
    assert not StockMovement.objects.filter(kind="repair").exists()
    _, refused = act(hana, "approve", row)
    assert "Another person has to approve" in refused.content.decode()
    _, done = act(hugo, "approve", row)
    assert done.status_code == 200
    told = hugo.get(page_url("inventory.drift", row.pk)).content.decode()
    assert "restored backup" in told
    assert str(asking) in told
    assert StockLevel.objects.get().on_hand == 5
    assert sound()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_sales_meanwhile_are_neither_lost_nor_repaired_away(guarded, monkeypatch):
    """The control repairs by numbers read without the shelf's lock: what was sold in between stays as drift."""
    place = LocationFactory()
    variant = stocked(place, 50)
    typed_over("inventory_stocklevel", on_hand=57)
    look_for_drift(now=timezone.now())
    row = Drift.objects.get()
    two = [Actor.of(person("hq", username=name)) for name in ("hana", "hugo")]
    ask_for_repair(drift_id=row.pk, trusted="rows", reason="backup", by=two[0], now=timezone.now())
    module = "inventory.operations.repair_drift"
    looked, sold = threading.Event(), threading.Event()
    if not guarded:
        monkeypatch.setattr(f"{module}.StockLevel.objects.lock", lambda keys: None)

    from inventory.operations import repair_drift

    read = repair_drift.numbers_of

    def numbers(*args):
        found = read(*args)
        looked.set()
        if not guarded:
            assert sold.wait(10)
        return found

    monkeypatch.setattr(f"{module}.numbers_of", numbers)

    def sell():
        assert looked.wait(10)
        move_stock(moves=[Move(variant.pk, place.pk, "pos_sale", -3)], by=BY, now=timezone.now())
        sold.set()
        connection.close()

    seller = threading.Thread(target=sell)
    seller.start()
    approve_repair(drift_id=row.pk, by=two[1], now=timezone.now())
    seller.join()
    repair = StockMovement.objects.filter(kind="repair").order_by("pk").first()
    before = StockMovement.objects.filter(pk__lt=repair.pk).exclude(kind="repair")
    told = sum(before.values_list("quantity", flat=True)) + repair.quantity
    assert (told == repair.on_hand_after) is guarded, "what the ledger says was there afterwards"
    assert StockLevel.objects.get().on_hand == 47
    assert sound()
