"""Who waits for what comes: on the store's list, on the customer's page, on HQ's."""

import pytest
from django.urls import reverse

from omni.core import relay
from orders.customer_link import customer_url
from tests.factories import line, placed, stocked
from tests.factories.supply import came, in_days, moved, ordered, sold_before
from tests.shop import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee(store):
    tee = stocked(store, 0)
    sold_before(tee)
    return tee


def told():
    while relay.run_once():
        pass


def test_nobody_waits(ana):
    assert "Nobody waits" in ana.get("/waiting/").content.decode()
    assert "units waited for" not in ana.get("/today/").content.decode()


def test_who_comes_first_is_on_top(ana, store, tee):
    purchase = ordered(store, {tee: 9})
    first = placed(line(tee, 2, at=store), on_shortage="supply")
    second = placed(line(tee, 3, at=store), on_shortage="supply")
    undated = placed(line(tee, 6, at=store), on_shortage="accept")
    page = ana.get("/waiting/").content.decode()
    day = in_days(3)
    assert page.index(str(undated.number)) < page.index(str(first.number)) < page.index(str(second.number))
    assert f"9 come {day:%-d %b}" in page and f"promised for {day:%-d %b}" in page and "Comes first" in page
    assert "units waited for by customers" in ana.get("/today/").content.decode()
    came(store, purchase, tee, 2)
    assert "It is here, kept for them" in ana.get("/waiting/").content.decode()


def test_a_customer_sees_the_day_and_need_not_wait(client, store, tee):
    mug = stocked(store, 1)
    purchase = ordered(store, {tee: 9})
    order = placed(line(tee, 2, at=store), line(mug, 1, at=store), on_shortage="supply")
    path = customer_url(order).partition("/my/")[2]
    url = f"/my/{path}"
    assert f"Expected on {in_days(3):%A, %-d %B}" in client.get(url).content.decode()
    moved(purchase, tee, 9, days=8)
    told()
    page = client.get(url).content.decode()
    assert f"Expected on {in_days(8):%A, %-d %B}" in page
    reference = order.lines.get(variant=tee).reference
    answer = client.post(f"{url}cancel/", {"reference": reference}, follow=True)
    assert "You pay nothing for it" in answer.content.decode()
    assert purchase.lines.get().promised_quantity == 0
    assert [each.cancelled_quantity for each in order.lines.order_by("position")] == [2, 0]
    again = client.post(f"{url}cancel/", {"reference": reference}, follow=True)
    assert "does not wait any more" in again.content.decode()
    other = client.post(f"{url}cancel/", {"reference": order.lines.get(variant=mug).reference}, follow=True)
    assert "does not wait any more" in other.content.decode(), "what is here goes its way"
    assert audit() == {}


def test_the_order_page_says_what_waits_until_when(ana, store, tee):
    ordered(store, {tee: 9})
    order = placed(line(tee, 2, at=store), on_shortage="supply")
    page = ana.get(reverse("orders:order", args=[order.number])).content.decode()
    assert f"waiting for the supplier, {in_days(3):%-d %b}" in page
