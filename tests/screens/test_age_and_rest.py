"""At the desk: the age check that cannot be skipped, what stays behind, and the pieces to give."""

import pytest

from omni.core.checks import run_checks
from orders.models import AgeRefusal, FulfillmentOrder, HandOver, SerialNumber
from orders.operations.release import release_due
from tests.factories import BarcodeFactory, line, placed, stocked
from tests.factories.floor import staged
from tests.shop import now

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)
HOME = {
    "to-name": "Ada Byron",
    "to-line1": "9 Elm St",
    "to-city": "Duluth",
    "to-region": "MN",
    "to-postal_code": "55802",
}


@pytest.fixture
def work(store, ana):
    """A bottle of wine and two mugs."""
    wine = stocked(store, 5, variant=BarcodeFactory(variant__is_age_restricted=True).variant)
    order = placed(line(wine, 1, at=store), line(stocked(store, 5), 2, at=store))
    release_due(now=now())
    return staged(order.fulfillment_orders.get(), by=ana.user)


def give(client, work, **fields):
    lines = work.lines.order_by("pk")
    units = {f"units-{each.pk}": each.in_staging_quantity for each in lines}
    data = {"check": "photo_id", "name": "Ada Byron", "rest": "keep", "seen": work.hand_overs.count()}
    return client.post(f"/pickup/{work.number}/", data | units | fields)


def violations():
    return {finding.check: finding.first for finding in run_checks() if finding.count}


@refusing
def test_the_page_asks_for_the_age_and_gives_nothing_without_an_answer(ana, work):
    page = ana.get(f"/pickup/{work.number}/").content.decode()
    assert "Only for people over 21" in page and "born on or before" in page
    answer = give(ana, work)
    assert answer.status_code == 409
    assert "Look at their ID first" in answer.content.decode()
    assert not HandOver.objects.exists()


def test_old_enough_it_leaves_and_the_story_says_how(ana, work):
    give(ana, work, age="photo_id")
    assert HandOver.objects.get().age_check == "photo_id"
    story = ana.get(f"/orders/{work.order.number}/").content.decode()
    assert "over 21 (Photo ID seen)" in story


def test_refused_the_rest_leaves_and_the_bottle_stays(ana, work):
    wine, mugs = work.lines.order_by("pk")
    answer = give(ana, work, age="refused", age_reason="no_id", age_outcome="keep")
    assert answer.status_code == 302
    assert HandOver.objects.get().lines == {str(mugs.pk): 2}
    assert AgeRefusal.objects.get().lines == {str(wine.pk): 1}
    work.refresh_from_db()
    assert work.status == "staged"
    assert "Not handed over: only for people over 21" in ana.get(f"/orders/{work.order.number}/").content.decode()
    assert violations() == {}


def test_refused_and_cancelled_nothing_else_wanted(ana, work):
    wine, mugs = work.lines.order_by("pk")
    give(ana, work, age="refused", age_reason="under_age", age_outcome="cancel", **{f"units-{mugs.pk}": 0})
    assert not HandOver.objects.exists()
    wine.refresh_from_db()
    assert wine.cancelled_quantity == 1
    assert violations() == {}


def test_the_rest_is_sent_where_the_customer_says(ana, work):
    mugs = work.lines.order_by("pk")[1]
    answer = give(ana, work, age="photo_id", rest="ship", **HOME, **{f"units-{mugs.pk}": 1})
    assert answer.status_code == 302
    parcel = FulfillmentOrder.objects.get(method="ship")
    assert (parcel.status, parcel.lines.get().quantity) == ("staged", 1)
    assert violations() == {}


def test_without_a_whole_address_nothing_is_given_and_what_was_typed_stays(ana, work):
    mugs = work.lines.order_by("pk")[1]
    answer = give(ana, work, age="photo_id", rest="ship", **(HOME | {"to-city": ""}), **{f"units-{mugs.pk}": 1})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say which city." in text and "9 Elm St" in text
    assert not HandOver.objects.exists()


def test_the_pieces_to_give_are_named(ana, released, store):
    camera = stocked(store, 5, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    work = staged(released(2, variant=camera), by=ana.user)
    text = ana.get(f"/pickup/{work.number}/").content.decode()
    assert all(each.serial in text for each in SerialNumber.objects.all())


def test_an_order_without_restricted_items_asks_nothing(ana, released):
    work = staged(released(1), by=ana.user)
    assert "Only for people over" not in ana.get(f"/pickup/{work.number}/").content.decode()
