"""Routing health in HQ: what the router does, who declines, what waits, and labels against the tariff."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.hq.show import list_url
from orders.models import Exclusion, Order, OrderException, PriceSet, RoutingDecision, RoutingOutcome, RoutingRun
from orders.operations.hold_order import hold_order, unhold_order
from orders.operations.known_prices import Kept, digest_of
from orders.operations.release import release_due
from orders.operations.solve_prices import watch_prices
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.routing import tariff_set

pytestmark = pytest.mark.django_db


def health(client):
    return client.get(reverse("admin:routing_health"))


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def ran(minutes_ago: float = 1, **said) -> RoutingRun:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    values = {"status": "done", "orders": 40, "moved": 3, "saved_amount": Decimal("4.10"), "read_seconds": 0.5}
    return RoutingRun.objects.create(started_at=at, finished_at=at, **(values | said))


def test_before_the_first_run_the_page_says_so(hq):
    page = text(health(hq))
    assert "Nothing was decided in 24 hours" in page
    assert "Every location gave what it was asked for." in page
    assert "Nothing waits for a person." in page
    assert "No parcel was shipped yet" in page


def test_a_day_of_runs_in_numbers(hq):
    ran(2)
    ran(1, moved=2, saved_amount=Decimal("1.05"), promised=1, conflicts=4, gap=0.004)
    ran(60 * 25, moved=1000)
    page = text(health(hq))
    assert "the last 1 minute ago" in page.replace("\xa0", " ")
    assert "2 runs" in page
    assert "5 orders moved" in page
    assert "$5.15 saved by moving" in page
    assert "1 waiting order promised" in page
    assert "4 changed meanwhile" in page
    ran(0)
    assert "the last just now" in text(health(hq))


def test_a_degraded_run_is_an_alarm_on_the_first_page_until_one_is_well(hq):
    ran(2, status="degraded", degraded_reason="ValueError: a price is below zero")
    first = text(hq.get("/hq/"))
    assert "1 trouble with routing ValueError: a price is below zero" in first
    assert "ValueError: a price is below zero" in text(health(hq))
    ran(1)
    assert "0 troubles with routing" in text(hq.get("/hq/"))
    assert "1 degraded runs" in text(health(hq))


def test_a_decision_that_was_degraded_after_the_last_run_is_trouble_until_one_is_well(hq, store):
    """A run comes once a minute, and only where something waits: a decision tells at once, on both pages."""
    ran(5)
    order = placed(line(stocked(store, 3)))
    RoutingDecision.objects.create(order=order, kind="placement", decided_at=timezone.now(), engine="1", shipments=1,
                                   degraded_because="the kernel is gone")  # fmt: skip
    first, page = text(hq.get("/hq/")), text(health(hq))
    assert "1 trouble with routing the kernel is gone" in first
    assert "Trouble with routing the kernel is gone" in page
    placed(line(stocked(store, 3)))
    assert "0 troubles with routing" in text(hq.get("/hq/"))
    assert "Trouble with routing" not in text(health(hq))


def test_broken_prices_are_told_alike_everywhere_before_a_worker_looks_at_them(hq):
    known = counting(weight=1000)
    assert "100% weight of the newest prices" in text(health(hq))
    PriceSet.objects.update(solve_seconds=0.2756507)
    page = f"/hq/orders/priceset/{known.pk}/change/"
    sound = text(hq.get(page))
    assert "without prices" not in sound
    assert "Seconds to solve: 0.3" in sound
    PriceSet.objects.update(prices=b"nonsense")
    why = f"Price set {known.pk} cannot be read: the checksum differs"
    assert f"1 trouble with routing {why}" in text(hq.get("/hq/"))
    told = health(hq)
    assert f"Trouble with routing {why}" in text(told)
    assert "0% weight of the newest prices" in text(told)
    assert 'data-tone="stop"><b>0%</b>' in told.content.decode()
    assert f"broken because: {why}. Orders are planned without prices" in text(hq.get(page)).replace("Broken", "broken")
    assert "broken" in text(hq.get("/hq/orders/priceset/"))
    PriceSet.objects.update(good_until=timezone.now() - timedelta(minutes=1))
    assert "0 troubles with routing" in text(hq.get("/hq/")), "nobody reads what is too old"


def test_degraded_decisions_are_told_for_a_day_though_all_is_well_again(hq, store):
    order, other = placed(line(stocked(store, 3))), placed(line(stocked(store, 3)))
    ran(1)
    assert "degraded in 24 hours" not in text(hq.get("/hq/"))
    assert "0 degraded decisions" in text(health(hq))
    for each, hours, why in ((order, 2, "the checksum differs"), (other, 25, "long ago")):
        RoutingDecision.objects.create(order=each, kind="placement", decided_at=timezone.now() - timedelta(hours=hours),
                                       engine="1", shipments=1, degraded_because=why)  # fmt: skip
    first = text(hq.get("/hq/"))
    assert "0 troubles with routing" in first
    assert "1 decision was degraded in 24 hours the last at" in first
    assert "the checksum differs" in first
    assert "1 degraded decision " in text(health(hq))
    everything, listed = (hq.get(list_url("orders.routingdecision", **only)) for only in ({}, {"engine": "degraded"}))
    assert [len(page.context["cl"].result_list) for page in (everything, listed)] == [4, 2]


def stood(work, minutes: float) -> None:
    """The work should have reached its location so long ago, and nobody touched its order since."""
    then = timezone.now() - timedelta(minutes=minutes)
    work.release_at = then
    work.save()
    Order.objects.filter(pk=work.order_id).update(updated_at=then)


def test_work_that_does_not_reach_its_location_is_an_alarm(hq, store):
    """Where neither the routing worker nor the relay in its place gives work out, no run is degraded: there is none."""
    work = placed(line(stocked(store, 3))).fulfillment_orders.get()
    stood(work, 4)
    assert "routing worker" not in text(hq.get("/hq/"))
    assert "Routing stands still" not in text(health(hq))
    stood(work, 7)
    alarm = "1 order does not reach its location for 7 min: are the routing worker and the relay alive?"
    assert alarm in text(hq.get("/hq/"))
    assert "Routing stands still 1 order should have reached its location 7 minutes ago." in (
        text(health(hq)).replace("\xa0", " ")
    )
    release_due(now=timezone.now())
    assert "routing worker" not in text(hq.get("/hq/"))


def test_a_hold_or_a_paused_store_is_no_alarm(hq, store):
    by = Actor.system("test")
    work = placed(line(stocked(store, 3))).fulfillment_orders.get()
    hold_order(number=work.order.number, kind="address", note="", by=by, now=timezone.now())
    stood(work, 60)
    assert "routing worker" not in text(hq.get("/hq/"))
    unhold_order(number=work.order.number, by=by, now=timezone.now())
    assert "routing worker" not in text(hq.get("/hq/")), "it has to reach its store only now"
    stood(work, 60)
    assert "routing worker" in text(hq.get("/hq/"))
    store.paused_until = timezone.now() + timedelta(minutes=20)
    store.save()
    release_due(now=timezone.now())
    assert "routing worker" not in text(hq.get("/hq/")), "put off until the store takes orders again, or given out"


def test_declines_by_location_and_reason(hq, store):
    order = placed(line(stocked(store, 5)), line(stocked(store, 5)))
    for each, reason in zip(order.lines.all(), ("too busy", "damaged"), strict=True):
        Exclusion.objects.create(order_line=each, location=store, reason=reason, created_at=timezone.now())
    Exclusion.objects.create(
        order_line=order.lines.first(), location=LocationFactory(name="Long ago", code="9001"), reason="x",
        created_at=timezone.now() - timedelta(days=8),
    )  # fmt: skip
    page = text(health(hq))
    assert "Oak Street 2" in page
    assert "Damaged 1 Too busy 1" in page
    assert "Long ago" not in page


def test_exceptions_by_age(hq, store):
    for hours in (0.5, 30):
        OrderException.objects.create(
            order=placed(line(stocked(store, 5), at=store)), kind="waiting", detail="x",
            raised_at=timezone.now() - timedelta(hours=hours),
        )  # fmt: skip
    page = text(health(hq))
    assert "Waiting for stock 2 · oldest 1 d" in page
    assert "Waiting for stock up to 1 hour: 1, 1 to 3 days: 1" in page


def shipped_for(store, predicted: int, label: int | None) -> RoutingOutcome:
    """A parcel of the store that has gone; money in hundredths of a cent."""
    order = placed(line(stocked(store, 5)))
    work = order.fulfillment_orders.get()
    return RoutingOutcome.objects.create(
        decision=order.routing_decisions.get(), fulfillment_order=work, ended="shipped", ended_at=timezone.now(),
        predicted_amount=predicted, label_amount=label,
    )  # fmt: skip


def test_postage_as_it_was_predicted_and_as_it_was_paid(hq, store):
    shipped_for(store, 70_000, 84_000)
    shipped_for(store, 50_000, 60_000)
    shipped_for(store, 50_000, None)
    page = text(health(hq))
    assert "Oak Street +20%" in page
    assert "Oak Street $14.40 for 2 parcels, predicted $12.00" in page


def test_it_is_the_tariff_of_its_day_that_counts(hq, store):
    outcome = shipped_for(store, 70_000, 70_000)
    before = text(health(hq))
    tariff_set("SimPost/Ground", 990_000, now=timezone.now() - timedelta(hours=2))
    assert outcome.predicted_amount == 70_000
    assert "Oak Street +0%" in before
    assert "Oak Street +0%" in text(health(hq))


def test_the_gap_is_shown_where_a_run_came_with_one(hq):
    ran(3, gap=0.0123, orders=700)
    ran(2)
    page = text(health(hq))
    assert "At most 1.23% at" in page
    assert "1.23% · 700" in page


def test_only_who_configures_the_chain_sees_it(manager):
    assert health(manager).status_code == 403


def test_as_many_queries_for_many_rows_as_for_few(hq, store):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            health(hq)
        return len(seen)

    ran(1)
    placed(line(stocked(store, 5)))
    few = asked()
    for n in range(5):
        ran(n + 2)
        order = placed(line(stocked(store, 5)))
        Exclusion.objects.create(order_line=order.lines.get(), location=store, reason=f"{n}", created_at=timezone.now())
    assert asked() == few <= 24


def test_a_run_has_its_row_and_its_page(hq):
    run = ran(1, gap=0.0123)
    listed = text(hq.get("/hq/orders/routingrun/"))
    assert "$4.10" in listed
    page = text(hq.get(f"/hq/orders/routingrun/{run.pk}/change/"))
    assert "1.23%" in page


def test_the_newest_prices_are_told_with_age_weight_and_drift(hq):
    assert "None yet" in text(health(hq))
    kept = Kept(*[np.zeros(0, np.int64)] * 5).to_bytes()
    at = timezone.now() - timedelta(hours=2)
    known = PriceSet.objects.create(
        solved_at=at, good_until=at + timedelta(hours=8), seed=1, futures=6, past_orders=3, expected_orders=240,
        prices=kept, digest=digest_of(kept), weight=870, drift=0.13,
    )  # fmt: skip
    page = text(health(hq))
    assert "87% weight of the newest prices" in page
    assert "2 hours old, drift 13%" in page
    assert "240 orders expected in 24 hours" in page
    PriceSet.objects.update(prices=b"nonsense")
    watch_prices(now=timezone.now())
    assert f"Price set {known.pk} cannot be read" in text(health(hq))
    assert f"Price set {known.pk} cannot be read" in text(hq.get("/hq/"))
    PriceSet.objects.update(broken_because="", weight=870, good_until=at + timedelta(hours=1))
    page = text(health(hq))
    assert "They are too old" in page
    assert "0% weight of the newest prices" in page, "what does not count weighs nothing"
    assert "87%" not in page


def test_a_run_without_prices_says_so(hq):
    run = ran(1, prices_trouble="Price set 7 cannot be read: the checksum differs")
    assert "Done, without prices" in text(hq.get("/hq/orders/routingrun/"))
    assert "Price set 7 cannot be read" in text(hq.get(f"/hq/orders/routingrun/{run.pk}/change/"))


def counting(**said) -> PriceSet:
    kept, at = Kept(*[np.zeros(0, np.int64)] * 5).to_bytes(), timezone.now() - timedelta(hours=1)
    return PriceSet.objects.create(
        **{"solved_at": at, "good_until": at + timedelta(hours=8), "seed": 1, "futures": 6, "past_orders": 3,
           "expected_orders": 240, "prices": kept, "digest": digest_of(kept)} | said,
    )  # fmt: skip


def test_hq_retires_prices_with_a_reason_and_the_page_says_who_and_when(hq):
    known = counting()
    url = reverse("admin:orders_priceset_act", args=["retire"])
    assert "until new ones are due" in text(hq.get(url, {"pk": known.pk}))
    hq.post(url, {"pk": known.pk, "reason": "A storm is coming"})
    known.refresh_from_db()
    assert (known.retired_by, known.weight) == (hq.user, 0)
    page = text(hq.get(f"/hq/orders/priceset/{known.pk}/change/"))
    assert "sound → retired" in page
    assert f"{hq.user.shown_name} A storm is coming" in page
    assert "retired" in text(hq.get("/hq/orders/priceset/"))
    assert "A storm is coming. Orders are planned without prices" in text(health(hq))
    assert "1 trouble with routing" not in text(hq.get("/hq/")), "that is what HQ wanted"


def test_prices_that_could_not_be_worked_out_are_an_alarm_until_they_are(hq):
    counting()
    failed = counting(solved_at=timezone.now(), is_failed=True, weight=0, broken_because="They could not be worked out")
    for page in (health(hq), hq.get("/hq/")):
        assert "They could not be worked out" in text(page)
    assert "That is tried again at" in text(health(hq))
    assert "240 orders expected" in text(health(hq)), "the last ones count"
    assert "could not be worked out" in text(hq.get(f"/hq/orders/priceset/{failed.pk}/change/"))
    counting(solved_at=timezone.now() + timedelta(microseconds=-1))
    PriceSet.objects.filter(pk=failed.pk).update(solved_at=timezone.now() - timedelta(hours=3))
    assert "1 trouble with routing" not in text(hq.get("/hq/"))


def test_prices_that_are_switched_off_raise_no_alarm_and_lists_leave_their_large_parts(hq, settings_decided):
    at = timezone.now() - timedelta(hours=2)
    PriceSet.objects.create(
        solved_at=at, good_until=at + timedelta(hours=8), seed=1, futures=6, past_orders=3, expected_orders=240,
        prices=b"", digest="", weight=0, broken_because="Price set 1 cannot be read",
    )  # fmt: skip
    assert "1 trouble with routing" in text(hq.get("/hq/"))
    settings_decided("orders.price_hours", 0)
    assert "1 trouble with routing" not in text(hq.get("/hq/"))
    assert "HQ has switched them off" in text(health(hq))
    with CaptureQueriesContext(connection) as seen:
        assert "broken" in text(hq.get("/hq/orders/priceset/"))
    asked = [each["sql"] for each in seen if 'FROM "orders_priceset"' in each["sql"]]
    assert asked
    for sql in asked:
        read = sql.replace('sha256("orders_priceset"."prices")', "")
        assert '"orders_priceset"."prices"' not in read
        assert '."forecast"' not in read
