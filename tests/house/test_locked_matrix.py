"""What a locked screen, a revoked device and a session carried to another browser reach: nothing."""

import time

import pytest
from django.test import Client
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.device_session import DEVICE, SEEN
from omni.core.models import Device
from omni.core.operations.enroll_device import invite_device, revoke_device
from tests.house.conftest import undone
from tests.house.doors import HQ_PAGES, SCREENS
from tests.house.routes import address


@pytest.fixture
def till(world) -> Client:
    """HQ's person, who may do everything, on an enrolled till of the own store."""
    lead, store = world.people["lead"], world.own.location
    _device, code = invite_device(name="Till", kind="till", scope=store.scope, user=lead, now=timezone.now())
    client = Client()
    client.post("/device/", {"code": code})
    client.force_login(world.people["hq"], "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(store.pk)
    session.save()
    assert client.get("/today/").status_code == 200
    assert DEVICE in client.session
    return client


def doors(world):
    """Every address that takes somebody, HQ's included, and whether it is asked by POST."""
    for route, door in SCREENS.items():
        if door.capability is not None:
            yield address(route, door.args(world.own) if door.args else {}), door.post
    yield "/hq/", False
    for label in HQ_PAGES:
        yield f"/hq/{label.replace('.', '/')}/", False


def reached(client, world, allowed: set[str]) -> list[str]:
    wrong = []
    for path, post in doors(world):
        for headers in ({}, {"HX-Request": "true"}):
            with undone():
                answer = client.post(path, headers=headers) if post else client.get(path, headers=headers)
            target = (answer.headers.get("Location") or answer.headers.get("HX-Redirect") or "").partition("?")[0]
            if target not in allowed:
                wrong.append(f"{path} {headers}: {answer.status_code} {target}")
    return wrong


def test_a_locked_screen_reaches_nothing(till, world):
    session = till.session
    session[SEEN] = int(time.time()) - 3600
    session.save()
    assert reached(till, world, {"/lock/", "/sign-in/"}) == []


def test_a_revoked_device_reaches_nothing(till, world):
    revoke_device(device_id=Device.objects.latest("pk").pk, by=Actor.system("house"), now=timezone.now())
    assert reached(till, world, {"/sign-in/"}) == []


def test_a_session_in_another_browser_reaches_nothing(till, world):
    thief = Client()
    thief.cookies["sessionid"] = till.session.session_key
    assert reached(thief, world, {"/sign-in/"}) == []


def test_a_device_alone_is_nobody(till, world):
    assert till.post("/sign-out/").status_code == 302
    assert reached(till, world, {"/sign-in/"}) == []
