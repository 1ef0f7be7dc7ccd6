"""The lead's shift: the figures, the rows behind them, who is on what; and the district's stores side by side."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from omni.core.actors import Actor
from omni.core.models import Grant
from orders.models import FulfillmentOrder, OrderException
from orders.models.fulfillment_order import Status
from orders.operations.decline import decline
from orders.operations.time_out import time_out
from orders.shift import figures
from tests.factories import GroupFactory, LocationFactory, person, stocked
from tests.factories.floor import staged
from tests.screens.test_queue import due_in, many
from tests.shop import now

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)
SHIFT = "/shift/"


def numbers(store):
    return figures([store], now())[store.pk]


def due_today(work, *, minutes):
    """Due so many minutes from now, and within the store's today whatever the hour."""
    then = now() + timedelta(minutes=minutes)
    FulfillmentOrder.objects.filter(pk=work.pk).update(due_at=then, cutoff_at=None)


def test_an_empty_shift_says_what_will_appear(at):
    page = at("lead").get(SHIFT).content.decode()
    assert "Nobody is picking right now." in page
    assert "nothing due yet" in page


def test_an_associate_does_not_lead(ana):
    assert ana.get(SHIFT).status_code == 403


def test_the_figure_of_the_day_is_a_share_with_its_rows(at, store, released):
    picker = person("associate", at=store)
    good, bad, open_late = released(), released(), released()
    done = [staged(work, by=picker) for work in (good, bad)]
    due_today(done[0], minutes=5)
    due_today(done[1], minutes=-1)
    FulfillmentOrder.objects.filter(pk=done[1].pk).update(staged_at=now())
    due_today(open_late, minutes=-1)
    found = numbers(store)
    assert (found.decided, found.in_time, found.late) == (3, 1, 1)
    assert round(found.sla) == 33
    lead = at("lead")
    page = lead.get(SHIFT).content.decode()
    assert "33 %" in page
    assert "1 of 3 due until now" in page
    rows = lead.get("/shift/rows/", {"show": "not-in-time"}).content.decode()
    assert str(bad.order.number) in rows
    assert str(open_late.order.number) in rows
    assert str(good.order.number) not in rows
    assert str(good.order.number) in lead.get("/shift/rows/", {"show": "in-time"}).content.decode()
    assert lead.get("/shift/rows/", {"show": "made-up"}).status_code == 404


def test_declines_and_time_outs_are_counted_with_their_reasons(at, store, released):
    refused, ignored = released(ship=True), released(ship=True)
    other = LocationFactory(latitude=46.0)
    for work in (refused, ignored):
        stocked(other, 1, variant=work.variant)
    decline(number=refused.number, reason="Too much work", by=Actor.system("lead"), now=now())
    FulfillmentOrder.objects.filter(pk=ignored.pk).update(confirm_by=now())
    assert time_out(number=ignored.number, now=now())
    found = numbers(store)
    assert (found.declined, found.timed_out) == (1, 1)
    page = at("lead").get(SHIFT).content.decode()
    assert "Too much work" in page
    assert "not accepted in time" in page
    rows = at("lead").get("/shift/rows/", {"show": "declined"}).content.decode()
    assert str(refused.order.number) in rows
    assert str(ignored.order.number) not in rows


def test_exceptions_of_the_stores_orders_are_shown_once(at, store, released):
    work, elsewhere = released(), released(location=LocationFactory())
    for each in (work, elsewhere):
        OrderException.objects.create(order=each.order, kind="payment", detail="declined by bank", raised_at=now())
    OrderException.objects.create(order=work.order, kind="late", detail="was late", raised_at=now(), resolved_at=now())
    assert numbers(store).exceptions == 1
    page = at("lead").get(SHIFT).content.decode()
    assert "declined by bank" in page
    assert "was late" not in page


def test_a_lead_gives_a_list_to_a_colleague(at, store, released, claimed):
    ana, ben = person("associate", at=store), person("associate", at=store)
    pick_list = claimed(released(), by=ana)
    lead = at("lead")
    assert f'value="{ben.pk}"' in lead.get(SHIFT).content.decode()

    lead.post(f"/shift/lists/{pick_list.number}/reassign/", {"user": ben.pk})

    pick_list.refresh_from_db()
    assert pick_list.picker == ben


@refusing
@pytest.mark.parametrize("who", ["stranger", "left", "nobody"])
def test_a_list_goes_to_nobody_from_elsewhere(at, store, released, claimed, who):
    ana = person("associate", at=store)
    stranger, left = person("associate", at=LocationFactory()), person("associate", at=store)
    left.is_active = False
    left.save()
    pick_list = claimed(released(), by=ana)
    user = {"stranger": stranger.pk, "left": left.pk, "nobody": 10**9}[who]
    answer = at("lead").post(f"/shift/lists/{pick_list.number}/reassign/", {"user": user},
                             headers={"referer": "http://testserver/shift/"}, follow=True)  # fmt: skip
    assert "Choose one of the store’s people." in answer.content.decode()
    pick_list.refresh_from_db()
    assert pick_list.picker == ana


def test_a_poll_answers_304_until_something_changes(at, released):
    lead = at("lead", htmx=True)
    drawn = lead.get(SHIFT)
    assert lead.get(SHIFT, headers={"If-None-Match": drawn["ETag"]}).status_code in (304, 200)  # a minute may pass
    released()
    assert lead.get(SHIFT, headers={"If-None-Match": drawn["ETag"]}).status_code == 200


def test_the_shift_costs_the_same_for_many_orders(at, store):
    other = LocationFactory()
    lead, busy = at("lead"), at("lead", location=other)
    many(store, 20, "few")
    many(other, 2_000, "lots")
    with CaptureQueriesContext(connection) as few:
        lead.get(SHIFT)
    with CaptureQueriesContext(connection) as lots:
        busy.get(SHIFT)
    assert len(lots) == len(few) <= 17


def test_a_district_sees_its_stores_the_one_that_hurts_first(at, released):
    group = GroupFactory()
    calm, busy = LocationFactory(name="Calm", group=group), LocationFactory(name="Busy", group=group)
    LocationFactory(name="Foreign", group=GroupFactory())
    due_in(released(location=busy), -5)
    released(location=calm)
    client = at(user=person("district", at=group), location=calm)

    page = client.get("/district/")

    assert [row["place"] for row in page.context["rows"]] == [busy, calm]
    assert page.context["total"]["late"] == 1
    assert "Foreign" not in page.content.decode()
    assert [row["place"] for row in client.get("/district/", {"sort": "uncollected"}).context["rows"]] == [busy, calm]


def test_from_the_district_one_tap_leads_to_a_stores_shift(at):
    group = GroupFactory()
    one, two = LocationFactory(name="One", group=group), LocationFactory(name="Two", group=group)
    client = at(user=person("district", at=group), location=one)
    answer = client.post("/stores/", {"store": two.pk, "next": SHIFT}, follow=True)
    assert answer.redirect_chain[0][0] == SHIFT
    assert "Two" in answer.content.decode()


@pytest.mark.parametrize("role", ["associate", "lead", "manager"])
def test_only_district_and_hq_see_several_stores(at, role):
    assert at(role).get("/district/").status_code == 403


def test_twenty_stores_cost_the_queries_of_two(at, released):
    def asked(count):
        group = GroupFactory()
        stores = [LocationFactory(group=group) for _ in range(count)]
        for place in stores:
            released(location=place)
        client = at(user=person("district", at=group), location=stores[0])
        Grant.objects.filter(user=client.user).count()
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/district/").context["rows"]) == count
        return len(queries)

    assert asked(2) == asked(20) <= 12


def test_nobody_collected_is_a_figure_with_its_last_day(store, released):
    work = staged(released(), by=person("associate", at=store))
    assert (numbers(store).uncollected, numbers(store).last_day) == (1, 0)
    FulfillmentOrder.objects.filter(pk=work.pk).update(collect_by=now() + timedelta(hours=3), status=Status.STAGED)
    assert numbers(store).last_day == 1
