"""What splits and stores' stock cost, in HQ: asked on a rule set's page, shown with two sliders, written back."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from omni.core.hq.show import list_url, page_url
from orders.models import RoutingFrontier
from orders.operations.frontier import go_on
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.routing import activated, frontier_done, rule_set

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def draft(db):
    near, far = LocationFactory(name="Near"), LocationFactory(name="Far", latitude=46.0)
    variant = stocked(near, 6)
    stocked(far, 6, variant=variant)
    placed(line(variant, 2))
    return rule_set("Web")


def test_it_is_asked_followed_shown_and_written_into_the_draft(hq, draft):
    rules = page_url("orders.ruleset", draft.pk)
    assert "What splits and stores' stock cost" in text(hq.get(rules))
    response = hq.post(rules, {"frontier_of": "1", "frontier-span": "week"})
    found = RoutingFrontier.objects.get()
    url = page_url("orders.routingfrontier", found.pk)
    assert response["Location"] == url
    assert "0 of 1" in text(hq.get(url))
    twice = hq.post(rules, {"frontier_of": "1", "frontier-span": "week"})
    assert twice.status_code == 409
    assert "is being tried already" in text(twice)
    go_on(now=timezone.now())
    assert hq.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = text(hq.get(url))
    for words in ("At $1.50 per split and 100 % of the stock's value: $", "1 order, of 1 of this period",
                  "Sequential brokering", "it costs what it cost."):  # fmt: skip
        assert words in page, words
    assert "At $4.00 per split and 80 %" in text(hq.get(url, {"split": "25000", "percent": "80"}))
    taken = hq.post(rules, {"take": "1", "frontier": found.pk, "split": "25000", "percent": "80"}, follow=True)
    assert "The draft says both now" in text(taken)
    draft.refresh_from_db()
    assert (draft.split_amount, draft.unit_value_percent) == (2.5, 80)
    assert "was changed since" not in text(hq.get(url))
    assert "Done" in text(hq.get(list_url("orders.routingfrontier")))


def test_a_list_reads_neither_samples_nor_sums(hq, draft):
    frontier_done(rule_set=draft)
    with CaptureQueriesContext(connection) as seen:
        assert "Done" in text(hq.get(list_url("orders.routingfrontier")))
    asked = [each["sql"] for each in seen if 'FROM "orders_routingfrontier"' in each["sql"]]
    assert asked
    assert not [sql for sql in asked if '."sample"' in sql or '."sums"' in sql]


def test_what_differs_is_told_by_order(hq, draft):
    page = text(hq.get(page_url("orders.routingfrontier", frontier_done(rule_set=draft).pk)))
    assert "$10.00 per order, 0.0 % of orders split, 0.0 % of units from stores: $0.50 less per order" in page
    assert "$12.00 +$1.50 $9.00 $3.00 100.0 % 100.0 % –" in page
    assert "Nearest $12.90 (+$2.40)" in page


def test_what_holds_still_takes_nothing_and_what_failed_says_why(hq, draft):
    failed = frontier_done(rule_set=draft, status="failed", failed_because="ValueError: a tariff without zones")
    assert "Not finished ValueError: a tariff without zones" in text(
        hq.get(page_url("orders.routingfrontier", failed.pk))
    )
    found, rules = frontier_done(rule_set=draft), page_url("orders.ruleset", draft.pk)
    activated(draft)
    assert "It is no draft any more" in text(hq.get(page_url("orders.routingfrontier", found.pk)))
    said = hq.post(rules, {"take": "1", "frontier": found.pk, "split": "0", "percent": "0"}, follow=True)
    assert "is no draft any more" in text(said)
    assert hq.post(rules, {"take": "1", "frontier": 999_999, "split": "0", "percent": "0"}).status_code == 404
    assert "Nothing to compare" in text(
        hq.get(page_url("orders.routingfrontier", frontier_done(rule_set=draft, sums={}).pk))
    )


def test_it_is_for_who_configures_the_chain(manager, draft):
    rules = page_url("orders.ruleset", draft.pk)
    found = frontier_done(rule_set=draft)
    assert manager.get(page_url("orders.routingfrontier", found.pk)).status_code == 403
    for said in ({"frontier_of": "1", "frontier-span": "week"}, {"take": "1", "frontier": found.pk}):
        assert manager.post(rules, said).status_code == 403
