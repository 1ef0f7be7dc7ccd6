"""What makes the site an app on a device, and what a device may keep."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from omni.core.kept import person_key
from orders.models import PickScan
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.screens.conftest import claimed, released  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def ana(store):
    client = Client()
    client.user = person("manager", at=store)
    client.force_login(client.user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(store.pk)
    session.save()
    return client


@pytest.fixture
def listed(ana, released, claimed):  # noqa: F811
    work = released(2)
    made = claimed(work, by=ana.user)
    made.work, made.sku = work, work.variant.sku
    return made


def test_the_manifest_names_icons_that_exist(client):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    icons = json.loads(answer.content)["icons"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    assert all(finders.find(re.sub(r"^/static/|\?.*$", "", icon["src"])) for icon in icons)


def test_the_worker_serves_the_whole_site_and_knows_only_assets_that_exist(client):
    answer = client.get("/sw.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Content-Type"].startswith("text/javascript")
    assets = json.loads(re.search(r"^const ASSETS = (.*);$", answer.content.decode(), re.M)[1])
    assert len(assets) > 15
    assert all("?v=" in asset and finders.find(re.sub(r"^/static/|\?.*$", "", asset)) for asset in assets)


def test_only_pages_of_work_may_be_kept(ana, listed):
    kept = [path for path in ("/today/", "/pick/", f"/pick/{listed.number}/", "/pickup/", "/counts/", "/put-back/",
                              f"/orders/{listed.work.order.number}/") if "Omni-Keep" in ana.get(path)]  # fmt: skip
    assert kept == [f"/pick/{listed.number}/", "/counts/", "/put-back/"]


def test_each_page_names_its_person_to_the_worker(ana):
    assert ana.get("/today/")["Omni-Person"] == person_key(ana.user.pk)
    assert Client().get("/sign-in/")["Omni-Person"] == "none"


def test_a_kept_scan_counts_once_and_only_for_who_made_it_where_it_was_made(ana, listed, store):
    who = ana.get("/kept/").json()
    assert (who["person"], who["place"]) == (person_key(ana.user.pk), str(store.pk))
    path, scan = f"/pick/{listed.number}/scan/", {"code": listed.sku, "scan_key": "k" * 32}
    by, at = {"Omni-Kept-By": who["person"]}, {"Omni-Kept-At": str(store.pk)}

    assert Client().post(path, scan, headers=by | at).json()["code"] == "signed_out"
    assert ana.post(path, scan, headers={"Omni-Kept-By": person_key(0), **at}).json()["code"] == "other_person"
    assert ana.post(path, scan, headers={**by, "Omni-Kept-At": str(store.pk + 1)}).json()["code"] == "other_store"
    assert PickScan.objects.count() == 0

    for _ in range(2):
        assert ana.post(path, scan, headers=by | at).json() == {"done": True}
    assert PickScan.objects.count() == 1


def test_a_kept_scan_that_is_refused_says_why(ana, listed, store):
    by = {"Omni-Kept-By": person_key(ana.user.pk), "Omni-Kept-At": str(store.pk)}
    answer = ana.post(f"/pick/{listed.number}/scan/", {"code": "NOPE", "scan_key": "a" * 32}, headers=by)
    assert (answer.status_code, answer.json()["code"]) == (409, "unknown_code")
    assert "keep" not in answer.json()


def test_a_kept_scan_is_not_lost_when_the_customer_cancelled_meanwhile(ana, listed, store):
    listed.fulfillment_orders.update(stop_notice="The customer cancelled.")
    by = {"Omni-Kept-By": person_key(ana.user.pk), "Omni-Kept-At": str(store.pk), "HX-Request": "true"}
    answer = ana.post(f"/pick/{listed.number}/scan/", {"code": listed.sku, "scan_key": "a" * 32}, headers=by)
    assert (answer.status_code, answer.json()["message"]) == (409, "The customer cancelled.")


def test_a_kept_act_that_would_lead_to_the_choice_of_a_store_is_not_done(ana, listed, store):
    session = ana.session
    del session["location_id"]
    session.save()
    by = {"Omni-Kept-By": person_key(ana.user.pk), "Omni-Kept-At": ""}
    answer = ana.post(f"/pick/{listed.number}/scan/", {"code": listed.sku, "scan_key": "a" * 32}, headers=by)
    assert answer.json()["keep"]


def test_scans_that_wait_keep_their_place_on_the_device_at_sign_out(ana):
    ana.cookies["omni_waiting"] = "2"
    assert ana.post("/sign-out/")["Clear-Site-Data"] == '"cache"'


def test_an_order_placed_meanwhile_has_no_kept_page(ana, store):
    placed(line(stocked(store, 1), at=store))
    assert "Omni-Keep" not in ana.get("/pick/", headers={"HX-Request": "true"})
