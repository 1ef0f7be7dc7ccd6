"""A partner without a system: its orders by hand, and nothing else of the house."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from inventory.models import Snapshot
from inventory.operations.reconcile import reconcile
from omni.core.access import CAPABILITIES, can
from omni.core.models import Grant, User
from orders.models import FulfillmentOrder, Shipment
from orders.operations.hold_order import hold_order
from tests.factories import LocationFactory, person, stocked
from tests.factories.feeds import csv_of
from tests.factories.partners import out, vendor, with_feed
from tests.screens.conftest import Browser
from tests.shop import SITE, audit, level, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return with_feed(vendor())


@pytest.fixture
def willa(partner):
    return person("partner", at=partner.location)


@pytest.fixture
def page(willa):
    client = Browser()
    client.force_login(willa)
    return client


def at(work, act: str = "") -> str:
    return f"/partner/orders/{work.number}/{act and act + '/'}"


def units(work, *quantities: int) -> dict[str, int]:
    return {f"units_{line.pk}": n for line, n in zip(work.lines.order_by("pk"), quantities, strict=True)}


def said(response) -> str:
    return response.content.decode()


def test_signing_in_leads_to_the_own_orders(partner, willa):
    client = Client()
    first = client.post("/sign-in/", {"username": willa.username, "password": "correct horse battery"})
    assert first.headers["Location"] == "/partner/"
    assert client.get("/").headers["Location"] == "/partner/"
    empty = said(client.get("/partner/"))
    assert "Nothing to do right now" in empty
    assert "/stores/" not in empty and "/practice/" not in empty and "/pin/" not in empty


def test_orders_are_listed_by_the_time_they_ship_and_confirmed_all_at_once(page, partner):
    late, soon = out(partner, 1), out(partner, 2)
    FulfillmentOrder.objects.filter(pk=late.pk).update(cutoff_at=now() + timedelta(days=2))
    listed = said(page.get("/partner/"))
    assert listed.index(soon.number) < listed.index(late.number)
    assert "Confirm all 2 orders as promised" in listed
    page.post("/partner/confirm/", {"work": [late.number, soon.number]})
    assert set(FulfillmentOrder.objects.values_list("status", flat=True)) == {"accepted"}
    assert "2 orders are confirmed." in said(page.get("/partner/"))
    assert "Nothing was left to confirm." in said(page.post("/partner/confirm/", {"work": [late.number]}, follow=True))


def test_what_comes_after_the_page_was_drawn_is_not_confirmed_unseen(page, partner):
    seen, unseen = out(partner), out(partner)
    page.post("/partner/confirm/", {"work": [seen.number]})
    unseen.refresh_from_db()
    assert unseen.status == "released"


def test_a_part_is_confirmed_for_a_day_and_taken_back(page, partner):
    work = out(partner, 3, 1)
    day = (now() + timedelta(days=3)).date().isoformat()
    answer = page.post(at(work, "confirm"), units(work, 2, 1) | {"ships_on": day}, follow=True)
    assert answer.status_code == 200
    shown = said(page.get(at(work)))
    assert f"confirmed for {day}" in shown and "Waits for your answer" in shown
    page.post(at(work, "confirm"), units(work, 3, 1) | {"ships_on": day})
    listed = said(page.get(f"/partner/?confirmed={work.number}"))
    assert "is confirmed" in listed and at(work, "undo") in listed
    assert "The confirmation is taken back." in said(page.post(at(work, "undo"), follow=True))
    work.refresh_from_db()
    assert work.status == "released"
    assert audit() == {}


def test_units_are_refused_with_a_reason_and_go_elsewhere(page, partner):
    work = out(partner, 3)
    variant = work.lines.get().variant
    other = LocationFactory()
    stocked(other, 3, variant=variant)
    nothing = page.post(at(work, "refuse"), units(work, 2))
    assert (nothing.status_code, work.order.fulfillment_orders.count()) == (422, 1)
    answer = said(page.post(at(work, "refuse"), units(work, 2) | {"reason": "out-of-stock"}, follow=True))
    assert "we look for somebody else" in answer and "2 refused" in answer and "1 to ship" in answer
    assert work.order.fulfillment_orders.get(location=other).lines.get().quantity == 2
    assert level(variant, partner.location) == (1, 1, 0)
    assert audit() == {}


def test_a_refusal_pressed_twice_counts_once(page, partner):
    work = out(partner, 3)
    stocked(LocationFactory(), 3, variant=work.lines.get().variant)
    drawn = page.get(at(work, "refuse"))
    press = units(work, 1) | {"reason": "out-of-stock", "seen": drawn.context["form"]["seen"].value()}
    for _ in range(2):
        answer = page.post(at(work, "refuse"), press, follow=True)
    assert "has changed since you opened the page" in said(answer)
    assert work.lines.get().short_quantity == 1
    assert f'value="{press["seen"]}"' in said(drawn)
    assert audit() == {}


def test_the_last_parcel_pressed_twice_has_left(page, partner):
    work = out(partner, 1)
    press = units(work, 1) | {"carrier": "UPS", "tracking_number": "1Z1"}
    for _ in range(2):
        assert "has left" in said(page.post(at(work, "ship"), press, follow=True))
    assert Shipment.objects.count() == 1


def test_a_form_with_a_nul_is_refused(page, partner):
    answer = page.post("/partner/confirm/", "work=a%00b", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_parcels_leave_one_after_the_other_and_a_second_press_changes_nothing(page, partner):
    work = out(partner, 3)
    first = units(work, 1) | {"carrier": "UPS", "tracking_number": "1Z 1"}
    assert "The rest of the order is still to ship." in said(page.post(at(work, "ship"), first, follow=True))
    page.post(at(work, "ship"), first)
    assert (Shipment.objects.count(), work.lines.get().issued_quantity) == (1, 1)
    other_content = page.post(at(work, "ship"), units(work, 2) | {"carrier": "UPS", "tracking_number": "1Z1"})
    assert (other_content.status_code, "was told before" in said(other_content)) == (409, True)
    rest = units(work, 2) | {"carrier": "UPS", "tracking_number": "1Z2"}
    assert "The customer gets the tracking number." in said(page.post(at(work, "ship"), rest, follow=True))
    gone = said(page.get("/partner/history/?q=1Z2"))
    assert work.number in gone and "1Z1" in gone
    assert "Nothing of it is open" in said(page.get(at(work, "ship")))
    assert audit() == {}


def test_without_a_tracking_number_nothing_leaves(page, partner):
    work = out(partner)
    answer = page.post(at(work, "ship"), units(work, 1) | {"carrier": "UPS"})
    assert (answer.status_code, Shipment.objects.count()) == (422, 0)


def test_what_became_of_an_order_meanwhile_is_said_plainly(page, partner):
    work = out(partner, 1)
    hold_order(number=work.order.number, kind="payment", note="", by=SITE, now=now())
    assert page.get(at(work)).status_code == 404, "not released to them at the moment"
    other = out(partner, 1)
    page.post(at(other, "confirm"), units(other, 1) | {"ships_on": now().date() + timedelta(days=1)})
    hold_order(number=other.order.number, kind="payment", note="", by=SITE, now=now())
    held = said(page.get(at(other)))
    assert "Do not ship it yet" in held and at(other, "ship") not in held
    answer = page.post(at(other, "ship"), units(other, 1) | {"carrier": "UPS", "tracking_number": "1Z1"})
    assert (answer.status_code, Shipment.objects.count()) == (409, 0)


@pytest.mark.parametrize("packs_as_us", [True, False])
def test_the_slip_names_whom_it_should_and_no_price(page, partner, packs_as_us):
    partner.packs_as_us = packs_as_us
    partner.save()
    work = out(partner, 2)
    slip = said(page.get(at(work, "slip")))
    assert (partner.location.name in slip) is not packs_as_us
    assert "Ada Byron" in slip and "USD" not in slip and "ada@example.org" not in slip


def test_nothing_of_the_customer_but_the_address_is_on_any_page(page, partner):
    work = out(partner, 2)
    for path in ("/partner/", at(work), at(work, "confirm"), at(work, "refuse"), at(work, "ship"), at(work, "slip")):
        shown = said(page.get(path))
        for private in ("ada@example.org", "6125550100", "WEB-"):
            assert private not in shown, (path, private)


def test_stock_is_sent_as_a_file_and_what_became_of_it_is_shown(page, partner):
    variant, other = stocked(partner.location, 5), stocked(partner.location, 5)
    elsewhere = LocationFactory()
    stocked(elsewhere, 9, variant=variant)
    unknown = f"nonsense,{partner.location.code},1"
    content = csv_of((variant, partner.location, 4), (other, partner.location, 5), unknown, (variant, elsewhere, 0))
    with_feed_of = partner.feed
    with_feed_of.most_bad_percent = 100
    with_feed_of.save()
    sent = page.post("/partner/stock/", {"file": SimpleUploadedFile("stock.csv", content)})
    url = sent.headers["Location"]
    assert "We are reading it" in said(page.get(url))
    reconcile(now=now())
    shown = said(page.get(url))
    assert variant.sku in shown and "taken over from you" in shown and "Line 4" in shown and "Line 5" in shown
    assert level(variant, partner.location)[0] == 4
    assert level(variant, elsewhere)[0] == 9, "it speaks of its own shelves only"
    listed = said(page.get("/partner/stock/"))
    assert "stock.csv" in listed
    assert listed.count('aria-current="page"') == 1, "one is in the room of stock, not in that of orders as well"


def test_a_file_that_is_none_is_refused_with_what_to_do(page, partner):
    answer = page.post("/partner/stock/", {"file": SimpleUploadedFile("stock.pdf", b"%PDF")})
    assert (answer.status_code, "Send a .csv" in said(answer), Snapshot.objects.count()) == (422, True, 0)


def test_without_a_feed_of_its_own_there_is_no_upload(page, partner):
    partner.feed.location = None
    partner.feed.save()
    page_of_stock = said(page.get("/partner/stock/"))
    assert "No stock feed is set up for you" in page_of_stock
    page.post("/partner/stock/", {"file": SimpleUploadedFile("stock.csv", b"sku,quantity\n")})
    assert Snapshot.objects.count() == 0


def test_another_partners_things_do_not_exist(page, partner):
    stranger = with_feed(vendor("Elsewhere"))
    work = out(stranger, 2)
    before = Shipment.objects.count(), work.status
    for act in ("", "confirm", "refuse", "ship", "slip"):
        assert page.get(at(work, act)).status_code == 404, act
    body = units(work, 1) | {"carrier": "UPS", "tracking_number": "1Z1", "reason": "out-of-stock",
                             "ships_on": now().date()}  # fmt: skip
    for act in ("confirm", "undo", "refuse", "ship"):
        assert page.post(at(work, act), body).status_code == 404, act
    page.post("/partner/confirm/", {"work": [work.number]})
    mine = out(partner, 1)
    foreign_line = page.post(at(mine, "ship"), units(work, 1) | {"carrier": "UPS", "tracking_number": "1Z1"})
    assert foreign_line.status_code == 422
    work.refresh_from_db()
    assert (Shipment.objects.count(), work.status) == before
    assert work.number not in said(page.get("/partner/")) + said(page.get("/partner/history/"))
    assert "Nothing found" in said(page.get(f"/partner/history/?q={work.number}"))
    snapshot = Snapshot.objects.create(feed=stranger.feed, key="k", as_of=now(), format="csv", byte_count=0,
                                       created_at=now(), created_by="x")  # fmt: skip
    snapshot.refresh_from_db()
    assert page.get(f"/partner/stock/{snapshot.public_id}/").status_code == 404


def test_whoever_belongs_to_a_partner_is_nothing_else_here(partner, willa):
    Grant.objects.create(user=willa, role="hq", scope=None)
    again = User.objects.get(pk=willa.pk)
    assert {each for each in CAPABILITIES if can(again, each)} == {"partner"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=willa, role="partner", scope="location:9999")
    for scope in (None, "group:1"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(user=person("associate"), role="partner", scope=scope)


def test_a_role_at_something_that_is_no_vendor_opens_nothing(db):
    client = Client()
    client.force_login(person("partner", at=LocationFactory()))
    assert client.get("/partner/").status_code == 403


@pytest.mark.parametrize("role", ["associate", "manager", "hq"])
def test_people_of_the_house_have_no_business_there(partner, role):
    client = Client()
    client.force_login(person(role))
    assert client.get("/partner/").status_code == 403


def test_a_list_asks_no_more_for_many_orders(page, partner, django_assert_max_num_queries):
    for _ in range(5):
        out(partner, 1, 1)
    page.get("/partner/")
    with django_assert_max_num_queries(20):
        page.get("/partner/")
