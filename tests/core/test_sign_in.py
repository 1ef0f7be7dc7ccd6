"""Coming, going, and how a person wants to see the pages."""

import pytest
from django.test import Client
from django.utils import translation

from omni.core.models import User

pytestmark = pytest.mark.django_db
RIGHT = {"username": "ana", "password": "pick-and-pack-1"}
WRONG = {"username": "ana", "password": "wrong"}


def test_the_right_password_opens_the_door(client, user):
    assert client.get("/sign-in/").status_code == 200
    answer = client.post("/sign-in/", {**RIGHT, "next": "/pick/"})
    assert (answer.status_code, answer["Location"]) == (302, "/pick/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_one_keeps_it_shut_and_says_so(client, user):
    answer = client.post("/sign-in/", WRONG)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_foreign_next_leads_home(client, user):
    assert client.post("/sign-in/", {**RIGHT, "next": "https://evil.example/"})["Location"] == "/"


def test_five_wrong_tries_close_the_door_for_this_person_here_and_nobody_else(client, user):
    User.objects.create_user("ben", password="pick-and-pack-1")
    answers = [client.post("/sign-in/", WRONG).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post("/sign-in/", RIGHT).status_code == 429
    assert client.post("/sign-in/", {**RIGHT, "username": "ben"}).status_code == 302
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/sign-in/", RIGHT).status_code == 302


def test_signing_out_leaves_nothing_on_the_device(client, user):
    client.force_login(user)
    assert client.get("/sign-out/").status_code == 405
    answer = client.post("/sign-out/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-out/", "/theme/", "/i18n/setlang/"])
def test_no_form_is_taken_from_a_foreign_page(path):
    answer = Client(enforce_csrf_checks=True).post(path, {})
    assert answer.status_code == 403
    assert "You may not do this here" in answer.content.decode()


def test_the_theme_is_kept_in_a_cookie_and_only_what_exists(client):
    answer = client.post("/theme/", {"theme": "dark", "next": "/sign-in/"})
    assert answer["Location"] == "/sign-in/"
    assert answer.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()
    answer = client.post("/theme/", {"theme": '"><script>', "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert answer.cookies["theme"].value == ""
    assert client.get("/theme/").status_code == 405


def test_a_forged_theme_cookie_is_not_drawn(client):
    client.cookies["theme"] = '"><script>'
    assert "<script>'" not in client.get("/sign-in/").content.decode()
    assert 'data-theme=""' not in client.get("/sign-in/").content.decode()


def test_the_language_is_chosen_by_the_person(client):
    client.post("/i18n/setlang/", {"language": "es", "next": "/sign-in/"})
    try:
        assert '<html lang="es"' in client.get("/sign-in/").content.decode()
    finally:
        translation.activate("en")
