"""Age-restricted items: nothing leaves without a look at an ID; a no is recorded with its reason, a birthday never."""

import pytest
from django.db import IntegrityError, transaction

from omni.core.models import Event
from orders.models import AgeRefusal, HandOver
from orders.operations.hand_over import AgeCheck, Collector, hand_over
from orders.operations.refuse_age import refuse_age
from orders.pickup_code import pickup_code
from tests.factories import BarcodeFactory, line, placed, stocked
from tests.refusing import refused
from tests.shop import audit, held, now, open_shop

pytestmark = pytest.mark.django_db
SEEN = AgeCheck(over=21, how="photo_id")


@pytest.fixture
def shop():
    return open_shop()


@pytest.fixture
def wine(shop):
    return stocked(shop.store, 5, variant=BarcodeFactory(variant__is_age_restricted=True).variant)


@pytest.fixture
def work(shop, wine):
    """A bottle and a mug."""
    return shop.staged(placed(line(wine, 1, at=shop.store), line(stocked(shop.store, 1), 1, at=shop.store)))


def give(shop, work, **how):
    collector = Collector("code", code=pickup_code(work.order.code_seed))
    return hand_over(number=work.number, collector=collector, by=shop.picker, now=now(), **how)


@pytest.mark.parametrize("age", [None, AgeCheck(18, "photo_id"), AgeCheck(21, ""), AgeCheck(21, "looks old enough")])
def test_nothing_leaves_without_a_look_at_an_id(shop, work, age):
    with refused("age_check_required"):
        give(shop, work, age=age)
    assert not HandOver.objects.exists()
    assert audit() == {}


def test_the_other_items_leave_without_it(shop, work, wine):
    mug = work.lines.exclude(variant=wine).get()
    handed = give(shop, work, units={mug.pk: 1})
    assert (handed.is_age_restricted, handed.age_over, handed.age_check) == (False, None, "")


def test_who_checked_and_how_is_kept_and_told(shop, work):
    handed = give(shop, work, age=SEEN)
    assert (handed.age_over, handed.age_check, handed.handed_over_by_id) == (21, "photo_id", shop.picker.user_id)
    assert Event.objects.get(topic="orders.handed_over").payload["age_check"] == {"over": 21, "how": "photo_id"}


def test_hq_decides_the_age(shop, work, settings_decided):
    settings_decided("orders.minimum_age", 18)
    assert give(shop, work, age=AgeCheck(18, "other_id")).age_over == 18


def test_the_database_takes_no_restricted_hand_over_without_a_check(work):
    with pytest.raises(IntegrityError, match="age_was_checked"), transaction.atomic():
        HandOver.objects.create(
            fulfillment_order=work, check_kind="code", lines={}, reservation_ids=[], handed_over_at=now(),
            undo_until=now(), is_age_restricted=True,
        )  # fmt: skip


def test_refused_it_stays_ready_for_somebody_old_enough(shop, work, wine):
    for _press in range(2):
        refuse_age(number=work.number, reason="no_id", outcome="keep", by=shop.picker, now=now())
    work.refresh_from_db()
    assert work.status == "staged"
    noted = AgeRefusal.objects.get()
    assert (noted.over, noted.lines, noted.refused_by_id) == (
        21, {str(work.lines.get(variant=wine).pk): 1}, shop.picker.user_id,
    )  # fmt: skip
    assert Event.objects.get(topic="orders.age_refused").payload["reason"] == "no_id"
    assert give(shop, work, age=SEEN).unit_count == 2
    assert audit() == {}


def test_refused_it_is_cancelled_and_put_back_the_rest_stays(shop, work, wine):
    refuse_age(number=work.number, reason="under_age", outcome="cancel", by=shop.picker, now=now())
    work.refresh_from_db()
    assert work.status == "staged"
    assert held(wine, shop.store) == {"put_back": 1}
    assert give(shop, work).unit_count == 1
    assert audit() == {}


def test_a_refusal_needs_its_words_and_something_to_refuse(shop, work):
    for code, reason, outcome in (("unknown_reason", "rude", "keep"), ("unknown_outcome", "no_id", "burn")):
        with refused(code):
            refuse_age(number=work.number, reason=reason, outcome=outcome, by=shop.picker, now=now())
    other = shop.staged(placed(line(stocked(shop.store, 1), 1, at=shop.store)))
    with refused("nothing_restricted"):
        refuse_age(number=other.number, reason="no_id", outcome="keep", by=shop.picker, now=now())
    give(shop, work, age=SEEN)
    with refused("not_ready"):
        refuse_age(number=work.number, reason="no_id", outcome="keep", by=shop.picker, now=now())
    assert not AgeRefusal.objects.exists()


def test_the_name_of_whoever_collects_is_kept_with_the_code_too(shop, wine):
    order = placed(line(stocked(shop.store, 1), 1, at=shop.store), collector_name="Bea Lee")
    assert give(shop, shop.staged(order)).collector_name == "Bea Lee"
