"""Who picks and packs sees which kit a part belongs to."""

import pytest
from django.utils import timezone

from inventory.operations.define_kit import define_kit
from omni.core.actors import Actor
from orders.models import FulfillmentOrder
from orders.operations.claim import claim
from orders.operations.pack import Box, pack
from orders.operations.release import release_due
from tests.factories import ProductFactory, line, placed, stocked
from tests.factories.floor import staged
from tests.factories.kits import kit_of
from tests.factories.parcels import carton

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(store):
    tee, mug = stocked(store, 9, aisle="B", bin="11-1"), stocked(store, 9, aisle="C", bin="02-4")
    return kit_of({tee: 2, mug: 1}, amount="40", product=ProductFactory(title="Gift set"), options={})


def released(*lines):
    order = placed(*lines)
    FulfillmentOrder.objects.filter(order=order).update(release_at=timezone.now())
    release_due(now=timezone.now())
    return order.fulfillment_orders.get()


def test_the_pick_list_names_the_kit_on_the_phone_and_on_paper(store, ana, gift):
    alone = stocked(store, 3)
    work = released(line(gift, 2, at=store), line(alone, at=store))
    pick_list = claim(location=store, numbers=[work.number], by=Actor.of(ana.user), now=timezone.now())
    for address in (f"/pick/{pick_list.number}/", f"/pick/{pick_list.number}/print/"):
        page = ana.get(address).content.decode()
        for words in ("Part of Gift set, 1 of 2", "Part of Gift set, 2 of 2"):
            assert page.count(words) == 1, address
        assert page.count("Part of") == 2, "what was sold by itself is no part"


def test_one_row_for_two_orders_names_each_kit_once(store, ana, gift):
    tee = gift.components.get(quantity=2).component
    other = kit_of({tee: 1}, product=ProductFactory(title="Tee in a box"), options={})
    works = [released(line(gift, at=store)), released(line(gift, at=store)), released(line(other, at=store)),
             released(line(tee, at=store))]  # fmt: skip
    pick_list = claim(location=store, numbers=[work.number for work in works], by=Actor.of(ana.user),
                      now=timezone.now())  # fmt: skip
    page = ana.get(f"/pick/{pick_list.number}/").content.decode()
    assert page.count("4 × Part of Gift set, 1 of 2; 1 × Part of Tee in a box") == 1


def test_the_packing_table_and_the_slip_name_the_kit_as_it_was_ordered(store, ana, gift):
    carton()
    work = released(line(gift))
    define_kit(sku=gift.sku, components={stocked(store, 1).sku: 5}, by=Actor.system("test"))
    staged(work, by=ana.user)
    page = ana.get(f"/pack/{work.number}/").content.decode()
    assert page.count("Part of Gift set, ") == 2
    parcel = pack(number=work.number, box=Box(carton="M"), by=Actor.of(ana.user), now=timezone.now())
    slip = ana.get(f"/parcels/{parcel.number}/slip/").content.decode()
    assert "Part of Gift set, 1 of 2" in slip and "Part of Gift set, 2 of 2" in slip


def test_more_kits_are_no_more_queries(store, ana, gift, django_assert_max_num_queries):
    work = released(line(gift, at=store))
    url = f"/pick/{claim(location=store, numbers=[work.number], by=Actor.of(ana.user), now=timezone.now()).number}/"
    with django_assert_max_num_queries(40) as one:
        ana.get(url)
    kits = [kit_of({stocked(store, 3): 1, stocked(store, 3): 1}) for _ in range(4)]
    more = released(*(line(kit, at=store) for kit in kits))
    pick_list = claim(location=store, numbers=[more.number], by=Actor.of(ana.user), now=timezone.now())
    with django_assert_max_num_queries(len(one)):
        ana.get(f"/pick/{pick_list.number}/")
