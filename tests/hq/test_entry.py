"""Who may enter HQ, and what they see there."""

import pytest
from django.contrib import admin
from django.urls import reverse

from omni.core.hq.show import list_url, page_url
from orders.models import FulfillmentOrder
from tests.factories import person
from tests.hq.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_everybody_signs_in_at_one_door(client):
    for path in ("/hq/", "/hq/login/", "/hq/orders/order/"):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("role", ["associate", "lead"])
def test_people_of_the_floor_read_that_hq_is_not_theirs(role, store):
    response = signed_in(person(role, at=store)).get("/hq/")
    assert response.status_code == 403
    assert "HQ is for managers and headquarters" in response.content.decode()


def test_a_manager_sees_the_own_store_and_nothing_else(manager, store, other_store, order, other_order):
    page = manager.get(list_url("inventory.location")).content.decode()
    assert "Oak Street" in page
    assert "Elm Street" not in page
    orders = manager.get(list_url("orders.order")).content.decode()
    assert str(order.number) in orders
    assert str(other_order.number) not in orders
    foreign = other_order.fulfillment_orders.get()
    assert manager.get(page_url("orders.order", order.pk)).status_code == 200
    for url in (page_url("orders.order", other_order.pk), page_url("orders.fulfillmentorder", foreign.pk)):
        assert manager.get(url).status_code == 302, "Django sends a missing row back to the first page"


def test_a_district_manager_sees_the_stores_of_the_group(store, other_store, order, other_order):
    district = signed_in(person("district", at=store.group))
    page = district.get(list_url("orders.fulfillmentorder")).content.decode()
    assert FulfillmentOrder.objects.get(order=order).number in page
    assert FulfillmentOrder.objects.get(order=other_order).number not in page


@pytest.mark.parametrize(
    "model",
    ["core.user", "core.apikey", "core.event", "core.eventdelivery", "core.webhookendpoint", "core.setting",
     "core.auditrun", "core.job", "core.statechange", "customers.customer"],
)  # fmt: skip
def test_configuration_and_personal_data_are_for_hq_alone(model, manager, hq):
    assert manager.get(list_url(model)).status_code == 403
    assert hq.get(list_url(model)).status_code == 200


def test_a_grant_for_part_of_the_chain_configures_none_of_it(store):
    part = signed_in(person("hq", at=store.group))
    assert part.get(list_url("core.user")).status_code == 403
    assert part.get(list_url("orders.order")).status_code == 200


def test_a_manager_changes_hours_and_nothing_else_of_the_store(manager, store):
    page = manager.get(page_url("inventory.location", store.pk)).content.decode()
    assert 'name="weekly_hours-mon-0-from"' in page
    assert 'name="name"' not in page
    data = {f"weekly_hours-{day}-0-from": "9" for day in ("mon", "tue")}
    data |= {f"weekly_hours-{day}-0-to": "17:30" for day in ("mon", "tue")} | {"name": "Mine now"}
    manager.post(page_url("inventory.location", store.pk), data)
    store.refresh_from_db()
    assert store.weekly_hours == {"mon": [["09:00", "17:30"]], "tue": [["09:00", "17:30"]]}
    assert store.name == "Oak Street"


def test_nothing_can_be_deleted(hq, rf):
    request = rf.get("/hq/")
    request.user = hq.user
    for page in admin.site._registry.values():
        assert not page.has_delete_permission(request), page
        assert "delete_selected" not in page.get_actions(request)


def test_an_order_is_not_deleted_by_its_address(hq, order):
    assert hq.post(reverse("admin:orders_order_delete", args=[order.pk]), {"post": "yes"}).status_code == 403
    order.refresh_from_db()


def test_numbers_of_stock_cannot_be_typed_over(hq, order, store):
    level = store.stock_levels.get()
    response = hq.post(page_url("inventory.stocklevel", level.pk), {"on_hand": 99, "reserved": 0})
    assert response.status_code == 403
    level.refresh_from_db()
    assert (level.on_hand, level.reserved) == (5, 2)


def test_the_first_page_says_what_needs_a_person(hq, manager):
    page = hq.get("/hq/").content.decode()
    for words in ("Waiting for stock", "confirmations are overdue", "events that could not", "no audit has run yet"):
        assert words in page
    own = manager.get("/hq/").content.decode()
    assert "confirmations are overdue" in own
    assert "no audit has run yet" not in own
