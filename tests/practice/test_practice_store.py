"""The practice store: the real screens and operations, and nothing real."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from inventory.models import Location, StockLevel
from omni.core import practice, practice_tables
from omni.core.checks import checks, run_checks
from omni.core.models import Event, WebhookEndpoint
from omni.core.relay import run_once
from orders.models import FulfillmentOrder, Message, Order, PickList
from orders.operations.open_practice import sweep
from orders.practice.goods import LAMP, MUG, TEE
from orders.practice.guide import guide
from tests.factories import person
from tests.practice.conftest import location_of, practicing, world_of

pytestmark = pytest.mark.django_db


def test_each_table_of_the_shop_has_a_twin_of_the_same_columns():
    assert practice_tables.are_up_to_date()
    assert "orders_order" in practice_tables.twins()
    assert "core_user" not in practice_tables.twins()


def test_a_new_column_makes_the_twins_anew():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_order ADD COLUMN extra text")
    assert not practice_tables.are_up_to_date()
    practice_tables.make_after_migration(plan=[])
    assert practice_tables.are_up_to_date()


def test_the_first_order_waits_and_the_bar_says_what_to_do(apprentice):
    page = apprentice.get("/today/").content.decode()
    assert "nothing here is real" in page
    assert "Step 1 of 5" in page
    assert "Start picking" in page
    with world_of(apprentice):
        assert Order.objects.get().is_practice


def test_a_pickup_is_practiced_from_the_queue_to_the_desk(apprentice):
    apprentice.post("/pick/start/", {"count": "1"})
    number = listed(apprentice)
    assert step(apprentice) == "Walk to A-01-1 and scan Crew tee: 0 of 2 so far."
    for good in (TEE, TEE, MUG):
        apprentice.post(f"/pick/{number}/scan/", {"code": good.barcode})
    assert step(apprentice).startswith("All is picked.")
    with world_of(apprentice):
        work = FulfillmentOrder.objects.get()
    apprentice.post(f"/pick/{number}/stage/", {"work": work.number, "code": "P-1"})
    with world_of(apprentice):
        code = guide()["now"].scan
    found = apprentice.post("/pickup/", {"code": code})
    assert found["Location"] == f"/pickup/{work.number}/"
    page = apprentice.get(found["Location"])
    form = page.context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    apprentice.post(found["Location"], {**given, "check": "code", "code": code, "seen": "0"})
    with world_of(apprentice):
        assert FulfillmentOrder.objects.get().status == "handed_over"
        assert guide()["now"] is None
        assert guide()["next_story"].key == "ship-wave"
        told = Message.objects.get()
        assert (told.kind, told.to, told.sent_at) == ("ready", "ada@practice.invalid", None)
    assert mail.outbox == []


def test_a_short_pick_goes_next_door_and_never_to_a_real_store(apprentice, store):
    apprentice.post("/practice/begin/", {"story": "short-pick"})
    with world_of(apprentice):
        work = FulfillmentOrder.objects.filter(lines__order_line__sku=LAMP.sku).get()
    apprentice.post("/pick/claim/", {"work": work.number})
    with world_of(apprentice):
        pick_list, line = PickList.objects.get(), work.lines.get()
    apprentice.post(f"/pick/{pick_list.number}/short/{line.pk}/", {"quantity": "1", "reason": "not-found"})
    with world_of(apprentice):
        other = FulfillmentOrder.objects.filter(order=work.order_id).exclude(pk=work.pk).get()
        assert other.location.code == "PRACTICE-NEIGHBOR"
        assert guide()["now"] is None
        assert [check.name for check, found in zip(checks().values(), run_checks(), strict=True) if found.count] == []
    assert FulfillmentOrder.objects.count() == 0


def test_reset_begins_anew_and_leaves_nothing_to_see(apprentice):
    before = location_of(apprentice)
    apprentice.post("/pick/start/", {"count": "1"})
    apprentice.post("/practice/reset/")
    assert location_of(apprentice) != before
    assert "Step 1 of 5" in apprentice.get("/pick/").content.decode()
    with practice.inside(before):
        old = PickList.objects.get()
    assert apprentice.get(f"/pick/{old.number}/").status_code == 404


def test_two_people_practice_without_seeing_each_other(apprentice, store):
    ben = practicing(person("lead", at=store), store)
    with world_of(ben):
        theirs = Order.objects.latest("pk")
        assert Location.objects.for_user(ben.user).count() == 1
    assert ben.get(f"/orders/{theirs.number}/").status_code == 200
    assert apprentice.get(f"/orders/{theirs.number}/").status_code == 404


def test_leaving_leads_back_to_the_real_store(apprentice, store):
    apprentice.post("/practice/leave/")
    page = apprentice.get("/today/").content.decode()
    assert "Oak Street" in page
    assert "nothing here is real" not in page


def test_another_persons_practice_store_does_not_open(apprentice, store):
    ben = practicing(person("associate", at=store), store)
    session = ben.session
    session["location_id"] = str(location_of(apprentice))
    session.save()
    assert ben.get("/today/")["Location"].startswith("/stores/")


def test_what_has_no_twin_cannot_be_changed_from_inside(apprentice):
    with world_of(apprentice), pytest.raises(Exception, match="cannot be tried in practice"):
        connection.cursor().execute("UPDATE core_setting SET value = '1'")


def test_the_sweep_waits_until_nobody_practices(apprentice):
    assert not sweep(now=timezone.now())
    assert sweep(now=timezone.now() + timedelta(hours=14))
    with practice.inside(1):
        assert not Order.objects.exists()
    assert apprentice.get("/today/")["Location"].startswith("/stores/")


def test_no_event_leaves_the_practice_store(apprentice):
    WebhookEndpoint.objects.create(url="https://example.org/hook", topics=["*"])
    run_once()
    before = Event.objects.count()
    apprentice.post("/pick/start/", {"count": "1"})
    run_once()
    assert Event.objects.count() == before
    assert StockLevel.objects.count() == 0
    with world_of(apprentice):
        assert Event.objects.filter(topic="orders.placed").exists()
        number = Order.objects.get().number
    assert "timeline" in apprentice.get(f"/orders/{number}/").content.decode()


def listed(client) -> int:
    with world_of(client):
        return PickList.objects.get().number


def step(client) -> str:
    with world_of(client):
        return str(guide()["now"].say)
