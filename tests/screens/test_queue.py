"""The pick queue: most urgent first, who has what, one or several taken at once, declined by a lead."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.models import FulfillmentLine, FulfillmentOrder, Order, PickList
from orders.models.fulfillment_order import Status
from tests.factories import LocationFactory, person, stocked

QUEUE = "/pick/"
CLAIM = "/pick/claim/"
DECLINE = "/pick/decline/"

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)


def due_in(work, minutes):
    FulfillmentOrder.objects.filter(pk=work.pk).update(due_at=timezone.now() + timedelta(minutes=minutes))


def titles(answer):
    return [card["title"] for card in answer.context["cards"]]


def title(work):
    return f"#{work.order.number}"


def many(location, count, prefix="many"):
    """Work as the queue sees it, written directly: thousands of orders through the operations take minutes."""
    variant = stocked(location, 1)
    now = timezone.now()
    orders = Order.objects.bulk_create(
        Order(channel="web", channel_reference=f"{prefix}-{n}", currency="USD", total_amount=1, placed_at=now,
              updated_at=now, contact_name="Ada Byron")
        for n in range(count)
    )  # fmt: skip
    line_model = FulfillmentLine._meta.get_field("order_line").related_model
    lines = line_model.objects.bulk_create(
        line_model(order=order, position=1, reference="1", variant=variant, sku=variant.sku, title="Shirt", quantity=1,
                   unit_price_amount=1, method="pickup", pickup_location=location, allocated_quantity=1)
        for order in orders
    )  # fmt: skip
    works = FulfillmentOrder.objects.bulk_create(
        FulfillmentOrder(number=f"{prefix}-{n}", order=order, location=location, method="pickup",
                         status=Status.RELEASED, due_at=now + timedelta(minutes=n), release_at=now)
        for n, order in enumerate(orders)
    )  # fmt: skip
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(fulfillment_order=work, order_line=line, variant=variant, quantity=1)
        for work, line in zip(works, lines, strict=True)
    )
    return works


def test_an_empty_queue_says_what_will_appear(ana):
    page = ana.get(QUEUE).content.decode()
    assert "Nothing to pick" in page
    assert "Pick the ticked orders" not in page


def test_the_oldest_promise_comes_first(ana, released):
    works = [released() for _ in range(3)]
    for work, minutes in zip(works, (90, -5, 30), strict=True):
        due_in(work, minutes)
    assert titles(ana.get(QUEUE)) == [title(works[1]), title(works[2]), title(works[0])]


def test_chips_show_pickup_ship_and_late(ana, released):
    late, soon, ship = released(), released(), released(ship=True)
    due_in(late, -5)
    due_in(soon, 30)
    due_in(ship, 300)
    page = ana.get(QUEUE)
    assert [(chip["label"], chip["count"]) for chip in page.context["chips"]] == [
        ("All", 3), ("To accept", 1), ("Late", 1), ("Within the hour", 1), ("Pickup", 2), ("Ship", 1),
    ]  # fmt: skip
    assert titles(ana.get(QUEUE, {"show": "late"})) == [title(late)]
    assert titles(ana.get(QUEUE, {"show": "soon"})) == [title(soon)]
    assert titles(ana.get(QUEUE, {"show": "ship"})) == [title(ship)]
    assert titles(ana.get(QUEUE, {"show": "pickup"})) == [title(late), title(soon)]


def test_another_stores_queue_is_its_own(ana, released):
    released(location=LocationFactory())
    assert titles(ana.get(QUEUE)) == []


def test_several_ticked_orders_become_one_list(ana, released):
    one, two, three = released(), released(), released()
    answer = ana.post(CLAIM, {"work": [one.number, three.number]})
    pick_list = PickList.objects.get()
    assert answer.url == f"/pick/{pick_list.number}/"
    assert set(pick_list.fulfillment_orders.all()) == {one, three}
    assert pick_list.picker == ana.user
    two.refresh_from_db()
    assert two.status == Status.RELEASED


@refusing
def test_the_second_person_reads_who_was_faster(at, released):
    ana, ben, work = at(), at(), released()
    ben.user.display_name = "Ben"
    ben.user.save()
    ben.post(CLAIM, {"work": [work.number]})

    answer = ana.post(CLAIM, {"work": [work.number]}, headers={"referer": f"http://testserver{QUEUE}"}, follow=True)

    assert f"Ben is already picking order {work.order.number}." in answer.content.decode()
    assert PickList.objects.get().picker == ben.user
    assert "Ben is picking" in answer.content.decode()


@refusing
@pytest.mark.parametrize(
    ("ticked", "said"),
    [([], "Tick at least one order first."), (["10-1"] * 3, "not at this location"), (["\x00"], "not an order")],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(ana, released, ticked, said):
    released()
    answer = ana.post(CLAIM, {"work": ticked}, headers={"referer": f"http://testserver{QUEUE}"}, follow=True)
    assert said in answer.content.decode()
    assert not PickList.objects.exists()


@refusing
def test_more_than_fifty_orders_are_too_many_for_one_walk(ana, store):
    works = many(store, 51)
    answer = ana.post(CLAIM, {"work": [work.number for work in works]}, headers={"referer": "http://testserver/pick/"},
                      follow=True)  # fmt: skip
    assert "Pick at most 50 orders in one walk." in answer.content.decode()
    assert not PickList.objects.exists()


@refusing
def test_another_stores_work_cannot_be_taken(ana, released):
    work = released(location=LocationFactory())
    ana.post(CLAIM, {"work": [work.number]})
    work.refresh_from_db()
    assert work.status == Status.RELEASED


def test_taken_work_has_no_box_to_tick_and_leads_to_its_list(ana, at, released, claimed):
    ben = person("associate")
    pick_list = claimed(released(), by=ben)
    page = ana.get(QUEUE).content.decode()
    assert f"{ben} is picking" in page
    assert reverse("orders:pick_list", args=[pick_list.number]) in page
    assert 'name="work"' not in page


@refusing
def test_the_button_takes_the_next_order_when_the_last_is_gone(ana, released):
    answer = ana.post("/pick/start/", {"count": "2"}, headers={"referer": "http://testserver/today/"}, follow=True)
    assert "Nothing waits to be picked." in answer.content.decode()


def test_a_lead_declines_a_ship_order_and_another_store_has_it(at, released):
    lead = at("lead")
    work = released(ship=True)
    other = LocationFactory()
    stocked(other, 1, variant=work.variant)
    assert "Decline the ticked orders" in lead.get(QUEUE).content.decode()

    answer = lead.post(DECLINE, {"work": [work.number], "reason": "no-capacity"}, follow=True)

    assert f"Order {work.order.number} is declined. Another store ships it" in answer.content.decode()
    work.refresh_from_db()
    assert work.status == Status.DECLINED
    assert work.order.fulfillment_orders.exclude(pk=work.pk).get().location == other


def test_the_customer_of_a_declined_pickup_is_asked(at, released):
    work = released()
    answer = at("lead").post(DECLINE, {"work": [work.number], "reason": "out-of-stock"}, follow=True)
    assert "The customer is asked" in answer.content.decode()
    assert work.order.lines.get().choices.get().answer == ""


@refusing
def test_work_that_somebody_picks_is_too_late_to_decline(at, released, claimed):
    taken, free = released(), released()
    claimed(taken, by=person("associate"))
    answer = at("lead").post(DECLINE, {"work": [taken.number, free.number], "reason": "no-capacity"}, follow=True)
    assert "cannot be declined any more" in answer.content.decode()
    taken.refresh_from_db()
    free.refresh_from_db()
    assert (taken.status, free.status) == (Status.PICKING, Status.DECLINED)


@refusing
@pytest.mark.parametrize("reason", ["", "not-found", "made-up"])
def test_declining_needs_one_of_its_reasons(at, released, reason):
    work = released()
    answer = at("lead").post(DECLINE, {"work": [work.number], "reason": reason},
                             headers={"referer": "http://testserver/pick/"}, follow=True)  # fmt: skip
    assert "Choose one of the reasons." in answer.content.decode()
    work.refresh_from_db()
    assert work.status == Status.RELEASED


def test_an_associate_may_not_decline(ana, released):
    work = released()
    assert "Decline the ticked orders" not in ana.get(QUEUE).content.decode()
    ana.post(DECLINE, {"work": [work.number], "reason": "no-capacity"})
    work.refresh_from_db()
    assert work.status == Status.RELEASED


def test_every_act_is_a_post(ana):
    assert {ana.get(path).status_code for path in (CLAIM, "/pick/start/", DECLINE)} == {405}


def test_a_poll_answers_304_until_something_changes(at, released, claimed):
    work = released(2)
    ana = at(htmx=True)
    drawn = ana.get(QUEUE)
    assert "<html" not in drawn.content.decode()
    assert "HX-Request" in drawn["Vary"]

    def asked():
        return ana.get(QUEUE, headers={"If-None-Match": drawn["ETag"]}).status_code

    assert asked() == 304
    ben = person("associate")
    pick_list = claimed(work, by=ben)
    assert asked() == 200
    drawn = ana.get(QUEUE)
    PickList.objects.filter(pk=pick_list.pk).update(picker=ana.user)
    assert asked() == 200
    assert "You are picking" in ana.get(QUEUE).content.decode()


def test_an_unchanged_poll_asks_the_database_little(at, store, django_assert_num_queries):
    many(store, 60)
    ana = at(htmx=True)
    etag = ana.get(QUEUE)["ETag"]
    with django_assert_num_queries(5):  # session, person, roles, store, and one look at the queue
        assert ana.get(QUEUE, headers={"If-None-Match": etag}).status_code == 304


def test_fifty_a_page_and_the_rest_behind_it(ana, store):
    many(store, 60)
    first, second = ana.get(QUEUE), ana.get(QUEUE, {"page": "2"})
    assert (len(titles(first)), len(titles(second))) == (50, 10)
    assert "Less urgent" in first.content.decode()
    assert "More urgent" in second.content.decode()
    assert not set(titles(first)) & set(titles(second))
    assert titles(ana.get(QUEUE, {"page": "x"})) == titles(first)


def test_two_thousand_orders_cost_the_queries_of_a_hundred(at, store):
    other = LocationFactory()
    lead, busy = at("lead"), at("lead", location=other)
    many(store, 100, "few")
    many(other, 2_000, "lots")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_fulfillmentorder")
    with CaptureQueriesContext(connection) as few:
        assert len(titles(lead.get(QUEUE))) == 50
    with CaptureQueriesContext(connection) as lots:
        assert len(titles(busy.get(QUEUE))) == 50
    assert len(lots) == len(few) <= 9
    rows = next(query["sql"] for query in lots if "card_units" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {rows}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "fulfillment_queue" in plan
    assert "Sort" not in plan.split("SubPlan")[0]
