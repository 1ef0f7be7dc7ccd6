"""From the tote onto the truck, as an associate does it on the screens."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from omni.core.actors import Actor
from orders.carriers.simulator import Simulator
from orders.models import Label, Manifest, Shipment
from orders.operations.buy_label import start_label
from orders.operations.manifest import open_manifest, scan_parcel
from tests.factories import LocationFactory, person, stocked
from tests.factories.parcels import carton, handed_over, labelled, packed, to_pack

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def store():
    carton()
    return LocationFactory(line1="1 Oak St", city="Minneapolis", region="MN", postal_code="55401")


@pytest.fixture
def packer(store):
    return person("associate", at=store)


@pytest.fixture
def client(store, packer):
    client = Client()
    client.force_login(packer, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(store.pk)
    session.save()
    return client


def words(response) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_an_order_goes_from_its_tote_onto_the_truck(client, store, packer):
    work = to_pack(store, by=packer, shelf="T-7")
    assert f"#{work.order.number}" in words(client.get("/ship/"))
    found = client.post("/ship/find/", {"code": "t-7"})
    assert found["Location"] == f"/pack/{work.number}/"
    page = words(client.get(found["Location"]))
    assert "It fits into one parcel" in page
    sku = work.lines.get().variant.sku
    for _ in range(2):
        assert client.post(f"/pack/{work.number}/scan/", {"code": sku}).status_code == 302
    closed = client.post(f"/pack/{work.number}/close/", {"carton": "M", "weight": "2.2"})
    parcel = Shipment.objects.get()
    assert (closed["Location"], parcel.status, parcel.weight_g) == (f"/parcels/{parcel.number}/", "packed", 998)
    rates = words(client.get(f"/parcels/{parcel.number}/rates/"))
    assert "SimPost Ground" in rates
    assert "Cheapest" in rates
    client.post(f"/parcels/{parcel.number}/buy/", {"service": "SimPost/Ground"})
    label = client.get(f"/parcels/{parcel.number}/label.pdf")
    assert (label["Content-Type"], label["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert client.get(f"/parcels/{parcel.number}/label.zpl").content.startswith(b"^XA")
    opened = client.post("/manifests/", {"carrier": "SimPost"})
    parcel.refresh_from_db()
    client.post(f"{opened['Location']}scan/", {"code": parcel.tracking_number})
    assert "1 parcel on the pile" in words(client.get(opened["Location"]))
    client.post(f"{opened['Location']}close/", {"driver": "Sam"})
    parcel.refresh_from_db()
    assert (parcel.status, Manifest.objects.get().driver_name) == ("handed_over", "Sam")
    printed = words(client.get(f"{opened['Location']}print/"))
    assert parcel.tracking_number in printed
    assert "Taken by Sam" in printed


def test_htmx_gets_the_table_back_with_what_was_scanned(client, store, packer):
    work = to_pack(store, by=packer)
    answer = client.post(f"/pack/{work.number}/scan/", {"code": work.lines.get().variant.sku},
                         headers={"HX-Request": "true"})  # fmt: skip
    assert answer.status_code == 200
    assert "Packed 1 of 2" in words(answer)
    assert 'data-sound="good"' in answer.content.decode()
    assert "Close this parcel" in words(answer)


def test_a_wrong_item_is_said_and_nothing_is_packed(client, store, packer):
    work, other = to_pack(store, by=packer), stocked(store, 1)
    with transaction.atomic():  # as the request's own: what a refusal wrote is undone
        answer = client.post(f"/pack/{work.number}/scan/", {"code": other.sku}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#notices")
    assert "not part of this order" in words(answer)
    assert not Shipment.objects.exists()


def test_packing_with_one_tap_needs_hqs_word(client, store, packer, settings_decided):
    work = to_pack(store, by=packer)
    assert "Put all" not in words(client.get(f"/pack/{work.number}/"))
    client.post(f"/pack/{work.number}/all/")
    assert not Shipment.objects.exists()
    settings_decided("orders.verify_packing", False)
    assert "Put all 2 units in" in words(client.get(f"/pack/{work.number}/"))
    client.post(f"/pack/{work.number}/all/")
    assert Shipment.objects.get().lines.get().quantity == 2


def test_another_box_is_measured(client, store, packer, settings_decided):
    settings_decided("orders.verify_packing", False)
    work = to_pack(store, by=packer)
    client.post(f"/pack/{work.number}/all/")
    kept = client.post(f"/pack/{work.number}/close/", {"carton": "other", "weight": "2"})
    assert (kept.status_code, "Measure the box on all three sides" in words(kept)) == (422, True)
    client.post(f"/pack/{work.number}/close/",
                {"carton": "other", "weight": "2", "length": "10", "width": "8", "height": "4"})  # fmt: skip
    assert Shipment.objects.get().size == (254, 203, 102)


def test_the_gift_message_is_shown_and_the_slip_has_no_prices(client, store, packer):
    gift, plain = packed(store, by=packer, gift_message="Happy birthday, Bea!"), packed(store, by=packer)
    assert "Happy birthday, Bea!" in words(client.get(f"/pack/{gift.fulfillment_order.number}/"))
    slip = words(client.get(f"/parcels/{gift.number}/slip/"))
    assert "Happy birthday, Bea!" in slip
    assert "$" not in slip
    assert "$19.99" in words(client.get(f"/parcels/{plain.number}/slip/"))
    assert f"R:{plain.order.number}" in client.get(f"/parcels/{plain.number}/slip/").content.decode()


def test_a_refusal_stands_in_the_carriers_words_with_what_can_be_done(client, store, packer):
    parcel = packed(store, by=packer, address={"line1": "1 REFUSE St"})
    client.post(f"/parcels/{parcel.number}/buy/", {"service": "SimPost/Ground"})
    page = words(client.get(f"/parcels/{parcel.number}/"))
    assert "No such house number on this street." in page
    assert "Fix the address" in page
    fixed = parcel.order.shipping_address | {"line1": "1 Main St"}
    client.post(f"/parcels/{parcel.number}/address/", fixed)
    client.post(f"/parcels/{parcel.number}/buy/", {"service": "SimPost/Ground"})
    parcel.refresh_from_db()
    assert parcel.status == "labelled"


def test_an_address_without_a_street_is_asked_for_again(client, store, packer):
    parcel = packed(store, by=packer)
    answer = client.post(f"/parcels/{parcel.number}/address/", {"name": "Ada", "country": "US"})
    assert (answer.status_code, "Address: This field is required." in words(answer)) == (422, True)


def test_a_carrier_that_is_away_is_said_with_what_can_be_done(client, store, packer):
    parcel = packed(store, by=packer, address={"line2": "OUTAGE"})
    assert "does not answer" in words(client.get(f"/parcels/{parcel.number}/rates/"))
    client.post(f"/parcels/{parcel.number}/by-hand/", {"carrier": "UPS", "tracking_number": "1Z999"})
    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_number) == ("labelled", "1Z999")


def test_an_unanswered_purchase_is_asked_again_with_the_same_key(client, store, packer, monkeypatch):
    parcel = packed(store, by=packer)
    start_label(number=parcel.number, service="SimPost/Ground", by=Actor.of(packer), now=NOW())
    page = words(client.get(f"/parcels/{parcel.number}/"))
    assert "has not answered yet" in page
    assert "Choose another service" not in page, "a minute must pass first"
    client.post(f"/parcels/{parcel.number}/ask-again/")
    assert (Label.objects.get().status, Simulator().look_up(Label.objects.get().key) is not None) == ("bought", True)


def test_label_and_box_can_be_taken_back_until_it_leaves(client, store, packer):
    parcel = labelled(store, by=packer)
    client.post(f"/parcels/{parcel.number}/void/")
    client.post(f"/parcels/{parcel.number}/box/", {"carton": "M", "weight": "5"})
    parcel.refresh_from_db()
    assert (parcel.status, parcel.weight_g) == ("packed", 2268)
    client.post(f"/parcels/{parcel.number}/unpack/")
    parcel.refresh_from_db()
    assert parcel.status == "unpacked"


def test_a_wrong_parcel_on_the_pile_is_said_kindly(client, store, packer):
    parcel = labelled(store, by=packer, service="SimExpress/Two Day")
    manifest = open_manifest(location=store, carrier="SimPost", by=Actor.of(packer), now=NOW())
    answer = client.post(f"/manifests/{manifest.number}/scan/", {"code": parcel.tracking_number},
                         headers={"HX-Request": "true"})  # fmt: skip
    assert (answer.status_code, "Put it on the other pile." in words(answer)) == (409, True)


def test_a_parcel_taken_off_is_not_closed_with_the_others(client, store, packer):
    parcel = labelled(store, by=packer)
    manifest = open_manifest(location=store, carrier="SimPost", by=Actor.of(packer), now=NOW())
    scan_parcel(number=manifest.number, code=parcel.number, by=Actor.of(packer), now=NOW())
    client.post(f"/manifests/{manifest.number}/take-off/", {"shipment": parcel.number})
    assert not manifest.shipments.exists()


def test_late_parcels_stand_on_top_of_the_ship_page(client, store, packer):
    parcel = handed_over(store, by=packer)
    Shipment.objects.filter(pk=parcel.pk).update(deliver_by=NOW())
    page = words(client.get("/ship/"))
    assert "Late on the road" in page
    assert parcel.number in page


def test_the_order_shows_its_parcels_with_tracking(client, store, packer):
    parcel = handed_over(store, by=packer)
    page = words(client.get(f"/orders/{parcel.order.number}/"))
    assert parcel.number in page
    assert parcel.tracking_number in page
    assert "With the carrier" in page
