"""How a kit could reach its customer: told as the kit, planned as its parts, and placed as it was told."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import SupplyPromise, Transfer
from orders.models import Order, OrderLine, RoutingDecision
from tests.api.conftest import order_body, pickup, ship
from tests.api.options import CEILING, cart, standard, told
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.factories.kits import kit_of
from tests.factories.supply import in_days, ordered, sold_before
from tests.shop import audit

pytestmark = pytest.mark.django_db
MORE = 2  # statements where there are kits: what they are made of, and the parts


@pytest.fixture
def oak():
    return LocationFactory(name="Oak Street", can_ship=True)


@pytest.fixture
def elm():
    return LocationFactory(name="Elm Street", latitude=45.6, can_ship=True)


@pytest.fixture
def sent(settings_decided):
    """HQ lets pickups of the web shop be sent to their store."""
    settings_decided("orders.ship_to_store_channels", "web")


def units_at_places(order) -> Counter:
    """(location, SKU) -> units of what was placed."""
    units: Counter = Counter()
    for work in order.fulfillment_orders.all():
        for line in work.lines.all():
            units[work.location.code, line.order_line.sku] += line.quantity
    return units


def test_a_kit_is_answered_as_any_line_and_placed_as_told(site, oak, elm):
    tee, mug = stocked(oak, 9), stocked(oak, 1)
    stocked(elm, 4, variant=tee)
    stocked(elm, 4, variant=mug)
    kit = kit_of({tee: 2, mug: 1})
    options = told(site, (kit, 2), (tee, 1))
    assert [each["service"] for each in options["ship"]] == ["standard", "two_day", "next_day"]
    for option in options["ship"]:
        assert option["missing"] == []
        assert option["later"] is None
        assert option["arrives_on"] == max(parcel["arrives_on"] for parcel in option["parcels"])
        assert {line["reference"] for parcel in option["parcels"] for line in parcel["lines"]} == {"r1", "r2"}
    by_place = {parcel["location"]: parcel for parcel in standard(options)["parcels"]}
    assert {"reference": "r1", "quantity": 2} in by_place[elm.code]["lines"], "only there both kits are whole"
    assert [parcel["split_kits"] for parcel in by_place.values()] == [[]] * len(by_place)
    assert options["pickup"] == []
    assert not Order.objects.exists()
    assert not RoutingDecision.objects.exists()
    made = site.post("/orders", order_body(ship(kit, 2), ship(tee)))
    assert made.status_code == 201, made.content
    placed = units_at_places(Order.objects.get())
    assert placed[elm.code, mug.sku] == 2
    assert {place for place, _sku in placed} == set(by_place)
    assert audit() == {}


def test_kits_that_nobody_has_all_come_whole_from_here_and_there(site, oak, elm):
    tee, mug = stocked(oak, 2), stocked(oak, 1)
    stocked(elm, 4, variant=tee)
    stocked(elm, 2, variant=mug)
    kit = kit_of({tee: 2, mug: 1})
    option = standard(told(site, (kit, 3)))
    assert {parcel["location"]: parcel["lines"] for parcel in option["parcels"]} == {
        oak.code: [{"reference": "r1", "quantity": 1}], elm.code: [{"reference": "r1", "quantity": 2}],
    }  # fmt: skip
    assert all(parcel["arrives_on"] > parcel["ships_on"] and not parcel["split_kits"] for parcel in option["parcels"])
    assert option["arrives_on"] == max(parcel["arrives_on"] for parcel in option["parcels"])
    assert site.post("/orders", order_body(ship(kit, 3))).status_code == 201
    assert units_at_places(Order.objects.get()) == {
        (oak.code, tee.sku): 2, (oak.code, mug.sku): 1, (elm.code, tee.sku): 4, (elm.code, mug.sku): 2,
    }  # fmt: skip


def test_a_kit_that_may_be_split_says_which_parcels_hold_parts_only(site, oak, elm):
    tee, mug = stocked(oak, 2), stocked(elm, 1)
    kit = kit_of({tee: 2, mug: 1})
    assert standard(told(site, (kit, 1)))["missing"] == [{"reference": "r1", "quantity": 1}]
    assert site.post("/orders", order_body(ship(kit))).json()["code"] == "insufficient_stock"
    kit.may_split = True
    kit.save()
    option = standard(told(site, (kit, 1)))
    assert option["missing"] == []
    assert {parcel["location"] for parcel in option["parcels"]} == {oak.code, elm.code}
    for parcel in option["parcels"]:
        assert (parcel["lines"], parcel["split_kits"]) == ([{"reference": "r1", "quantity": 1}], ["r1"])
    assert site.post("/orders", order_body(ship(kit))).status_code == 201
    assert set(units_at_places(Order.objects.get())) == {(oak.code, tee.sku), (elm.code, mug.sku)}


def test_stores_offer_a_kit_where_all_of_its_parts_are(site, oak, elm):
    tee, mug = stocked(oak, 3), stocked(oak, 2)
    stocked(elm, 9, variant=tee)
    kit = kit_of({tee: 1, mug: 1})
    assert [each["location"] for each in told(site, (kit, 2))["pickup"]] == [oak.code]
    assert [each["location"] for each in told(site, (kit, 2), (tee, 1))["pickup"]] == [oak.code]
    assert told(site, (kit, 2), (tee, 2))["pickup"] == [], "the kit's tees and the other ones are the same shelf"


def test_a_kit_comes_when_its_last_part_does(site, oak):
    tee, mug = stocked(oak, 1), stocked(oak, 1)
    kit = kit_of({tee: 1, mug: 1})
    for part, days in ((tee, 3), (mug, 8)):
        sold_before(part)
        ordered(oak, {part: 5}, days=days)
    options = told(site, (kit, 3))
    day = f"{in_days(8)}"
    option = standard(options)
    assert option["missing"] == [{"reference": "r1", "quantity": 2}]
    assert option["later"] == {
        "expected_on": day, "on_shortage": "supply",
        "lines": [{"reference": "r1", "quantity": 2, "order_kind": "backorder", "expected_on": day}],
    }  # fmt: skip
    (later,) = options["pickup_later"]
    assert (later["expected_on"], later["on_shortage"], later["ready_by"]) == (day, "supply", None)
    assert later["lines"] == [
        {"reference": "r1", "quantity": 1, "how": "stock", "order_kind": None, "expected_on": None},
        {"reference": "r1", "quantity": 2, "how": "supply", "order_kind": "backorder", "expected_on": day},
    ]  # fmt: skip
    assert not SupplyPromise.objects.exists(), "only asked"
    made = site.post("/orders", order_body(ship(kit, 3), on_shortage="supply"))
    assert made.status_code == 201, made.content
    assert [f"{each}" for each in OrderLine.objects.order_by("position").values_list("expected_on", flat=True)] == [
        f"{in_days(3)}", day,
    ]  # fmt: skip
    assert audit() == {}


def test_what_an_order_of_a_kit_would_not_get_is_not_offered(site, oak):
    """One part lies here, the other one is on order: placement refuses that under `supply`."""
    tee, mug = stocked(oak, 5), stocked(oak, 0)
    sold_before(mug)
    ordered(oak, {mug: 5})
    kit = kit_of({tee: 1, mug: 1})
    option = standard(told(site, (kit, 1)))
    assert (option["missing"], option["later"]) == ([{"reference": "r1", "quantity": 1}], None)
    refused = site.post("/orders", order_body(ship(kit), on_shortage="supply"))
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_stock")


def test_a_store_that_lacks_a_part_is_offered_by_transfer(site, oak, elm, sent):
    tee, mug = stocked(oak, 2), stocked(elm, 2)
    stocked(oak, 1, variant=mug)
    stocked(elm, 2, variant=tee)
    kit = kit_of({tee: 1, mug: 1})
    later = {each["location"]: each for each in told(site, (kit, 3))["pickup_later"]}
    assert later[oak.code]["lines"] == [
        {"reference": "r1", "quantity": 1, "how": "stock", "order_kind": None, "expected_on": None},
        {"reference": "r1", "quantity": 2, "how": "transfer", "order_kind": None, "expected_on": None},
    ]  # fmt: skip
    made = site.post("/orders", order_body(pickup(kit, oak, 3), on_shortage=later[oak.code]["on_shortage"]))
    assert made.status_code == 201, made.content
    assert {each.to_location for each in Transfer.objects.all()} == {oak}
    assert audit() == {}


def test_what_an_order_could_not_be_made_of_is_refused_at_the_kit(site, oak):
    tee, mug = stocked(oak, 5), stocked(oak, 5)
    kit = kit_of({tee: 1, mug: 1})
    lines = [
        {"reference": "gift", "sku": kit.sku, "quantity": 1},
        {"reference": "gift.2", "sku": mug.sku, "quantity": 1},
    ]
    body = {"lines": lines, "ship_to": {"postal_code": "55401"}}
    twice = site.post("/fulfillment-options", body)
    assert (twice.status_code, twice.json()["code"]) == (422, "invalid_cart")
    assert [(each["pointer"], each["code"]) for each in twice.json()["errors"]] == [("/lines/1/reference", "duplicate")]
    placed = order_body(ship(kit, reference="gift"), ship(mug, reference="gift.2"))
    assert site.post("/orders", placed).status_code == 422
    mug.is_active = False
    mug.save()
    old = site.post("/fulfillment-options", cart((tee, 1), (kit, 1)))
    assert [(each["pointer"], each["code"]) for each in old.json()["errors"]] == [("/lines/1/sku", "inactive_sku")]
    assert site.post("/orders", order_body(ship(tee), ship(kit))).status_code == 422
    large = kit_of({stocked(oak, 1): 1 for _ in range(30)})
    many = site.post("/fulfillment-options", cart(*[(large, 1)] * 7))
    assert [(each["pointer"], each["code"]) for each in many.json()["errors"]] == [("/lines", "too_many")]


def test_it_costs_the_same_few_statements_for_many_kits_and_locations(site):
    parts = [VariantFactory() for _ in range(6)]
    for n in range(20):
        place = LocationFactory(latitude=44.0 + n / 20)
        for part in parts:
            stocked(place, 5, variant=part)
    kits = [kit_of({parts[n]: 1, parts[(n + 1) % 6]: 2}) for n in range(6)]
    site.post("/fulfillment-options", cart((kits[0], 1)))
    with CaptureQueriesContext(connection) as one:
        site.post("/fulfillment-options", cart((kits[0], 1), services=["standard"]))
    with CaptureQueriesContext(connection) as many:
        site.post("/fulfillment-options", cart(*((kit, 1) for kit in kits), (parts[0], 1)))
    assert len(one) == len(many) <= CEILING + MORE, "\n".join(each["sql"][:100] for each in many)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_told_of_kits_is_what_an_order_gets(site, seed):
    """Random shelves, kits and carts: the same parcels, and refused exactly where something is missing."""
    rng = Random(seed)
    stores = [LocationFactory(latitude=44.5 + n / 5, longitude=-93.2 - n / 9, can_ship=True) for n in range(4)]
    parts = [VariantFactory(price="10") for _ in range(3)]
    for part in parts:
        for place in stores:
            stocked(place, rng.randrange(4), variant=part)
    kits = [kit_of({part: rng.randrange(1, 3) for part in rng.sample(parts, 2)}, may_split=rng.random() < 0.4)
            for _ in range(2)]  # fmt: skip
    for _ in range(3):
        wanted = [(rng.choice([*kits, parts[0]]), rng.randrange(1, 3)) for _ in range(rng.randrange(1, 3))]
        option = standard(told(site, *wanted, services=["standard"]))
        with transaction.atomic():
            lines = [ship(each, units, reference=f"r{n}") for n, (each, units) in enumerate(wanted, 1)]
            for line in lines:
                line["fulfillment"] = {"method": "ship", "service": "standard"}
            made = site.post("/orders", order_body(*lines))
            assert (made.status_code == 409) == bool(option["missing"]), made.content
            if made.status_code == 201:
                order = Order.objects.get()
                assert _kits_at_places(order) == _told_at_places(option)
                assert audit() == {}
            transaction.set_rollback(True)


def _told_at_places(option) -> dict[tuple[str, str], tuple[int, bool]]:
    """(location, line) -> units, and whether parts of the kit come from elsewhere."""
    return {
        (parcel["location"], line["reference"]): (line["quantity"], line["reference"] in parcel["split_kits"])
        for parcel in option["parcels"] for line in parcel["lines"]
    }  # fmt: skip


def _kits_at_places(order) -> dict[tuple[str, str], tuple[int, bool]]:
    found = {}
    for work in order.fulfillment_orders.all():
        shares: dict[str, list[tuple[int, OrderLine]]] = {}
        for share in work.lines.select_related("order_line__kit"):
            line = share.order_line
            shares.setdefault(line.kit.reference if line.kit else line.reference, []).append((share.quantity, line))
        for name, mine in shares.items():
            counts = [quantity / (line.kit_units or 1) for quantity, line in mine]
            kit = mine[0][1].kit
            whole = kit is None or (
                len(mine) == kit.line_count and len(set(counts)) == 1 and counts[0] == int(counts[0])
            )
            found[work.location.code, name] = (-int(-max(counts) // 1), not whole)
    return found


def test_days_are_those_of_the_order(site, oak):
    tee, mug = stocked(oak, 5), stocked(oak, 5)
    kit = kit_of({tee: 1, mug: 1})
    (parcel,) = standard(told(site, (kit, 1)))["parcels"]
    site.post("/orders", order_body(ship(kit)))
    (work,) = Order.objects.get().fulfillment_orders.all()
    assert f"{oak.schedule.local_day(work.cutoff_at)}" == parcel["ships_on"]
    assert work.cutoff_at - Order.objects.get().placed_at < timedelta(days=7)
