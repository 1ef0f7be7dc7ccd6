"""A partner's system: it gets its orders, answers them unit by unit, and ships; each telling counts once."""

from datetime import timedelta

import pytest

from inventory.models import StockLevel, StockMovement
from omni.core.models import Event
from orders import events
from orders.models import FulfillmentOrder, OrderException, Shipment
from orders.operations.cancel import cancel
from orders.operations.hold_order import hold_order, unhold_order
from orders.operations.release import release_due
from tests.api.conftest import rows
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.partners import out, vendor
from tests.shop import SITE, audit, level, now

pytestmark = pytest.mark.django_db
SCOPES = ["dropship:read", "dropship:write"]


@pytest.fixture
def partner():
    return vendor()


@pytest.fixture
def system(new_site, partner):
    """The partner's own system."""
    return new_site(scopes=SCOPES, locations=[partner.location.scope])


def path(work, act: str = "") -> str:
    return f"/dropship-orders/{work.number}{act and '/' + act}"


def today(partner):
    return now().astimezone(partner.location.zone).date()


def tomorrow(partner, days: int = 1) -> str:
    return (today(partner) + timedelta(days=days)).isoformat()


def told(work, topic: str) -> int:
    return Event.objects.filter(topic=topic, payload__fulfillment_order=work.number).count()


def parcel(tracking: str, *lines: tuple[str, int], **more) -> dict:
    some = {"lines": [{"reference": reference, "quantity": n} for reference, n in lines]} if lines else {}
    return {"carrier": "UPS", "tracking_number": tracking} | some | more


def test_an_order_goes_out_is_confirmed_and_ships(system, partner):
    work = out(partner, 2, 1)
    (listed,) = system.get("/dropship-orders", state="new").json()["results"]
    assert (listed["number"], listed["location"]) == (work.number, partner.location.code)
    assert [(each["reference"], each["open_quantity"]) for each in listed["lines"]] == [("1", 2), ("2", 1)]
    assert listed["actions"] == ["acknowledge", "confirm", "refuse", "ship"]

    got = system.post(path(work, "acknowledgement"), {"reference": "SO-1"}).json()
    assert (got["state"], got["reference"]) == ("acknowledged", "SO-1")
    confirmed = system.post(path(work, "confirmation")).json()
    assert (confirmed["state"], [each["confirmed_quantity"] for each in confirmed["lines"]]) == ("confirmed", [2, 1])
    shipped = system.post(path(work, "shipments"), {"parcels": [parcel("1Z1", ("1", 1)), parcel("1Z2")]}).json()
    assert (shipped["state"], shipped["actions"]) == ("shipped", [])
    assert [(each["tracking_number"], sum(n["quantity"] for n in each["lines"])) for each in shipped["shipments"]] == [
        ("1Z1", 1), ("1Z2", 2),
    ]  # fmt: skip
    assert list(StockLevel.objects.values_list("on_hand", "reserved")) == [(0, 0), (0, 0)]
    assert told(work, events.SHIPPED) == 2
    assert audit() == {}


def test_nothing_but_the_address_is_told_of_a_customer(system, partner):
    work = out(partner)
    answer = system.get(path(work))
    assert set(answer.json()["ship_to"]) == {"name", "line1", "line2", "city", "region", "postal_code", "country"}
    for private in ("ada@example.org", "6125550100", "USD", "WEB-", "price"):
        assert private not in answer.content.decode(), private
    assert not any("ada@" in str(event.payload) for event in Event.objects.all())


def test_another_partners_orders_do_not_exist(new_site, partner):
    stranger = vendor("Elsewhere")
    work = out(partner)
    other = new_site(scopes=SCOPES, locations=[stranger.location.scope])
    assert other.get("/dropship-orders").json()["results"] == []
    before = rows()
    bodies = {
        "acknowledgement": {}, "confirmation": {}, "refusal": {"reason": "out-of-stock"},
        "shipments": {"parcels": [parcel("1Z1")]},
    }  # fmt: skip
    assert other.get(path(work)).status_code == 404
    assert {act: other.post(path(work, act), body).status_code for act, body in bodies.items()} == dict.fromkeys(
        bodies, 404
    )
    assert other.delete(path(work, "confirmation")).status_code == 404
    assert rows() == before


def test_a_stores_work_is_no_partners_and_what_is_planned_is_not_told(new_site, shop):
    anybody = new_site(scopes=SCOPES)
    work = placed(line(stocked(shop.store, 2))).fulfillment_orders.get()
    assert anybody.get(path(work)).status_code == 404
    planned = out(vendor())
    FulfillmentOrder.objects.filter(pk=planned.pk).update(released_at=None, status="planned")
    assert anybody.get(path(planned)).status_code == 404


def test_a_later_day_moves_the_promise_and_its_customer_is_told(system, partner):
    work = out(partner, 2, 1)
    said = {"lines": [{"reference": "1"}, {"reference": "2", "ships_on": tomorrow(partner, 4)}]}
    answer = system.post(path(work, "confirmation"), said).json()
    assert answer["lines"][1]["ships_on"] == tomorrow(partner, 4)
    assert answer["ship_by"][:10] == tomorrow(partner, 4)
    (moved,) = Event.objects.filter(topic=events.SHIP_DATE_MOVED)
    assert moved.payload["ships_on"] == tomorrow(partner, 4)
    assert OrderException.objects.get().kind == "late"
    system.post(path(work, "confirmation"), said)
    assert Event.objects.filter(topic=events.SHIP_DATE_MOVED).count() == 1, "the same said twice is no news"
    assert told(work, events.CONFIRMED) == 1


@pytest.mark.parametrize(("days", "code"), [(-1, "past_day"), (61, "too_far")])
def test_a_day_that_cannot_be_meant_is_refused(system, partner, days, code):
    work = out(partner)
    before = rows()
    answer = system.post(path(work, "confirmation"), {"ships_on": tomorrow(partner, days)})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert rows() == before


def test_a_part_confirmed_waits_for_the_rest_and_refusing_the_rest_answers_it(system, partner):
    work = out(partner, 3)
    part = system.post(path(work, "confirmation"), {"lines": [{"reference": "1", "quantity": 2}]}).json()
    assert (part["state"], part["lines"][0]["confirmed_quantity"]) == ("acknowledged", 2)
    no = {"reason": "out-of-stock", "lines": [{"reference": "1", "quantity": 1}]}
    answer = system.post(path(work, "refusal"), no).json()
    line = answer["lines"][0]
    assert (answer["state"], line["refused_quantity"], line["open_quantity"], line["confirmed_quantity"]) == (
        "confirmed", 1, 2, 2,
    )  # fmt: skip
    assert told(work, events.UNITS_DECLINED) == 1
    assert OrderException.objects.get().kind == "waiting", "nobody else has it: a person looks"
    assert audit() == {}


def test_a_word_that_is_lowered_leaves_the_rest_unanswered(system, partner):
    work = out(partner, 3)
    system.post(path(work, "confirmation"), {})
    part = system.post(path(work, "confirmation"), {"lines": [{"reference": "1", "quantity": 1}]}).json()
    assert (part["state"], part["lines"][0]["confirmed_quantity"]) == ("acknowledged", 1)
    assert audit() == {}
    system.post(path(work, "confirmation"), {})
    work.refresh_from_db()
    assert work.status == "accepted"
    assert audit() == {}


def test_a_refused_order_goes_elsewhere_at_once_and_never_comes_back(system, partner):
    work = out(partner, 2)
    variant = work.lines.get().variant
    other = LocationFactory()
    stocked(other, 5, variant=variant)
    answer = system.post(path(work, "refusal"), {"reason": "out-of-stock"}).json()
    assert (answer["state"], answer["actions"]) == ("refused", [])
    again = work.order.fulfillment_orders.get(location=other)
    assert (again.status, again.lines.get().quantity) == ("planned", 2)
    assert level(variant, partner.location) == (0, 0, 0), "what is not there is taken from its stock"
    assert told(work, events.DECLINED) == 1
    late = system.post(path(work, "refusal"), {"reason": "out-of-stock"})
    assert (late.status_code, late.json()["code"]) == (409, "refused")
    assert audit() == {}


def test_a_reason_that_says_nothing_of_stock_leaves_it(system, partner):
    work = out(partner, 2)
    system.post(path(work, "refusal"), {"reason": "no-capacity"})
    assert level(work.lines.get().variant, partner.location) == (2, 0, 0)
    unknown = system.post(path(work, "refusal"), {"reason": "mood"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reason")


def test_the_same_shipment_told_twice_counts_once(system, partner):
    work = out(partner, 3)
    body = {"parcels": [parcel("1Z 1", ("1", 1))]}
    first = system.post(path(work, "shipments"), body).json()
    again = system.post(path(work, "shipments"), {"parcels": [parcel("1Z1", ("1", 1))]}).json()
    assert again == first
    assert (Shipment.objects.count(), told(work, events.SHIPPED)) == (1, 1)
    differs = system.post(path(work, "shipments"), {"parcels": [parcel("1Z1", ("1", 2))]})
    assert (differs.status_code, differs.json()["code"]) == (409, "shipment_differs")
    system.post(path(work, "shipments"), {"parcels": [parcel("1Z2")]})
    after = system.post(path(work, "shipments"), body)
    assert (after.status_code, after.json()["state"]) == (200, "shipped"), "told again when all has left"
    assert StockMovement.objects.filter(kind="ship").count() == 2
    assert audit() == {}


def test_a_parcel_of_whole_lines_told_twice_is_the_same_parcel(system, partner):
    work = out(partner, 3, 1)
    body = {"parcels": [{"carrier": "UPS", "tracking_number": "1Z1", "lines": [{"reference": "1"}]}]}
    for _ in range(2):
        answer = system.post(path(work, "shipments"), body)
        assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")
    assert [line.issued_quantity for line in work.lines.order_by("pk")] == [3, 0]
    other = {"parcels": [{"carrier": "UPS", "tracking_number": "1Z1", "lines": [{"reference": "2"}]}]}
    assert system.post(path(work, "shipments"), other).json()["code"] == "shipment_differs"
    assert audit() == {}


def test_parcels_are_booked_together_or_not_at_all(system, partner):
    work = out(partner, 2)
    answer = system.post(path(work, "shipments"), {"parcels": [parcel("1Z1", ("1", 1)), parcel("1Z2", ("1", 2))]})
    assert answer.status_code == 422
    assert (Shipment.objects.count(), level(work.lines.get().variant, partner.location)) == (0, (2, 2, 0))


def test_messages_out_of_order_are_answered_plainly(system, partner):
    work = out(partner, 2)
    system.post(path(work, "shipments"), {"parcels": [parcel("1Z1", ("1", 1))]})
    assert system.get(path(work)).json()["state"] == "confirmed", "shipping confirms"
    early = system.delete(path(work, "confirmation"))
    assert (early.status_code, early.json()["code"]) == (409, "already_shipped")
    assert system.post(path(work, "confirmation")).status_code == 200, "late, and still true of the rest"
    system.post(path(work, "shipments"), {"parcels": [parcel("1Z2")]})
    for act, body in {"confirmation": {}, "refusal": {"reason": "out-of-stock"}}.items():
        answer = system.post(path(work, act), body)
        assert (answer.status_code, answer.json()["code"]) == (409, "already_shipped"), act
    assert system.post(path(work, "acknowledgement")).status_code == 200


def test_what_a_customer_cancelled_is_told_and_not_shipped(system, partner):
    work = out(partner, 3)
    system.post(path(work, "confirmation"), {"lines": [{"reference": "1", "quantity": 2}]})
    cancel(number=work.order.number, lines=[("1", 1)], reason="one too many", by=SITE, now=now())
    seen = system.get(path(work)).json()
    assert (seen["state"], seen["lines"][0]["cancelled_quantity"], seen["lines"][0]["confirmed_quantity"]) == (
        "confirmed", 1, 2,
    )  # fmt: skip
    (news,) = Event.objects.filter(topic=events.PARTNER_UNITS_CANCELLED)
    assert (news.payload["location"], news.payload["lines"][0]["quantity"]) == (partner.location.code, 1)
    cancel(number=work.order.number, reason="not at all", by=SITE, now=now())
    gone = system.post(path(work, "shipments"), {"parcels": [parcel("1Z1")]})
    assert (gone.status_code, gone.json()["code"]) == (409, "cancelled")
    assert Shipment.objects.count() == 0
    assert audit() == {}


def test_the_rest_cancelled_after_a_parcel_left_closes_the_work(system, partner):
    work = out(partner, 3)
    system.post(path(work, "shipments"), {"parcels": [parcel("1Z1", ("1", 2))]})
    cancel(number=work.order.number, reason="enough", by=SITE, now=now())
    work.refresh_from_db()
    assert work.status == "shipped"
    assert audit() == {}


def test_a_confirmation_is_taken_back_until_something_left(system, partner):
    work = out(partner, 2)
    system.post(path(work, "confirmation"))
    back = system.delete(path(work, "confirmation")).json()
    assert (back["state"], back["lines"][0]["confirmed_quantity"], back["lines"][0]["ships_on"]) == (
        "acknowledged", 0, None,
    )  # fmt: skip
    assert told(work, events.CONFIRMATION_WITHDRAWN) == 1
    system.delete(path(work, "confirmation"))
    assert told(work, events.CONFIRMATION_WITHDRAWN) == 1
    assert audit() == {}


def test_a_held_order_waits_and_is_asked_anew(system, partner):
    work = out(partner, 2)
    system.post(path(work, "confirmation"), {"lines": [{"reference": "1", "quantity": 1}]})
    hold_order(number=work.order.number, kind="fraud_review", note="", by=SITE, now=now())
    assert system.get(path(work)).status_code == 404, "not released to it at the moment"
    unhold_order(number=work.order.number, by=SITE, now=now())
    release_due(now=now())
    assert system.get(path(work)).json()["lines"][0]["confirmed_quantity"] == 0


def test_time_to_confirm_and_to_ship_are_as_agreed(db):
    agreed = vendor(confirm_minutes=90, ship_days=2)
    work = out(agreed)
    assert timedelta(minutes=89) < work.confirm_by - work.released_at <= timedelta(minutes=90)
    soon = out(vendor(ship_days=0))
    assert work.cutoff_at - soon.cutoff_at == timedelta(days=2)


def test_lines_are_named_by_what_is_wrong_with_them(system, partner):
    work = out(partner, 2)
    body = {"lines": [{"reference": "9"}, {"reference": "1"}, {"reference": "1"}]}
    answer = system.post(path(work, "confirmation"), body)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/lines/0/reference", "unknown_line"), ("/lines/2/reference", "repeated"),
    ]  # fmt: skip
    more = system.post(path(work, "confirmation"), {"lines": [{"reference": "1", "quantity": 3}]})
    assert (more.status_code, more.json()["code"], more.json()["errors"][0]["available"]) == (409, "not_open", 2)


def test_a_list_asks_the_same_few_queries_however_long(system, partner, django_assert_max_num_queries):
    for _ in range(6):
        out(partner, 1, 2)
    system.get("/dropship-orders")
    with django_assert_max_num_queries(14):
        assert len(system.get("/dropship-orders").json()["results"]) == 6
