"""A till is enrolled by a code typed once; people switch there by PIN; idle it locks, revoked it is dead."""

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.models import Device, DeviceVisit, Event
from omni.core.operations.enroll_device import enroll_device, invite_device, revoke_device
from omni.core.operations.set_pin import reset_pin
from tests.factories import LocationFactory, person
from tests.people.conftest import PIN
from tests.refusing import refused

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def luis(with_pin, store):
    return with_pin("lead", at=store, username="luis")


@pytest.fixture
def ana(with_pin, store):
    return with_pin("associate", at=store, username="ana")


@pytest.fixture
def ben(with_pin, store):
    return with_pin("associate", at=store, username="ben", pin="571894")


@pytest.fixture
def till(luis, store):
    """A browser that is the store's till."""
    return enrolled(luis, store)


def enrolled(luis, store, kind="till") -> Client:
    _device, code = invite_device(name="Till 1", kind=kind, scope=store.scope, user=luis, now=timezone.now())
    client = Client()
    answer = client.post("/device/", {"code": code.lower().replace("-", " ")})
    assert (answer.status_code, answer["Location"]) == (302, "/switch/")
    return client


def come(till, who="ana", pin=PIN, **more):
    return till.post("/switch/", {"who": who, "pin": pin, **more})


def whoever(client) -> str | None:
    return client.session.get("_auth_user_id")


# --- enrolling -------------------------------------------------------------------------------------------


def test_a_lead_gets_a_code_and_the_device_trades_it_for_a_cookie(luis, store):
    lead = Client()
    lead.force_login(luis)
    session = lead.session
    session["location_id"] = str(store.pk)
    session.save()
    page = lead.post("/devices/", {"name": "Till 2", "kind": "till", "where": "elsewhere"}).content.decode()
    device = Device.objects.get()
    assert device.enrolled_at is None
    code = page.partition('class="shown-code"><code>')[2][:9]
    fresh = Client()
    answer = fresh.post("/device/", {"code": code})
    assert answer.cookies["device"]["httponly"]
    assert answer.cookies["device"]["samesite"] == "Lax"
    device.refresh_from_db()
    assert device.enrolled_at is not None
    assert device.code_digest is None
    assert code.replace("-", "") not in str(device.__dict__)
    assert Event.objects.get(topic="people.device_enrolled").actor == luis.shown_name
    assert code not in lead.get("/devices/").content.decode()


def test_a_code_counts_once_and_for_a_quarter_of_an_hour(luis, store, now):
    _device, code = invite_device(name="Till", kind="till", scope=store.scope, user=luis, now=now)
    enroll_device(code=code, now=now)
    with refused("code_unknown"):
        enroll_device(code=code, now=now)
    _device, code = invite_device(name="Till", kind="till", scope=store.scope, user=luis, now=now)
    with refused("code_unknown"):
        enroll_device(code=code, now=now + timezone.timedelta(minutes=15))


def test_the_device_in_front_of_a_lead_is_enrolled_at_once(luis, store):
    lead = Client()
    lead.force_login(luis)
    session = lead.session
    session["location_id"] = str(store.pk)
    session.save()
    answer = lead.post("/devices/", {"name": "Blue", "kind": "handheld", "where": "here"})
    assert answer.cookies["device"].value
    assert "This device" in lead.get("/devices/").content.decode()


def test_a_forged_cookie_is_no_device(client, till, ana):
    client.cookies["device"] = till.cookies["device"].value[:-3] + "abc"
    assert client.get("/switch/")["Location"] == "/sign-in/"
    assert come(client)["Location"] == "/sign-in/"
    assert whoever(client) is None


# --- switching -------------------------------------------------------------------------------------------


def test_the_sign_in_of_a_device_asks_for_a_name_and_a_pin(till, ana, ben):
    assert till.get("/sign-in/?next=/pick/")["Location"] == "/switch/?next=%2Fpick%2F"
    page = till.get("/switch/").content.decode()
    assert "?who=ana" in page
    assert "?who=ben" in page
    assert till.get("/sign-in/?by=password").status_code == 200


def test_the_right_pin_begins_a_session_at_the_devices_store(till, ana, store):
    answer = come(till, next="/pick/")
    assert (answer.status_code, answer["Location"]) == (302, "/pick/")
    assert whoever(till) == str(ana.pk)
    assert till.session["location_id"] == str(store.pk)
    assert till.get("/today/").status_code == 200


def test_each_switch_begins_anew_and_leaves_nothing(till, ana, ben):
    come(till)
    first = till.session.session_key
    session = till.session
    session["draft"] = "of ana"
    session.save()
    answer = come(till, "ben", "571894", next="/orders/1/")
    assert answer["Location"] == "/", "where the person before was going is not told"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert till.session.session_key != first
    assert "draft" not in till.session
    assert whoever(till) == str(ben.pk)
    assert till.get("/")["Cache-Control"] == "private, no-store"


def test_the_old_session_is_dead_after_a_switch(till, ana, ben):
    come(till)
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = till.session.session_key
    old.cookies["device"] = till.cookies["device"].value
    come(till, "ben", "571894")
    assert whoever(old) is None


def test_who_was_here_last_is_offered_first(till, ana, ben, luis):
    come(till, "luis")
    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=5)):
        come(till, "ben", "571894")
    page = till.get("/switch/").content.decode()
    assert page.index("?who=ben") < page.index("?who=luis") < page.index("?who=ana")
    assert DeviceVisit.objects.count() == 2


def test_a_wrong_pin_says_how_many_tries_are_left_and_five_lock_it(till, ana):
    answer = come(till, pin="999111")
    assert answer.status_code == 403
    assert "4 tries are left" in answer.content.decode()
    assert "999111" not in answer.content.decode()
    for _ in range(4):
        answer = come(till, pin="999111")
    assert "locked for a while" in answer.content.decode()
    assert come(till).status_code == 403
    assert whoever(till) is None


def test_somebody_of_another_store_does_not_come_in_here(till, with_pin):
    with_pin("associate", at=LocationFactory(), username="eva")
    assert come(till, "eva").status_code == 403
    assert whoever(till) is None


def test_a_district_manager_types_the_name(till, with_pin, store):
    with_pin("district", at=store.group, username="dora")
    assert "?who=dora" not in till.get("/switch/").content.decode()
    assert come(till, "dora").status_code == 302


def test_a_temporary_pin_leads_to_an_own_one(till, ana, luis, now):
    pin = reset_pin(user=ana, by=Actor.of(luis), now=now)
    assert come(till, pin=pin)["Location"] == "/pin/"
    bad = till.post("/pin/", {"proof": "000111", "pin": "738205", "again": "738205"})
    assert bad.status_code == 422
    assert till.post("/pin/", {"proof": pin, "pin": "738205", "again": "738205"}).status_code == 302
    assert come(till, pin="738205").status_code == 302


# --- locking ---------------------------------------------------------------------------------------------


@pytest.fixture
def later():
    """`later(seconds)`: the time that has passed since the test began."""
    began = timezone.now()
    travels = []

    def travel(seconds):
        if travels:
            travels.pop().stop()
        travels.append(time_machine.travel(began + timezone.timedelta(seconds=seconds)))
        travels[-1].start()

    yield travel
    if travels:
        travels.pop().stop()


def test_an_idle_till_locks_after_two_minutes_and_its_person_goes_on_there(till, ana, later):
    come(till)
    later(119)
    assert till.get("/pick/").status_code == 200
    later(119 + 120)
    assert till.get("/pickup/?x=1")["Location"] == "/lock/"
    page = till.get("/lock/").content.decode()
    assert ana.shown_name in page
    key = till.session.session_key
    answer = till.post("/lock/", {"pin": PIN})
    assert answer["Location"] == "/pickup/?x=1"
    assert till.session.session_key != key
    assert till.get("/pick/").status_code == 200


def test_a_handheld_waits_ten_minutes_and_hq_may_decide_otherwise(luis, ana, store, later, settings_decided):
    handheld = enrolled(luis, store, "handheld")
    come(handheld)
    later(599)
    assert handheld.get("/pick/").status_code == 200
    settings_decided("people.lock_seconds_handheld", 30)
    later(599 + 31)
    assert handheld.get("/pick/")["Location"] == "/lock/"


def test_a_browser_that_is_no_device_is_not_locked(client, ana, store, later):
    client.force_login(ana)
    later(3600)
    assert client.get("/stores/").status_code != 403
    assert whoever(client) == str(ana.pk)


def test_what_the_page_asks_by_itself_is_no_activity(till, ana, later):
    come(till)
    for seconds in range(10, 120, 10):
        later(seconds)
        assert till.get("/pickup/", headers=HTMX | {"X-Poll": "1"}).status_code == 200
    later(121)
    answer = till.get("/pickup/", headers=HTMX | {"X-Poll": "1", "HX-Current-URL": "http://testserver/pickup/?q=ada"})
    assert answer["HX-Redirect"] == "/lock/"
    assert till.post("/lock/", {"pin": PIN})["Location"] == "/pickup/?q=ada"


def test_somebody_who_types_for_long_says_so(till, ana, later):
    come(till)
    later(100)
    assert till.post("/still-here/").status_code == 204
    later(200)
    assert till.get("/pick/").status_code == 200


def test_a_scan_that_came_too_late_is_not_lost_silently(till, ana, later):
    come(till)
    later(130)
    till.post("/pickup/", {"code": "0123456"}, headers={"Referer": "http://testserver/pickup/"})
    answer = till.post("/lock/", {"pin": PIN}, follow=True)
    assert answer.request["PATH_INFO"] == "/pickup/"
    assert "“0123456” came while the screen was locked" in answer.content.decode()


def test_somebody_else_at_a_locked_screen_begins_anew(till, ana, ben, later):
    come(till)
    later(130)
    till.get("/orders/77/")
    answer = come(till, "ben", "571894", next="/orders/77/")
    assert answer["Location"] == "/"
    assert whoever(till) == str(ben.pk)


def test_a_wrong_pin_keeps_it_locked_and_another_persons_pin_too(till, ana, ben, later):
    come(till)
    later(130)
    assert till.post("/lock/", {"pin": "571894"}).status_code == 403
    assert till.get("/pick/")["Location"] == "/lock/"


def test_it_is_locked_by_hand_too(till, ana):
    come(till)
    assert till.post("/lock/", headers={"Referer": "http://testserver/pick/"})["Location"] == "/lock/"
    assert till.get("/")["Location"] == "/lock/"
    assert till.post("/lock/", {"pin": PIN})["Location"] == "/pick/"


def test_the_password_opens_a_lock_for_its_person_and_not_for_another(till, ana, ben, later):
    come(till)
    later(130)
    till.get("/counts/")
    password = "correct horse battery"
    assert till.post("/sign-in/?by=password", {"username": "ana", "password": password})["Location"] == "/counts/"
    later(300)
    till.get("/counts/")
    answer = till.post("/sign-in/?by=password", {"username": "ben", "password": password, "next": "/counts/"})
    assert answer["Location"] == "/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert whoever(till) == str(ben.pk)


def test_a_password_session_on_a_device_locks_as_well(till, ana, later):
    till.post("/sign-in/?by=password", {"username": "ana", "password": "correct horse battery"})
    assert till.get("/stores/").status_code in {200, 302}
    later(130)
    assert till.get("/")["Location"] == "/lock/"


# --- revoking --------------------------------------------------------------------------------------------


def test_a_revoked_device_opens_nothing_and_ends_its_session(till, ana, luis, now):
    come(till)
    revoke_device(device_id=Device.objects.get().pk, by=Actor.of(luis), now=now)
    assert till.get("/")["Location"].startswith("/sign-in/")
    assert whoever(till) is None
    assert come(till)["Location"] == "/sign-in/"


def test_a_session_of_a_device_is_of_no_use_in_another_browser(till, ana):
    come(till)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = till.session.session_key
    assert thief.get("/")["Location"].startswith("/sign-in/")


def test_a_lead_revokes_in_the_store_and_only_their_own(till, luis, store, with_pin):
    device = Device.objects.get()
    stranger = Client()
    elsewhere = LocationFactory()
    stranger.force_login(with_pin("lead", at=elsewhere))
    session = stranger.session
    session["location_id"] = str(elsewhere.pk)
    session.save()
    assert stranger.post(f"/devices/{device.uid}/revoke/").status_code == 404
    come(till, "luis")
    assert till.post(f"/devices/{device.uid}/revoke/").status_code == 302
    device.refresh_from_db()
    assert device.revoked_by == luis.shown_name


# --- where a password counts ------------------------------------------------------------------------------


def test_hq_may_let_associates_in_on_enrolled_devices_only(client, till, ana, luis, settings_decided):
    settings_decided("people.password_anywhere", False)
    password = {"password": "correct horse battery"}
    answer = client.post("/sign-in/", {"username": "ana", **password})
    assert "own devices" in answer.content.decode()
    assert client.post("/sign-in/", {"username": "luis", **password}).status_code == 302
    assert till.post("/sign-in/?by=password", {"username": "ana", **password}).status_code == 302


# --- a lead and the team's PINs ---------------------------------------------------------------------------


def test_a_lead_gives_an_associate_a_temporary_pin_and_nobody_else(till, ana, luis, with_pin, store):
    other_lead = with_pin("lead", at=store)
    also_elsewhere = person("associate", at=store)
    also_elsewhere.grants.create(role="associate", scope=LocationFactory().scope)
    come(till, "luis")
    page = till.post(f"/team/{ana.pk}/pin/").content.decode()
    pin = page.partition('class="shown-code"><code>')[2][:6]
    assert pin.isdigit()
    for user in (other_lead, also_elsewhere, luis):
        assert till.post(f"/team/{user.pk}/pin/").status_code == 404
    assert come(till, pin=pin)["Location"] == "/pin/"


def test_an_own_pin_takes_the_password(client, ana):
    client.force_login(ana)
    new, password = {"pin": "738205", "again": "738205"}, {"proof": "correct horse battery"}
    for wrong in ({**new, "proof": "wrong"}, {**new, **password, "again": "738206"},
                  {"pin": "123456", "again": "123456", **password}):  # fmt: skip
        assert client.post("/pin/", wrong).status_code == 422
    assert client.post("/pin/", {**password, **new})["Location"] == "/"
