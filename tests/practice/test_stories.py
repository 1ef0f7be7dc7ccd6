"""Each story is played to its end through the doors that people use, as the bar says."""

import pytest
from django.db import connection

from omni.core import practice
from orders.models import Basket, FulfillmentOrder, Manifest, Order, PickList, Promotion, Shipment, TaxRate
from orders.practice.goods import BOOT_10, CAP, LAMP, TEE
from orders.practice.guide import guide
from orders.practice.stories import stories
from returns.models import ReturnOrder
from tests.practice.conftest import now, world_of

pytestmark = pytest.mark.django_db


def bar(client, path: str = "/today/") -> dict:
    """What the bar says on a page."""

    class Seen:
        headers, GET = {"HX-Current-URL": path}, {}

    with world_of(client):
        return guide(Seen())


def begin(client, key: str) -> None:
    client.post("/practice/begin/", {"story": key})
    assert bar(client)["story"].key == key


def told(client) -> set[str]:
    return {str(step.say) for step in bar(client)["steps"]}


def test_every_kind_of_work_has_its_story():
    assert [story.key for story in stories()] == [
        "pickup", "ship-wave", "short-pick", "curbside", "missing-size", "return", "exchange"
    ]  # fmt: skip


def test_a_wave_is_accepted_picked_packed_labelled_and_handed_over(apprentice):
    begin(apprentice, "ship-wave")
    with world_of(apprentice):
        works = [work.number for work in FulfillmentOrder.objects.filter(method="ship").order_by("pk")]
    assert "tick them and accept" in bar(apprentice)["now"].say
    apprentice.post("/pick/accept/", {"work": works})
    assert "start picking" in bar(apprentice)["now"].say
    apprentice.post("/pick/claim/", {"work": works})
    with world_of(apprentice):
        number = PickList.objects.get().number
    while bar(apprentice)["now"].say.startswith("Walk to"):
        apprentice.post(f"/pick/{number}/scan/", {"code": bar(apprentice)["now"].scan})
    assert "Bring the totes" in bar(apprentice)["now"].say
    apprentice.post(f"/pick/{number}/packing/")
    for work in works:
        step = bar(apprentice)["now"]
        assert step.say.startswith("Open Ship and scan tote")
        assert apprentice.post("/ship/find/", {"code": step.scan})["Location"] == f"/pack/{work}/"
        while bar(apprentice, f"/pack/{work}/")["now"].say.startswith("Scan"):
            step = bar(apprentice, f"/pack/{work}/")["now"]
            apprentice.post(f"/pack/{work}/scan/", {"code": step.scan})
        assert "close the parcel" in bar(apprentice)["now"].say
        page = apprentice.get(f"/pack/{work}/")
        form = page.context["form"]
        apprentice.post(f"/pack/{work}/close/", {name: form[name].value() or "" for name in form.fields})
        assert "Buy the label" in bar(apprentice)["now"].say
        apprentice.post(f"/parcels/{work}-P1/buy/", {"service": "SimPost/Ground"})
    assert "carrier is at the door" in bar(apprentice)["now"].say
    apprentice.post("/manifests/", {"carrier": "SimPost"})
    with world_of(apprentice):
        manifest = Manifest.objects.get().number
    for done in range(3):
        step = bar(apprentice)["now"]
        assert step.say == f"Scan each label onto the pile: {done} of 3."
        apprentice.post(f"/manifests/{manifest}/scan/", {"code": step.scan})
    assert "have left" in bar(apprentice)["now"].say
    apprentice.post(f"/manifests/{manifest}/close/")
    assert bar(apprentice)["now"] is None
    with world_of(apprentice):
        assert set(Shipment.objects.values_list("status", flat=True)) == {"handed_over"}
    assert not Shipment.objects.exists()


def test_a_customer_outside_is_noted_and_served(apprentice):
    begin(apprentice, "curbside")
    with world_of(apprentice):
        work = FulfillmentOrder.objects.latest("pk")
    apprentice.post("/pick/claim/", {"work": work.number})
    with world_of(apprentice):
        number = PickList.objects.get().number
    apprentice.post(f"/pick/{number}/scan/", {"code": CAP.barcode})
    apprentice.post(f"/pick/{number}/stage/", {"work": work.number, "code": "P-2"})
    assert "in bay 3" in bar(apprentice)["now"].say
    arrival = bar(apprentice)["elsewhere"]
    assert arrival == f"/pickup/{work.number}/arrival/"
    form = {"act": "arrived", "bay": "3", "car": "van", "color": "red"}
    apprentice.post(arrival, form)
    step = bar(apprentice)["now"]
    assert "bring it out" in step.say
    given = apprentice.get(apprentice.post("/pickup/", {"code": step.scan})["Location"]).context["form"]
    values = {name: given[name].value() or "" for name in given.fields}
    handed = apprentice.post(f"/pickup/{work.number}/", {**values, "check": "code", "code": step.scan, "seen": "0"})
    assert handed.status_code == 302, handed.content.decode()
    assert bar(apprentice)["now"] is None


def test_a_missing_size_is_sold_from_next_door(apprentice):
    begin(apprentice, "missing-size")
    step = bar(apprentice)["now"]
    assert "size 10" in step.say
    found = apprentice.get("/sell/", {"q": step.scan, "go": "1"})
    assert found["Location"].startswith("/sell/products/PRACTICE-BOOT/")
    step = bar(apprentice, "/sell/products/PRACTICE-BOOT/")["now"]
    assert step.say == "Size 10 is next door. Choose “Ship it home”."
    page = apprentice.get(found["Location"]).content.decode()
    assert "Ship it home" in page
    apprentice.post("/sell/add/", {"sku": BOOT_10.sku, "method": "ship", "key": "k1"})
    assert "gus@practice.invalid" in bar(apprentice)["now"].say
    with world_of(apprentice):
        basket = Basket.objects.get()
        gus = Order.objects.get(channel_reference__contains=":missing-size:").customer_id
    apprentice.post(f"/sell/basket/{basket.pk}/customer/choose/", {"customer": str(gus)})
    assert "card presented" in bar(apprentice)["now"].say
    form = apprentice.get(f"/sell/basket/{basket.pk}/customer/").context["form"]
    apprentice.post(f"/sell/basket/{basket.pk}/customer/", {name: form[name].value() or "" for name in form.fields})
    apprentice.post(f"/sell/basket/{basket.pk}/pay/", {"method": "card"})
    with world_of(apprentice):
        sold = Order.objects.get(channel="endless_aisle")
        assert sold.fulfillment_orders.get().location.code == "PRACTICE-NEIGHBOR"
    assert bar(apprentice)["now"] is None
    assert not Order.objects.exists()


def bring_back(client, barcode: str) -> int:
    step = bar(client)["now"]
    purchase = client.post("/returns/", {"code": step.scan})["Location"]
    step = bar(client, purchase)["now"]
    assert step.say.startswith("Scan")
    assert step.scan == barcode
    client.post(purchase, {"code": barcode})
    with world_of(client):
        return ReturnOrder.objects.latest("pk").rma_number


def test_a_return_is_looked_at_and_refunded(apprentice):
    begin(apprentice, "return")
    number = bring_back(apprentice, TEE.barcode)
    assert "condition B" in bar(apprentice)["now"].say
    with world_of(apprentice):
        unit = ReturnOrder.objects.get().units.get()
    looked = {f"reason-{unit.pk}": "size", f"grade-{unit.pk}": "B", f"disposition-{unit.pk}": ""}
    apprentice.post(f"/returns/{number}/look/", looked)
    assert "refund" in bar(apprentice)["now"].say
    apprentice.post(f"/returns/{number}/refund/", looked | {"till_reference": "R-1"})
    assert bar(apprentice)["now"] is None
    with world_of(apprentice):
        assert ReturnOrder.objects.get().status == "completed"
    assert not ReturnOrder.objects.exists()


def test_an_exchange_takes_the_difference(apprentice):
    begin(apprentice, "exchange")
    number = bring_back(apprentice, CAP.barcode)
    assert "Exchange instead" in bar(apprentice)["now"].say
    step = bar(apprentice, f"/returns/{number}/exchange/")["now"]
    assert step.scan == LAMP.barcode
    apprentice.post(f"/returns/{number}/exchange/", {"code": step.scan})
    assert "Paid at the till" in bar(apprentice)["now"].say
    apprentice.post(f"/returns/{number}/exchange/complete/", {"pay": "till_receipt", "pay_reference": "T-1"})
    assert bar(apprentice)["now"] is None
    with world_of(apprentice):
        assert ReturnOrder.objects.get().payouts.get().replacement is not None


def test_practice_charges_what_the_shop_charges(apprentice):
    """HQ's promotions and taxes have no twin: they are the same rows, and cannot be changed from inside."""
    Promotion.objects.create(code="TEN", name="Ten off", percent=10, starts_at=now())
    TaxRate.objects.create(name="MN", country="US", region="MN", rate="0.06875")
    with world_of(apprentice):
        assert Promotion.objects.get().code == "TEN"
        assert TaxRate.objects.get().name == "MN"
        with pytest.raises(Exception, match="cannot be tried in practice"):
            connection.cursor().execute("UPDATE orders_promotion SET percent = 50")
    assert not practice.is_on()
