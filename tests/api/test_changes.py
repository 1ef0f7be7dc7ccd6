"""A channel stays in step: the changes feed has no gaps, and a digest finds what differs."""

from datetime import timedelta
from hashlib import md5

import pytest
from django.utils import timezone

from inventory.models import ShelfNews, StockChange
from inventory.operations.number_changes import forget_changes, number_changes
from omni.core import relay
from omni.core.models import Event
from tests.api.conftest import order_body, pickup
from tests.factories import LocationFactory, stocked
from tests.factories.rules import active
from tests.shop import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee(store):
    variant = stocked(store, 9, safety_stock=1)
    number_changes()
    return variant


def changes(site, after=0, **more):
    answer = site.get("/inventory/changes", after=after, **more)
    assert answer.status_code == 200, answer.content
    return answer.json()


def sold(site, variant, store, units=1, event="e1"):
    body = [{"event_id": event, "sku": variant.sku, "location": store.code, "kind": "pos_sale", "quantity": units,
             "occurred_at": timezone.now().isoformat()}]  # fmt: skip
    assert site.post("/inventory/movements", body).status_code == 200


def test_what_changed_is_read_once_in_order(site, store, tee):
    before = changes(site)
    assert [row["sku"] for row in before["results"]] == [tee.sku]
    assert site.post("/orders", order_body(pickup(tee, store, 2))).status_code == 201
    sold(site, tee, store, 3)
    assert changes(site, before["last_sequence"])["results"] == [], "not numbered yet"
    number_changes()
    news = changes(site, before["last_sequence"])
    (row,) = news["results"]
    assert (row["on_hand"], row["reserved"], row["available"]) == (6, 2, 3)
    assert row["sequence"] == before["last_sequence"] + 1 == news["last_sequence"] == news["newest_sequence"]
    assert changes(site, news["last_sequence"])["results"] == []
    assert audit() == {}


def test_numbers_have_no_gaps_and_pages_follow_each_other(site, store, tee):
    for _ in range(5):
        stocked(store, 1)
        number_changes()
    assert list(StockChange.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]
    seen, after = [], 0
    while (page := changes(site, after, limit=2))["results"]:
        seen += [row["sequence"] for row in page["results"]]
        after = page["last_sequence"]
    assert seen == [1, 2, 3, 4, 5, 6]


def test_a_key_sees_its_own_locations_and_its_channel(site, new_site, store, tee):
    other = stocked(LocationFactory(), 4)
    active(units=5, channels=["marketplace"])
    number_changes()
    mine = new_site(locations=[f"location:{store.pk}"], channels=["marketplace"])
    seen = changes(mine)
    assert [(row["sku"], row["available"]) for row in seen["results"]] == [(tee.sku, 4)]
    assert seen["last_sequence"] == 2, "the other number is not kept from it, its row is"
    assert {row["sku"] for row in changes(site)["results"]} == {tee.sku, other.sku}


def test_a_rule_puts_the_shelves_it_speaks_of_into_the_feed(site, store, tee):
    from inventory.operations.activate_rule import activate_rule
    from omni.core.actors import Actor
    from tests.factories.rules import draft

    Event.objects.all().delete()
    rule = draft(units=5)
    activate_rule(rule_id=rule.pk, version=rule.version, reason="peak", by=Actor.system("test"))
    while relay.run_once():
        continue
    number_changes()
    (row,) = changes(site, 1)["results"]
    assert (row["sku"], row["available"]) == (tee.sku, 4)
    assert not Event.objects.filter(topic="inventory.stock_crossed").exists(), "no shelf changed by itself"


def test_a_shelf_that_runs_low_out_and_in_again_is_told_of(site, store, tee):
    for number, units in enumerate((1, 4, 3, 1)):  # 7, 3, 0, -1 to give
        sold(site, tee, store, units, event=f"e{number}")
        number_changes()
    stocked(store, 20, variant=tee)
    number_changes()
    told = Event.objects.filter(topic="inventory.stock_crossed", payload__sku=tee.sku).order_by("pk")
    assert [(each["state"], each["was"], each["available"]) for each in told.values_list("payload", flat=True)] == [
        ("in_stock", "out", 8), ("low", "in_stock", 3), ("out", "low", 0), ("in_stock", "out", 20),
    ]  # fmt: skip


def test_what_is_no_longer_kept_is_said(site, store, tee):
    for _ in range(3):
        stocked(store, 1)
        number_changes()
    StockChange.objects.filter(sequence__lte=3).update(numbered_at=timezone.now() - timedelta(days=4))
    assert forget_changes(now=timezone.now()) == 3
    gone = site.get("/inventory/changes", after=1)
    assert (gone.status_code, gone.json()["code"], gone.json()["newest_sequence"]) == (410, "changes_expired", 4)
    assert [row["sequence"] for row in changes(site, 3)["results"]] == [4]
    StockChange.objects.update(numbered_at=timezone.now() - timedelta(days=9))
    assert forget_changes(now=timezone.now()) == 0, "the last number is kept, so that the next is not given twice"
    assert site.get("/inventory/changes", after=99).status_code == 422
    assert audit() == {}


def test_a_digest_can_be_made_on_the_other_side_and_finds_what_differs(site, store, tee):
    more = [stocked(store, units) for units in (1, 2, 3, 4, 5)]
    mine = {tee.sku: (9, 8)} | {variant.sku: (units, units) for units, variant in enumerate(more, 1)}
    number_changes()

    def digests(rows):
        buckets = {}
        for sku in sorted(rows, key=str.encode):
            of = buckets.setdefault(md5(sku.encode()).hexdigest()[:2], [])
            of.append(f"{sku}:{rows[sku][0]}:{rows[sku][1]}\n")
        return {bucket: md5("".join(lines).encode()).hexdigest() for bucket, lines in sorted(buckets.items())}

    told = site.get("/inventory/digest", location=store.code).json()
    assert {each["bucket"]: each["digest"] for each in told["buckets"]} == digests(mine)
    whole = "".join(f"{bucket}:{digest}\n" for bucket, digest in digests(mine).items())
    assert (told["digest"], told["shelves"]) == (md5(whole.encode()).hexdigest(), 6)
    assert told["sequence"] == changes(site)["newest_sequence"]

    sold(site, more[4], store, 2)
    told = {
        each["bucket"]: each["digest"] for each in site.get("/inventory/digest", location=store.code).json()["buckets"]
    }
    (bucket,) = [bucket for bucket, digest in digests(mine).items() if told[bucket] != digest]
    rows = site.get("/inventory/digest", location=store.code, bucket=bucket).json()["results"]
    assert {"sku": more[4].sku, "on_hand": 3, "available": 3} in rows


def test_news_that_nobody_numbers_is_an_alarm(store, tee):
    stocked(store, 1)
    ShelfNews.objects.update(made_at=timezone.now() - timedelta(minutes=6))
    assert set(audit()) == {"changes-told"}


def test_practice_tells_nobody(store, tee):
    from inventory.models import StockLevel

    StockLevel.objects.update(bin="A-1")
    assert not ShelfNews.objects.exists(), "a bin is no news"
