"""One URL answers htmx with a fragment, everybody else with a page, and nobody who may not."""

from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.db import OperationalError
from django.template import engines
from django.test import override_settings
from django.urls import path

from omni.core import tabs, web
from omni.core.access import scopes
from omni.core.models import Grant, Role, User
from omni.urls import urlpatterns as house

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.trial")]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def own_templates(monkeypatch):
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "dirs", [*engine.dirs, Path(__file__).parent / "templates"])


@pytest.fixture
def stores(monkeypatch):
    """Two stores; who may pause them is asked of the grants."""

    def find(user, capability, location_id):
        where = web.can(user, capability) and Grant.objects.filter(user=user, scope=f"location:{location_id}").exists()
        return f"Store {location_id}" if where else None

    monkeypatch.setattr(web, "_find_location", find)


def at(client, user, store=None):
    client.force_login(user)
    if store is not None:
        session = client.session
        session[web.LOCATION_IN_SESSION] = str(store)
        session.save()


def test_htmx_gets_the_part(client):
    answer = client.get("/trial/page/", headers=HTMX)
    assert (answer.status_code, answer.content.decode()) == (200, '<p id="part">typed</p>')
    assert "HX-Request" in answer["Vary"]


def test_a_plain_request_goes_back_to_the_page(client):
    answer = client.get("/trial/page/")
    assert (answer.status_code, answer["Location"]) == (302, "/there/")
    assert "HX-Request" in answer["Vary"]


def test_with_an_error_a_plain_request_gets_the_whole_page_with_what_was_typed(client):
    answer = client.get("/trial/page/?status=422")
    assert answer.status_code == 422
    assert "<h1>whole</h1>" in answer.content.decode()
    assert "typed" in answer.content.decode()
    assert client.get("/trial/page/?status=422", headers=HTMX).content.decode() == '<p id="part">typed</p>'


@pytest.mark.parametrize("url", ["/trial/page/?refuse=1", "/trial/undecorated/"])
def test_a_refusal_is_shown_among_the_notices_of_the_open_page(client, url):
    answer = client.post(url, headers=HTMX)
    assert answer.status_code == 409
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#notices", "innerHTML")
    assert "Only 1 left at Oak Street." in answer.content.decode()


@pytest.mark.parametrize("url", ["/trial/page/?refuse=1", "/trial/undecorated/"])
def test_a_refused_form_leads_back_to_where_the_person_came_from(client, url):
    answer = client.post(url, headers={"Referer": "http://testserver/pick/"})
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/pick/")
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["Only 1 left at Oak Street."]


@pytest.mark.parametrize("referer", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_foreign_page_is_no_place_to_go_back_to(client, referer):
    assert client.post("/trial/page/?refuse=1", headers={"Referer": referer})["Location"] == "/"


def test_a_refused_page_is_a_page_with_the_sentence(client):
    answer = client.get("/trial/undecorated/")
    assert answer.status_code == 409
    assert "Only 1 left at Oak Street." in answer.content.decode()


def test_who_is_not_signed_in_signs_in_and_comes_back(client, stores):
    answer = client.get("/trial/at-store/?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/trial/at-store/%3Fx%3D1")
    assert client.get("/trial/at-store/", headers=HTMX)["HX-Redirect"] == "/sign-in/"


def test_at_the_chosen_store_the_work_goes_on(client, user, stores):
    Grant.objects.create(user=user, role=Role.LEAD, scope="location:7")
    at(client, user, 7)
    assert client.get("/trial/at-store/").content == b"Store 7"


def test_a_store_that_was_taken_away_is_gone_at_the_next_click(client, user, stores):
    grant = Grant.objects.create(user=user, role=Role.LEAD, scope="location:7")
    Grant.objects.create(user=user, role=Role.LEAD, scope="location:8")
    at(client, user, 7)
    assert client.get("/trial/at-store/").status_code == 200
    grant.delete()
    answer = client.get("/trial/at-store/")
    assert answer.status_code == 302
    assert "next=/trial/at-store/" in answer["Location"]


@pytest.mark.parametrize("store", [None, 7, 8])
def test_who_may_do_it_nowhere_is_told_so(client, user, stores, store):
    Grant.objects.create(user=user, role=Role.ASSOCIATE, scope="location:7")
    at(client, user, store)
    answer = client.get("/trial/at-store/")
    assert answer.status_code == 403
    assert "Your role does not allow this here" in answer.content.decode()


def test_who_may_do_it_elsewhere_is_told_that_not_here(client, user, monkeypatch):
    Grant.objects.create(user=user, role=Role.ASSOCIATE, scope="location:7")
    Grant.objects.create(user=user, role=Role.LEAD, scope="location:8")

    def find(user, capability, location_id):
        return f"Store {location_id}" if f"location:{location_id}" in scopes(user, capability) else None

    monkeypatch.setattr(web, "_find_location", find)
    at(client, user, 7)
    assert client.get("/trial/at-store/").status_code == 403


def test_a_capability_without_a_store(client, user):
    client.force_login(user)
    assert client.get("/trial/for-hq/").status_code == 403
    Grant.objects.create(user=user, role=Role.HQ, scope=None)
    assert client.get("/trial/for-hq/").content == b"hq"
    client.logout()
    assert client.get("/trial/for-hq/").status_code == 302


def test_tabs_are_shown_to_whom_they_open(rf, user, monkeypatch):
    monkeypatch.setattr(tabs, "_tabs", {})
    web.tabs.register(20, "HQ", "docs", capability="configure")
    web.tabs.register(10, "Work", "theme", count_fn=grants_of)
    web.tabs.register(30, "Not built yet", "nowhere:at-all")
    Grant.objects.create(user=user, role=Role.ASSOCIATE, scope="location:7")
    request = rf.get("/theme/")
    request.user, request.location = user, "location:7"
    assert web.frame(request)["tabs"]() == [
        {"label": "Work", "url": "/theme/", "count": 1, "alarm": 0, "current": True}
    ]


def test_all_tabs_are_counted_by_one_query(rf, user, monkeypatch, django_assert_num_queries):
    """A screen has a tab for each job of the store; what waits behind them must not cost a query each."""
    monkeypatch.setattr(tabs, "_tabs", {})
    for name in ("Pia", "Ole"):
        Grant.objects.create(user=User.objects.create(username=name), role=Role.LEAD, scope="location:7")
    web.tabs.register(10, "Grants", "theme", count_fn=grants_of, alarm_fn=lambda place: grants_of(place).none())
    web.tabs.register(20, "People", "docs", lambda _: User.objects.order_by("username"), alarm_fn=grants_of)
    web.tabs.register(30, "Talk", "sign-in")
    Grant.objects.create(user=user, role=Role.ASSOCIATE, scope="location:7")
    request = rf.get("/")
    request.user, request.location = user, "location:7"
    with django_assert_num_queries(2):  # the person's grants, and all counts
        drawn = web.frame(request)["tabs"]()
    people = User.objects.count()
    assert [(tab["count"], tab["alarm"]) for tab in drawn] == [(3, 0), (people, 3), (None, 0)]


def grants_of(scope):
    return Grant.objects.filter(scope=scope)


def test_a_database_that_is_away_is_an_honest_page(client, user, monkeypatch):
    def away(request):
        raise OperationalError("the connection is lost")

    class Urls:
        urlpatterns = [path("trial/away/", away), *house]

    with override_settings(ROOT_URLCONF=Urls):
        answer = client.get("/trial/away/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert "connection is lost" not in answer.content.decode()


def test_what_a_signed_in_person_saw_is_kept_by_no_cache(client, user):
    client.force_login(user)
    Grant.objects.create(user=user, role=Role.HQ, scope=None)
    assert client.get("/trial/for-hq/")["Cache-Control"] == "private, no-store"
    client.logout()
    assert "no-store" not in client.get("/trial/page/").get("Cache-Control", "")


def test_every_answer_carries_the_id_of_its_request(client):
    given = client.get("/health/live", headers={"X-Request-ID": "from-the-proxy-1"})
    assert given["X-Request-ID"] == "from-the-proxy-1"
    for odd in ("x", "a" * 65, "a\nb-injected", '"quoted-id"'):
        assert client.get("/health/live", headers={"X-Request-ID": odd})["X-Request-ID"] != odd
