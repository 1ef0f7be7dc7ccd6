"""The demo chain: the same for the same seed, sound in every audit, and alive in its first store."""

import json
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from inventory.gtin import is_gtin
from inventory.models import (
    Barcode,
    Feed,
    Location,
    LocationSet,
    Price,
    Product,
    PutBack,
    Snapshot,
    StockLevel,
    StockMovement,
    Variant,
)
from omni.core import settings_store
from omni.core.models import ApiKey, User
from omni.core.settings_store import setting
from omni.demo.catalog import make_catalog
from omni.demo.network import make_network
from omni.demo.places import sites
from orders import preferences
from orders.models import FulfillmentOrder, Order, OrderException, PartnerAlarm, PickupChoice, Shipment
from orders.models.fulfillment_order import Status
from orders.operations.demo_partners import play
from tests.shop import audit

SMALL = {"stores": 6, "products": 120, "customers": 30, "orders": 45}


class TestDemoChain(TestCase):
    """One small chain for all of these."""

    @classmethod
    def setUpTestData(cls):
        cls.folder = Path(cls.enterClassContext(TemporaryDirectory()))
        cls.enterClassContext(override_settings(VAR=cls.folder))
        call_command("seed_demo", **SMALL, stdout=StringIO())
        cls.demo = json.loads((cls.folder / "demo.json").read_text())

    def test_each_state_is_there_and_nothing_fails_an_audit(self):
        assert audit() == {}
        assert Order.objects.count() >= SMALL["orders"]
        states = set(FulfillmentOrder.objects.values_list("status", flat=True))
        assert states >= {"planned", "released", "picking", "staged", "handed_over", "shipped", "declined",
                          "cancelled", "expired"}  # fmt: skip
        kinds = set(OrderException.objects.filter(resolved_at=None).values_list("kind", flat=True))
        assert kinds - {"parcel", "late"} == {"waiting", "overdue"}  # late ones depend on the time of day
        parcels = set(Shipment.objects.values_list("status", flat=True))
        assert parcels >= {"packing", "packed", "labelled", "delivered"}
        assert PickupChoice.objects.filter(answer="").exists()
        assert PutBack.objects.filter(done_at=None).exists()
        assert Order.objects.exclude(hold="").exists()

    def test_its_sources_tell_something_to_decide(self):
        assert Feed.objects.get(silent_since__isnull=False).code == "partner"
        snapshot = Snapshot.objects.get(feed__code="nightly")
        assert (snapshot.status, snapshot.bad_count, snapshot.problems.count()) == ("done", 2, 2)
        assert set(snapshot.rows.values_list("outcome", flat=True)) >= {"", "booked", "review"}

    def test_its_partner_has_orders_in_every_state_and_hq_an_alarm(self):
        theirs = FulfillmentOrder.objects.filter(location__code="V2")
        assert theirs.filter(status=Status.RELEASED, confirm_by__gt=timezone.now(), partner_order=None).exists()
        assert theirs.filter(status=Status.ACCEPTED, lines__confirmation__quantity__gt=0).exists()
        assert not Shipment.objects.filter(fulfillment_order__in=theirs.filter(status=Status.SHIPPED),
                                           tracking_number="").exists()  # fmt: skip
        assert theirs.filter(status=Status.SHIPPED).exists()
        refused = theirs.get(status=Status.DECLINED)
        again = refused.order.fulfillment_orders.exclude(pk=refused.pk).get()
        assert again.location.kind == Location.Kind.DC
        late = PartnerAlarm.objects.get(partner__location__code="V2", kind="unconfirmed", cleared_at=None)
        assert late.fulfillment_order.status == Status.RELEASED
        file = Snapshot.objects.get(feed__partner__location__code="V2")
        assert file.status == "done"
        assert set(file.rows.values_list("outcome", flat=True)) >= {"booked", "review"}

    def test_the_partner_comes_in_and_finds_its_work(self):
        petra = next(each for each in self.demo["people"] if each["role"] == "Dropship partner")
        client = Client()
        client.force_login(User.objects.get(username=petra["username"]))
        page = client.get("/partner/").content.decode()
        theirs = FulfillmentOrder.objects.filter(location__code="V2", status__in=[Status.RELEASED, Status.ACCEPTED])
        assert theirs.count() >= 3
        assert all(f"{work.order.number}" in page for work in theirs.select_related("order"))
        assert "stock-today.csv" in client.get("/partner/stock/").content.decode()

    def test_the_partner_is_not_played_but_the_vendor_is(self):
        before = dict(FulfillmentOrder.objects.filter(location__code="V2").values_list("number", "status"))
        settings_store.forget()
        play(now=timezone.now())
        assert dict(FulfillmentOrder.objects.filter(location__code="V2").values_list("number", "status")) == before

    def test_the_first_store_is_alive_at_any_hour(self):
        now = timezone.now()
        here = FulfillmentOrder.objects.filter(location__code="1001")
        assert here.queue().filter(status=Status.RELEASED, due_at__lt=now).exists()
        assert here.queue().filter(due_at__range=(now, now + timedelta(hours=1))).exists()
        assert here.queue().filter(status=Status.PICKING).exists()
        assert here.waiting_for_collection().count() >= 2

    def test_people_and_key_can_come_in(self):
        roles = [person["role"] for person in self.demo["people"]]
        assert roles == ["Associate", "Store lead", "Store manager", "District manager", "HQ", "Dropship partner"]
        for person in self.demo["people"]:
            assert User.objects.get(username=person["username"]).check_password(person["password"])
        assert ApiKey.objects.for_token(self.demo["api_key"]).has_scope("orders:write")
        assert stat.S_IMODE((self.folder / "demo.json").stat().st_mode) == 0o600
        settings_store.forget()
        assert setting(preferences.DEMO_PARTNERS) is True

    def test_stock_lies_in_the_ledger_and_barcodes_scan(self):
        opened = StockMovement.objects.filter(reason="opening stock")
        shelves = {(shelf.variant_id, shelf.location_id) for shelf in StockLevel.objects.filter(on_hand__gt=0)}
        assert shelves <= set(opened.values_list("variant_id", "location_id"))
        assert all(is_gtin(code) for code in Barcode.objects.values_list("code", flat=True))
        assert Barcode.objects.filter(pack_quantity__gt=1).exists()
        assert StockLevel.objects.filter(location__code="1001").exclude(aisle="").exclude(bin="").exists()

    def test_a_second_seed_does_nothing_or_says_no(self):
        before = Order.objects.count(), User.objects.count()
        call_command("seed_demo", if_empty=True)
        assert (Order.objects.count(), User.objects.count()) == before
        with pytest.raises(CommandError, match="empty database"):
            call_command("seed_demo")


def told() -> tuple:
    return (
        list(Location.objects.order_by("code").values_list("code", "name", "weekly_hours", "timezone", "can_ship")),
        list(Product.objects.order_by("code").values_list("code", "title", "brand")),
        list(Variant.objects.order_by("sku").values_list("sku", "options", "weight_g")),
        list(Price.objects.order_by("variant__sku").values_list("variant__sku", "amount")),
        list(Barcode.objects.order_by("code").values_list("code", "variant__sku")),
    )


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_chain():
    chains = []
    for _again in range(2):
        rng = Random(7)
        make_network(rng=rng, stores=8)
        make_catalog(rng=rng, products=60)
        chains.append(told())
        for model in (Barcode, Price, Variant, Product, Location):
            model._base_manager.all().delete()
        LocationSet.objects.all().delete()
        Location.group.field.related_model.objects.exclude(parent=None).delete()
        Location.group.field.related_model.objects.all().delete()
    assert chains[0] == chains[1]


def test_sixty_stores_lie_in_twelve_districts_of_four_regions():
    chosen = sites(60)
    assert len({site.postal_code for site in chosen}) == 60
    assert (len({site.district for site in chosen}), len({site.region for site in chosen})) == (12, 4)
    assert {site.region for site in sites(16)} == {"North", "East", "South", "West"}
