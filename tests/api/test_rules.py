"""Rules keep units back from a channel in every answer and every promise that a key can ask for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Location
from tests.api.conftest import order_body, pickup, ship
from tests.factories import GroupFactory, stocked
from tests.factories.rules import active, draft
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee(store):
    return stocked(store, 9, safety_stock=1)


@pytest.fixture
def rules(tee):
    """Five are kept back from the marketplace, all of it from the phone."""
    return [active(units=5, channels=["marketplace"], name="Few there"), active(effect="exclude", channels=["phone"])]


def seen(site, tee, **more):
    answer = site.get("/availability", sku=tee.sku, **more)
    assert answer.status_code == 200, answer.content
    (item,) = answer.json()["results"]
    return item["total"], [each["available"] for each in item["locations"]]


def test_availability_is_that_of_the_channel(site, new_site, store, tee, rules):
    assert [seen(site, tee), seen(site, tee, channel="web")] == [(8, [8]), (8, [8])]
    assert [seen(site, tee, channel="marketplace"), seen(site, tee, channel="phone")] == [(4, [4]), (0, [])]
    assert seen(site, tee, channel="phone", location=store.code) == (0, [0])
    market = new_site(channels=["marketplace"])
    assert seen(market, tee) == (4, [4]), "a key of one channel need not name it"
    refused = market.get("/availability", sku=tee.sku, channel="web")
    assert (refused.status_code, refused.json()["code"]) == (403, "channel_not_allowed")


def test_orders_and_holds_are_measured_by_their_channel(site, store, tee, rules):
    def order(channel, quantity, how=pickup, **more):
        line = how(tee, store, quantity) if how is pickup else how(tee, quantity)
        return site.post("/orders", order_body(line, channel=channel, **more))

    refused = order("marketplace", 5)
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_stock")
    assert refused.json()["errors"][0]["available"] == 4
    assert order("phone", 1, how=ship).status_code == 409
    lines = [{"sku": tee.sku, "quantity": 5}]
    assert site.post("/holds", {"lines": lines, "channel": "marketplace"}).status_code == 409
    hold = site.post("/holds", {"lines": lines}).json()["id"]
    assert order("marketplace", 5, hold=hold).status_code == 409, "a hold is no way around a rule"
    assert level(tee, store)[:2] == (9, 5)
    assert order("web", 5, hold=hold).status_code == 201
    assert order("marketplace", 1).status_code == 409
    assert order("web", 3).status_code == 201
    assert audit() == {}


def test_active_rules_are_listed_in_their_order(site, new_site, rules):
    draft(name="Not yet")
    listed = site.get("/inventory/rules").json()["results"]
    assert [(each["name"], each["effect"], each["channels"]) for each in listed] == [
        ("Keep some", "exclude", ["phone"]), ("Few there", "keep", ["marketplace"]),
    ]  # fmt: skip
    mine = new_site(channels=["marketplace"]).get("/inventory/rules").json()["results"]
    assert [each["name"] for each in mine] == ["Few there"]


def test_rules_cost_no_query(site, store, tee):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert seen(site, tee, near="44.97,-93.26")[0] > 0
        return len(asked)

    queries()  # settings are read once
    before = queries()
    for n in range(12):
        active(units=n % 3, category="Apparel", group=GroupFactory(), position=n)
        active(percent=n + 1, channels=["web"])
    group = GroupFactory()
    Location.objects.filter(pk=store.pk).update(group=group)
    active(units=2, group=group)
    assert queries() == before + 1  # locations are read anew, since one is in another group
    assert queries() == before
    assert seen(site, tee, channel="web")[0] == 7
