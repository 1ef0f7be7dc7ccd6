"""Replays on past orders in HQ: asked on a rule set's page, followed while a worker is at it, told in dollars."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from omni.core.hq.show import list_url, page_url
from orders.models import RoutingReplay, RulePrice
from orders.operations.draft_rule_set import put_part
from orders.operations.replay import go_on
from tests.factories import GroupFactory, LocationFactory, VariantFactory, line, placed, stocked
from tests.factories.routing import replay_done, rule_set

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def draft():
    """Without the store that an order of two units came from."""
    near = LocationFactory(name="Near", group=GroupFactory(code="near"))
    far = LocationFactory(name="Far", latitude=46.0)
    variant = stocked(near, 6)
    stocked(far, 6, variant=variant)
    placed(line(variant, 2))
    return rule_set("Web", filters=[{"kind": "except", "group_ids": [near.group_id]}])


def test_what_was_replayed_as_it_stands_is_activated_and_what_was_changed_since_is_not(hq, draft):
    hq.post(rules_page(draft), {"replay": "1", "span": "week"})
    go_on(now=timezone.now())
    said = {"activate": "1", "edits": draft.edits, "replaces": "", "reason": "cheaper"}
    page = hq.get(rules_page(draft))
    assert "Replayed as it stands:" in text(page)
    assert "these rules would have cost more" in text(page)
    assert "without_replay" not in page.content.decode()
    put_part(rule_set_id=draft.pk, part=RulePrice(amount=1))
    draft.refresh_from_db()
    assert "it was changed since" in text(hq.get(rules_page(draft)))
    assert hq.post(rules_page(draft), said | {"edits": draft.edits}).status_code == 409
    hq.post(rules_page(draft), {"replay": "1", "span": "week"})
    go_on(now=timezone.now())
    assert hq.post(rules_page(draft), said | {"edits": draft.edits}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "active"


@pytest.mark.parametrize("model", ["orders.routingreplay", "orders.routingfrontier"])
def test_an_empty_list_says_where_to_ask(hq, model):
    page = text(hq.get(list_url(model)))
    assert "Nothing was asked yet" in page
    assert "Rule sets" in page


def test_rules_that_limit_shipments_are_billed_for_what_travels_alone(hq):
    """The order is planned as it was: two parcels of one store cost what they cost, whatever the limit counts."""
    store = LocationFactory()
    placed(line(stocked(store, 3, variant=VariantFactory(is_hazmat=True))), line(stocked(store, 3)))
    limited = rule_set("Web", most_shipments=2)
    hq.post(rules_page(limited), {"replay": "1", "span": "week"})
    go_on(now=timezone.now())
    replay = RoutingReplay.objects.get()
    assert (replay.orders, replay.moved, replay.different) == (1, 0, 0)
    assert "no difference in cost" in text(hq.get(rules_page(limited)))


def rules_page(rules) -> str:
    return page_url("orders.ruleset", rules.pk)


def test_it_is_asked_followed_and_told_in_dollars(hq, draft):
    assert "Replay on past orders" in text(hq.get(rules_page(draft)))
    response = hq.post(rules_page(draft), {"replay": "1", "span": "week"})
    replay = RoutingReplay.objects.get()
    url = page_url("orders.routingreplay", replay.pk)
    assert response["Location"] == url
    page = text(hq.get(url))
    for words in ("Waits for its turn", "0 of 1", "You may leave this page"):
        assert words in page, words
    part = hq.get(url, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part
    twice = hq.post(rules_page(draft), {"replay": "1", "span": "week"})
    assert twice.status_code == 409
    assert "is being replayed already" in text(twice)
    go_on(now=timezone.now())
    assert hq.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page, row = text(hq.get(url)), replay.rows.get()
    dearer = f"+${(row.amount_after - row.amount_before) / 10_000:.2f}"
    for words in (f"{dearer} these rules would have cost more", "Parcels per order", "Units without a place",
                  str(row.decision.order.number), "Near · $", "Far · $", "What is assumed"):  # fmt: skip
        assert words in page, words
    assert "Done" in text(hq.get(rules_page(draft)))
    assert dearer in text(hq.get(list_url("orders.routingreplay")))


def test_days_are_given_and_what_is_wrong_is_told(hq, draft):
    today = f"{timezone.localtime():%Y-%m-%d}"
    wrong = hq.post(rules_page(draft), {"replay": "1", "span": "dates", "first": today})
    assert wrong.status_code == 422
    assert "Say which day." in text(wrong)
    turned = hq.post(rules_page(draft), {"replay": "1", "span": "dates", "first": today, "last": "2020-01-01"})
    assert (turned.status_code, RoutingReplay.objects.count()) == (422, 0)
    past = hq.post(rules_page(draft), {"replay": "1", "span": "dates", "first": "2020-01-01", "last": "2020-01-02"})
    assert past.status_code == 409
    assert "the engine decided about no order" in text(past)
    yesterday = f"{timezone.localtime() - timedelta(days=1):%Y-%m-%d}"  # the order may be of before midnight
    right = {"replay": "1", "span": "dates", "first": yesterday, "last": today}
    assert hq.post(rules_page(draft), right).status_code == 302


def test_what_differs_nowhere_and_what_failed_say_so(hq, draft):
    page = text(hq.get(page_url("orders.routingreplay", replay_done(rule_set=draft, total=3, orders=3).pk)))
    assert "None: these rules decide about every order of this period as it was decided." in page
    assert "no difference in cost" in page
    failed = replay_done(rule_set=draft, status="failed", failed_because="ValueError: a tariff without zones")
    page = text(hq.get(page_url("orders.routingreplay", failed.pk)))
    assert "Not finished ValueError: a tariff without zones" in page
    assert "Orders that differ" not in page
    assert hq.get(page_url("orders.routingreplay", 999_999)).status_code == 404


def test_it_is_for_who_configures_the_chain(manager, draft):
    assert manager.post(rules_page(draft), {"replay": "1", "span": "week"}).status_code == 403
    replay = replay_done(rule_set=draft)
    assert manager.get(page_url("orders.routingreplay", replay.pk)).status_code == 403
    assert RoutingReplay.objects.count() == 1
