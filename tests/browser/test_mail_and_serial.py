"""What comes by mail is announced by the site and received with a scan; a serial number goes out and comes back."""

from base64 import b64decode
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.first_reasons import make_first_reasons
from omni.core.models import ApiKey
from omni.core.relay import run_once
from orders.models import FulfillmentOrder, SerialNumber
from orders.operations.claim import claim
from orders.operations.hand_over import Collector, hand_over
from orders.operations.release import release_due
from orders.operations.settle import finalize_hand_overs
from returns.first_policies import make_first_policies
from returns.models import ReturnOrder
from tests.api.conftest import SITE
from tests.browser.conftest import in_each_look
from tests.browser.test_desk_flow import opened_by  # noqa: F401
from tests.browser.test_returns_flow import seen
from tests.browser.test_whole_scene import scan
from tests.factories import BarcodeFactory, line, placed, stocked
from tests.factories.requests import ADDRESS
from tests.returns.conftest import capture_all, make_desk, payment_of
from tests.shop import audit, held, level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db):
    make_first_reasons(sender=None)
    make_first_policies()
    return make_desk(name="Oak Street", line1="1 Main St", city="Minneapolis", region="MN", postal_code="55401")


@pytest.fixture
def store(desk):
    return desk.store


def later() -> None:
    """What the relay does meanwhile."""
    while run_once():
        pass


@in_each_look
def test_a_return_by_mail_gets_its_label_and_is_received(opened_by, live_server, axe, desk, size, scheme):  # noqa: F811
    tag = f"{size['width']}-{scheme}"
    shirt = stocked(desk.store, 4)
    order = desk.sold(shirt, shipping_address=ADDRESS)
    _key, token = ApiKey.issue(name="web shop", scopes=SITE)
    page = opened_by(desk.associate, "/returns/parcels/", size=size, scheme=scheme)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "mail-1"}
    body = {"order": str(order.number), "lines": [{"reference": order.lines.get().reference, "quantity": 1}]}
    answer = page.request.post(f"{live_server.url}/api/v1/returns", data=body, headers=headers)
    assert answer.status == 201, answer.text()
    later()
    found = ReturnOrder.objects.get()
    label = page.request.get(f"{live_server.url}/api/v1/returns/{found.rma_number}/label", headers=headers)
    assert label.status == 200, label.text()
    assert b64decode(label.json()["pdf"]).startswith(b"%PDF")

    page.reload()
    expect(page.get_by_role("link", name=str(found.rma_number))).to_be_visible()
    seen(page, axe, f"mail-expected-{tag}")
    scan(page, found.tracking_number)
    expect(page.get_by_role("heading", name="What should be in the parcel")).to_be_visible()
    seen(page, axe, f"mail-parcel-{tag}")
    with page.expect_response("**/look/"):
        page.locator("[id^=id_grade-]").select_option("B")
    page.get_by_role("button", name="Take back and refund $19.99").click()
    expect(page.get_by_text("$19.99 back to how it was paid")).to_be_visible()
    seen(page, axe, f"mail-refunded-{tag}")
    later()
    assert held(shirt, desk.store) == {"open_box": 1}
    assert payment_of(order).refunded_amount == Decimal("19.99")
    assert page.complaints == []
    assert audit() == {}


def test_a_serial_number_goes_out_and_only_that_piece_comes_back(opened_by, axe, desk):  # noqa: F811
    camera = stocked(desk.store, 3, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    order = placed(line(camera, at=desk.store))
    release_due(now=timezone.now())
    work = order.fulfillment_orders.get()
    listed = claim(location=desk.store, numbers=[work.number], by=desk.by, now=timezone.now())
    page = opened_by(desk.associate, f"/pick/{listed.number}/")
    scan(page, camera.sku)
    expect(page.get_by_role("heading", name=f"Serial number of {camera.title}")).to_be_visible()
    seen(page, axe, "serial-asked")
    scan(page, "SN-0815")
    expect(page.locator("#shelf")).to_be_focused()
    page.keyboard.type("S-1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("All done")).to_be_visible()
    assert SerialNumber.objects.get().serial == "SN-0815"

    hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), by=desk.by, now=timezone.now())
    finalize_hand_overs(now=timezone.now() + timedelta(minutes=5))
    capture_all(order)
    page.goto("/returns/")
    scan(page, "SN-0815")
    expect(page.get_by_role("heading", name="What was bought")).to_be_visible()
    scan(page, "SN-0815")
    expect(page.get_by_role("heading", name="Comes back")).to_be_visible()
    serial = page.get_by_label("Serial number")
    expect(serial).to_have_value("SN-0815")
    seen(page, axe, "serial-return")
    with page.expect_response("**/look/"):
        serial.fill("SN-9999")  # another piece of the same kind
        serial.press("Tab")
    expect(page.get_by_text("not the one that was sold").first).to_be_visible()
    assert level(camera, desk.store)[0] == 2
    with page.expect_response("**/look/"):
        serial.fill("SN-0815")
        serial.press("Tab")
    expect(page.get_by_text("not the one that was sold")).to_have_count(0)
    page.get_by_role("button", name="Take back and refund").click()
    expect(page.get_by_role("link", name="Next customer")).to_be_visible()
    assert level(camera, desk.store)[0] == 3
    assert FulfillmentOrder.objects.get().status == "handed_over"
    assert page.complaints == []
    later()
    assert audit() == {}
