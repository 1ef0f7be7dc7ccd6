"""The site keeps customers: found, put right, merged, with wishes, points, consent and one timeline."""

import pytest

from customers.models import Customer, LoyaltyEntry
from tests.api.conftest import order_body, ship
from tests.factories import stocked

pytestmark = pytest.mark.django_db
ADA = {"name": "Ada Byron", "email": "Ada@Example.org", "phone": "(612) 555-0100", "external_id": "c-7"}


@pytest.fixture
def ada(site):
    answer = site.post("/customers", ADA)
    assert answer.status_code == 201, answer.content
    return answer.json()


def patch(site, path, body, key="p-1"):
    return site.client.patch(f"/api/v1{path}", body, headers={"Idempotency-Key": key})


def test_a_customer_is_written_once_and_kept_in_one_form(site, ada):
    assert (ada["email"], ada["phone"], ada["tier"]) == ("ada@example.org", "+16125550100", "")
    assert site.get(f"/customers/{ada['id']}").json() == ada
    again = site.post("/customers", {"name": "A.", "phone": "6125550100"})
    assert (again.status_code, again.json()["code"], again.json()["customer"]) == (409, "already_known", ada["id"])
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({}, 422, "contact_required"), ({"email": "no"}, 422, "email_invalid"), ({"phone": "12"}, 422, "phone_invalid"),
     ({"email": "b@example.org", "tier": "wood"}, 422, "tier_unknown"), ({"mail": "x"}, 400, "invalid"),
     ({"name": 7}, 400, "invalid")],
)  # fmt: skip
def test_what_is_no_customer_is_refused(site, body, status, code):
    answer = site.post("/customers", body)
    assert answer.status_code == status, answer.content
    assert Customer.objects.count() == 0
    if status == 422:
        assert answer.json()["code"] == code


def test_they_are_found_by_each_key_and_with_slips(site, ada):
    other = site.post("/customers", {"name": "Bea Cho", "email": "bea@example.org"}).json()
    for query in ({"email": "ADA@example.org"}, {"phone": "612 555 0100"}, {"external_id": "c-7"}, {"q": "ada brion"},
                  {"q": "5550100"}):  # fmt: skip
        assert [each["id"] for each in site.get("/customers", **query).json()["results"]] == [ada["id"]], query
    everybody = site.get("/customers", limit=1).json()
    assert [each["id"] for each in everybody["results"]] == [ada["id"]]
    assert everybody["next"]
    assert other["id"] != ada["id"]
    assert site.get("/customers", mail="x").status_code == 400


def test_only_what_is_given_is_changed_and_once_per_key(site, ada):
    changed = patch(site, f"/customers/{ada['id']}", {"tier": "gold"})
    assert changed.json() == {**ada, "tier": "gold"}
    again = patch(site, f"/customers/{ada['id']}", {"tier": "gold"})
    assert again["Idempotency-Replayed"] == "true"
    assert site.client.patch(f"/api/v1/customers/{ada['id']}", {"tier": ""}).status_code == 400


def test_a_wish_is_kept_once_and_removed(site, ada):
    path = f"/customers/{ada['id']}/wishlist"
    assert site.post(path, {"sku": "TEE/RED-M"}).status_code == 201
    assert site.post(path, {"sku": "TEE/RED-M"}).status_code == 200
    assert [each["sku"] for each in site.get(path).json()["results"]] == ["TEE/RED-M"]
    assert site.delete(f"{path}/TEE/RED-M").status_code == 204
    assert site.delete(f"{path}/TEE/RED-M").status_code == 404
    assert site.get(path).json() == {"results": []}


def test_points_are_a_ledger_that_never_falls_below_zero(site, ada):
    path = f"/customers/{ada['id']}/loyalty"
    for _ in range(2):
        earned = site.post(path, {"points": 120, "reason": "Order", "reference": "order:1"})
        assert (earned.status_code, earned.json()["points"]) == (201, 120)
    refused = site.post(path, {"points": -121, "reason": "Reward"})
    assert (refused.status_code, refused.json()["code"], refused.json()["points"]) == (409, "too_few_points", 120)
    assert site.post(path, {"points": 0, "reason": "x"}).status_code == 422
    assert LoyaltyEntry.objects.count() == 1


def test_the_newest_word_of_consent_holds(site, ada):
    word = {"channel": "sms", "purpose": "marketing"}
    site.post(f"/customers/{ada['id']}/consents", {**word, "given": True})
    answer = site.post(f"/customers/{ada['id']}/consents", {**word, "given": False, "source": "link"}).json()
    assert [(each["channel"], each["given"], each["source"]) for each in answer["consents"]] == [("sms", False, "link")]


def test_two_records_become_one_with_one_timeline(site, ada, store):
    other = site.post("/customers", {"name": "A. Byron", "email": "old@example.org"}).json()
    body = order_body(ship(stocked(store, 1)), customer={"email": "old@example.org", "name": "A. Byron"})
    number = site.post("/orders", body).json()["number"]
    site.post(f"/customers/{other['id']}/loyalty", {"points": 7, "reason": "Order"})
    merged = site.post(f"/customers/{ada['id']}/merge", {"customer": other["id"], "reason": "same card"})
    assert (merged.status_code, merged.json()["merged"]) == (200, [other["id"]])
    assert site.get(f"/customers/{other['id']}").json()["id"] == ada["id"]
    assert site.get(f"/customers/{ada['id']}/loyalty").json()["points"] == 7
    told = site.get(f"/customers/{ada['id']}/timeline").json()["results"]
    assert (str(number), "order") in [(each["reference"], each["kind"]) for each in told]
    assert "merge" in [each["kind"] for each in told]
    again = site.post(f"/customers/{ada['id']}/merge", {"customer": ada["id"], "reason": "x"})
    assert (again.status_code, again.json()["code"]) == (422, "same_customer")


def test_a_key_of_some_stores_does_not_look_at_customers(new_site, store, ada):
    limited = new_site(locations=[store.scope])
    answer = limited.get(f"/customers/{ada['id']}")
    assert (answer.status_code, answer.json()["code"]) == (403, "limited_key")


def test_a_list_asks_a_fixed_number_of_queries(site, ada, django_assert_max_num_queries):
    for n in range(20):
        site.post("/customers", {"email": f"c{n}@example.org"})
    with django_assert_max_num_queries(6):
        assert len(site.get("/customers").json()["results"]) == 21
