"""HQ opens with a code of an authenticator app, where the operator asks for it."""

import time

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from omni.core.models import Event
from tests.factories import person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.HQ_SECOND_STEP = True


@pytest.fixture
def hank():
    return person("hq", username="hank")


@pytest.fixture
def browser(hank):
    client = Client()
    client.post("/sign-in/", {"username": "hank", "password": PASSWORD})
    return client


def code_of(app: TOTPDevice) -> str:
    totp = TOTP(app.bin_key, app.step, app.t0, app.digits, app.drift)
    totp.time = time.time()
    return f"{totp.token():06d}"


@pytest.fixture
def set_up(browser, hank):
    """Hank has the app; his browser has passed the second step. Gives the recovery codes."""
    assert "<svg" in browser.get("/second-step/set-up/").content.decode()
    app = TOTPDevice.objects.get(user=hank)
    page = browser.post("/second-step/set-up/", {"password": PASSWORD, "code": code_of(app)}).content.decode()
    return [part.partition("</code>")[0] for part in page.partition("recovery-codes")[2].split("<code>")[1:]]


def test_hq_leads_to_setting_it_up_first(browser):
    answer = browser.get("/hq/orders/order/?q=1")
    assert answer["Location"] == "/second-step/?next=/hq/orders/order/%3Fq%3D1"
    assert browser.get(answer["Location"])["Location"].startswith("/second-step/set-up/?next=")


def test_the_first_right_code_opens_hq_and_shows_ten_recovery_codes_once(browser, set_up, hank):
    assert len(set_up) == 10
    assert browser.get("/hq/").status_code == 200
    assert Event.objects.get(topic="people.second_step_set").payload == {"user": "hank"}


def test_setting_it_up_takes_the_password_and_a_right_code(browser, hank):
    browser.get("/second-step/set-up/")
    app = TOTPDevice.objects.get(user=hank)
    assert browser.post("/second-step/set-up/", {"password": "no", "code": code_of(app)}).status_code == 422
    assert browser.post("/second-step/set-up/", {"password": PASSWORD, "code": "000000"}).status_code == 422
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert browser.get("/hq/").status_code == 302


def test_a_new_session_is_asked_again_and_a_recovery_code_counts_once(set_up, hank):
    client = Client()
    client.force_login(hank, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/hq/").status_code == 302
    assert client.get("/second-step/set-up/")["Location"] == "/second-step/", "the app is not replaced without it"
    answer = client.post("/second-step/", {"code": set_up[0].upper(), "next": "/hq/orders/order/"})
    assert answer["Location"] == "/hq/orders/order/"
    assert client.get("/hq/").status_code == 200
    again = Client()
    again.force_login(hank, "django.contrib.auth.backends.ModelBackend")
    assert again.post("/second-step/", {"code": set_up[0]}).status_code == 422


def test_wrong_codes_make_the_next_one_wait(set_up, hank, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # four seconds, which a busy machine may need
    client = Client()
    client.force_login(hank, "django.contrib.auth.backends.ModelBackend")
    TOTPDevice.objects.update(last_t=-1)
    for _ in range(3):
        assert client.post("/second-step/", {"code": "000000"}).status_code == 422
    right = code_of(TOTPDevice.objects.get())
    answer = client.post("/second-step/", {"code": right})
    assert answer.status_code == 422
    assert "too soon" in answer.content.decode()


def test_a_foreign_next_leads_to_hq(set_up, hank):
    client = Client()
    client.force_login(hank, "django.contrib.auth.backends.ModelBackend")
    assert client.post("/second-step/", {"code": set_up[1], "next": "https://evil.example"})["Location"] == "/hq/"


def test_hq_forgets_a_lost_phone(browser, set_up):
    dora = person("hq", username="dora")
    TOTPDevice.objects.create(user=dora, confirmed=True)
    browser.post("/hq/core/user/act/reset_second_step/", {"pk": dora.pk})
    assert not TOTPDevice.objects.filter(user=dora).exists()


def test_the_store_needs_no_second_step(browser):
    assert browser.get("/stores/").status_code in {200, 302}


def test_where_it_is_off_the_sign_in_says_so(settings, hank):
    settings.HQ_SECOND_STEP = False
    client = Client()
    assert "the second step is switched off" in client.get("/sign-in/").content.decode()
    client.force_login(hank)
    assert client.get("/hq/").status_code == 200
