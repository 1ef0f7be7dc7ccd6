"""After a serial-tracked item the scan field asks for its serial number, in a walk of one order or of several."""

import pytest

from orders.models import SerialNumber
from tests.factories import BarcodeFactory, stocked

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def camera(store):
    return stocked(store, 9, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)


@pytest.fixture
def shirt(store):
    return stocked(store, 9)


@pytest.fixture
def walk(released, claimed, ana, camera, shirt):
    """Three orders on one list: two with a camera, one with a shirt."""
    works = [released(variant=camera), released(variant=camera), released(variant=shirt)]
    made = claimed(*works, by=ana.user)
    made.works = works
    made.url = f"/pick/{made.number}/"
    return made


def asked_for(client, walk):
    return client.get(walk.url).context["serial_of"]


def send(client, walk, code, key="", **more):
    data = {"code": code, "scan_key": key, **more}
    return client.post(f"{walk.url}scan/", data, headers={"referer": f"http://testserver{walk.url}"}, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_the_item_then_its_serial_then_the_next_item(ana, walk, camera, shirt):
    assert asked_for(ana, walk) is None
    answer = send(ana, walk, camera.sku)
    assert answer.context["serial_of"]["line_id"] == walk.works[0].lines.get().pk
    assert f"Serial number of {camera.title}" in answer.content.decode()

    answer = send(ana, walk, "SN-1", serial_for=answer.context["serial_of"]["line_id"])
    assert said(answer) == [f"Tote T1. Serial number SN-1 · {camera.title}"]
    assert answer.context["serial_of"] is None

    send(ana, walk, shirt.sku)
    line = send(ana, walk, camera.sku).context["serial_of"]["line_id"]
    assert line == walk.works[1].lines.get().pk
    answer = send(ana, walk, "SN-2", serial_for=line)
    assert answer.context["staging"] is not None
    assert list(SerialNumber.objects.values_list("serial", "fulfillment_line")) == [
        ("SN-1", walk.works[0].lines.get().pk), ("SN-2", line),
    ]  # fmt: skip


def test_with_htmx_the_field_itself_changes_to_the_serial_and_back(at, ana, walk, camera):
    quick = at(user=ana.user, htmx=True)
    answer = quick.post(f"{walk.url}scan/", {"code": camera.sku})
    assert answer.headers["HX-Retarget"] == "#pick"
    line = walk.works[0].lines.get().pk
    assert f'name="serial_for" value="{line}"' in answer.content.decode()
    answer = quick.post(f"{walk.url}scan/", {"code": "SN-1", "serial_for": line})
    assert 'name="serial_for"' not in answer.content.decode()


@refusing
def test_a_refused_serial_keeps_asking(ana, walk, camera):
    line = send(ana, walk, camera.sku).context["serial_of"]["line_id"]
    answer = send(ana, walk, camera.sku, serial_for=line)
    assert said(answer)[0].startswith("That is the barcode of an item")
    assert asked_for(ana, walk)["line_id"] == line
    assert not SerialNumber.objects.exists()


def test_undo_takes_the_question_away(ana, walk, camera):
    line = send(ana, walk, camera.sku).context["serial_of"]["line_id"]
    ana.post(f"{walk.url}undo/", {"line": line}, headers={"referer": f"http://testserver{walk.url}"})
    assert asked_for(ana, walk) is None


def test_whoever_takes_the_list_over_is_asked_at_the_end_of_the_walk(at, ana, walk, camera, shirt):
    line = send(ana, walk, camera.sku).context["serial_of"]["line_id"]
    lead = at("lead")
    lead.post(f"{walk.url}take-over/")
    assert asked_for(lead, walk) is None
    second = send(lead, walk, camera.sku).context["serial_of"]["line_id"]
    send(lead, walk, "SN-2", serial_for=second)
    send(lead, walk, shirt.sku)
    assert asked_for(lead, walk)["line_id"] == line
