"""What a kit is made of, and where it can be had."""

import pytest
from django.db import IntegrityError, transaction

from inventory.atp import sites, supply, totals
from inventory.csv_rows.product import product_row
from inventory.csv_rows.reading import Line
from inventory.models import KitComponent, Location, Variant
from inventory.operations.define_kit import define_kit
from inventory.operations.import_products import import_products
from inventory.operations.number_changes import number_changes
from inventory.operations.order_supply import cancel_purchase_order
from omni.core.actors import Actor
from omni.core.models import Event
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.factories.kits import kit_of
from tests.factories.rules import active
from tests.factories.supply import ordered
from tests.refusing import refused
from tests.shop import audit, now

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def parts(store):
    return stocked(store, 7), stocked(store, 5)


def total(kit, channel="web"):
    return totals(variants=[kit.pk], places=Location.objects.all(), channel=channel).get(kit.pk, 0)


def test_a_kit_can_be_had_as_often_as_its_scarcest_part(store, parts):
    tee, mug = parts
    kit = kit_of({tee: 2, mug: 1})
    other = LocationFactory()
    stocked(other, 50, variant=tee)
    assert total(kit) == 3, "a location without mugs has none"
    (site,) = sites(places=Location.objects.filter(pk=store.pk), variants=[kit.pk, mug.pk], channel="web", near=None)
    assert (site.available, site.on_shelf) == ({kit.pk: 3, mug.pk: 5}, {kit.pk: 3, mug.pk: 5})
    found = supply(variants=[kit.pk], places=Location.objects.all(), channel="web", near=None)[kit.pk]
    assert [(site.location, units) for site, units in found.shelves] == [(store, 3)]


def test_rules_keep_back_of_the_parts(store, parts):
    tee, mug = parts
    kit = kit_of({tee: 1, mug: 1})
    mug.product.category = "Mugs"
    mug.product.save()
    active(category="Mugs", units=3, channels=["marketplace"])
    assert (total(kit), total(kit, "marketplace")) == (5, 2)


def test_what_cannot_be_a_kit_is_refused(store, parts):
    tee, mug = parts
    kit = kit_of({tee: 1})
    for code, sku, components in (
        ("unknown_sku", kit.sku, {"no-such": 1}), ("no_components", kit.sku, {}),
        ("bad_quantity", kit.sku, {tee.sku: 0}),
        ("own_part", kit.sku, {kit.sku: 1}), ("nested", VariantFactory().sku, {kit.sku: 1}),
        ("nested", tee.sku, {mug.sku: 1}), ("has_stock", mug.sku, {tee.sku: 1}),
    ):  # fmt: skip
        with refused(code), transaction.atomic():
            define_kit(sku=sku, components=components, by=BY)
    assert KitComponent.objects.get().component == tee


def test_what_is_on_order_is_no_kit_and_a_kit_is_not_ordered(store, parts):
    tee, _mug = parts
    box = stocked(store, 0)
    purchase = ordered(store, {box: 5})
    with refused("has_stock"), transaction.atomic():
        define_kit(sku=box.sku, components={tee.sku: 1}, by=BY)
    cancel_purchase_order(number=purchase.number, reason="a mistake", by=BY, now=now())
    assert define_kit(sku=box.sku, components={tee.sku: 1}, by=BY)
    with refused("is_kit"), transaction.atomic():
        ordered(store, {box: 5})


def test_the_database_keeps_kits_flat(parts):
    tee, mug = parts
    kit = kit_of({tee: 1})
    for row in ({"kit": VariantFactory(), "component": kit}, {"kit": tee, "component": mug}):
        with pytest.raises(IntegrityError, match="no part of a kit"), transaction.atomic():
            KitComponent.objects.create(quantity=1, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        KitComponent.objects.create(kit=mug, component=mug, quantity=1)


def test_said_twice_it_is_defined_once(parts):
    tee, mug = parts
    kit = kit_of({tee: 1})
    assert not define_kit(sku=kit.sku, components={tee.sku: 1}, by=BY)
    assert define_kit(sku=kit.sku, components={mug.sku: 2}, by=BY)
    assert total(kit) == 2
    assert Event.objects.filter(topic="inventory.kit_defined").count() == 2
    assert audit() == {}


def test_channels_hear_of_a_kit_when_a_part_changes(store, parts, site):
    tee, mug = parts
    number_changes()
    kit = kit_of({tee: 2, mug: 1})
    number_changes()
    news = site.get("/inventory/changes", after=0).json()
    (row,) = [row for row in news["results"] if row["sku"] == kit.sku]
    assert (row["on_hand"], row["reserved"], row["available"]) == (3, 0, 3)
    stocked(store, 4, variant=tee)
    number_changes()
    later = site.get("/inventory/changes", after=news["last_sequence"]).json()["results"]
    assert {(row["sku"], row["available"]) for row in later} == {(tee.sku, 4), (kit.sku, 2)}


def test_the_api_tells_what_a_kit_is_made_of_and_where_it_is(store, parts, site):
    tee, mug = parts
    kit = kit_of({tee: 2, mug: 1})
    assert site.get(f"/variants/{kit.sku}").json()["components"] == [
        {"sku": tee.sku, "quantity": 2}, {"sku": mug.sku, "quantity": 1},
    ]  # fmt: skip
    (item,) = site.get("/availability", sku=kit.sku).json()["results"]
    assert (item["total"], [shelf["available"] for shelf in item["locations"]]) == (3, [3])
    (item,) = site.get("/availability", sku=kit.sku, location=store.code).json()["results"]
    assert (item["total"], [shelf["available"] for shelf in item["locations"]]) == (3, [3])


def test_a_file_says_what_a_kit_is_made_of(store, parts):
    tee, mug = parts
    said = [
        {"product_code": "BOX", "title": "Box", "sku": "BOX", "price": "40", "components": f"{tee.sku}*2; {mug.sku}",
         "may_split": "yes"},
        {"product_code": "BAD", "title": "Bad", "sku": "BAD", "components": "no-such"},
    ]  # fmt: skip
    lines = [Line(n, product_row(raw), raw) for n, raw in enumerate(said, start=2)]
    outcome = import_products(lines=lines)
    box = Variant.objects.get(sku="BOX")
    assert (total(box), box.may_split) == (3, True)
    assert [(bad.number, bad.reason) for bad in outcome.refused] == [(3, "Nothing is sold under no-such.")]
    for splits, changed in (("yes", 0), ("no", 1), ("no", 0)):
        again = said[0] | {"may_split": splits}
        assert import_products(lines=[Line(2, product_row(again), again)]).changed == changed
    alone = {"product_code": "BOX", "title": "Box", "sku": "BOX", "may_split": "yes"}  # its parts are left out
    assert import_products(lines=[Line(2, product_row(alone), alone)]).changed == 1
    told = Event.objects.filter(topic="inventory.kit_defined").order_by("pk").values_list("payload", flat=True)
    assert [(each["may_split"], each["components"]) for each in told] == [
        (splits, {tee.sku: 2, mug.sku: 1}) for splits in (True, False, True)
    ]
    assert audit() == {}
