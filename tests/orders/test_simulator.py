"""The simulated carrier keeps the promises of the port, and makes trouble on demand."""

import shutil
import subprocess
from decimal import Decimal

import pytest

from orders.carriers import carrier
from orders.carriers.port import Address, CarrierAway, CarrierRefused, OutcomeUnknown, Parcel, service_name
from orders.carriers.simulator import Simulator, trip
from orders.models import SimulatedLabel

pytestmark = pytest.mark.django_db

STORE = Address("Oak Street", "1 Oak St", city="Minneapolis", region="MN", postal_code="55401")
NEAR = Address("Ada Byron", "12 Main St", city="Saint Paul", region="MN", postal_code="55101")
FAR = Address("Bea Hopper", "9 Ocean Ave", city="Los Angeles", region="CA", postal_code="90001")
BOX = Parcel(1000, 400, 300, 200)


def buy(to: Address = NEAR, key: str = "k-1", service: str = "SimPost/Ground"):
    return Simulator().buy(STORE, to, BOX, service, key)


def test_the_simulator_stands_behind_the_port_by_default():
    assert isinstance(carrier(), Simulator)


def test_rates_come_cheapest_first_and_grow_with_distance():
    near, far = Simulator().rates(STORE, NEAR, BOX), Simulator().rates(STORE, FAR, BOX)
    assert [rate.amount for rate in near] == sorted(rate.amount for rate in near)
    assert service_name(near[0]) == "SimPost/Ground"
    assert near[0].amount < far[0].amount
    assert near[0].deliver_by < far[0].deliver_by


def test_a_large_light_box_is_charged_by_its_volume():
    light = Simulator().rates(STORE, NEAR, Parcel(100, 600, 400, 400))[0].amount
    small = Simulator().rates(STORE, NEAR, Parcel(100, 100, 100, 100))[0].amount
    assert light > small + 10


def test_a_label_is_the_same_for_the_same_key_and_another_for_another():
    first, again, other = buy(), buy(), buy(key="k-2")
    assert first == again
    assert first.tracking_number != other.tracking_number
    assert SimulatedLabel.objects.count() == 2
    assert (first.amount, first.currency, first.reference) == (Decimal("10.70"), "USD", "k-1")


def test_the_label_is_one_page_of_four_by_six_inches(tmp_path):
    label = buy()
    assert label.pdf.startswith(b"%PDF")
    assert (label.zpl.startswith("^XA"), label.tracking_number in label.zpl) == (True, True)
    if shutil.which("pdfinfo"):
        path = tmp_path / "label.pdf"
        path.write_bytes(label.pdf)
        told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
        assert "Pages:           1" in told
        assert "288 x 432 pts" in told


@pytest.mark.parametrize(
    ("change", "field"),
    [({"line1": "1 REFUSE St"}, "line1"), ({"postal_code": "00000"}, "postal_code"), ({"country": "CA"}, "country")],
)
def test_a_bad_address_is_refused_with_the_field_it_means(change, field):
    with pytest.raises(CarrierRefused) as refused:
        buy(to=Address(**(NEAR.__dict__ | change)))
    assert refused.value.field == field
    assert not SimulatedLabel.objects.exists()


def test_a_timeout_after_buying_is_found_by_its_key():
    lost = Address(**(NEAR.__dict__ | {"line2": "TIMEOUT"}))
    with pytest.raises(OutcomeUnknown):
        buy(to=lost)
    assert Simulator().look_up("k-1") == buy(to=lost)
    assert Simulator().look_up("k-2") is None


def test_nobody_answers_in_an_outage():
    with pytest.raises(CarrierAway):
        Simulator().rates(STORE, Address(**(NEAR.__dict__ | {"line2": "OUTAGE"})), BOX)


def test_voiding_twice_is_no_error_and_an_unknown_label_is_refused():
    label = buy()
    for _ in range(2):
        Simulator().void(label.reference)
    assert SimulatedLabel.objects.get().voided_at
    with pytest.raises(CarrierRefused):
        Simulator().void("nothing")


@pytest.mark.parametrize(("word", "ending"), [("", "delivered"), ("LOSE", "lost"), ("RETURN", "returned")])
def test_tracking_ends_as_the_address_says(word, ending):
    buy(to=Address(**(NEAR.__dict__ | {"line2": word})))
    told = trip(SimulatedLabel.objects.get())
    assert told[0].status == "announced"
    assert told[-1].status == ending
    assert len({news.event_id for news in told}) == len(told)


def test_letters_that_the_printer_does_not_know_are_no_error():
    label = buy(to=Address(**(NEAR.__dict__ | {"name": "Łukasz Żółć 李 ^XZ~"})))
    assert label.pdf.startswith(b"%PDF")
    assert label.zpl.count("^XZ") == 1
