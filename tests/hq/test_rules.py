"""Availability rules in HQ: drafted, looked at before they hold, let loose with a reason, undone."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import rule_effect
from inventory.atp import totals
from inventory.models import AvailabilityRule, Location, LocationGroup
from inventory.rule_effect import effect
from omni.core.hq.show import list_url
from omni.core.models import Event, StateChange
from orders.models import Order
from orders.subscribers import promise_under_new_rules
from tests.factories import GroupFactory, LocationFactory, ProductFactory, VariantFactory, line, placed, stocked
from tests.factories.rules import active, draft
from tests.shop import audit

pytestmark = pytest.mark.django_db
RULES = list_url("inventory.availabilityrule")


def form_of(**changes):
    return {"name": "Glass", "effect": "keep", "units": "3", "percent": "0", "category": "", "tag": "", "group": "",
            "position": "100"} | changes  # fmt: skip


def text(response) -> str:
    return response.content.decode()


def effect_of(rule) -> str:
    return f"{RULES}{rule.pk}/effect/"


@pytest.fixture
def shirt(store):
    return stocked(store, 10)


def given(variant, *, channel="web") -> int:
    return totals(variants=[variant.pk], places=Location.objects.all(), channel=channel).get(variant.pk, 0)


def test_a_rule_is_drafted_looked_at_activated_and_undone(hq, store, shirt):
    response = hq.post(f"{RULES}add/", form_of(category="Apparel", channels=["web"], group=store.group_id))
    rule = AvailabilityRule.objects.get()
    assert response["Location"] == effect_of(rule)
    page = text(hq.get(effect_of(rule)))
    for words in ("Keeps back 3 units of Apparel, in North and below it, for Web shop.", "10 → 7", "<b>−3</b>",
                  f"{store.code} Oak Street", "shelves change"):  # fmt: skip
        assert words in page, words
    assert given(shirt) == 10
    assert hq.post(effect_of(rule), {"version": 1, "reason": " "}).status_code == 422
    assert hq.post(effect_of(rule), {"version": 1, "reason": "too many empty shelves"}).status_code == 302
    assert (given(shirt), given(shirt, channel="marketplace")) == (7, 10)
    page = text(hq.get(effect_of(rule)))
    for words in ("too many empty shelves", "Undo this rule", "7 → 10", "<b>+3</b>", hq.user.shown_name):
        assert words in page, words
    assert hq.post(effect_of(rule), {"retire": "1"}).status_code == 302
    assert given(shirt) == 10
    assert "Active → Retired" in text(hq.get(effect_of(rule)))
    assert list(StateChange.objects.about(rule.subject).values_list("to_status", "actor")) == [
        (status, hq.user.shown_name) for status in ("draft", "active", "retired")
    ]
    told = Event.objects.filter(aggregate_type="availability_rule").order_by("pk")
    assert [event.topic for event in told] == ["inventory.rule_activated", "inventory.rule_retired"]
    assert told[0].payload["location_group"] == store.group.code
    assert audit() == {}


def test_a_draft_that_was_changed_since_it_was_looked_at_does_not_hold(hq, shirt):
    rule = draft()
    hq.post(f"{RULES}{rule.pk}/change/", form_of(units="9"))
    response = hq.post(effect_of(rule), {"version": 1, "reason": "as seen"})
    assert response.status_code == 409
    assert "Somebody changed this draft" in text(response)
    assert 'value="as seen"' in text(response)
    assert given(shirt) == 10
    hq.post(effect_of(rule), {"version": 2, "reason": "looked again"})
    assert given(shirt) == 1


def test_a_rule_that_holds_is_copied_rather_than_changed(hq, shirt):
    rule = active(units=4, channels=["web"])
    assert hq.post(f"{RULES}{rule.pk}/change/", form_of(units="9")).status_code == 403
    assert given(shirt) == 6
    hq.post(f"{RULES}act/copy/", {"pk": rule.pk})
    copy = AvailabilityRule.objects.get(status="draft")
    assert (copy.name, copy.units, copy.channels) == ("Copy of Keep some", 4, ["web"])
    hq.post(f"{RULES}{copy.pk}/change/", form_of(name="More", units="5", channels=["web"], position="50"))
    page = text(hq.get(effect_of(copy)))
    assert "6 → 5" in page
    hq.post(f"{RULES}act/retire/", {"pk": copy.pk})
    assert hq.post(effect_of(copy), {"version": 2, "reason": "late"}).status_code == 409
    assert given(shirt) == 6


def test_each_effect_is_written_as_it_is_chosen(hq):
    hq.post(f"{RULES}add/", form_of(effect="exclude", units="7", percent="20", tag=" Fragile "))
    hq.post(f"{RULES}add/", form_of(effect="percent", units="7", percent="20"))
    assert list(AvailabilityRule.objects.order_by("pk").values_list("units", "percent", "tag")) == [
        (0, 0, "fragile"), (0, 20, ""),
    ]  # fmt: skip
    assert "between 1 and 100" in text(hq.post(f"{RULES}add/", form_of(effect="percent", percent="0")))
    page = text(hq.get(RULES))
    assert "Promises nothing of every item with the tag “fragile”, everywhere, for every channel." in page
    assert "Keeps back 20 % of each shelf of every item, everywhere, for every channel." in page


def test_the_list_stands_in_the_order_in_which_rules_are_asked(hq, store):
    deep = GroupFactory(parent=store.group)
    rules = [
        active(name=f"r{n}", **said) for n, said in enumerate((
            {"position": 5}, {"position": 1}, {"channels": ["web"]}, {"group": store.group}, {"group": deep},
            {"category": "Apparel"}, {"category": "Apparel > Shirts"}, {"tag": "new"}, {"effect": "exclude"},
            {"effect": "exclude", "category": "Toys"}, {"tag": "new", "group": deep, "percent": 3},
        ))
    ]  # fmt: skip
    page, depths = text(hq.get(RULES)), LocationGroup.depths()
    ordered = sorted(rules, key=lambda rule: rule.precedence(depths))
    assert [page.index(f">{rule.name}<") for rule in ordered] == sorted(page.index(f">{rule.name}<") for rule in rules)
    assert [rule.name for rule in ordered] == ["r9", "r8", "r10", "r7", "r6", "r5", "r4", "r3", "r2", "r1", "r0"]
    assert "Which rule decides" in page


def test_one_location_is_shown_item_by_item_and_all_of_it_taken_away(hq, store):
    variants = [stocked(store, 5) for _ in range(60)]
    far = stocked(LocationFactory(code="9"), 8, variant=variants[0])
    rule = draft(name="Most", percent=50)
    page = text(hq.get(f"{effect_of(rule)}?channel=phone&at=1001"))
    assert page.count("<tr><th") == 51
    assert "page=2" in page
    assert text(hq.get(f"{effect_of(rule)}?channel=phone&at=1001&page=2")).count("<tr><th") == 11
    response = hq.get(f"{RULES}{rule.pk}/effect.csv?channel=phone")
    rows = list(csv.reader(StringIO(b"".join(response.streaming_content).decode())))
    assert len(rows) == 62
    assert rows[1] == [store.code, variants[0].sku, variants[0].product.title, "5", "0", "5", "2", "-3",
                       "the location's safety stock", "Most"]  # fmt: skip
    assert rows[-1][:2] == ["9", far.sku]
    assert hq.get(f"{effect_of(rule)}?channel=nope").status_code == 404
    assert hq.get(f"{effect_of(rule)}?at=nope").status_code == 404


def test_the_effect_agrees_with_what_is_promised_afterwards(hq, store, other_store):
    other_store.group.parent = store.group
    other_store.group.save()
    glass = VariantFactory(product=ProductFactory(category="Home>Glass", tags=["fragile"]))
    for place, units in ((store, 3), (other_store, 9)):
        stocked(place, units, variant=glass, safety_stock=1)
        stocked(place, units)
    active(units=2, group=other_store.group)
    rule = draft(percent=50, category="home > glass", tag="fragile", group=store.group, name="Half")
    found = effect(rule, channel="web")
    assert [(each.location.code, each.was, each.becomes) for each in found.places] == [("1001", 2, 1), ("2002", 7, 4)]
    assert (found.changed, found.variants, found.items, found.in_reach) == (2, 1, 1, 2)
    hq.post(effect_of(rule), {"version": 1, "reason": "breaks"})
    assert given(glass) == 5
    rule.refresh_from_db()
    found = effect(rule, channel="web")
    assert [(each.was, each.becomes) for each in found.places] == [(1, 2), (4, 7)]


def test_a_rule_too_large_counts_the_first_places_and_says_so(hq, store, other_store, shirt, monkeypatch):
    monkeypatch.setattr(rule_effect, "MOST_SHELVES", 1)
    page = text(hq.get(effect_of(draft())))
    assert "Only the first 1 of 2 locations were counted" in page


def test_a_count_that_takes_too_long_is_given_up(hq, shirt, monkeypatch):
    monkeypatch.setattr(rule_effect, "BY_PLACE", "SELECT pg_sleep(5), 0, 0, 0, 0, 0")
    monkeypatch.setattr(rule_effect, "SECONDS", "0.05")
    assert "Too large to be counted" in text(hq.get(effect_of(draft())))


def test_the_effect_asks_the_same_number_of_queries_for_many_places(hq, store):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert hq.get(effect_of(rule)).status_code == 200
        return len(asked)

    rule, shirt = draft(), stocked(store, 9)
    few = queries()
    for _ in range(20):
        stocked(LocationFactory(), 9, variant=shirt)
    assert queries() == few <= 20


def test_undoing_a_rule_serves_who_waits(hq, store):
    shirt = stocked(store, 5)
    rule = active(effect="exclude", channels=["marketplace"])
    order = placed(line(shirt, 2, at=store), channel="marketplace", on_shortage="backorder")
    assert order.lines.get().allocated_quantity == 0
    hq.post(effect_of(rule), {"retire": "1"})
    promise_under_new_rules(Event.objects.get(topic="inventory.rule_retired"))
    assert Order.objects.get().lines.get().allocated_quantity == 2


def test_rules_are_for_hq_alone(manager):
    rule = draft()
    for path in (RULES, effect_of(rule), f"{RULES}{rule.pk}/effect.csv?channel=web"):
        assert manager.get(path).status_code == 403
    assert manager.post(effect_of(rule), {"version": 1, "reason": "mine"}).status_code == 403
