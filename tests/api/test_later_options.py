"""What a shop may offer where nobody has it now, from suppliers or sent to the store: all of it can be placed."""

from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import Location, PurchaseOrderLine, SupplyPromise, Transfer
from orders.models import Order, OrderLine
from orders.operations.cart_lines import Asked
from orders.operations.fulfillment_options import fulfillment_options
from orders.operations.send_to_store import senders_for
from tests.api.conftest import order_body, pickup, ship
from tests.api.options import CEILING, standard, told
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.factories.supply import in_days, ordered, sold_before
from tests.shop import audit

pytestmark = pytest.mark.django_db
MORE = 3  # statements where something is missing: what suppliers bring, its limits, and where parcels leave


@pytest.fixture
def sent(settings_decided):
    """HQ lets pickups of the web shop be sent to their store."""
    settings_decided("orders.ship_to_store_channels", "web")


@pytest.fixture
def oak():
    return LocationFactory(name="Oak Street", can_ship=True)


def test_a_parcel_is_offered_from_what_comes_and_placed_as_told(site, oak):
    mug, bowl = stocked(oak, 1), stocked(oak, 5)
    sold_before(mug)
    ordered(oak, {mug: 1}, days=3)
    ordered(oak, {mug: 9}, days=8)
    option = standard(told(site, (mug, 3), (bowl, 1)))
    assert option["missing"] == [{"reference": "r1", "quantity": 2}]
    assert option["arrives_on"] is None
    assert option["later"] == {
        "expected_on": f"{in_days(8)}", "on_shortage": "supply",
        "lines": [{"reference": "r1", "quantity": 2, "order_kind": "backorder", "expected_on": f"{in_days(8)}"}],
    }  # fmt: skip
    assert not SupplyPromise.objects.exists(), "only asked"
    made = site.post("/orders", order_body(ship(mug, 3), ship(bowl), on_shortage=option["later"]["on_shortage"]))
    assert made.status_code == 201, made.content
    assert [f"{day}" for day in OrderLine.objects.order_by("position").values_list("expected_on", flat=True)] == [
        option["later"]["expected_on"], "None",
    ]  # fmt: skip
    assert audit() == {}


def test_a_preorder_says_so_and_waits_for_its_street_date(site, oak):
    mug = stocked(oak, 0)
    sold_before(mug, kind="preorder", street_on=in_days(20))
    ordered(oak, {mug: 5}, days=3)
    (line,) = standard(told(site, (mug, 1)))["later"]["lines"]
    assert (line["order_kind"], line["expected_on"]) == ("preorder", f"{in_days(20)}")


def test_what_suppliers_do_not_bring_in_full_is_not_offered_and_not_taken(site, oak):
    mug = stocked(oak, 0)
    term = sold_before(mug, most_units=4)
    ordered(oak, {mug: 9})
    assert standard(told(site, (mug, 4)))["later"] is not None
    options = told(site, (mug, 2), (mug, 3))
    assert (standard(options)["later"], options["pickup_later"]) == (None, []), "the limit is one for both lines"
    refused = site.post("/orders", order_body(ship(mug, 2), ship(mug, 3), on_shortage="supply"))
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_stock")
    term.is_active = False
    term.save()
    assert standard(told(site, (mug, 1)))["later"] is None
    assert not PurchaseOrderLine.objects.exclude(promised_quantity=0).exists()


def test_a_store_that_lacks_units_is_offered_by_transfer(site, oak, sent):
    elm = LocationFactory(name="Elm Street", latitude=45.5, can_ship=True)
    mug, bowl = stocked(oak, 1), stocked(elm, 5)
    stocked(elm, 4, variant=mug)
    options = told(site, (mug, 3), (bowl, 1))
    assert [each["location"] for each in options["pickup"]] == [elm.code]
    (later,) = options["pickup_later"]
    assert (later["location"], later["expected_on"], later["on_shortage"]) == (oak.code, None, "refuse")
    assert later["lines"] == [
        {"reference": "r1", "quantity": 1, "how": "stock", "order_kind": None, "expected_on": None},
        {"reference": "r1", "quantity": 2, "how": "transfer", "order_kind": None, "expected_on": None},
        {"reference": "r2", "quantity": 1, "how": "transfer", "order_kind": None, "expected_on": None},
    ]  # fmt: skip
    assert not Transfer.objects.exists()
    made = site.post("/orders", order_body(pickup(mug, oak, 3), pickup(bowl, oak), on_shortage=later["on_shortage"]))
    assert made.status_code == 201, made.content
    assert Transfer.objects.get().to_location == oak
    ready = max(work.due_at for work in Order.objects.get().fulfillment_orders.all())
    assert abs(datetime.fromisoformat(later["ready_by"]) - ready) < timedelta(minutes=2)
    assert audit() == {}


def test_without_hqs_word_nothing_is_sent_to_a_store(site, oak):
    mug = stocked(LocationFactory(latitude=45.5, can_ship=True), 4)
    assert oak.can_pick_up
    assert told(site, (mug, 1))["pickup_later"] == []
    assert site.post("/orders", order_body(pickup(mug, oak))).status_code == 409


def test_a_store_waits_for_its_own_supplier_only(site, oak):
    elm = LocationFactory(name="Elm Street", latitude=45.5, can_ship=True)
    mug = stocked(oak, 0)
    sold_before(mug)
    ordered(oak, {mug: 5}, days=4)
    (later,) = told(site, (mug, 2))["pickup_later"]
    assert (later["location"], later["ready_by"], later["expected_on"]) == (oak.code, None, f"{in_days(4)}")
    assert site.post("/orders", order_body(pickup(mug, elm, 2), on_shortage="supply")).status_code == 409
    assert site.post("/orders", order_body(pickup(mug, oak, 2), on_shortage=later["on_shortage"])).status_code == 201
    assert f"{OrderLine.objects.get().expected_on}" == later["expected_on"]
    assert audit() == {}


def test_stock_transfer_and_supplier_serve_one_line_together(site, oak, sent):
    elm = LocationFactory(name="Elm Street", latitude=45.5, can_ship=True, can_pick_up=False)
    mug = stocked(oak, 1)
    stocked(elm, 1, variant=mug)
    sold_before(mug)
    ordered(oak, {mug: 5}, days=4)
    (later,) = told(site, (mug, 3))["pickup_later"]
    assert [(each["how"], each["quantity"]) for each in later["lines"]] == [
        ("stock", 1), ("transfer", 1), ("supply", 1),
    ]  # fmt: skip
    assert (later["ready_by"], later["expected_on"]) == (None, f"{in_days(4)}")
    made = site.post("/orders", order_body(pickup(mug, oak, 3), on_shortage=later["on_shortage"]))
    assert made.status_code == 201, made.content
    assert (OrderLine.objects.get().waiting_quantity, Transfer.objects.count()) == (1, 1)
    assert audit() == {}


def test_a_partner_sends_nothing_to_a_store(site, oak, sent):
    maker = LocationFactory(kind=Location.Kind.DROPSHIP, can_pick_up=False, can_ship=True)
    mug = stocked(maker, 4)
    options = told(site, (mug, 1))
    assert (standard(options)["missing"], options["pickup_later"]) == ([], [])


def test_a_key_of_one_store_is_offered_that_store_only(new_site, oak, sent):
    elm = LocationFactory(name="Elm Street", latitude=45.5, can_ship=True)
    mug = stocked(LocationFactory(name="Ash", latitude=45.7, can_ship=True, can_pick_up=False), 5)
    everybody = told(new_site(name="web"), (mug, 1))["pickup_later"]
    assert [each["location"] for each in everybody] == [oak.code, elm.code], "nearest first"
    mine = told(new_site(name="till", locations=[f"location:{elm.pk}"]), (mug, 1))
    assert [each["location"] for each in mine["pickup_later"]] == [elm.code]


def test_it_costs_the_same_few_statements_for_many_lines_and_stores(site, sent):
    variants = [VariantFactory() for _ in range(8)]
    sold_before(None, category="", most_units=500)
    for n in range(30):
        place = LocationFactory(latitude=44.0 + n / 20, can_ship=True)
        for variant in variants:
            stocked(place, n % 2, variant=variant)
        ordered(place, dict.fromkeys(variants, 40), number=f"P{n}")
    told(site, (variants[0], 1))
    with CaptureQueriesContext(connection) as one:
        told(site, (variants[0], 20), services=["standard"])
    with CaptureQueriesContext(connection) as many:
        options = told(site, *((variant, 20) for variant in variants))
    assert len(options["pickup_later"]) == 5 and standard(options)["later"]
    few, all_ = (_asked(queries) for queries in (one, many))
    assert len(few) == len(all_) <= CEILING + MORE, "\n".join(each[:100] for each in all_)


def _asked(queries) -> list[str]:
    """Without HQ's settings, which a process reads once in a while."""
    return [each["sql"] for each in queries if "core_setting" not in each["sql"]]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_offered_can_be_placed_and_comes_as_told(site, sent, seed):
    """Random shelves, suppliers and carts: each offer is placed for itself, and taken back."""
    rng = Random(seed)
    stores = [LocationFactory(latitude=44.5 + n / 5, can_ship=rng.random() < 0.7) for n in range(5)]
    variants = [VariantFactory() for _ in range(3)]
    for variant in variants:
        if rng.random() < 0.8:
            sold_before(variant, most_units=rng.choice([None, 3]), extra_days=rng.choice([0, 2]))
        for place in stores:
            stocked(place, rng.randrange(3), variant=variant)
            if rng.random() < 0.4:
                ordered(place, {variant: rng.randrange(1, 4)}, number=f"P{variant.pk}-{place.pk}",
                        days=rng.randrange(1, 9))  # fmt: skip
    wanted = [(rng.choice(variants), rng.randrange(1, 5)) for _ in range(rng.randrange(1, 4))]
    options = told(site, *wanted, services=["standard"])
    offers = [(options["ship"][0]["later"], ship)]
    by_code = {place.code: place for place in stores}
    offers += [(each, lambda variant, units, each=each: pickup(variant, by_code[each["location"]], units))
               for each in options["pickup_later"]]  # fmt: skip
    for offer, line in offers:
        if offer is None:
            continue
        with transaction.atomic():
            body = order_body(*(line(*each) for each in wanted), on_shortage=offer["on_shortage"])
            made = site.post("/orders", body)
            assert made.status_code == 201, made.content
            days = [day for day in OrderLine.objects.values_list("expected_on", flat=True) if day]
            assert (f"{max(days)}" if days else None) == offer["expected_on"]
            assert audit() == {}
            transaction.set_rollback(True)


def test_senders_are_the_same_from_memory_and_from_the_shelves(oak, sent, monkeypatch):
    mug = stocked(oak, 0)
    for n in range(6):
        place = LocationFactory(latitude=44.2 + n / 3, can_ship=n != 2,
                                kind=Location.Kind.DROPSHIP if n == 4 else Location.Kind.STORE)  # fmt: skip
        stocked(place, n + 1, variant=mug)
    asked, now = [], timezone.now()

    def read_both(**how):
        asked.append([(site.location.pk, site.available) for site in how["senders"](oak, [mug.pk])])
        return []

    monkeypatch.setattr("orders.operations.fulfillment_options.pickups_later", read_both)
    fulfillment_options(asked=[Asked("1", mug.sku, 1)], channel="web", currency="USD", services=["standard"], tags=(),
                        address={"postal_code": "55401"}, seen=None, now=now)  # fmt: skip
    from_shelves = [(site.location.pk, site.available) for site in senders_for("web", now)(oak, [mug.pk])]
    assert asked == [from_shelves]
    assert len(from_shelves) == 4
