"""The units of a basket are kept, given back and moved as its lines are; nothing is lost and nothing doubled."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Reservation
from inventory.operations.hold import expire_holds
from omni.core.actors import Actor
from orders.models import Basket
from orders.operations.change_basket import change_way, open_basket, renew, set_quantity
from orders.operations.hand_basket import drop_basket, park_basket, take_basket
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.refusing import refused
from tests.shop import audit, level

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def other():
    return LocationFactory(name="Elm Street")


@pytest.fixture
def ana(store):
    return person("associate", at=store, username="ana")


@pytest.fixture
def basket(ana, store):
    return basket_of(ana, store)


def wants(basket) -> list[tuple]:
    return [(row.variant.sku, row.quantity, row.method) for row in basket.lines.select_related("variant")]


def test_each_way_keeps_its_units_where_they_are(basket, store, other):
    here, there, far = stocked(store, 1, safety_stock=1), stocked(other, 1), stocked(other, 2)
    add(basket, here)
    add(basket, there, "pickup", at=other)
    add(basket, far, "ship", quantity=2)
    assert wants(basket) == [(here.sku, 1, "carry_out"), (there.sku, 1, "pickup"), (far.sku, 2, "ship")]
    assert [level(here, store), level(there, other), level(far, other)] == [(1, 1, 0), (1, 1, 0), (2, 2, 0)]
    assert audit() == {}


def test_a_key_counts_once(basket, store):
    variant = stocked(store, 5)
    add(basket, variant, key="press")
    add(basket, variant, key="press")
    assert wants(basket) == [(variant.sku, 1, "carry_out")]
    add(basket, variant, key="another")
    assert wants(basket) == [(variant.sku, 2, "carry_out")]
    assert level(variant, store) == (5, 2, 0)


def test_what_is_not_there_is_refused_and_changes_nothing(basket, store, other):
    variant = stocked(store, 1)
    stocked(other, 0, variant=variant)
    add(basket, variant)
    before = Basket.objects.get().version
    for method, at in (("carry_out", None), ("pickup", other), ("ship", None)):
        with refused("insufficient_stock") as info:
            add(basket, variant, method, at=at)
        assert info.value.errors[0]["available"] == 0
    assert wants(basket) == [(variant.sku, 1, "carry_out")]
    assert Basket.objects.get().version == before
    assert level(variant, store) == (1, 1, 0)


def test_a_quantity_goes_up_and_down_and_out(basket, store, ana):
    variant = stocked(store, 3)
    add(basket, variant)
    change = {"basket_id": basket.pk, "position": 1, "by": Actor.of(ana), "now": NOW()}
    set_quantity(**change, quantity=3, seen=1)
    assert level(variant, store) == (3, 3, 0)
    with refused("insufficient_stock"):
        set_quantity(**change, quantity=4, seen=3)
    with refused("changed_meanwhile"):
        set_quantity(**change, quantity=2, seen=1)
    set_quantity(**change, quantity=1, seen=3)
    assert level(variant, store) == (3, 1, 0)
    set_quantity(**change, quantity=0, seen=1)
    assert (level(variant, store), basket.lines.count()) == ((3, 0, 0), 0)
    assert audit() == {}


def test_a_line_changes_its_way_whole_or_stays(basket, store, other, ana):
    variant = stocked(store, 2)
    stocked(other, 1, variant=variant)
    add(basket, variant, quantity=2)
    change = {"basket_id": basket.pk, "position": 1, "by": Actor.of(ana), "now": NOW(), "seen": 2}
    with refused("insufficient_stock"):
        change_way(**change, method="pickup", place=other.code)
    assert (level(variant, store), level(variant, other)) == ((2, 2, 0), (1, 0, 0))
    set_quantity(**{**change, "quantity": 1})
    change_way(**{**change, "seen": 1}, method="pickup", place=other.code)
    assert (level(variant, store), level(variant, other)) == ((2, 0, 0), (1, 1, 0))
    add(basket, variant)
    change_way(basket_id=basket.pk, position=2, by=Actor.of(ana), now=NOW(), seen=1, method="pickup", place=store.code)
    assert wants(basket) == [(variant.sku, 1, "pickup"), (variant.sku, 1, "pickup")]
    assert audit() == {}


def test_what_ran_out_is_kept_again_or_said_to_be_gone(basket, store, ana):
    stays, goes = stocked(store, 1), stocked(store, 1)
    add(basket, stays)
    add(basket, goes)
    later = NOW() + timedelta(minutes=11)
    assert expire_holds(now=later) == 1
    assert (level(stays, store), level(goes, store)) == ((1, 0, 0), (1, 0, 0))
    placed(line(goes, at=store), now=later)

    gone = renew(basket_id=basket.pk, by=Actor.of(ana), now=later)

    assert [each.variant for each in gone] == [goes]
    assert (level(stays, store), level(goes, store)) == ((1, 1, 0), (1, 1, 0))
    assert [each.variant for each in renew(basket_id=basket.pk, by=Actor.of(ana), now=later)] == [goes]
    assert audit() == {}


def test_a_renewed_basket_begins_its_time_anew(basket, store, ana):
    variant = stocked(store, 1)
    add(basket, variant)
    later = NOW() + timedelta(minutes=9)
    assert renew(basket_id=basket.pk, by=Actor.of(ana), now=later) == []
    assert expire_holds(now=later + timedelta(minutes=9)) == 0
    until = Reservation.objects.held().get().expires_at
    assert until == Basket.objects.get().hold.expires_at == later + timedelta(minutes=10)


def test_adding_to_a_basket_whose_time_ran_out_keeps_the_rest_again(basket, store):
    first, second = stocked(store, 1), stocked(store, 1)
    add(basket, first)
    expire_holds(now=NOW() + timedelta(minutes=11))
    add(basket, second)
    assert (level(first, store), level(second, store)) == ((1, 1, 0), (1, 1, 0))


def test_a_basket_is_parked_and_a_colleague_goes_on(basket, store, ana):
    ben, variant = person("associate", at=store, username="ben"), stocked(store, 2)
    with refused("empty_basket"):
        park_basket(basket_id=basket.pk, by=Actor.of(ana), now=NOW())
    add(basket, variant)
    with refused("not_yours"):
        set_quantity(basket_id=basket.pk, position=1, quantity=2, seen=1, by=Actor.of(ben), now=NOW())
    with refused("lead_required"):
        take_basket(basket_id=basket.pk, may_take_from_others=False, by=Actor.of(ben), now=NOW())
    park_basket(basket_id=basket.pk, note="Lady in red", by=Actor.of(ana), now=NOW())
    fresh = open_basket(location=store, by=Actor.of(ben), now=NOW())
    taken = take_basket(basket_id=basket.pk, may_take_from_others=False, by=Actor.of(ben), now=NOW())
    assert (taken.associate_id, taken.status, taken.note) == (ben.pk, "open", "Lady in red")
    assert Basket.objects.get(pk=fresh.pk).status == "dropped", "an empty one is not kept"
    lead = person("lead", at=store)
    take_basket(basket_id=basket.pk, may_take_from_others=True, by=Actor.of(lead), now=NOW())
    with refused("not_yours"):
        drop_basket(basket_id=basket.pk, by=Actor.of(ben), now=NOW())
    drop_basket(basket_id=basket.pk, by=Actor.of(lead), now=NOW())
    assert level(variant, store) == (2, 0, 0)
    with refused("basket_closed"):
        take_basket(basket_id=basket.pk, may_take_from_others=True, by=Actor.of(ana), now=NOW())


def test_a_paused_or_closed_pickup_store_takes_nothing_new(basket, store, other):
    variant = stocked(other, 2)
    type(other).objects.filter(pk=other.pk).update(paused_until=NOW() + timedelta(hours=1), pause_reason="flood")
    with refused("paused"):
        add(basket, variant, "pickup", at=other)
    type(other).objects.filter(pk=other.pk).update(paused_until=None, can_pick_up=False)
    with refused("no_pickup"):
        add(basket, variant, "pickup", at=other)
    assert not basket.lines.exists()
