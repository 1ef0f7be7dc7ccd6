"""Returns for machines: announced with a label, received anywhere, refused with reasons."""

from decimal import Decimal

import pytest

from orders.models import Refund
from returns.models import ReturnOrder, ReturnUnit
from tests.api.conftest import new_site, site  # noqa: F401
from tests.factories import LocationFactory
from tests.returns.conftest import payment_of
from tests.shop import audit, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(desk, shirt):
    return desk.sold((shirt, 2))


def announce(site, order, **more):  # noqa: F811
    reference = order.lines.get().reference
    body = {"order": str(order.number), "lines": [{"reference": reference, "quantity": 1}]} | more
    return site.post("/returns", body)


def test_a_mail_return_is_announced_received_elsewhere_and_paid_back(site, desk, sold, shirt, other_store):  # noqa: F811
    announced = announce(site, sold)
    assert announced.status_code == 201, announced.json()
    body = announced.json()
    assert (body["status"], body["location"], body["units"][0]["refund"]) == ("authorized", None, "19.99")
    assert body["actions"] == ["receive", "cancel"]
    received = site.post(f"/returns/{body['rma']}/receipt", {
        "location": other_store.code, "units": [{"id": body["units"][0]["id"], "grade": "B"}]
    })  # fmt: skip
    assert received.status_code == 200, received.json()
    told = received.json()
    assert (told["status"], told["location"], told["refunds"][0]["to_tenders"]) == (
        "completed",
        other_store.code,
        "19.99",
    )
    assert held(shirt, other_store) == {"open_box": 1}
    assert payment_of(sold).refunded_amount == Decimal("19.99")
    assert audit() == {}


def test_more_than_was_bought_is_refused_with_what_is_left(site, sold):  # noqa: F811
    first = announce(site, sold)
    reference = sold.lines.get().reference
    again = announce(site, sold, lines=[{"reference": reference, "quantity": 2}])
    assert again.status_code == 409
    error = again.json()["errors"][0]
    assert (again.json()["code"], error["pointer"], error["code"], error["available"]) == (
        "not_returnable", "/lines/0", "over_return", 1,
    )  # fmt: skip
    site.post(f"/returns/{first.json()['rma']}/cancellation", {"reason": "keeps it"})
    assert announce(site, sold, lines=[{"reference": reference, "quantity": 2}]).status_code == 201
    assert audit() == {}


def test_too_late_waits_for_a_lead_and_cannot_be_received(site, desk, sold, long_ago):  # noqa: F811
    long_ago(sold, days=40)
    late = announce(site, sold).json()
    assert (late["status"], late["actions"]) == ("waiting", ["cancel"])
    assert "30 days ended" in late["approval"][0]
    refusal = site.post(f"/returns/{late['rma']}/receipt", {"location": desk.store.code})
    assert (refusal.status_code, refusal.json()["code"]) == (409, "waits_for_approval")
    desk.client.force_login(desk.lead, "django.contrib.auth.backends.ModelBackend")
    session = desk.client.session
    session["location_id"] = str(desk.store.pk)
    session.save()
    desk.client.post(f"/returns/{late['rma']}/decide/", {"approve": "1"})
    done = site.post(f"/returns/{late['rma']}/receipt", {"location": desk.store.code}).json()
    assert done["status"] == "completed"
    assert audit() == {}


def test_a_parcel_of_nobody_is_held_and_pays_nobody(site, desk, sold, shirt):  # noqa: F811
    body = {"channel": "unannounced", "location": desk.store.code, "lines": [{"sku": shirt.sku}]}
    opened = site.post("/returns", body).json()
    got = site.post(f"/returns/{opened['rma']}/receipt", {
        "location": desk.store.code, "units": [{"id": opened["units"][0]["id"], "disposition": "quarantine"}]
    }).json()  # fmt: skip
    assert (got["status"], got["refunds"]) == ("received", [])
    assert held(shirt, desk.store) == {"inspection": 1}
    assert Refund.objects.count() == 0
    assert audit() == {}


@pytest.mark.parametrize(("body", "code"), [
    ({"lines": [{"reference": "no"}]}, 422),
    ({"lines": []}, 400),
    ({"lines": [{"reference": "x", "price": "1"}]}, 400),
    ({"channel": "store"}, 422),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_pointer(site, sold, body, code):  # noqa: F811
    response = announce(site, sold, **body)
    assert response.status_code == code, response.json()
    assert response.json()["errors"][0]["pointer"]
    assert ReturnOrder.objects.count() == 0


def test_a_key_of_another_channel_or_store_sees_nothing(site, new_site, desk, sold):  # noqa: F811
    announced = announce(site, sold, channel="store", location=desk.store.code).json()
    scopes = ["returns:read", "returns:write"]
    for limits in ({"channels": ["marketplace"]}, {"locations": [f"location:{LocationFactory().pk}"]}):
        other = new_site(scopes=scopes, **limits)
        assert other.get(f"/returns/{announced['rma']}").status_code == 404
    assert ReturnUnit.objects.count() == 1
