"""Lists that grow for ever open without counting and are walked by key."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from omni.core.hq.show import list_url
from omni.core.models import Event

pytestmark = pytest.mark.django_db

# What a chain has thousands of at most; everything else has to be a long list.
SHORT = {"inventory.location", "inventory.locationgroup", "inventory.reasoncode", "core.user", "core.apikey",
         "core.setting", "core.webhookendpoint", "core.device", "inventory.feed",
         "orders.carton", "orders.promotion", "orders.taxrate",
         "inventory.availabilityrule", "inventory.confidencemodel", "inventory.adjustmentlimit",
         "orders.ruleset", "orders.costparameters", "orders.tariff", "inventory.locationset",
         "orders.partner", "inventory.supplyterm",
         "inventory.purchaseorderline",  # those that are still expected
         "orders.basket", "returns.returnpolicy", "returns.returnreason"}  # fmt: skip
LONG = sorted(page.opts.label_lower for page in admin.site._registry.values() if page.long)


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return response.content.decode(), [query["sql"] for query in captured]


def test_what_grows_for_ever_is_a_long_list(pages):
    assert set(pages) - set(LONG) == SHORT


@pytest.mark.parametrize("model", LONG)
def test_a_long_list_is_never_counted(model, hq, order, pages):
    table = pages[model].opts.db_table
    _page, asked = queries(hq, list_url(model))
    assert not [sql for sql in asked if "COUNT(" in sql.upper()]
    rows = [sql for sql in asked if re.search(rf'FROM "{table}"', sql)]
    assert rows
    assert all("LIMIT" in sql for sql in rows)


@pytest.mark.parametrize("model", LONG)
def test_a_long_list_is_ordered_by_one_unique_indexed_key(model, pages):
    page = pages[model]
    field = page.opts.pk if page.walk_by == "pk" else page.opts.get_field(page.walk_by)
    assert field.unique
    assert page.get_sortable_by(None) == ()


def test_a_list_is_walked_there_and_back(hq):
    Customer.objects.bulk_create(Customer(name=f"Person {n:03}", email=f"p{n:03}@example.org") for n in range(120))
    first = hq.get(list_url("customers.customer"))
    assert shown(first) == [f"Person {n:03}" for n in range(119, 69, -1)]
    assert first.context["cl"].previous_page == ""
    second = hq.get(list_url("customers.customer") + first.context["cl"].next_page)
    assert shown(second) == [f"Person {n:03}" for n in range(69, 19, -1)]
    third = hq.get(list_url("customers.customer") + second.context["cl"].next_page)
    assert shown(third) == [f"Person {n:03}" for n in range(19, -1, -1)]
    assert third.context["cl"].next_page == ""
    back = hq.get(list_url("customers.customer") + third.context["cl"].previous_page)
    assert shown(back) == shown(second)


def test_a_made_up_place_in_the_list_leads_to_its_beginning(hq):
    response = hq.get(list_url("customers.customer") + "?older=abc")
    assert response.status_code == 302


def test_a_row_that_appears_meanwhile_moves_no_page(hq):
    Customer.objects.bulk_create(Customer(name=f"Person {n:03}") for n in range(60))
    first = hq.get(list_url("customers.customer"))
    Customer.objects.create(name="Latecomer")
    second = hq.get(list_url("customers.customer") + first.context["cl"].next_page)
    assert shown(second) == [f"Person {n:03}" for n in range(9, -1, -1)]


def test_a_filter_begins_at_the_first_page_again(hq):
    Event.objects.bulk_create(
        Event(topic="orders.placed", aggregate_type="order", aggregate_id=str(n)) for n in range(60)
    )
    first = hq.get(list_url("core.event"))
    second = hq.get(list_url("core.event") + first.context["cl"].next_page)
    assert "older=" not in second.context["cl"].get_query_string({"about": "orders.placed"})
    assert len(hq.get(list_url("core.event", about="orders.placed")).context["cl"].result_list) == 50
    assert not hq.get(list_url("core.event", about="orders.unknown")).context["cl"].result_list


def test_search_asks_indexes(hq):
    Customer.objects.create(name="Ada Byron", email="ada@example.org", phone="+16125550100", external_id="C-7")
    Customer.objects.create(name="Grace Hopper", email="grace@example.org")
    for text in ("byron", "ada", "ADA@example.org", "+16125550100", "c-7"):
        assert shown(hq.get(list_url("customers.customer", q=text))) == ["Ada Byron"], text
    _page, asked = queries(hq, list_url("customers.customer", q="byron"))
    assert not [sql for sql in asked if "UPPER(" in sql]


@pytest.mark.parametrize("text", ["9" * 5000, "\u0663\u0664", "-1", "1e9", "' OR 1=1 --", "%", "\\"])
def test_search_takes_whatever_is_typed(hq, order, text):
    assert hq.get(list_url("orders.order"), {"q": text}).status_code == 200


def shown(response) -> list[str]:
    return [row.name for row in response.context["cl"].result_list]
