"""Machines read which rules route their orders."""

import pytest

from tests.factories.routing import activated, rule_set

pytestmark = pytest.mark.django_db


def listed(site):
    answer = site.get("/routing/rule-sets")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_active_rule_sets_are_listed_in_the_order_in_which_they_are_asked(site, new_site):
    assert listed(site) == []
    rule_set("Not yet")
    activated(rule_set("All", filters=[{"kind": "open"}], prices=[{"amount": 3, "kinds": ["store"]}]), reason="began")
    activated(rule_set("Web", preset="ladder", channels=["web"], priority=5, most_shipments=2))
    web, every = listed(site)
    assert [web["name"], every["name"]] == ["Web", "All"]
    assert (web["version"], web["most_shipments"], web["channels"]) == (1, 2, ["web"])
    assert web["steps"][1] == {
        "name": "Stores within 300 miles", "is_partial": False, "filters": ["Only stores", "Within 300 miles"],
    }  # fmt: skip
    assert (every["filters"], every["prices"]) == (["Open today"], ["+$3.00 for each shipment from stores"])
    assert (every["why"], every["activated_by"]) == ("began", "system:test")
    assert [each["name"] for each in listed(new_site(channels=["pos"]))] == ["All"]
