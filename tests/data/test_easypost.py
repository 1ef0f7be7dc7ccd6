"""EasyPost against its own recorded answers, replayed through a transport that stands in for the network."""

import json
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from orders.carriers.easypost import EasyPost
from orders.carriers.port import Address, CarrierAway, CarrierRefused, OutcomeUnknown, Parcel

RECORDED: list[Path] = []  # where the recorded calls lie; set by `account`

STORE = Address("Jack Sparrow", "388 Townsend St", "Apt 20", "San Francisco", "CA", "94107", "US", "5555555555")
HOME = Address("Elizabeth Swan", "179 N Harbor Dr", "", "Redondo Beach", "CA", "90277", "US", "5555555555")
BOX = Parcel(437, 254, 203, 102)
KEY = "10000001-1-P1-L1"
GROUND = "USPS/GroundAdvantage"


def recorded(name: str) -> dict:
    return json.loads((RECORDED[0] / name).read_text())


@pytest.fixture(autouse=True)
def account(settings, real_data):
    RECORDED[:] = [real_data / "payloads" / "easypost"]
    settings.EASYPOST_API_KEY = "EZTK_test"


class Line:
    """Answers as EasyPost did when it was recorded; `says` changes what one call answers, `asked` keeps them all."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[dict] = []
        self.says: dict[tuple[str, str], object] = {}
        self.known = False  # whether a shipment with our reference exists there

    def __call__(self, request: httpx.Request) -> httpx.Response:
        call = (request.method, request.url.path.removeprefix("/v2"))
        self.asked.append(call)
        if request.content:
            self.bodies.append(json.loads(request.content))
        if call in self.says:
            said = self.says[call]
            if isinstance(said, Exception):
                raise said
            return said
        return self._recorded(call, request)

    def _recorded(self, call: tuple[str, str], request: httpx.Request) -> httpx.Response:
        path = call[1]
        if request.url.host.startswith("easypost-files"):
            return httpx.Response(200, content=b"^XA^XZ" if path.endswith(".zpl") else b"%PDF-1.4")
        if path == "/shipments":
            self.known = True
            return answer("shipment_buy__1_POST_shipments.json")
        if path.endswith("/buy"):
            return answer("shipment_buy__2_POST_shipments_ID_buy.json")
        if path.endswith("/refund"):
            return answer("shipment_refund__2_POST_shipments_ID_refund.json")
        if path.endswith("/label"):
            return label_as(request.url.params["file_format"])
        if path == f"/shipments/{KEY}" and not self.known:
            return httpx.Response(404, json={"error": {"code": "NOT_FOUND", "message": "not found", "errors": []}})
        return answer("shipment_buy__2_POST_shipments_ID_buy.json")


def answer(name: str) -> httpx.Response:
    kept = recorded(name)
    return httpx.Response(kept["status"], json=kept["response"])


def label_as(kind: str) -> httpx.Response:
    """The recorded conversion is to ZPL; the one to PDF differs from it by this field."""
    kept = recorded("shipment_convert_label__3_GET_shipments_ID_label.json")["response"]
    if kind == "PDF":
        kept["postage_label"]["label_pdf_url"] = kept["postage_label"]["label_zpl_url"].replace(".zpl", ".pdf")
    return httpx.Response(200, json=kept)


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def easypost(line):
    return EasyPost(transport=httpx.MockTransport(line))


def buy(easypost):
    return easypost.buy(STORE, HOME, BOX, GROUND, KEY)


def test_rates_come_cheapest_first_in_our_words(easypost, line):
    rates = easypost.rates(STORE, HOME, BOX)
    assert [(rate.carrier, rate.service, rate.amount) for rate in rates] == [
        ("USPS", "GroundAdvantage", Decimal("6.07")), ("USPS", "Priority", Decimal("7.42")),
        ("USPS", "Express", Decimal("34.15")),
    ]  # fmt: skip
    assert all(rate.currency == "USD" and rate.deliver_by for rate in rates)
    sent = line.bodies[0]["shipment"]
    assert sent["parcel"] == {"length": 10.0, "width": 8.0, "height": 4.0, "weight": 15.4}
    theirs = recorded("shipment_buy__1_POST_shipments.json")["request"]["body"]["shipment"]
    for side in ("from_address", "to_address"):
        assert {name: sent[side][name] for name in theirs[side] if name in sent[side]} == {
            name: value for name, value in theirs[side].items() if name != "email"
        }


def test_a_label_is_bought_with_our_key_as_its_reference(easypost, line):
    label = buy(easypost)
    kept = recorded("shipment_buy__2_POST_shipments_ID_buy.json")["response"]
    assert (label.tracking_number, label.reference) == (kept["tracking_code"], kept["id"])
    assert (label.amount, label.currency) == (Decimal(kept["selected_rate"]["rate"]), "USD")
    assert (label.pdf[:4], label.zpl) == (b"%PDF", "^XA^XZ")
    assert line.bodies[0]["shipment"]["reference"] == KEY
    rates = recorded("shipment_buy__1_POST_shipments.json")["response"]["rates"]
    wanted = next(rate["id"] for rate in rates if rate["service"] == "GroundAdvantage")
    assert line.bodies[1] == {"rate": {"id": wanted}}


def test_the_same_key_again_buys_nothing(easypost, line):
    assert buy(easypost) == buy(easypost)
    assert [call for call in line.asked if call[0] == "POST" and call[1].endswith("/buy")] == [line.asked[2]]


def test_an_answer_that_never_came_is_found_by_its_key(easypost, line):
    shipment_id = recorded("shipment_buy__1_POST_shipments.json")["response"]["id"]
    line.says["POST", f"/shipments/{shipment_id}/buy"] = httpx.ReadTimeout("slow")
    with pytest.raises(OutcomeUnknown):
        buy(easypost)
    assert easypost.look_up(KEY).tracking_number


def test_a_key_that_bought_nothing_is_not_found(easypost, line):
    assert easypost.look_up(KEY) is None
    line.says["GET", f"/shipments/{KEY}"] = answer("shipment_buy__1_POST_shipments.json")
    assert easypost.look_up(KEY) is None, "made, but without postage"


def test_postage_that_exists_already_is_taken_as_it_is(easypost, line):
    shipment_id = recorded("shipment_buy__1_POST_shipments.json")["response"]["id"]
    exists = {"error": {"code": "SHIPMENT.POSTAGE.EXISTS", "message": "Postage already exists.", "errors": []}}
    line.says["POST", f"/shipments/{shipment_id}/buy"] = httpx.Response(422, json=exists)
    assert buy(easypost).tracking_number


def test_a_refusal_keeps_their_words_and_names_our_field(easypost, line):
    kept = recorded("address_verify_invalid_address__2_GET_addresses_ID_verify.json")
    line.says["POST", "/shipments"] = httpx.Response(kept["status"], json=kept["response"])
    with pytest.raises(CarrierRefused) as refused:
        easypost.rates(STORE, HOME, BOX)
    assert refused.value.message == "Unable to verify address. Address not found House number is missing"
    assert refused.value.field == "line1"


def test_a_service_that_is_not_offered_is_refused_and_nothing_is_bought(easypost, line):
    with pytest.raises(CarrierRefused) as refused:
        easypost.buy(STORE, HOME, BOX, "UPS/Ground", KEY)
    assert refused.value.field == "service"
    assert not any(path.endswith("/buy") for _method, path in line.asked)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (httpx.ConnectError("refused"), CarrierAway), (httpx.ReadTimeout("slow"), OutcomeUnknown),
        (httpx.Response(503), OutcomeUnknown), (httpx.Response(429), OutcomeUnknown),
        (httpx.Response(200, content=b"<html>"), OutcomeUnknown), (httpx.Response(200, json=[]), OutcomeUnknown),
    ],
)  # fmt: skip
def test_no_readable_answer_is_an_unknown_outcome(easypost, line, said, error):
    line.says["POST", "/shipments"] = said
    with pytest.raises(error):
        buy(easypost)


def test_a_label_is_given_back_once(easypost, line):
    easypost.void("shp_1")
    assert line.asked[-1] == ("POST", "/shipments/shp_1/refund")
    line.says["GET", "/shipments/shp_1"] = answer("shipment_refund__2_POST_shipments_ID_refund.json")
    easypost.void("shp_1")
    assert line.asked[-1] == ("GET", "/shipments/shp_1")


def test_a_label_that_lies_elsewhere_is_not_fetched(easypost, line):
    kept = recorded("shipment_buy__2_POST_shipments_ID_buy.json")["response"]
    kept["postage_label"]["label_pdf_url"] = "https://169.254.169.254/latest/meta-data"
    line.says["POST", f"/shipments/{kept['id']}/buy"] = httpx.Response(200, json=kept)
    with pytest.raises(OutcomeUnknown):
        buy(easypost)
    assert not any("meta-data" in path for _method, path in line.asked)


def test_the_news_of_a_bought_shipment_are_read(easypost):
    assert easypost.track("shp_1") == [] or all(news.tracking_number for news in easypost.track("shp_1"))


def test_without_a_key_it_does_not_start(settings):
    settings.EASYPOST_API_KEY = ""
    with pytest.raises(Exception, match="OMNI_EASYPOST_API_KEY"):
        EasyPost()
