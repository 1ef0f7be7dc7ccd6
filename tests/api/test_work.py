"""Work of locations over the API: a partner confirms and ships, a desk hands over; published acts are true."""

from datetime import timedelta

import pytest

from inventory.models import StockLevel
from orders.models import FulfillmentOrder, Order, PickupChoice
from orders.operations.release import release_due
from orders.pickup_code import pickup_code
from tests.api.conftest import order_body, pickup, rows, ship
from tests.factories import BarcodeFactory, LocationFactory, person, stocked
from tests.factories.floor import staged
from tests.shop import audit, now

pytestmark = pytest.mark.django_db


def released(number: str) -> str:
    FulfillmentOrder.objects.filter(order__number=number).update(release_at=now())
    release_due(now=now())
    return f"{number}-1"


@pytest.fixture
def dc():
    return LocationFactory(kind="dc", can_pick_up=False)


@pytest.fixture
def parcel(site, dc):
    """Work for the distribution center, released."""
    return released(site.post("/orders", order_body(ship(stocked(dc, 5), 2, reference="1"))).json()["number"])


def test_a_partner_confirms_and_ships(site, dc, parcel):
    (work,) = site.get("/fulfillment-orders", location=dc.code, status="released", kind="dc").json()["results"]
    assert (work["number"], work["method"], work["actions"]) == (parcel, "ship", ["accept", "decline", "ship"])
    assert [(line["reference"], line["quantity"]) for line in work["lines"]] == [("1", 2)]
    assert work["shipping_address"]["postal_code"] == "55401"
    assert work["confirm_by"]
    assert site.get("/fulfillment-orders", kind="store").json()["results"] == []

    accepted = site.post(f"/fulfillment-orders/{parcel}/acceptance").json()
    assert (accepted["status"], accepted["actions"]) == ("accepted", ["decline", "ship"])
    shipped = site.post(f"/fulfillment-orders/{parcel}/shipment", {"carrier": "UPS", "tracking_number": "1Z9"}).json()
    assert (shipped["status"], shipped["tracking"], shipped["actions"]) == (
        "shipped",
        {"carrier": "UPS", "number": "1Z9"},
        [],
    )
    order = site.get(f"/orders/{work['order']}").json()
    assert (order["status"], order["lines"][0]["status"], order["actions"]) == ("fulfilled", "shipped", [])
    level = StockLevel.objects.get(location=dc)
    assert (level.on_hand, level.reserved) == (3, 0)
    assert audit() == {}


def test_a_declined_parcel_goes_elsewhere_at_once(site, dc, parcel):
    line = FulfillmentOrder.objects.get(number=parcel).lines.get()
    other = LocationFactory()
    stocked(other, 5, variant=line.variant)
    declined = site.post(f"/fulfillment-orders/{parcel}/decline", {"reason": "line is down"}).json()
    assert (declined["status"], declined["actions"]) == ("declined", [])
    (share,) = site.get(f"/orders/{declined['order']}").json()["lines"][0]["fulfillments"]
    assert (share["location"], share["status"]) == (other.code, "planned")
    again = site.post(f"/fulfillment-orders/{parcel}/decline", {"reason": "still"})
    assert (again.status_code, again.json()["code"]) == (409, "too_late")
    assert audit() == {}


def test_a_declined_pickup_asks_its_customer(site, shop):
    number = site.post("/orders", order_body(pickup(stocked(shop.store, 5), shop.store))).json()["number"]
    work = shop.release(Order.objects.get(number=number))
    assert site.post(f"/fulfillment-orders/{work.number}/decline", {"reason": "flooded"}).status_code == 200
    assert PickupChoice.objects.get().order_line.order.number == int(number)
    assert site.get(f"/orders/{number}").json()["lines"][0]["status"] == "waiting"


def test_a_desk_hands_over_by_code_or_by_name_in_parts(site, shop):
    tee = stocked(shop.store, 5)
    number = site.post("/orders", order_body(pickup(tee, shop.store, 3, reference="1"))).json()["number"]
    order = Order.objects.get(number=number)
    path = f"/fulfillment-orders/{shop.staged(order).number}"
    staged = site.get(path).json()
    assert (staged["status"], staged["actions"]) == ("staged", ["hand_over", "arrival"])
    assert staged["collect_by"]
    before = rows()
    wrong = site.post(f"{path}/hand-over", {"check": "code", "code": "AAAAAAAA"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_code")
    nameless = site.post(f"{path}/hand-over", {"check": "photo_id"})
    assert (nameless.status_code, nameless.json()["code"]) == (422, "name_required")
    stray = site.post(
        f"{path}/hand-over", {"check": "photo_id", "name": "Ada", "lines": [{"reference": "9", "quantity": 1}]}
    )
    assert [(error["pointer"], error["code"]) for error in stray.json()["errors"]] == [
        ("/lines/0/reference", "unknown_line")
    ]
    over = site.post(
        f"{path}/hand-over", {"check": "photo_id", "name": "Ada", "lines": [{"reference": "1", "quantity": 4}]}
    )
    assert (over.status_code, over.json()["code"]) == (422, "bad_quantity")
    assert rows() == before

    part = {"check": "code", "code": pickup_code(order.code_seed), "lines": [{"reference": "1", "quantity": 1}]}
    given = site.post(f"{path}/hand-over", part).json()
    assert (given["status"], given["lines"][0]["issued_quantity"]) == ("staged", 1)
    rest = site.post(f"{path}/hand-over", {"check": "photo_id", "name": "Ada Byron"}).json()
    assert (rest["status"], rest["lines"][0]["issued_quantity"]) == ("handed_over", 3)
    assert StockLevel.objects.get().on_hand == 2
    assert audit() == {}


def test_the_rest_is_cancelled_on_the_customers_word(site, shop):
    tee = stocked(shop.store, 5)
    number = site.post("/orders", order_body(pickup(tee, shop.store, 3, reference="1"))).json()["number"]
    work = shop.staged(Order.objects.get(number=number))
    body = {"check": "photo_id", "name": "Ada", "lines": [{"reference": "1", "quantity": 1}], "cancel_remaining": True}
    assert site.post(f"/fulfillment-orders/{work.number}/hand-over", body).status_code == 200
    (line,) = site.get(f"/orders/{number}").json()["lines"]
    assert (line["status"], line["fulfilled_quantity"], line["cancelled_quantity"]) == ("handed_over", 1, 2)


BODIES = {
    "accept": ("acceptance", {}),
    "decline": ("decline", {"reason": "no"}),
    "pack": ("pack", {"parcels": [{"weight_g": 500}]}),
    "ship": ("shipment", {"carrier": "UPS"}),
    "hand_over": ("hand-over", {"check": "photo_id", "name": "Ada"}),
}
PLACES = {"a store's pickup": "pickup", "a store's parcel": "store", "a partner's parcel": "dc"}
STAGES = ["planned", "released", "accepted", "picking", "staged", "staged, held", "released, held", "closed"]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("kind", PLACES.values(), ids=PLACES)
def test_a_published_act_is_taken_and_any_other_is_refused(site, shop, dc, kind, stage):
    place = dc if kind == "dc" else shop.store
    variant = stocked(place, 9)
    line = pickup(variant, place) if kind == "pickup" else ship(variant)
    for act, (noun, body) in BODIES.items():
        number = site.post("/orders", order_body(line)).json()["number"]
        work = bring_to(shop, Order.objects.get(number=number), kind, stage)
        if work is None:
            pytest.skip("such work is never there")
        published = site.get(f"/fulfillment-orders/{work}").json()["actions"]
        answer = site.post(f"/fulfillment-orders/{work}/{noun}", body)
        assert (answer.status_code == 200) == (act in published), (act, published, answer.content)
        assert answer.status_code in {200, 409}


def bring_to(shop, order, kind, stage) -> str | None:
    """The work of an order in this stage; None where it cannot get there."""
    work = order.fulfillment_orders.get()
    stage, _comma, held = stage.partition(", ")
    by_hand = kind != "dc"
    if (stage in {"picking", "staged"} and not by_hand) or (stage == "accepted" and by_hand):
        return None
    if stage == "closed":
        FulfillmentOrder.objects.filter(pk=work.pk).update(status="cancelled")
    elif stage == "staged":
        shop.staged(order)
    elif stage == "picking":
        shop.claim(order)
    elif stage != "planned":
        released(str(order.number))
        FulfillmentOrder.objects.filter(pk=work.pk).update(status=stage)
    if held:
        Order.objects.filter(pk=order.pk).update(hold="payment")
    return work.number


@pytest.fixture
def ready(site):
    """A pickup of one item that is only for people of age, one tracked, on its shelf."""
    store = LocationFactory()
    wine = stocked(store, 3, variant=BarcodeFactory(variant__is_age_restricted=True).variant)
    camera = stocked(store, 3, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    body = order_body(pickup(wine, store, 1, reference="wine"), pickup(camera, store, 1, reference="camera"))
    number = released(site.post("/orders", body).json()["number"])
    return staged(FulfillmentOrder.objects.get(number=number), by=person("associate", at=store))


def test_an_arrival_is_said_by_the_sites_own_app_and_read_back(site, ready):
    url = f"/fulfillment-orders/{ready.number}/arrival"
    assert "arrival" in site.get(f"/fulfillment-orders/{ready.number}").json()["actions"]
    site.post(url, {"state": "on_my_way"})
    said = {"state": "arrived", "bay": "4", "car": {"model": "Honda Civic", "color": "silver"}}
    first = site.post(url, said).json()["arrival"]
    assert (first["bay"], first["car"]) == ("4", {"model": "Honda Civic", "color": "silver"})
    assert first["on_my_way_at"] and first["wait"]["started_at"] and first["wait"]["seconds"] >= 0
    again = site.post(url, {"state": "arrived", "bay": "5"}).json()["arrival"]
    assert (again["bay"], again["arrived_at"]) == ("5", first["arrived_at"])
    assert site.post(url, {"state": "called_off"}).json()["arrival"] is None
    assert audit() == {}


def test_a_clock_of_a_device_is_bounded(site, ready):
    url = f"/fulfillment-orders/{ready.number}/arrival"
    early = site.post(url, {"state": "arrived", "arrived_at": "2020-01-01T00:00:00Z"})
    assert (early.status_code, early.json()["code"]) == (422, "before_the_order")
    future = site.post(url, {"state": "arrived", "arrived_at": (now() + timedelta(hours=1)).isoformat()})
    assert future.json()["arrival"]["wait"]["seconds"] == 0


def test_nobody_arrives_for_a_parcel(site, parcel):
    answer = site.post(f"/fulfillment-orders/{parcel}/arrival", {"state": "arrived"})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_collect")


def test_a_hand_over_needs_its_age_check_and_shows_serials(site, ready):
    url = f"/fulfillment-orders/{ready.number}"
    lines = {line["reference"]: line for line in site.get(url).json()["lines"]}
    assert lines["wine"]["is_age_restricted"] and not lines["camera"]["is_age_restricted"]
    assert len(lines["camera"]["serials"]) == 1 and lines["wine"]["serials"] == []
    body = {"check": "code", "code": pickup_code(ready.order.code_seed)}
    refused = site.post(f"{url}/hand-over", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "age_check_required")
    assert refused.json()["minimum_age"] == 21
    given = site.post(f"{url}/hand-over", body | {"age_check": {"over": 21, "how": "photo_id"}})
    assert given.json()["status"] == "handed_over"
    assert audit() == {}


def test_the_rest_is_sent_to_an_address(site, ready):
    body = {
        "check": "code", "code": pickup_code(ready.order.code_seed), "age_check": {"over": 21, "how": "photo_id"},
        "lines": [{"reference": "wine", "quantity": 1}],
        "ship_remaining_to": {"name": "Ada", "line1": "9 Elm St", "city": "Duluth", "region": "MN",
                              "postal_code": "55802", "country": "US"},
    }  # fmt: skip
    assert site.post(f"/fulfillment-orders/{ready.number}/hand-over", body).json()["status"] == "handed_over"
    work = site.get("/fulfillment-orders", order=str(ready.order.number), method="ship").json()["results"][0]
    assert (work["status"], work["shipping_address"]["postal_code"]) == ("staged", "55802")
    assert len(work["lines"][0]["serials"]) == 1
    assert audit() == {}


def test_the_site_names_who_collects_until_nothing_is_left(site, ready):
    url = f"/orders/{ready.order.number}/collector"
    assert site.post(url, {"name": "Bea Lee"}).json()["collector"] == {"name": "Bea Lee"}
    assert site.post(url, {"name": ""}).json()["collector"] == {"name": ""}
    site.post(f"/orders/{ready.order.number}/cancellation", {"reason": "no"})
    assert site.post(url, {"name": "Bea Lee"}).json()["code"] == "nothing_to_collect"
