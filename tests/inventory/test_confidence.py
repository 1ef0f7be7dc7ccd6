"""How likely a picker finds a unit: what is learned, from what, and what a channel may then promise."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory import atp
from inventory.chances import Chances
from inventory.confidence import confidences, level, words
from inventory.models import (
    ConfidenceModel,
    CycleCount,
    Location,
    PickVisit,
    ShelfSign,
    SignsKnown,
    StockLevel,
    StockMovement,
)
from inventory.models.shelf_sign import SIGNS
from inventory.models.stock_level import Claim
from inventory.operations import fit_confidence as fit_confidence_module
from inventory.operations.count import count_item, raise_counts
from inventory.operations.fit_confidence import fit_confidence
from inventory.operations.learn_signs import learn_signs
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.operations.pick import pick, unpick
from orders.operations.short_pick import short_pick
from tests.factories import LocationFactory, VariantFactory, line, placed, stocked
from tests.factories.confidence import MISSED, least, made_up_visits, model_in_force
from tests.shop import open_shop

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
LATER = timedelta(minutes=40)


@pytest.fixture
def shop():
    return open_shop()


@pytest.fixture
def before(db):
    """The signs begin before everything that the test does."""
    return SignsKnown.objects.create(pk=1, until=timezone.now() - timedelta(hours=1))


def sign(visit, name):
    return visit.signs[SIGNS.index(name)]


def walked(shop, variant, wanted, found):
    """A picker wants so many and finds so many."""
    order = placed(line(variant, wanted, at=shop.store))
    work, pick_list = shop.claim(order)
    for _ in range(found):
        pick(pick_list_id=pick_list.pk, code=variant.sku, by=shop.picker, now=timezone.now())
    if found < wanted:
        short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=wanted - found,
                   reason_code="not-found", by=shop.picker, now=timezone.now())  # fmt: skip
    return work, pick_list


# --- what is written down ---------------------------------------------------------------------------------------
def test_a_visit_is_what_was_found_and_what_was_not(shop, before):
    tee, cap = stocked(shop.store, 5), stocked(shop.store, 4)
    walked(shop, tee, 3, 3)
    walked(shop, cap, 2, 1)
    learn_signs(now=timezone.now() + LATER)
    visits = {visit.variant_id: (visit.is_found, visit.found, visit.missed) for visit in PickVisit.objects.all()}
    assert visits == {tee.pk: (True, 3, 0), cap.pk: (False, 1, 1)}


def test_what_was_laid_back_was_not_found(shop, before):
    tee = stocked(shop.store, 5)
    work, pick_list = walked(shop, tee, 1, 1)
    unpick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, by=shop.picker, now=timezone.now())
    learn_signs(now=timezone.now() + LATER)
    assert not PickVisit.objects.exists()


def test_a_visit_knows_only_what_was_before_it(shop, before):
    tee = stocked(shop.store, 5)
    walked(shop, tee, 2, 1)
    learn_signs(now=timezone.now() + LATER)
    visit = PickVisit.objects.get()
    assert sign(visit, "not found since the count") == 0
    assert sign(visit, "found lately") == 0
    assert sign(visit, "on hand") == 0, "the opening stock came within the same span"
    shelf = ShelfSign.objects.get()
    assert (shelf.missed, shelf.found, shelf.sold, shelf.counted_at) == (1, 1, 0, None)


def test_sales_and_counts_are_signs_and_no_visits(shop, before):
    tee = stocked(shop.store, 5)
    move_stock(moves=[Move(tee.pk, shop.store.pk, StockMovement.Kind.POS_SALE, -2)], by=BY, now=timezone.now())
    raise_counts(items=[(tee.pk, shop.store.pk)], reason="odd", cause="t", by=BY, now=timezone.now())
    count_item(cycle_count_id=CycleCount.objects.get().pk, counted=3, by=shop.picker, now=timezone.now())
    learn_signs(now=timezone.now() + LATER)
    shelf = ShelfSign.objects.get()
    assert (shelf.sold, shelf.missed, shelf.counted_at) == (2, 0, CycleCount.objects.get().done_at)
    assert not PickVisit.objects.exists()


def test_what_is_read_twice_counts_once_and_a_span_that_is_not_over_waits(shop, before):
    tee = stocked(shop.store, 5)
    move_stock(moves=[Move(tee.pk, shop.store.pk, StockMovement.Kind.POS_SALE, -2)], by=BY, now=timezone.now())
    learn_signs(now=timezone.now())
    assert not ShelfSign.objects.exists()
    for hours in (1, 2, 30):
        learn_signs(now=timezone.now() + timedelta(hours=hours))
    assert ShelfSign.objects.get().sold == 2


def test_sums_fade_and_grow(shop, before):
    tee = stocked(shop.store, 9)
    ShelfSign.objects.create(variant=tee, location=shop.store, sold=10, sold_at=timezone.now() - timedelta(days=28))
    move_stock(moves=[Move(tee.pk, shop.store.pk, StockMovement.Kind.POS_SALE, -2)], by=BY, now=timezone.now())
    learn_signs(now=timezone.now() + LATER)
    assert ShelfSign.objects.get().sold == pytest.approx(2 + 10 / 2.71828, abs=0.02)


def test_what_is_said_of_a_visit_is_of_a_model_from_before_it(shop, before):
    model_in_force(intercept=1.0)
    tee = stocked(shop.store, 5)
    walked(shop, tee, 1, 1)
    learn_signs(now=timezone.now() + LATER)
    visit = PickVisit.objects.get()
    assert (visit.said_by.intercept, round(visit.said, 3)) == (1.0, 0.731)


def test_where_scans_are_let_go_their_misses_alone_are_no_visits(shop, before):
    tee = stocked(shop.store, 5)
    walked(shop, tee, 1, 0)
    learn_signs(now=timezone.now() + timedelta(days=9))
    assert not PickVisit.objects.exists()
    assert ShelfSign.objects.get().missed == 1


# --- what is learned --------------------------------------------------------------------------------------------
def shelves(count=12):
    store = LocationFactory()
    return [(VariantFactory().pk, store.pk) for _ in range(count)]


def test_a_model_does_better_than_the_share_alone_on_what_it_has_not_seen(db):
    now = timezone.now()
    visits = made_up_visits(shelves(), 2000, until=now)
    model = fit_confidence(now=now)
    assert (model.learned, model.calibrated, model.tried, model.is_active) == (1200, 400, 400, True)
    assert model.brier < model.base_brier - 0.01
    assert model.weights[MISSED] == pytest.approx(-2.0, abs=0.5)
    assert (model.calibrated_from, model.tried_from) == (visits[1200].at, visits[1600].at)
    said = PickVisit.objects.filter(said__isnull=False)
    assert (said.count(), said.order_by("at").first().at) == (400, model.tried_from)


def learned(model):
    effects = model.effects.order_by("kind", "key").values_list("kind", "key", "effect")
    return model.intercept, model.weights, list(effects)


def test_another_future_changes_nothing_that_was_learned(db):
    now = timezone.now()
    visits = made_up_visits(shelves(), 1000, until=now)
    as_it_was = fit_confidence(now=now)
    for visit in visits[800:]:
        visit.is_found, visit.found, visit.missed = not visit.is_found, visit.missed, visit.found
        visit.signs = [9.0 - each for each in visit.signs]
    PickVisit.objects.bulk_update(visits[800:], ["is_found", "found", "missed", "signs"])
    otherwise = fit_confidence(now=now)
    assert learned(otherwise) == learned(as_it_was)
    assert otherwise.brier > as_it_was.brier


def test_a_model_that_does_worse_than_the_share_alone_does_not_hold(db, monkeypatch):
    now = timezone.now()
    made_up_visits(shelves(), 1000, until=now)
    good = fit_confidence(now=now)
    monkeypatch.setattr(fit_confidence_module, "fit", lambda _visits: Chances(0.0, [3.0, *[0.0] * (len(SIGNS) - 1)]))
    monkeypatch.setattr(fit_confidence_module, "calibrate", lambda chances, _visits: chances)
    bad = fit_confidence(now=now)
    assert bad.brier > bad.base_brier
    assert ConfidenceModel.objects.get(is_active=True) == good


def test_visits_after_the_moment_are_not_seen(db):
    now = timezone.now()
    made_up_visits(shelves(), 1000, until=now + timedelta(days=5))
    assert fit_confidence(now=now).tried_until < now


def test_too_few_visits_teach_nothing(db):
    made_up_visits(shelves(), 200, until=timezone.now())
    assert fit_confidence(now=timezone.now()) is None


# --- what is said -----------------------------------------------------------------------------------------------
def test_a_shelf_without_a_past_has_its_category_s_and_location_s_chance(db):
    store, other = LocationFactory(), LocationFactory()
    tee = VariantFactory(product__category="Apparel > Shirts")
    pan = VariantFactory(product__category="Kitchen")
    for place in (store, other):
        for variant in (tee, pan):
            stocked(place, 3, variant=variant)
    model_in_force(0.0, effects=[
        ("department", "apparel", 0.5), ("category", "apparel > shirts", 0.25), ("place", str(other.pk), -1.0),
    ])  # fmt: skip
    said = confidences([(v.pk, p.pk) for v in (tee, pan) for p in (store, other)])
    assert {key: round(each, 3) for key, each in said.items()} == {
        (tee.pk, store.pk): 0.679, (tee.pk, other.pk): 0.438, (pan.pk, store.pk): 0.5, (pan.pk, other.pk): 0.269,
    }  # fmt: skip


def test_without_a_model_nothing_is_said(db):
    store = LocationFactory()
    assert confidences([(stocked(store, 3).pk, store.pk)]) == {}
    assert (level(None), words(None)) == (None, "")
    assert [level(each) for each in (0.95, 0.8, 0.3)] == ["likely", "maybe", "unlikely"]


def test_what_is_said_of_a_shelf_is_what_a_visit_would_be_told(shop, before):
    """The same signs and the same sum on both ways."""
    tee = stocked(shop.store, 5)
    walked(shop, tee, 2, 1)
    learn_signs(now=timezone.now() + LATER)
    model_in_force(1.0, missed=-2.0, never_counted=0.5)
    assert confidences([(tee.pk, shop.store.pk)])[tee.pk, shop.store.pk] == pytest.approx(0.378, abs=0.001)


# --- what may be promised ---------------------------------------------------------------------------------------
@pytest.fixture
def doubtful(shop):
    """A shelf of five of which one was not found since the last count: found with 12 percent."""
    tee = stocked(shop.store, 5)
    ShelfSign.objects.create(variant=tee, location=shop.store, missed=1, missed_at=timezone.now())
    model_in_force(2.0, missed=-4.0)
    return tee


def total(variant, channel):
    return atp.totals(variants=[variant.pk], places=Location.objects.all(), channel=channel).get(variant.pk)


def test_a_channel_promises_only_what_is_likely_enough(shop, doubtful):
    sure = stocked(shop.store, 5)
    least("marketplace", 50)
    assert [total(doubtful, channel) for channel in ("web", "marketplace")] == [5, 0]
    assert total(sure, "marketplace") == 5
    with pytest.raises(Refusal) as refused, transaction.atomic():
        placed(line(doubtful, 1, at=shop.store), channel="marketplace")
    assert refused.value.code == "insufficient_stock"
    placed(line(sure, 1, at=shop.store), channel="marketplace")
    placed(line(doubtful, 1, at=shop.store))


def test_a_count_of_the_shelf_gives_it_back(shop, doubtful):
    least("web", 50)
    assert total(doubtful, "web") == 0
    ShelfSign.objects.update(counted_at=timezone.now())
    assert total(doubtful, "web") == 5


def test_a_threshold_without_a_model_holds_nothing_back(shop, doubtful):
    least("web", 50)
    ConfidenceModel.objects.update(is_active=False)
    assert total(doubtful, "web") == 5


def test_a_threshold_taken_away_holds_no_more(shop, doubtful):
    least("web", 50)
    least("web", 0)
    assert total(doubtful, "web") == 5


def test_a_customer_at_the_shelf_takes_what_is_there(shop, doubtful):
    least("pos", 99)
    assert StockLevel.objects.claim([Claim("t:1", doubtful.pk, shop.store.pk, 1, floor=0)], channel="pos") == []
    assert StockLevel.objects.get().reserved == 1


def test_a_channel_without_a_threshold_never_looks_at_a_shelf_s_signs(shop, doubtful):
    """The plan says so: what would weigh a shelf is never executed."""
    least("marketplace", 50)
    with CaptureQueriesContext(connection) as queries:
        total(doubtful, "web")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {queries[-1]['sql']}")
        plan = "\n".join(row for (row,) in cursor.fetchall())
    weighs = [row for row in plan.splitlines() if "shelfsign" in row]
    assert weighs
    assert all("never executed" in row for row in weighs)
