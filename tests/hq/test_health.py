"""Inventory health in HQ: lag, drift, shrink, shortfalls and silent feeds, each leading to the rows behind it."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.health.lag import Lag, lags, told_to_channels
from inventory.health.unexplained import unexplained
from inventory.models import ChangeLag, FeedLag, StockMovement
from inventory.models.feed_lag import STEPS
from inventory.operations.adjust import adjust
from inventory.operations.hear_feed import tell_silent_feeds
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.number_changes import number_changes
from inventory.operations.set_level import Level, set_levels
from inventory.operations.sum_lags import JOB, sum_lags
from omni.core.actors import Actor
from omni.core.models import AuditRun, JobRun
from tests.factories import BarcodeFactory, VariantFactory, stocked
from tests.factories.feeds import feed_of

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


def costing(cost, place, units):
    """An item on the shelf of which a unit costs so much."""
    return stocked(place, units, variant=BarcodeFactory(variant__unit_cost=Decimal(cost)).variant)


def health(client):
    return client.get(reverse("admin:inventory_health"))


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def told(feed, variant, place, *late: timedelta):
    """The source tells of sales that happened so long ago."""
    now = timezone.now()
    move_stock(
        moves=[Move(variant.pk, place.pk, "pos_sale", -1, source=feed.source, source_event_id=f"{n}",
                    occurred_at=now - each) for n, each in enumerate(late)], by=BY, now=now,
    )  # fmt: skip


def adjusted(variant, place, quantity):
    adjust(variant_id=variant.pk, location_id=place.pk, quantity=quantity,
           reason_code="stolen" if quantity < 0 else "found", note="", by=BY, now=timezone.now())  # fmt: skip


# --- lag ----------------------------------------------------------------------------------------------------
def test_movements_are_summed_by_how_late_they_were_known(store):
    feed = feed_of(name="Tills")
    told(feed, stocked(store, 9), store, timedelta(), timedelta(seconds=3), timedelta(minutes=5), timedelta(days=2))
    sum_lags(now=timezone.now())
    (lag,) = lags(timezone.now())
    assert (lag.name, lag.feed_id, lag.counts) == ("Tills", feed.pk, (1, 1, 0, 1, 0, 0, 1))
    assert (lag.step_of(0.5), lag.step_of(0.99)) == (1, 6)


def test_movements_are_told_to_channels_by_how_long_it_took_to_their_number(hq, store):
    feed, tee = feed_of(name="Tills"), stocked(store, 9)
    number_changes()
    ChangeLag.objects.all().delete()
    told(feed, tee, store, timedelta())
    adjusted(tee, store, -1)
    number_changes()
    assert {lag.name for lag in told_to_channels(timezone.now())} == {"Tills", ""}, "each source, and our own screens"
    ChangeLag.objects.filter(source="").update(step=5, changes=1)
    page = text(health(hq))
    assert "Tills: from booking to the channels" in page
    assert "Our own screens and orders: from booking" in page
    assert "1 change: readable within a minute." in page


def test_what_is_summed_twice_counts_once_and_what_comes_later_is_added(store):
    feed, tee = feed_of(), stocked(store, 9)
    told(feed, tee, store, timedelta())
    assert [sum_lags(now=timezone.now()) for _ in range(2)] == [1, 0]
    told(feed, tee, store, timedelta(), timedelta())
    assert sum_lags(now=timezone.now()) == 1
    assert sum(FeedLag.objects.values_list("movements", flat=True)) == 3


def test_old_sums_are_let_go_and_our_own_movements_have_no_lag(store):
    stocked(store, 9)
    old = timezone.now() - timedelta(days=40)
    FeedLag.objects.create(hour=old.replace(minute=0, second=0, microsecond=0), source="x", step=0, movements=1)
    sum_lags(now=timezone.now())
    assert not FeedLag.objects.exists()


def test_where_nothing_is_told_a_day_of_the_ledger_is_not_read_each_minute(store):
    now, tee = timezone.now(), stocked(store, 9)
    StockMovement.objects.create(
        variant=tee, location=store, kind="pos_sale", quantity=-1, on_hand_after=8, actor="t", source="feed:x",
        occurred_at=now - timedelta(hours=5), recorded_at=now - timedelta(hours=5),
    )  # fmt: skip
    run = JobRun.objects.create(job=JOB, slot=now, finished_at=now)
    assert sum_lags(now=now) == 0
    run.delete()
    assert sum_lags(now=now) == 1


def test_the_step_of_a_share_is_the_first_that_reaches_it():
    lag = Lag("x", "x", (50, 49, 0, 0, 1, 0, 0))
    assert [lag.step_of(share) for share in (0.5, 0.51, 0.99, 0.991, 1)] == [0, 1, 1, 4, 4]
    assert len(lag.counts) == len(STEPS) + 1


# --- shrink -------------------------------------------------------------------------------------------------
def test_shrink_is_what_went_missing_less_what_was_found_at_cost(store, other_store):
    tee = costing("4.50", store, 9)
    adjusted(tee, store, -3)
    adjusted(tee, store, 1)
    told(feed_of(), tee, store, timedelta())  # a sale is no loss
    loss = unexplained(timezone.now(), places=None)
    assert (loss.missing, loss.found, loss.movements) == (Decimal("13.50"), Decimal("4.50"), 2)
    assert [(place[0], place[2]) for place in loss.places] == [("1001", Decimal("9.00"))]
    assert loss.items == [(tee, Decimal("9.00"), 2)]
    assert unexplained(timezone.now(), places=[other_store.pk]).movements == 0


def test_opening_stock_is_neither_found_nor_missing(store):
    tee = VariantFactory(unit_cost=Decimal(5))
    for wanted in (40, 38):
        set_levels(levels=[Level(tee.pk, store.pk, wanted)], reason="opening stock", by=BY, now=timezone.now())
    assert list(StockMovement.objects.order_by("id").values_list("kind", "quantity")) == [
        ("opening", 40),
        ("adjust", -2),
    ]
    assert unexplained(timezone.now(), places=None).missing == 10


# --- the page -----------------------------------------------------------------------------------------------
def test_an_empty_chain_is_told_so(hq):
    page = text(health(hq))
    for said in ("No source is registered", "No audit has run yet", "Every promise has its unit on a shelf",
                 "Nothing was counted, adjusted or thrown away", "No source told of a movement",
                 "No webhook about stock was sent"):  # fmt: skip
        assert said in page


def test_the_page_tells_what_is_wrong_and_each_picture_leads_to_its_rows(hq, store):
    silent = feed_of(name="Partner", rhythm_minutes=30)
    type(silent).objects.update(heard_at=timezone.now() - timedelta(hours=7))
    tell_silent_feeds(now=timezone.now())
    tee = costing(4, store, 9)
    adjusted(tee, store, -2)
    told(silent, tee, store, timedelta(minutes=30))
    sum_lags(now=timezone.now())
    AuditRun.objects.create(violations=3, results=[{"name": "x", "description": "Ledger and shelf agree.", "count": 3,
                                                    "first": []}])  # fmt: skip
    answer = health(hq)
    page = text(answer)
    for said in ("silent, last heard 7 h 00 ago", "Lag of Partner", "1 movement: known within 1 hour.",
                 "3 Ledger and shelf agree.", "$8.00 shrink in 30 days"):  # fmt: skip
        assert said in page, page
    links = {unescape(each) for each in re.findall(r'href="(/hq/inventory/[^"]+\?[^"]+)"', answer.content.decode())}
    rows = {each: hq.get(each) for each in links}
    assert {answer.status_code for answer in rows.values()} == {200}
    behind = [url for url in links if "kind__exact=adjust" in url or "source__exact" in url]
    assert len(behind) == 2
    for url in behind:
        assert len(re.findall(r'name="_selected_action"|class="field-when', rows[url].content.decode())) == 1


def test_a_manager_sees_their_store_only(manager, store, other_store):
    feed_of(name="Tills of the chain")
    adjusted(costing(4, other_store, 9), other_store, -2)
    page = text(health(manager))
    assert "Your locations" in page
    assert "$0.00 shrink" in page
    assert "Tills of the chain" not in page
    assert "violations in the last audit" not in page


def test_the_page_asks_as_much_for_many_as_for_few(hq, store):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert health(hq).status_code == 200
        return len(queries)

    feed, tee = feed_of(), costing(4, store, 50)
    told(feed, tee, store, timedelta())
    adjusted(tee, store, -1)
    sum_lags(now=timezone.now())
    asked()
    few = asked()
    for n in range(5):
        feed = feed_of(code=f"feed-{n}", name=f"Feed {n}")
        told(feed, tee, store, timedelta())
        adjusted(costing(4, store, 9), store, -1)
    sum_lags(now=timezone.now())
    assert asked() == few
